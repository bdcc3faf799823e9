import { z } from 'zod';

import { SURVEYS } from '../../config.ts';
import type { Queries, Transaction } from '../database.ts';
import type { ListKind } from './list-generations.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('list-matches.sql', [
  'selectOpenMatches',
  'selectMatches',
  'advanceMatch',
  'noteProblem',
  'askForDeletion',
  'deleteMatch',
  'deleteOrphanedMatches',
]);

const MAX_PROBLEM_LENGTH = 1_024;

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
    listId: row.list_id,
    survey: row.survey,
    version: row.version,
    /** How far it got; '' at the beginning. */
    nextKey: row.next_key,
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
export type ListMatch = z.infer<typeof MatchRow>;

/** What is to be matched or, where the list is gone, to be deleted; the oldest first. */
export function selectOpenMatches(db: Queries, kind: ListKind): Promise<ListMatch[]> {
  return db.rows(MatchRow, sql.selectOpenMatches, { kind });
}

/** How far the matching of a list got in both surveys, ZTF first; empty where it was never asked for. */
export function selectMatchesOf(db: Queries, kind: ListKind, listId: number): Promise<ListMatch[]> {
  return db.rows(MatchRow, sql.selectMatches, { kind, listId });
}

/** Notes how far it got, if it was not begun anew meanwhile. */
export async function advanceMatch(db: Queries, kind: ListKind, match: ListMatch): Promise<void> {
  const { listId, survey, version, nextKey, done, total, hits, endedAt } = match;
  const values = { nextKey, done, total, hits, endedAt };
  await db.execute(sql.advanceMatch, { kind, listId, survey, version, ...values });
}

export async function noteMatchProblem(
  db: Queries,
  kind: ListKind,
  { listId, survey, version }: ListMatch,
  problem: string,
): Promise<void> {
  const cut = problem.slice(0, MAX_PROBLEM_LENGTH);
  await db.execute(sql.noteProblem, { kind, listId, survey, version, problem: cut });
}

/** Has what a list that is gone has matched deleted. */
export async function askForDeletion(
  tx: Transaction,
  kind: ListKind,
  listId: number,
  now: Date,
): Promise<void> {
  await tx.execute(sql.askForDeletion, { kind, listId, now });
}

/** Forgets the matching of a list that is gone. */
export async function deleteMatch(
  db: Queries,
  kind: ListKind,
  { listId, survey }: ListMatch,
): Promise<void> {
  await db.execute(sql.deleteMatch, { kind, listId, survey });
}

/** Forgets the matching of lists that went with their owner's account. */
export async function deleteOrphanedMatches(db: Queries): Promise<void> {
  await db.execute(sql.deleteOrphanedMatches);
}
