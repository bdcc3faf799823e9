import { z } from 'zod';

import { noLooseCones } from '../../watchlists/cone-index.ts';
import type { LooseCones } from '../../watchlists/cone-index.ts';
import type { Queries, Transaction } from '../database.ts';
import type { ListMatch } from './list-matches.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('watchlist-matching.sql', [
  'selectVersions',
  'selectMatched',
  'selectCones',
  'lockMatch',
  'deleteSomeSources',
]);

const CONE_PAGE = 20_000;

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

/** Keeps the list from being changed until the transaction ends. @returns False if it was changed. */
export async function lockPastMatch(
  tx: Transaction,
  { listId, survey, version }: ListMatch,
): Promise<boolean> {
  const [row] = await tx.arrays(sql.lockMatch, { listId, survey });
  return row !== undefined && Number(row[0]) === version;
}

/** Deletes sources of a list that is gone. @returns How many, at most `limit`. */
export async function deleteSomeSources(
  db: Queries,
  watchlistId: number,
  limit: number,
): Promise<number> {
  return (await db.execute(sql.deleteSomeSources, { watchlistId, limit })).affectedRows;
}
