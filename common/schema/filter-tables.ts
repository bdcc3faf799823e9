import { describeColumns } from './describe.ts';
import type { Column, DatabaseName, Table } from './types.ts';

const FILTER = 'mq_id! int - meta.id.parent Filter: number of the saved query that it runs.';
const SURVEY = 'survey! name(8) - meta.code Survey that the row is about: ztf or lsst.';
const OBJECT = 'object_id! name(20) - meta.id objectId, or diaObjectId in digits.';

/** Filters on the stream: what is run, on what, what came of it, and what is sent where. */
export const FILTER_TABLES: Table[] = [
  {
    database: 'glint',
    name: 'filters',
    description: 'Saved queries that are switched on: how they run, and what they remember.',
    isPublic: false,
    primaryKey: ['mq_id'],
    indexes: [{ columns: ['state', 'survey'] }, { columns: ['user_id'] }],
    columns: describeColumns(`
      ${FILTER}
      user_id! int - meta.id.parent Account that owns it.
      ${SURVEY}
      version! int - meta.version Version of the saved query that runs.
      run! tinyint - meta.code 1 on new alerts, 2 on changed annotations, 3 on both.
      state! name(8) - meta.code on, paused (by the broker, with a reason) or off (by its owner).
      state_reason! text(1024) - meta.note Why it is paused, for its owner.
      state_since! timestamp - time.epoch Since when it is so, UTC.
      wait_minutes! int min time.duration How long an alert waits for the annotations that the query names.
      memory! name(8) - meta.code When an object is told again: every, once, days, change or brighter.
      memory_days double d time.duration For days: not again before so many days.
      memory_column name(64) - meta.code For change and brighter: column of the result that is watched.
      memory_by double - - For change and brighter: by how much it must change, in the column's unit.
      memory_since! timestamp - time.epoch What was sent before this moment is forgotten, UTC.
      next_seq! id - meta.number Number that its next match gets.
      dry_run json - meta.record What the last dry run found.
      created_at! timestamp - time.creation When it was switched on first, UTC.
      updated_at! timestamp - time.processing When its settings were changed last, UTC.
      expires_at timestamp - time.end When it is switched off by itself, UTC; NULL for never.`),
  },
  {
    database: 'glint',
    name: 'filter_outputs',
    description: 'Where the matches of a filter are sent, and how far that got.',
    isPublic: false,
    primaryKey: ['mq_id', 'channel'],
    indexes: [{ columns: ['active', 'retry_at'] }],
    columns: describeColumns(`
      ${FILTER}
      channel! name(8) - meta.code kafka, mail or webhook.
      active! bool - meta.code 1 where it is sent to.
      settings! json - meta.record How: of each channel its own.
      secret text(255) - meta.code What a webhook is signed with, or what an unsubscribing link holds.
      next_seq! id - meta.number The first match that was not sent yet.
      failures! int - meta.number Failures since the last success.
      retry_at timestamp - time.epoch When to try again, UTC; NULL where nothing failed.
      problem! text(1024) - meta.note What went wrong last.
      nid! int - meta.id Night that bytes and rejected are of.
      bytes! id byte - Bytes sent in that night.
      rejected! id - meta.number Matches not sent in that night for its quota.
      sent! id - meta.number Matches sent altogether.
      last_sent_at timestamp - time.epoch When something was sent last, UTC.`),
  },
  {
    database: 'glint',
    name: 'filter_batches',
    description:
      'Alerts stored together, and annotations: what filters are run on, and what came of it.',
    isPublic: false,
    primaryKey: ['batch_id'],
    indexes: [{ columns: ['done_at', 'survey', 'batch_id'] }, { columns: ['created_at'] }],
    columns: [
      autoNumber('batch_id', 'Number of the batch.'),
      ...describeColumns(`
        ${SURVEY}
        cause! name(12) - meta.code What is new: alert, annotation, or refreshed (what a step found only later).
        created_at! timestamp - time.creation When it was stored, UTC.
        entries! blob - - What is new in it, compressed.
        steps json - meta.record What each step after ingest did, and how long it took.
        done_at timestamp - time.end When all filters had run on it, UTC; NULL before.
        verdicts blob - - What each filter said of each object, and the values it went by, compressed.`),
    ],
  },
  {
    database: 'glint',
    name: 'filter_retries',
    description: 'Batches on which a filter failed and is run again.',
    isPublic: false,
    primaryKey: ['mq_id', 'batch_id'],
    indexes: [{ columns: ['due_at'] }],
    columns: describeColumns(`
      ${FILTER}
      batch_id! id - meta.id.parent Batch.
      tries! int - meta.number How often it was tried.
      due_at! timestamp - time.epoch When it is tried next, UTC.
      reason! text(1024) - meta.note Why it failed last.`),
  },
  {
    database: 'glint',
    name: 'filter_waits',
    description: 'Alerts that wait until the annotations which a filter names are there.',
    isPublic: false,
    primaryKey: ['mq_id', 'object_id'],
    indexes: [{ columns: ['until'] }, { columns: ['object_id'] }],
    columns: describeColumns(`
      ${FILTER}
      ${SURVEY}
      ${OBJECT}
      alerts! json - meta.record The alerts that wait, as in a batch.
      since! timestamp - time.epoch When the newest of them was stored, UTC: annotations must be as new.
      until! timestamp - time.end When the filter runs whether they are there or not, UTC.`),
  },
  {
    database: 'glint',
    name: 'filter_memory',
    description: 'What a filter told last of each object.',
    isPublic: false,
    primaryKey: ['mq_id', 'object_id'],
    indexes: [],
    columns: describeColumns(`
      ${FILTER}
      ${OBJECT}
      sent_at! timestamp - time.epoch When it told of the object last, UTC.
      number double - - Value that the watched column had, where it is a number.
      words text(1024) - - Value that the watched column had, where it is none.`),
  },
  {
    database: 'glint',
    name: 'matches',
    description:
      'What filters passed, each written once: the outbox that all channels send from, in its order.',
    isPublic: false,
    primaryKey: ['mq_id', 'seq'],
    indexes: [
      { columns: ['mq_id', 'object_id', 'cause', 'row_number'], unique: true },
      { columns: ['object_id'] },
      { columns: ['matched_at'] },
    ],
    columns: describeColumns(`
      ${FILTER}
      seq! id - meta.number Number of the match among those of its filter: 1, 2, 3 without a gap.
      ${SURVEY}
      ${OBJECT}
      cause! name(32) - meta.id What was new: a and the number of the alert, n and the number of the annotation.
      row_number! smallint - meta.number Which of several rows that the query has of the object, from 0.
      kind! name(10) - meta.code alert, annotation or backfill.
      version! int - meta.version Version of the query that passed it.
      alert_id id - meta.id The newest alert that was known: candid or diaSourceId.
      observed_at timestamp - time.epoch When that was observed, UTC.
      arrived_at timestamp - time.epoch Timestamp that the alert or annotation had in Kafka, or when it came, UTC.
      matched_at! timestamp - time.processing When the filter passed it, UTC.
      record! json - meta.record The selected columns.`),
  },
  {
    database: 'glint',
    name: 'deliveries',
    description: 'Which match was sent where and when, or why not.',
    isPublic: false,
    primaryKey: ['mq_id', 'channel', 'seq'],
    indexes: [{ columns: ['delivered_at'] }],
    columns: describeColumns(`
      ${FILTER}
      channel! name(8) - meta.code kafka, mail or webhook.
      seq! id - meta.number Match.
      outcome! name(8) - meta.code sent, rejected (its quota) or dropped (cannot ever be sent).
      delivered_at! timestamp - time.epoch When, UTC.
      place! text(255) - meta.id Topic, partition and offset; number of the mail; answer of the receiver.`),
  },
  {
    database: 'glint',
    name: 'owner_letters',
    description: 'What owners are to be told about their filters by mail, until it is sent.',
    isPublic: false,
    primaryKey: ['letter_id'],
    indexes: [{ columns: ['due_at'] }, { columns: ['user_id'] }],
    columns: [
      autoNumber('letter_id', 'Number of the letter.'),
      ...describeColumns(`
        user_id! int - meta.id.parent Account that it is for.
        ${FILTER}
        subject! text(255) - meta.title Subject.
        paragraphs! json - meta.note What it says.
        created_at! timestamp - time.creation When that came to be, UTC.
        due_at! timestamp - time.epoch When it is to be sent, or tried again, UTC.
        tries! int - meta.number How often it was tried.
        problem! text(1024) - meta.note Why it could not be sent last.`),
    ],
  },
  {
    database: 'glint',
    name: 'filter_topics',
    description: 'Kafka topics that filters are sent to, each the topic of one filter alone.',
    isPublic: false,
    primaryKey: ['mq_id'],
    indexes: [{ columns: ['topic'], unique: true }],
    columns: describeColumns(`
      ${FILTER}
      topic! name(249) - meta.id;meta.main Name of the topic.
      readers! name(80) - meta.code Whom Kafka was told to let read it; blank where it was told nothing.
      created_at! timestamp - time.creation When the filter was given the name, UTC.
      made_at timestamp - time.creation When Kafka made it for Glint, UTC; without it the topic is
      | never deleted.`),
  },
  {
    database: 'glint',
    name: 'kafka_accounts',
    description:
      'Accounts of Kafka that read private topics. Their passwords are with Kafka alone.',
    isPublic: false,
    primaryKey: ['owner_id'],
    indexes: [],
    columns: describeColumns(`
      owner_id! int - meta.id.parent Whose it is; the row stays until Kafka has forgotten the login.
      name! name(80) - meta.id Login name in Kafka.
      created_at! timestamp - time.creation When its password was set last, UTC.`),
  },
  {
    database: 'glint',
    name: 'filter_nights',
    description: 'What each filter did in each night.',
    isPublic: false,
    primaryKey: ['mq_id', 'nid'],
    indexes: [],
    columns: describeColumns(`
      ${FILTER}
      nid! int - meta.id Night: whole days since 2017-01-01 UTC.
      runs! id - meta.number Batches that it was run on.
      objects! id - meta.number Objects that it was asked about.
      passed! id - meta.number Matches.
      past! id - meta.number Matches of alerts observed in this night, from later runs over past nights.
      remembered! id - meta.number Objects that passed and were not told again.
      failures! id - meta.number Runs that failed.
      run_ms! double ms time.duration Time that its statements took.`),
  },
  {
    database: 'glint',
    name: 'backfills',
    description: 'Runs of filters over past nights.',
    isPublic: false,
    primaryKey: ['backfill_id'],
    indexes: [{ columns: ['state', 'backfill_id'] }, { columns: ['mq_id', 'backfill_id'] }],
    columns: [
      autoNumber('backfill_id', 'Number of the backfill.'),
      ...describeColumns(`
        ${FILTER}
        version! int - meta.version Version of the query that runs.
        first_nid! int - meta.id First night.
        last_nid! int - meta.id Last night.
        state! name(8) - meta.code waiting, running, done, failed or ended (by its owner).
        next_key! name(40) - meta.id How far it got.
        objects! id - meta.number Objects asked about.
        passed! id - meta.number Matches.
        problem! text(1024) - meta.note Why it failed.
        created_at! timestamp - time.creation When it was asked for, UTC.
        ended_at timestamp - time.end When it ended, UTC.`),
    ],
  },
  {
    database: 'glint',
    name: 'arrival_topics',
    description: 'Topics that alerts came from, by the number that arrivals have.',
    isPublic: false,
    primaryKey: ['topic_id'],
    indexes: [{ columns: ['topic'], unique: true }],
    columns: [
      autoNumber('topic_id', 'Number of the topic.', 'int'),
      ...describeColumns('topic! name(249) - meta.id Kafka topic, or direct:<survey>.'),
    ],
  },
];

/**
 * How each alert came.
 *
 * @param detection - Column that names the alert: candid or diaSourceId.
 */
export function arrivalsTable(database: DatabaseName, detection: string): Table {
  return {
    database,
    name: 'arrivals',
    description: 'How each alert came: topic, partition, offset, and in which batch it was stored.',
    isPublic: false,
    primaryKey: [detection],
    indexes: [],
    columns: describeColumns(`
      ${detection}! id - meta.id;meta.main Number of the alert.
      ${OBJECT}
      topic_id! int - meta.id.parent Topic.
      partition_id! int - meta.id Kafka partition; 0 without Kafka.
      message_offset id - meta.id Kafka offset; NULL without Kafka.
      sent_at! timestamp - time.epoch Timestamp of the message in Kafka, UTC.
      stored_at! timestamp - time.processing When it was stored, UTC.
      batch_id! id - meta.id.parent Batch that it was stored with.`),
  };
}

function autoNumber(name: string, description: string, type: 'int' | 'id' = 'id'): Column {
  return { name, type, required: true, autoIncrement: true, description };
}
