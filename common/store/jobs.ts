import { z } from 'zod';

import type { Database } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('jobs.sql', [
  'insertJobRun',
  'endJobRun',
  'selectHasRunSince',
  'deleteOldJobRuns',
  'deleteOldBatches',
]);

const MAX_OUTCOME_LENGTH = 2_000;

const FoundRow = z.strictObject({ found: z.coerce.number() });

/** Notes that a job begins. @returns The number of the run. */
export async function insertJobRun(
  db: Database,
  run: { job: string; process: string; startedAt: Date },
): Promise<bigint> {
  const { insertId } = await db.execute(sql.insertJobRun, { ...run });
  return insertId;
}

/** Notes how a job ended; a long outcome is cut. */
export async function endJobRun(
  db: Database,
  runId: bigint,
  end: { endedAt: Date; outcome: string; succeeded: boolean },
): Promise<void> {
  const outcome = end.outcome.slice(0, MAX_OUTCOME_LENGTH);
  await db.execute(sql.endJobRun, { ...end, runId, outcome });
}

/** Whether a run of the job began at `since` or later, on any host. */
export async function hasJobRunSince(db: Database, job: string, since: Date): Promise<boolean> {
  return (await db.rows(FoundRow, sql.selectHasRunSince, { job, since })).length > 0;
}

/** Forgets runs that began before `before`. @returns How many. */
export async function deleteOldJobRuns(db: Database, before: Date): Promise<number> {
  return (await db.execute(sql.deleteOldJobRuns, { before })).affectedRows;
}

/** Forgets batches stored before `before`, at most 10,000 at a time. @returns How many. */
export async function deleteOldBatches(db: Database, before: Date): Promise<number> {
  return (await db.execute(sql.deleteOldBatches, { before })).affectedRows;
}
