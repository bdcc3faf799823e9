import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import { packEntries, unpackEntries } from '../filters/batch-entries.ts';
import type { BatchEntries } from '../filters/batch-entries.ts';
import type { Queries, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('batches.sql', [
  'insertBatch',
  'selectPending',
  'selectBatches',
  'selectBacklog',
  'lockPending',
  'endBatch',
  'addVerdicts',
  'selectSummary',
  'selectAnnotationBatches',
  'selectVerdicts',
  'deleteOldBatches',
]);

/** What one step after the detections did for a batch. */
const StepReportSchema = z.object({
  step: z.string(),
  /** Objects that it looked at. */
  objects: z.number(),
  /** How long that took, milliseconds. */
  ms: z.number(),
  /** Why it failed; absent where it did not. */
  failure: z.string().optional(),
});
export type StepReport = z.infer<typeof StepReportSchema>;

/** A batch as filters are run on it. */
export interface FilterBatch {
  batchId: bigint;
  createdAt: Date;
  /** What is new in it; null where that cannot be read. */
  entries: BatchEntries | null;
  /** Why it cannot be read. */
  damage?: string;
}

/** Why filters run: alerts or annotations that are new, or objects that were worked out only later. */
const BATCH_CAUSES = ['alert', 'annotation', 'refreshed'] as const;

const BatchRow = z
  .strictObject({
    batch_id: z.coerce.bigint(),
    cause: z.enum(BATCH_CAUSES),
    created_at: z.date(),
    entries: z.instanceof(Uint8Array),
  })
  .transform((row): FilterBatch => {
    const batch = { batchId: row.batch_id, createdAt: row.created_at };
    try {
      return { ...batch, entries: unpackEntries(row.cause, row.entries) };
    } catch (err) {
      // It must not hold up the batches behind it: whoever takes it says so and ends it.
      return { ...batch, entries: null, damage: String(err) };
    }
  });

const SummaryRow = z
  .strictObject({
    batch_id: z.coerce.bigint(),
    survey: z.enum(SURVEYS),
    cause: z.enum(BATCH_CAUSES),
    created_at: z.date(),
    steps: z
      .string()
      .nullable()
      .transform((text) => z.array(StepReportSchema).parse(JSON.parse(text ?? '[]'))),
    done_at: z.date().nullable(),
  })
  .transform((row) => ({
    batchId: row.batch_id,
    survey: row.survey,
    cause: row.cause,
    createdAt: row.created_at,
    steps: row.steps,
    doneAt: row.done_at,
  }));
/** When a batch was stored, what the steps did, and when all filters had run on it. */
export type BatchSummary = z.infer<typeof SummaryRow>;

const BacklogRow = z.strictObject({
  batches: z.coerce.number(),
  oldest: z.date().nullable(),
  filters: z.coerce.number(),
  paused: z.coerce.number(),
  retries: z.coerce.number(),
});
/** Batches that wait for filters, since when the oldest does, filters on and paused, and runs to be repeated. */
export type Backlog = z.infer<typeof BacklogRow>;
const VerdictRow = z.strictObject({ verdicts: z.instanceof(Uint8Array).nullable() });
const IdRow = z.strictObject({ batch_id: z.coerce.bigint() });

/**
 * Notes what is new, for filters to run on: in the same transaction as what it is about.
 *
 * @returns The number of the batch.
 */
export async function insertBatch(
  tx: Transaction,
  batch: {
    survey: Survey;
    entries: BatchEntries;
    steps?: readonly StepReport[];
    createdAt: Date;
  },
): Promise<bigint> {
  const { insertId } = await tx.execute(sql.insertBatch, {
    survey: batch.survey,
    cause: batch.entries.cause,
    createdAt: batch.createdAt,
    entries: packEntries(batch.entries),
    steps: batch.steps === undefined ? null : JSON.stringify(batch.steps),
  });
  return insertId;
}

/** Batches on which filters have not run yet, in order, those after one; 0n begins. */
export function selectPendingBatches(
  db: Queries,
  survey: Survey,
  after: bigint,
  count: number,
): Promise<FilterBatch[]> {
  return db.rows(BatchRow, sql.selectPending, { survey, after, count });
}

/** Batches by number, in order, whether filters have run on them or not. */
export async function selectBatches(
  db: Queries,
  batchIds: readonly bigint[],
): Promise<FilterBatch[]> {
  if (batchIds.length === 0) return [];
  return db.rows(BatchRow, sql.selectBatches, { batchIds: [...batchIds] });
}

/** How far the filters of a survey are behind what is stored. */
export async function selectBacklog(db: Queries, survey: Survey): Promise<Backlog> {
  const [backlog] = await db.rows(BacklogRow, sql.selectBacklog, { survey });
  return backlog;
}

/** Locks batches until the transaction ends. @returns Whether all of them still wait for filters. */
export async function lockPendingBatches(
  tx: Transaction,
  batchIds: readonly bigint[],
): Promise<boolean> {
  if (batchIds.length === 0) return true;
  const locked = await tx.rows(IdRow, sql.lockPending, { batchIds: [...batchIds] });
  return locked.length === batchIds.length;
}

/** Notes that filters have run on a batch. @param verdicts - From `packVerdicts`. */
export async function endBatch(
  tx: Transaction,
  batchId: bigint,
  verdicts: Buffer | null,
  now: Date,
): Promise<void> {
  await tx.execute(sql.endBatch, { batchId, verdicts, now });
}

/** Adds verdicts that were found later. */
export async function addVerdicts(
  tx: Transaction,
  batchId: bigint,
  verdicts: Buffer,
): Promise<void> {
  await tx.execute(sql.addVerdicts, { batchId, verdicts });
}

/** undefined if the batch is forgotten. */
export async function selectBatchSummary(
  db: Queries,
  batchId: bigint,
): Promise<BatchSummary | undefined> {
  const [summary] = await db.rows(SummaryRow, sql.selectSummary, { batchId });
  return summary;
}

/** Batches of annotations that were written at these moments, the newest first. */
export async function selectAnnotationBatches(
  db: Queries,
  survey: Survey,
  moments: readonly Date[],
): Promise<BatchSummary[]> {
  if (moments.length === 0) return [];
  return db.rows(SummaryRow, sql.selectAnnotationBatches, { survey, moments: [...moments] });
}

/** Verdicts as they are kept; null before there are any, and when they are forgotten. */
export async function selectPackedVerdicts(
  db: Queries,
  batchId: bigint,
): Promise<Uint8Array | null> {
  const [row] = await db.rows(VerdictRow, sql.selectVerdicts, { batchId });
  return row?.verdicts ?? null;
}

/** Forgets batches from before a moment, but those that are run again. @returns How many. */
export async function deleteOldBatches(db: Queries, before: Date): Promise<number> {
  return (await db.execute(sql.deleteOldBatches, { before })).affectedRows;
}
