import { z } from 'zod';

import { InvalidInputError, NotFoundError } from '../errors.ts';
import type { Queries, Transaction } from './database.ts';
import { lockFilter } from './filters.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('backfills.sql', [
  'insertBackfill',
  'selectBackfills',
  'selectOpenBackfills',
  'selectBackfill',
  'lockBackfill',
  'advanceBackfill',
  'endBackfill',
  'endOpenBackfills',
  'countOpenBackfills',
]);

/** Of one filter, that wait or run. */
const MOST_OPEN = 3;
const MAX_PROBLEM = 1_024;

const BackfillRow = z
  .strictObject({
    backfill_id: z.coerce.bigint(),
    mq_id: z.int(),
    version: z.int(),
    first_nid: z.int(),
    last_nid: z.int(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'ended']),
    next_key: z.string(),
    objects: z.coerce.number(),
    passed: z.coerce.number(),
    problem: z.string(),
    created_at: z.date(),
    ended_at: z.date().nullable(),
  })
  .transform((row) => ({
    backfillId: row.backfill_id,
    queryId: row.mq_id,
    version: row.version,
    nights: { first: row.first_nid, last: row.last_nid },
    state: row.state,
    /** How far it got; '' at the beginning. */
    nextKey: row.next_key,
    objects: row.objects,
    passed: row.passed,
    problem: row.problem,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }));
/** A run of a filter over past nights. */
export type Backfill = z.infer<typeof BackfillRow>;

const CountRow = z.strictObject({ count: z.coerce.number() });
const StateRow = z.strictObject({ state: z.string(), next_key: z.string() });

/**
 * Asks for a run over past nights.
 *
 * @returns Its number.
 * @throws {InvalidInputError} if the filter is off, or as many wait already as may.
 */
export async function insertBackfill(
  tx: Transaction,
  queryId: number,
  nights: { first: number; last: number },
  now: Date,
): Promise<bigint> {
  const filter = await lockFilter(tx, queryId);
  if (filter.state !== 'on') {
    throw new InvalidInputError('Switch the filter on first: its matches go where it sends them.');
  }
  const open = (await selectBackfills(tx, queryId, 100)).filter((each) => isOpen(each));
  if (open.length >= MOST_OPEN) {
    throw new InvalidInputError(
      `${open.length} runs over past nights wait or run: let one end first, or end it.`,
    );
  }
  const { version } = filter;
  const { insertId } = await tx.execute(sql.insertBackfill, { queryId, version, ...nights, now });
  return insertId;
}

export function isOpen({ state }: Pick<Backfill, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

/** The newest runs of a filter. */
export function selectBackfills(db: Queries, queryId: number, limit: number): Promise<Backfill[]> {
  return db.rows(BackfillRow, sql.selectBackfills, { queryId, limit });
}

/** Runs that wait or go on, of all filters, the oldest first. */
export function selectOpenBackfills(db: Queries): Promise<Backfill[]> {
  return db.rows(BackfillRow, sql.selectOpenBackfills);
}

/** @throws {NotFoundError} if the filter has no such run. */
export async function selectBackfill(
  db: Queries,
  queryId: number,
  backfillId: bigint,
): Promise<Backfill> {
  const [backfill] = await db.rows(BackfillRow, sql.selectBackfill, { backfillId });
  if (backfill?.queryId !== queryId) {
    throw new NotFoundError(`Filter ${queryId} has no run ${backfillId} over past nights.`);
  }
  return backfill;
}

/**
 * Locks a run until the transaction ends.
 *
 * @param nextKey - How far it was when the work began.
 * @returns Whether it is there still, and open: its owner may have ended it, or deleted it with the
 *   filter.
 */
export async function lockOpenBackfill(
  tx: Transaction,
  backfillId: bigint,
  nextKey: string,
): Promise<boolean> {
  const [row] = await tx.rows(StateRow, sql.lockBackfill, { backfillId });
  return (row?.state === 'waiting' || row?.state === 'running') && row.next_key === nextKey;
}

/** Notes how far a run got, in the transaction that writes its matches. */
export async function advanceBackfill(
  tx: Transaction,
  backfillId: bigint,
  progress: { nextKey: string; objects: number; passed: number },
): Promise<void> {
  await tx.execute(sql.advanceBackfill, { backfillId, ...progress });
}

/** Ends a run that waits or runs; does nothing to others. */
export async function endBackfill(
  db: Queries,
  backfillId: bigint,
  outcome: { state: 'done' | 'failed' | 'ended'; problem?: string; now: Date },
): Promise<void> {
  const { state, problem = '', now } = outcome;
  await db.execute(sql.endBackfill, {
    backfillId,
    state,
    problem: problem.slice(0, MAX_PROBLEM),
    now,
  });
}

/** How many runs of a filter wait or go on. */
export async function countOpenBackfills(db: Queries, queryId: number): Promise<number> {
  const [{ count }] = await db.rows(CountRow, sql.countOpenBackfills, { queryId });
  return count;
}

/**
 * Ends the runs of a filter that wait or go on, for a reason that its owner is told: in the transaction
 * that gives the reason, before it locks the filter, as the runs themselves lock.
 */
export async function endOpenBackfills(
  tx: Transaction,
  queryId: number,
  problem: string,
  now: Date,
): Promise<void> {
  await tx.execute(sql.endOpenBackfills, { queryId, problem, now });
}
