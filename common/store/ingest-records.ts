import type { Survey } from '../config.ts';
import { addHistogram, quantileMs } from '../histogram.ts';
import type { Histogram } from '../histogram.ts';
import type { Queries, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('ingest-records.sql', [
  'lockOffsets',
  'awaitBatches',
  'selectOffset',
  'beginPartitions',
  'saveOffset',
  'addToLedger',
  'moveInLedger',
  'insertBatch',
  'resetOffset',
]);

/** A message's place in its stream; the offset is null for packets fed without Kafka. */
export interface StreamPlace {
  topic: string;
  partition: number;
  offset: bigint | null;
}

/** Whose topic it is: a survey's, or the broker's own, as those of annotators are. */
export type StreamOwner = Survey | 'glint';

export interface PartitionCounts {
  topic: string;
  partition: number;
  stored: number;
  known: number;
  deadLettered: number;
}

export interface BatchReport {
  survey: Survey;
  process: string;
  committedAt: Date;
  received: number;
  stored: number;
  known: number;
  deadLettered: number;
  packetBytes: number;
  /** Median, seconds. */
  observationDelayS: number | null;
  /** From Kafka's timestamp to the commit. */
  delays: Histogram;
  /** Milliseconds by stage. */
  timings: Record<string, number>;
}

/** Offset of the next message to be stored, or undefined for a partition never read. */
export async function selectOffset(
  db: Queries,
  topic: string,
  partition: number,
): Promise<bigint | undefined> {
  const [row] = await db.arrays(sql.selectOffset, { topic, partition });
  return row === undefined ? undefined : BigInt(row[0] as string);
}

/** The topic was made anew: its offsets start again. */
export async function resetOffset(
  db: Queries,
  survey: StreamOwner,
  place: { topic: string; partition: number; next: bigint },
  now: Date,
): Promise<void> {
  await db.execute(sql.resetOffset, { ...place, survey, now });
}

/**
 * Locks the partitions of these messages until the transaction ends, so that no other process can
 * store messages of them meanwhile.
 *
 * @returns The next offset of each, by `topic/partition`.
 */
export async function lockOffsets(
  tx: Transaction,
  survey: StreamOwner,
  messages: readonly StreamPlace[],
  now: Date,
): Promise<Map<string, bigint>> {
  const firsts = new Map<string, StreamPlace & { offset: bigint }>();
  for (const { topic, partition, offset } of messages) {
    if (offset === null) continue;
    const first = firsts.get(`${topic}/${partition}`);
    if (first === undefined || offset < first.offset)
      firsts.set(`${topic}/${partition}`, { topic, partition, offset });
  }
  if (firsts.size === 0) return new Map();
  const places = [...firsts.values()].map(({ topic, partition }) => [topic, partition]);
  let stored = await tx.arrays(sql.lockOffsets, { places });
  if (stored.length < firsts.size) {
    const rows = [...firsts.values()].map(({ topic, partition, offset }) => [
      topic,
      partition,
      survey,
      offset,
      now,
    ]);
    await tx.execute(sql.beginPartitions, { rows });
    stored = await tx.arrays(sql.lockOffsets, { places });
  }
  return new Map(
    stored.map(([topic, partition, next]) => [
      `${String(topic)}/${String(partition)}`,
      BigInt(next as string),
    ]),
  );
}

/** Waits until the batches that are being stored now, whoever stores them, are stored or given up. */
export async function awaitBatches(db: Queries): Promise<void> {
  await db.arrays(sql.awaitBatches);
}

/** Notes that everything up to the last of these messages is stored. */
export async function saveOffsets(
  tx: Transaction,
  messages: readonly StreamPlace[],
  now: Date,
): Promise<void> {
  const ends = new Map<string, StreamPlace & { offset: bigint }>();
  for (const { topic, partition, offset } of messages) {
    if (offset === null) continue;
    const last = ends.get(`${topic}/${partition}`);
    if (last === undefined || offset > last.offset)
      ends.set(`${topic}/${partition}`, { topic, partition, offset });
  }
  for (const { topic, partition, offset } of ends.values()) {
    await tx.execute(sql.saveOffset, { topic, partition, next: offset + 1n, now });
  }
}

/** Adds to the night's counts; received is the sum of what became of the alerts. */
export async function addToLedger(
  tx: Queries,
  survey: Survey,
  night: number,
  counts: readonly PartitionCounts[],
): Promise<void> {
  if (counts.length === 0) return;
  const rows = counts.map((count) => [
    night,
    count.topic,
    count.partition,
    survey,
    count.stored + count.known + count.deadLettered,
    count.stored,
    count.known,
    count.deadLettered,
  ]);
  await tx.execute(sql.addToLedger, { rows });
}

/**
 * A packet that was counted as one dead letter has become these alerts: moves the counts of its
 * partition, in the night nearest to the one given that has dead letters.
 */
export async function moveInLedger(
  tx: Queries,
  night: number,
  counts: Omit<PartitionCounts, 'deadLettered'>,
): Promise<void> {
  const { topic, partition, stored, known } = counts;
  await tx.execute(sql.moveInLedger, { night, topic, partition, stored, known });
}

/** Two successive batches as one: sums, and the later time. */
export function mergeReports(first: BatchReport, second: BatchReport): BatchReport {
  const delays: Histogram = {};
  addHistogram(delays, first.delays);
  addHistogram(delays, second.delays);
  const stages = Object.keys({ ...first.timings, ...second.timings });
  return {
    ...second,
    received: first.received + second.received,
    stored: first.stored + second.stored,
    known: first.known + second.known,
    deadLettered: first.deadLettered + second.deadLettered,
    packetBytes: first.packetBytes + second.packetBytes,
    observationDelayS: second.observationDelayS ?? first.observationDelayS,
    delays,
    timings: Object.fromEntries(
      stages.map((stage) => [stage, (first.timings[stage] ?? 0) + (second.timings[stage] ?? 0)]),
    ),
  };
}

/** Notes stored batches for the status page, the metrics and the benchmark. */
export async function insertBatchReport(tx: Queries, report: BatchReport): Promise<void> {
  const { delays, timings, ...rest } = report;
  await tx.execute(sql.insertBatch, {
    ...rest,
    kafkaDelayMs: quantileMs(delays, 0.5) ?? null,
    kafkaDelayMaxMs: quantileMs(delays, 1) ?? null,
    timings: JSON.stringify({ ...timings, delays }),
  });
}
