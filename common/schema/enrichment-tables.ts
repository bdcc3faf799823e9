import { describeColumns } from './describe.ts';
import type { Table } from './types.ts';

const SURVEY = 'survey! name(8) - meta.code Survey that the row is about: ztf or lsst.';

/** What is still to be done for which objects. */
export const ENRICHMENT_TABLES: Table[] = [
  {
    database: 'glint',
    name: 'stale_objects',
    description:
      'Objects for which a step after ingest failed, was put off, or has to be done again because a catalogue or a rule changed.',
    isPublic: false,
    primaryKey: ['survey', 'step', 'object_id'],
    indexes: [{ columns: ['step', 'survey', 'due_at'] }],
    columns: describeColumns(`
      ${SURVEY}
      step! name(24) - meta.code Which step: features, fit, context, tns, other-survey.
      object_id! name(20) - meta.id objectId or diaObjectId.
      reason! text(255) - meta.note Why: the error, or what changed.
      since! timestamp - time Since when it is stale, UTC.
      due_at! timestamp - time When it is to be tried next, UTC.
      tries! int - meta.number How often it was tried since.
      alerted_at timestamp - time.epoch When an alert of it was stored without this, UTC: filters run on it again when it is done.`),
  },
  {
    database: 'glint',
    name: 'rebuilds',
    description: 'Runs of a step over all objects of a survey: how far they got.',
    isPublic: false,
    primaryKey: ['survey', 'step'],
    indexes: [],
    columns: describeColumns(`
      ${SURVEY}
      step! name(24) - meta.code Which step.
      version! name(64) - meta.version What asked for it: version of the definitions, name and load of a catalogue, or a person.
      next_id! name(20) - meta.id The last object done; empty at the beginning.
      done! id - meta.number Objects done.
      total! id - meta.number Objects there were when it began.
      started_at! timestamp - time When it began, UTC.
      ended_at timestamp - time When it ended, UTC; NULL while it goes on.`),
  },
];
