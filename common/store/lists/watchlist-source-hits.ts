import { z } from 'zod';

import type { Queries } from '../database.ts';
import { shortestFloat32 } from '../row-reader.ts';
import { likePattern } from '../like-pattern.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('watchlist-source-hits.sql', [
  'countSourcesWithHits',
  'selectSourcesWithoutHits',
  'selectSourcesWithCounts',
  'selectSourcesNamed',
  'selectSkyCells',
]);

/** Names in one statement. */
const MOST_NAMES = 5_000;
/** Bits of a HEALPix number of order 29 below those of order 6, cells of about a degree, and of order 8. */
const COARSE_SHIFT = 46;
const FINE_SHIFT = 42;
/** Larger lists are drawn by coarse cells. */
const FINE_SOURCES = 20_000;

const SourceRow = z
  .strictObject({
    cone_id: z.int(),
    name: z.string(),
    ra: z.number(),
    decl: z.number(),
    radius: z.number().nullable(),
    hits: z.coerce.number(),
  })
  .transform((row) => ({
    coneId: row.cone_id,
    name: row.name,
    ra: row.ra,
    decl: row.decl,
    radiusArcsec: row.radius === null ? null : shortestFloat32(row.radius),
    /** Of both surveys. */
    hits: row.hits,
  }));
/** A source of a list, and how many objects lie near it. */
export type SourceWithHits = z.infer<typeof SourceRow>;

const CountRow = z.strictObject({ count: z.coerce.number() });
const NamedRow = z.strictObject({ cone_id: z.int(), name: z.string() });
const CellRow = z
  .strictObject({ ra: z.number(), decl: z.number() })
  .transform(({ ra, decl }) => ({ ra, dec: decl }));
/** How many sources of a list have an object near them. */
export async function countSourcesWithHits(db: Queries, watchlistId: number): Promise<number> {
  const [{ count }] = await db.rows(CountRow, sql.countSourcesWithHits, { watchlistId });
  return count;
}

/**
 * Sources of a list in the order they were added.
 *
 * @param order.find - What the name must hold.
 * @param order.withoutHits - Whether only those without an object near them are wanted.
 */
export async function selectSourcesWithHits(
  db: Queries,
  watchlistId: number,
  order: { find: string; withoutHits: boolean; limit: number; offset: number },
): Promise<SourceWithHits[]> {
  const statement = order.withoutHits ? sql.selectSourcesWithoutHits : sql.selectSourcesWithCounts;
  return db.rows(SourceRow, statement, {
    watchlistId,
    find: likePattern(order.find),
    count: order.limit,
    offset: order.offset,
  });
}

/**
 * The sources of a list that are called so, to the letter.
 *
 * @returns Their numbers, and the names that none is called by.
 */
export async function selectSourcesNamed(
  db: Queries,
  watchlistId: number,
  names: readonly string[],
): Promise<{ coneIds: number[]; unknown: string[] }> {
  const wanted = new Set(names);
  const found = new Set<string>();
  const coneIds: number[] = [];
  const all = [...wanted];
  for (let first = 0; first < all.length; first += MOST_NAMES) {
    const values = { watchlistId, names: all.slice(first, first + MOST_NAMES) };
    for (const { cone_id, name } of await db.rows(NamedRow, sql.selectSourcesNamed, values)) {
      // The server takes names for alike that differ in case or accents.
      if (!wanted.has(name)) continue;
      found.add(name);
      coneIds.push(cone_id);
    }
  }
  return { coneIds, unknown: all.filter((name) => !found.has(name)) };
}

/** Where a list's sources are, one for each cell of the sky that has any: for a map of all of it. */
export async function selectSkyCells(
  db: Queries,
  watchlistId: number,
  sources: number,
): Promise<{ ra: number; dec: number }[]> {
  const shift = sources > FINE_SOURCES ? COARSE_SHIFT : FINE_SHIFT;
  return db.rows(CellRow, sql.selectSkyCells, { watchlistId, shift });
}
