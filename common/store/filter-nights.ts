import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('filter-nights.sql', ['addToNights']);

const ROWS = 500;

/** What a filter did. */
export interface FilterTally {
  /** Batches that it was asked about. */
  runs: number;
  /** Objects that it was asked about. */
  objects: number;
  /** Matches. */
  passed: number;
  /** Objects that passed and were not told again. */
  remembered: number;
  /** Runs that failed. */
  failures: number;
  /** Time that its statements took. */
  runMs: number;
}

export const NO_TALLY: FilterTally = {
  runs: 0,
  objects: 0,
  passed: 0,
  remembered: 0,
  failures: 0,
  runMs: 0,
};

export function sumTallies(a: FilterTally, b: FilterTally): FilterTally {
  return {
    runs: a.runs + b.runs,
    objects: a.objects + b.objects,
    passed: a.passed + b.passed,
    remembered: a.remembered + b.remembered,
    failures: a.failures + b.failures,
    runMs: a.runMs + b.runMs,
  };
}

/** Adds what filters did to what they did before in this night. */
export async function addToNights(
  db: Queries,
  night: number,
  tallies: ReadonlyMap<number, FilterTally>,
): Promise<void> {
  // In the order of the key: two processes that write the same rows do not wait for each other.
  const all = [...tallies].sort(([a], [b]) => a - b);
  for (let start = 0; start < all.length; start += ROWS) {
    const rows = all
      .slice(start, start + ROWS)
      .map(([queryId, { runs, objects, passed, remembered, failures, runMs }]) => [
        queryId,
        night,
        runs,
        objects,
        passed,
        0,
        remembered,
        failures,
        runMs,
      ]);
    await db.execute(sql.addToNights, { rows });
  }
}

/** Adds matches of a run over past nights, by the night of their alerts. */
export async function addPastMatches(
  db: Queries,
  queryId: number,
  matches: ReadonlyMap<number, number>,
): Promise<void> {
  const all = [...matches].sort(([a], [b]) => a - b);
  for (let start = 0; start < all.length; start += ROWS) {
    const rows = all
      .slice(start, start + ROWS)
      .map(([night, past]) => [queryId, night, 0, 0, 0, past, 0, 0, 0]);
    await db.execute(sql.addToNights, { rows });
  }
}
