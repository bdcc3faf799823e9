import { z } from 'zod';

import type { Survey } from '../config.ts';
import { tableName } from '../schema/ddl.ts';
import { tableOf } from '../schema/tables.ts';
import { bulkLoad } from './bulk.ts';
import type { RowBuffer } from './row-buffer.ts';
import type { Queries, ServerKind, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('arrivals.sql', ['insertTopics', 'selectTopics', 'selectZtf', 'selectLsst']);

/** 9999-01-01: the last year that DATETIME holds. */
const LATEST_MS = Date.UTC(9999, 0);

/** How an alert came. */
export interface NewArrival {
  /** candid or diaSourceId. */
  alertId: bigint;
  /** objectId, or diaObjectId in digits; '' for what belongs to no object of the survey. */
  objectId: string;
  topicId: number;
  partition: number;
  /** Kafka offset; null without Kafka. */
  offset: bigint | null;
  /** Timestamp in Kafka: Unix time, milliseconds. */
  sentAtMs: number;
}

const ArrivalRow = z
  .strictObject({
    alert_id: z.string(),
    object_id: z.string(),
    topic: z.string().nullable(),
    partition_id: z.int(),
    message_offset: z.coerce.bigint().nullable(),
    sent_at: z.date(),
    stored_at: z.date(),
    batch_id: z.coerce.bigint(),
  })
  .transform((row) => ({
    alertId: row.alert_id,
    objectId: row.object_id,
    topic: row.topic ?? '',
    partition: row.partition_id,
    offset: row.message_offset,
    sentAt: row.sent_at,
    storedAt: row.stored_at,
    batchId: row.batch_id,
  }));
export type Arrival = z.infer<typeof ArrivalRow>;

/** Numbers of topics, by name; new topics get one. */
export async function topicIds(
  db: Queries,
  topics: readonly string[],
): Promise<Map<string, number>> {
  if (topics.length === 0) return new Map();
  const select = () => db.arrays(sql.selectTopics, { topics: [...topics] });
  let rows = await select();
  if (rows.length < topics.length) {
    await db.execute(sql.insertTopics, { rows: topics.map((topic) => [topic]) });
    rows = await select();
  }
  return new Map(rows.map(([id, topic]) => [String(topic), Number(id)]));
}

/** Notes how alerts came, in the transaction that stores them. @param rows - Memory to use again. */
export async function writeArrivals(
  tx: Transaction,
  server: ServerKind,
  survey: Survey,
  batch: { batchId: bigint; storedAt: Date; arrivals: readonly NewArrival[] },
  rows: RowBuffer,
): Promise<void> {
  rows.clear();
  const batchId = batch.batchId.toString();
  const storedAt = sqlTime(batch.storedAt.getTime());
  for (const arrival of batch.arrivals) {
    rows.text(arrival.alertId.toString());
    rows.text(arrival.objectId);
    rows.number(arrival.topicId);
    rows.number(arrival.partition);
    rows.value(arrival.offset);
    rows.text(isTime(arrival.sentAtMs) ? sqlTime(arrival.sentAtMs) : storedAt);
    rows.text(storedAt);
    rows.text(batchId);
    rows.endRow();
  }
  await bulkLoad(tx, server, 'replace', target(survey), rows);
}

/** How these alerts came, by candid or diaSourceId; those that are not known are left out. */
export async function selectArrivals(
  db: Queries,
  survey: Survey,
  alertIds: readonly string[],
): Promise<Map<string, Arrival>> {
  if (alertIds.length === 0) return new Map();
  const statement = survey === 'ztf' ? sql.selectZtf : sql.selectLsst;
  const rows = await db.rows(ArrivalRow, statement, { alertIds: alertIds.map(BigInt) });
  return new Map(rows.map((arrival) => [arrival.alertId, arrival]));
}

function target(survey: Survey) {
  const table = tableOf(survey, 'arrivals');
  return { table: tableName(table), columns: table.columns.map(({ name }) => name) };
}

/** Kafka's producers may write any time: what DATETIME cannot hold is taken for the moment of storing. */
function isTime(unixMs: number): boolean {
  return unixMs >= 0 && unixMs < LATEST_MS;
}

/** As DATETIME(3), UTC. */
function sqlTime(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, -1).replace('T', ' ');
}
