import { z } from 'zod';

import { hpx29 } from '../../astro/healpix.ts';
import { InvalidInputError, NotFoundError } from '../../errors.ts';
import { tableName } from '../../schema/ddl.ts';
import { tableOf } from '../../schema/tables.ts';
import { coneSquareDegrees, MAX_SOURCES, MAX_SQUARE_DEGREES } from '../../watchlists/watchlist.ts';
import type { WatchlistSource } from '../../watchlists/watchlist.ts';
import { bulkLoad } from '../bulk.ts';
import { createRowBuffer } from '../row-buffer.ts';
import type { Queries, ServerKind, Transaction } from '../database.ts';
import { shortestFloat32 } from '../row-reader.ts';
import { likePattern } from '../like-pattern.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('watchlist-sources.sql', [
  'listSources',
  'countSources',
  'selectSourcesAfter',
  'selectSource',
  'updateSource',
  'deleteSources',
  'selectRadii',
  'selectSourcesByIds',
]);

const EXPORT_PAGE = 5_000;
/** Numbers in one statement. */
const MOST_IDS = 10_000;

const SourceRow = z
  .strictObject({
    cone_id: z.int(),
    name: z.string(),
    ra: z.number(),
    decl: z.number(),
    radius: z.number().nullable(),
  })
  .transform((row) => ({
    coneId: row.cone_id,
    name: row.name,
    ra: row.ra,
    decl: row.decl,
    radiusArcsec: row.radius === null ? null : shortestFloat32(row.radius),
  }));
/** A source of a list that is kept. */
export type StoredSource = z.infer<typeof SourceRow>;

const CountRow = z.strictObject({ count: z.coerce.number() });
const TARGET = {
  table: tableName(tableOf('glint', 'watchlist_cones')),
  columns: ['wl_id', 'name', 'ra', 'decl', 'radius', 'hpx29'],
};

export interface SourceListOrder {
  /** What the name must hold. */
  find?: string;
  limit: number;
  offset?: number;
}

/** Sources of a list in the order they were added. Whether the reader may see the list is asked before. */
export async function listSources(
  db: Queries,
  watchlistId: number,
  { find = '', limit, offset = 0 }: SourceListOrder,
): Promise<{ sources: StoredSource[]; total: number }> {
  const values = { watchlistId, limit, offset, find: likePattern(find) };
  const sources = await db.rows(SourceRow, sql.listSources, values);
  const [{ count }] = await db.rows(CountRow, sql.countSources, values);
  return { sources, total: count };
}

/** All sources of a list, in bounded memory. */
export async function* exportSources(
  db: Queries,
  watchlistId: number,
): AsyncGenerator<StoredSource, void, undefined> {
  for (let after = 0; ;) {
    const values = { watchlistId, after, limit: EXPORT_PAGE };
    const page = await db.rows(SourceRow, sql.selectSourcesAfter, values);
    yield* page;
    if (page.length < EXPORT_PAGE) return;
    after = page[page.length - 1].coneId;
  }
}

/** Names of sources by number, as far as they are there still, with the list of each. */
export async function selectSourceNames(
  db: Queries,
  coneIds: readonly number[],
): Promise<Map<number, { watchlistId: number; name: string }>> {
  const names = new Map<number, { watchlistId: number; name: string }>();
  for (let first = 0; first < coneIds.length; first += MOST_IDS) {
    const page = coneIds.slice(first, first + MOST_IDS);
    for (const row of await db.arrays(sql.selectSourcesByIds, { coneIds: page }))
      names.set(Number(row[0]), { watchlistId: Number(row[1]), name: String(row[2]) });
  }
  return names;
}

/** Adds sources to a list: some megabytes in one statement. */
export async function insertSources(
  tx: Transaction,
  server: ServerKind,
  watchlistId: number,
  sources: readonly WatchlistSource[],
): Promise<void> {
  const rows = createRowBuffer(1 << 20);
  for (const { name, ra, decl, radiusArcsec } of sources) {
    rows.number(watchlistId);
    rows.text(name);
    rows.number(ra);
    rows.number(decl);
    rows.float(radiusArcsec);
    rows.value(hpx29(ra, decl));
    rows.endRow();
  }
  await bulkLoad(tx, server, 'insert', TARGET, rows);
}

/** @throws {NotFoundError} if the list has no such source. */
export async function selectSource(
  tx: Queries,
  watchlistId: number,
  coneId: number,
): Promise<StoredSource> {
  const [source] = await tx.rows(SourceRow, sql.selectSource, { watchlistId, coneId });
  if (source === undefined) {
    throw new NotFoundError(`Watchlist ${watchlistId} has no source ${coneId}.`);
  }
  return source;
}

export async function updateSource(
  tx: Transaction,
  watchlistId: number,
  coneId: number,
  source: WatchlistSource,
): Promise<void> {
  const { name, ra, decl, radiusArcsec: radius } = source;
  const values = { name, ra, decl, radius, hpx29: hpx29(ra, decl) };
  await tx.execute(sql.updateSource, { watchlistId, coneId, ...values });
}

/** @returns How many of them the list had. */
export async function deleteSources(
  tx: Transaction,
  watchlistId: number,
  coneIds: readonly number[],
): Promise<number> {
  let deleted = 0;
  for (let first = 0; first < coneIds.length; first += MOST_IDS) {
    const page = coneIds.slice(first, first + MOST_IDS);
    const values = { watchlistId, coneIds: page };
    deleted += (await tx.execute(sql.deleteSources, values)).affectedRows;
  }
  return deleted;
}

/**
 * How many sources a list has.
 *
 * @throws {InvalidInputError} if they are too many, or their cones cover too much of the sky.
 */
export async function checkExtent(
  tx: Transaction,
  watchlistId: number,
  radiusArcsec: number,
): Promise<number> {
  let sources = 0;
  let squareDegrees = 0;
  for (const [radius, count] of await tx.arrays(sql.selectRadii, { watchlistId })) {
    sources += Number(count);
    const own = radius === null ? radiusArcsec : Number(radius);
    squareDegrees += Number(count) * coneSquareDegrees(own);
  }
  if (sources > MAX_SOURCES) {
    throw new InvalidInputError(
      `The list would have ${sources} sources; the most are ${MAX_SOURCES}: make several lists.`,
    );
  }
  if (squareDegrees > MAX_SQUARE_DEGREES) {
    throw new InvalidInputError(
      `The cones of the list would cover ${Math.ceil(squareDegrees)} square degrees; the most are ${MAX_SQUARE_DEGREES}: choose smaller radii, or a watchmap.`,
    );
  }
  return sources;
}
