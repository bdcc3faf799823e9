import { z } from 'zod';

import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('filter-retries.sql', [
  'selectDeferred',
  'selectOpen',
  'addRetries',
  'postpone',
  'deleteRetries',
  'deleteUnwanted',
  'deleteAll',
]);

const MAX_REASON_LENGTH = 1024;
const ROWS = 500;

const RetryRow = z
  .strictObject({
    mq_id: z.int(),
    batch_id: z.coerce.bigint(),
    tries: z.int(),
    due_at: z.date(),
    reason: z.string(),
  })
  .transform((row) => ({
    queryId: row.mq_id,
    batchId: row.batch_id,
    tries: row.tries,
    dueAt: row.due_at,
    reason: row.reason,
  }));
/** A batch on which a filter is to be run again. */
export type FilterRetry = z.infer<typeof RetryRow>;

const IdRow = z.strictObject({ mq_id: z.int() });

/** Filters that have batches to be run again: all else that comes must wait behind these. */
export async function selectDeferredFilters(db: Queries): Promise<Set<number>> {
  const rows = await db.rows(IdRow, sql.selectDeferred);
  return new Set(rows.map(({ mq_id }) => mq_id));
}

/** What these filters are to be run on again, in the order of the batches. */
export async function selectRetries(
  db: Queries,
  queryIds: readonly number[],
): Promise<FilterRetry[]> {
  if (queryIds.length === 0) return [];
  return db.rows(RetryRow, sql.selectOpen, { queryIds: [...queryIds] });
}

/** Notes what is to be run again; what is noted already stays as it is. */
export async function addRetries(db: Queries, retries: readonly FilterRetry[]): Promise<void> {
  for (let start = 0; start < retries.length; start += ROWS) {
    const rows = retries
      .slice(start, start + ROWS)
      .map(({ queryId, batchId, tries, dueAt, reason }) => [
        queryId,
        batchId,
        tries,
        dueAt,
        reason.slice(0, MAX_REASON_LENGTH),
      ]);
    await db.execute(sql.addRetries, { rows });
  }
}

/** It failed again. */
export async function postponeRetries(
  db: Queries,
  queryId: number,
  batchIds: readonly bigint[],
  { dueAt, reason }: Pick<FilterRetry, 'dueAt' | 'reason'>,
): Promise<void> {
  await db.execute(sql.postpone, {
    queryId,
    batchIds: [...batchIds],
    dueAt,
    reason: reason.slice(0, MAX_REASON_LENGTH),
  });
}

/** It was run. @returns How many were still wanted. */
export async function deleteRetries(
  db: Queries,
  queryId: number,
  batchIds: readonly bigint[],
): Promise<number> {
  const { affectedRows } = await db.execute(sql.deleteRetries, {
    queryId,
    batchIds: [...batchIds],
  });
  return affectedRows;
}

/** Nothing is run again of filters that are not on. @returns How many rows. */
export async function deleteUnwantedRetries(db: Queries): Promise<number> {
  return (await db.execute(sql.deleteUnwanted)).affectedRows;
}

/** Nothing of this filter is run again. */
export async function deleteAllRetries(db: Queries, queryId: number): Promise<void> {
  await db.execute(sql.deleteAll, { queryId });
}
