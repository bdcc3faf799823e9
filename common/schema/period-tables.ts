import { describeColumns } from './describe.ts';
import type { Table } from './types.ts';

/** Searches for periods that somebody asked for. */
export const PERIOD_TABLES: Table[] = [
  {
    database: 'glint',
    name: 'periods',
    description:
      'Periods that were asked for, kept as long as the history they were found in is the newest.',
    isPublic: false,
    primaryKey: ['survey', 'object_id'],
    indexes: [],
    columns: describeColumns(`
      survey! name(8) - meta.code Survey that the row is about: ztf or lsst.
      object_id! name(20) - meta.id objectId or diaObjectId.
      version! int - meta.version Version of the object's history that was searched.
      definition! int - meta.version Version of the way of searching.
      computed_at! timestamp - time When it was searched, UTC.
      answer! json - - Peaks, periodogram and what they rest on; see the API's Period.`),
  },
];
