import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('night-report.sql', [
  'selectNightTotals',
  'selectAllTotals',
  'selectNightPartitions',
  'selectNights',
  'selectRecentBatches',
  'selectMinutes',
  'selectDeadLetterCounts',
  'selectRecentDeadLetters',
  'selectLatestJobRuns',
  'selectJobRuns',
  'selectOffsets',
]);

const count = z.coerce.number().int();
const survey = z.enum(SURVEYS);
const maybe = z.coerce.number().nullable();
const counts = { received: count, stored: count, known: count, deadLettered: count };

const TotalsRow = z.object({ survey, ...counts });
const NightRow = z.object({ nid: z.int(), ...counts });
const PartitionRow = z.object({ survey, topic: z.string(), partitionId: z.int(), ...counts });
const RateRow = z.object({
  survey,
  batches: count,
  received: count,
  kafkaDelayMs: maybe,
  kafkaDelayMaxMs: maybe,
  observationDelayS: maybe,
  lastCommit: z.date(),
});
const BinRow = z.object({ survey, bin: count, received: count });
const FaultRow = z.object({
  survey,
  fault: z.string(),
  state: z.string(),
  count,
  lastArrived: z.date(),
});
const DeadLetterRow = z.object({
  deadLetterId: z.coerce.string(),
  survey,
  topic: z.string(),
  partitionId: z.int(),
  messageOffset: z.coerce.string(),
  fault: z.string(),
  reason: z.string(),
  arrivedAt: z.date(),
  state: z.string(),
});
const OffsetRow = z.object({
  survey,
  topic: z.string(),
  partitionId: z.int(),
  nextOffset: z.coerce.bigint(),
  updatedAt: z.date(),
});
const JobRow = z.object({
  job: z.string(),
  process: z.string(),
  startedAt: z.date(),
  endedAt: z.date().nullable(),
  outcome: z.string().nullable(),
  succeeded: z.coerce.boolean().nullable(),
});

export type NightTotals = z.infer<typeof TotalsRow>;
export type NightSummary = z.infer<typeof NightRow>;
export type PartitionCounts = z.infer<typeof PartitionRow>;
/** What was stored lately: rate and delays of one survey. */
export type RecentRate = z.infer<typeof RateRow>;
export type FaultCount = z.infer<typeof FaultRow>;
export type DeadLetterSummary = z.infer<typeof DeadLetterRow>;
export type StoredOffset = z.infer<typeof OffsetRow>;
export type JobRun = z.infer<typeof JobRow>;

/** Counts of one night by survey. */
export function selectNightTotals(db: Queries, nid: number): Promise<NightTotals[]> {
  return db.rows(TotalsRow, sql.selectNightTotals, { nid });
}

/** Counts since the beginning by survey. */
export function selectAllTotals(db: Queries): Promise<NightTotals[]> {
  return db.rows(TotalsRow, sql.selectAllTotals);
}

/** Counts of one night by topic and partition. */
export function selectNightPartitions(db: Queries, nid: number): Promise<PartitionCounts[]> {
  return db.rows(PartitionRow, sql.selectNightPartitions, { nid });
}

/** The last 30 nights that brought anything, newest first. */
export function selectNights(db: Queries): Promise<NightSummary[]> {
  return db.rows(NightRow, sql.selectNights);
}

/** Alerts and their delays in the batches stored since an instant; means weighted by alerts. */
export function selectRecentRates(db: Queries, since: Date): Promise<RecentRate[]> {
  return db.rows(RateRow, sql.selectRecentBatches, { since });
}

/** Alerts received per bin of `stepSeconds`; `bin` is Unix time divided by the step. */
export function selectReceivedBins(
  db: Queries,
  from: Date,
  to: Date,
  stepSeconds: number,
): Promise<z.infer<typeof BinRow>[]> {
  return db.rows(BinRow, sql.selectMinutes, { from, to, step: stepSeconds });
}

export function selectFaultCounts(db: Queries): Promise<FaultCount[]> {
  return db.rows(FaultRow, sql.selectDeadLetterCounts);
}

/** The ten newest dead letters, without their bytes. */
export function selectRecentDeadLetters(db: Queries): Promise<DeadLetterSummary[]> {
  return db.rows(DeadLetterRow, sql.selectRecentDeadLetters);
}

/** The latest run of every job. */
export function selectLatestJobRuns(db: Queries): Promise<JobRun[]> {
  return db.rows(JobRow, sql.selectLatestJobRuns);
}

/** Runs of all jobs, or of one, the newest first. */
export function selectJobRuns(db: Queries, job: string | null, count: number): Promise<JobRun[]> {
  return db.rows(JobRow, sql.selectJobRuns, { job, count });
}

/** How far each partition was read, for those that moved since an instant. */
export function selectStoredOffsets(db: Queries, since: Date): Promise<StoredOffset[]> {
  return db.rows(OffsetRow, sql.selectOffsets, { since });
}
