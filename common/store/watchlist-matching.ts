import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import { noLooseCones } from '../watchlists/cone-index.ts';
import type { LooseCones } from '../watchlists/cone-index.ts';
import type { Queries, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('watchlist-matching.sql', [
  'selectVersions',
  'selectMatched',
  'selectCones',
  'selectOpenMatches',
  'selectMatches',
  'lockMatch',
  'advanceMatch',
  'noteProblem',
  'deleteMatch',
  'deleteSomeSources',
]);

const CONE_PAGE = 20_000;
const MAX_PROBLEM_LENGTH = 1_024;

/** What a list that is on is matched by. */
export interface ActiveList {
  watchlistId: number;
  version: number;
  /** Of sources without a radius of their own, as it is kept: in single precision. */
  radiusArcsec: number;
}

const MatchedRow = z
  .strictObject({
    version: z.int(),
    active: z.coerce.number(),
    radius: z.number(),
    sources: z.int(),
  })
  .transform((row) => ({
    version: row.version,
    active: row.active === 1,
    radiusArcsec: row.radius,
    sources: row.sources,
  }));
/** A list as it is to be matched against what is known. */
export type MatchedList = z.infer<typeof MatchedRow>;

const MatchRow = z
  .strictObject({
    list_id: z.int(),
    survey: z.enum(SURVEYS),
    version: z.int(),
    next_key: z.string(),
    done: z.coerce.number(),
    total: z.coerce.number(),
    hits: z.coerce.number(),
    problem: z.string(),
    started_at: z.date(),
    ended_at: z.date().nullable(),
  })
  .transform((row) => ({
    watchlistId: row.list_id,
    survey: row.survey,
    version: row.version,
    nextKey: row.next_key,
    /** Sources done, of `total`. */
    done: row.done,
    total: row.total,
    /** Objects found so far. */
    hits: row.hits,
    /** What went wrong last; empty where nothing did. */
    problem: row.problem,
    startedAt: row.started_at,
    /** Null while it goes on. */
    endedAt: row.ended_at,
  }));
/** How far the matching of a list against all known objects of a survey got. */
export type PastMatch = z.infer<typeof MatchRow>;

/** All lists that are on. */
export async function selectActiveLists(db: Queries): Promise<ActiveList[]> {
  return (await db.arrays(sql.selectVersions)).map(([watchlistId, version, radius]) => ({
    watchlistId: Number(watchlistId),
    version: Number(version),
    radiusArcsec: Number(radius),
  }));
}

/** A list as it is to be matched; undefined if there is none any more. */
export async function selectMatchedList(
  db: Queries,
  watchlistId: number,
): Promise<MatchedList | undefined> {
  return (await db.rows(MatchedRow, sql.selectMatched, { watchlistId }))[0];
}

/** Adds all cones of a list: those without a radius of their own get the list's. */
export async function readCones(
  db: Queries,
  watchlistId: number,
  radiusArcsec: number,
  cones: LooseCones = noLooseCones(),
): Promise<LooseCones> {
  for (let after = 0; ;) {
    const page = await db.arrays(sql.selectCones, { watchlistId, after, limit: CONE_PAGE });
    for (const [coneId, ra, decl, radius] of page) {
      cones.watchlistId.push(watchlistId);
      cones.coneId.push(Number(coneId));
      cones.ra.push(Number(ra));
      cones.decl.push(Number(decl));
      cones.radiusArcsec.push(radius === null ? radiusArcsec : Number(radius));
    }
    if (page.length < CONE_PAGE) return cones;
    after = Number(page[page.length - 1][0]);
  }
}

/** How far the matching of a list got in both surveys, ZTF first; empty before it was ever asked for. */
export async function selectPastMatches(db: Queries, watchlistId: number): Promise<PastMatch[]> {
  return db.rows(MatchRow, sql.selectMatches, { watchlistId });
}

/** What is to be matched or, where the list is gone, to be deleted; the oldest first. */
export async function selectOpenMatches(db: Queries): Promise<PastMatch[]> {
  return db.rows(MatchRow, sql.selectOpenMatches);
}

/** Keeps the list from being changed until the transaction ends. @returns False if it was changed. */
export async function lockPastMatch(tx: Transaction, match: PastMatch): Promise<boolean> {
  const { watchlistId, survey } = match;
  const [row] = await tx.arrays(sql.lockMatch, { watchlistId, survey });
  return row !== undefined && Number(row[0]) === match.version;
}

/** Notes how far it got, if it was not begun anew meanwhile. */
export async function advancePastMatch(tx: Queries, match: PastMatch): Promise<void> {
  const { watchlistId, survey, version, nextKey, done, total, hits, endedAt } = match;
  const values = { nextKey, done, total, hits, endedAt };
  await tx.execute(sql.advanceMatch, { watchlistId, survey, version, ...values });
}

export async function noteMatchProblem(
  db: Queries,
  { watchlistId, survey, version }: PastMatch,
  problem: string,
): Promise<void> {
  const cut = problem.slice(0, MAX_PROBLEM_LENGTH);
  await db.execute(sql.noteProblem, { watchlistId, survey, version, problem: cut });
}

/** Forgets the matching of a list that is gone. */
export async function deletePastMatch(
  db: Queries,
  { watchlistId, survey }: PastMatch,
): Promise<void> {
  await db.execute(sql.deleteMatch, { watchlistId, survey });
}

/** Deletes sources of a list that is gone. @returns How many, at most `limit`. */
export async function deleteSomeSources(
  db: Queries,
  watchlistId: number,
  limit: number,
): Promise<number> {
  return (await db.execute(sql.deleteSomeSources, { watchlistId, limit })).affectedRows;
}
