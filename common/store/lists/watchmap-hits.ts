import { z } from 'zod';

import type { Survey } from '../../config.ts';
import type { Queries, Transaction } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';
import { forSurvey, keyValues } from '../survey-keys.ts';

const sql = loadSql('watchmap-hits.sql', [
  'selectHitsOfObjects',
  'selectHitsAfter',
  'deleteHits',
  'deleteSomeHits',
  'insertHits',
  'countHits',
  'holdZtfHistories',
  'holdLsstHistories',
  'selectZtfPlaces',
  'selectLsstPlaces',
  'selectZtfBetween',
  'selectLsstBetween',
  'selectLsstWithoutCell',
]);

const ROWS_PER_STATEMENT = 2_000;
const CountRow = z.strictObject({ count: z.coerce.number() });

/** An object in a watchmap. */
export interface WatchmapHit {
  watchmapId: number;
  /** objectId, or diaObjectId in decimal digits. */
  id: string;
}

/** An object by its place; degrees, null where it has none. */
export interface PlacedId {
  id: string;
  ra: number | null;
  decl: number | null;
}

/** What is stored of these objects. */
export async function selectHitsOfObjects(
  db: Queries,
  survey: Survey,
  ids: readonly string[],
): Promise<WatchmapHit[]> {
  const hits: WatchmapHit[] = [];
  for (const some of portions(ids)) {
    const rows = await db.arrays(forSurvey(sql.selectHitsOfObjects, survey), {
      ids: keyValues(survey, some),
    });
    for (const [id, watchmapId] of rows) {
      hits.push({ id: String(id), watchmapId: Number(watchmapId) });
    }
  }
  return hits;
}

/** Adds hits; those that are there stay. @returns How many are new. */
export async function insertWatchmapHits(
  tx: Queries,
  survey: Survey,
  hits: readonly WatchmapHit[],
): Promise<number> {
  let added = 0;
  for (const some of portions(hits)) {
    const { affectedRows } = await tx.execute(forSurvey(sql.insertHits, survey), {
      pairs: pairsOf(survey, some),
    });
    added += affectedRows;
  }
  return added;
}

/** @returns How many there were. */
export async function deleteWatchmapHits(
  tx: Queries,
  survey: Survey,
  hits: readonly WatchmapHit[],
): Promise<number> {
  let deleted = 0;
  for (const some of portions(hits)) {
    const { affectedRows } = await tx.execute(forSurvey(sql.deleteHits, survey), {
      pairs: pairsOf(survey, some),
    });
    deleted += affectedRows;
  }
  return deleted;
}

/** Deletes hits of a watchmap that is gone. @returns How many, at most `limit`. */
export async function deleteSomeWatchmapHits(
  db: Queries,
  survey: Survey,
  watchmapId: number,
  limit: number,
): Promise<number> {
  const statement = forSurvey(sql.deleteSomeHits, survey);
  return (await db.execute(statement, { watchmapId, limit })).affectedRows;
}

/** How many objects of a survey are in a watchmap. */
export async function countWatchmapHits(
  db: Queries,
  survey: Survey,
  watchmapId: number,
): Promise<number> {
  const [{ count }] = await db.rows(CountRow, forSurvey(sql.countHits, survey), { watchmapId });
  return count;
}

/** Objects that a watchmap has matched, by id; those after one, '' begins. */
export async function selectWatchmapHitsAfter(
  db: Queries,
  survey: Survey,
  watchmapId: number,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db.arrays(forSurvey(sql.selectHitsAfter, survey), {
    watchmapId,
    after: afterKey(survey, after),
    limit,
  });
  return rows.map(([id]) => String(id));
}

/**
 * Objects in the order of the sky from one cell to before another.
 *
 * @param limit - About so many: objects of one cell are never parted.
 * @returns `next` is the cell to go on at; undefined at the end.
 */
export async function selectObjectsBetween(
  db: Queries,
  survey: Survey,
  from: bigint,
  to: bigint,
  limit: number,
): Promise<{ objects: PlacedId[]; next: bigint | undefined }> {
  const statement = survey === 'ztf' ? sql.selectZtfBetween : sql.selectLsstBetween;
  for (let rowLimit = limit + 1; ; rowLimit *= 2) {
    const rows = await db.arrays(statement, { from, to, limit: rowLimit });
    if (rows.length < rowLimit) return { objects: rows.map(placedId), next: undefined };
    const last = String(rows[rows.length - 1][3]);
    const whole = rows.filter((row) => String(row[3]) !== last);
    if (whole.length > 0) return { objects: whole.map(placedId), next: BigInt(last) };
  }
}

/** Objects of Rubin that have a mean position and no other, by id; those after one, '' begins. */
export async function selectObjectsWithoutCell(
  db: Queries,
  after: string,
  limit: number,
): Promise<PlacedId[]> {
  const values = { after: afterKey('lsst', after), limit };
  return (await db.arrays(sql.selectLsstWithoutCell, values)).map(placedId);
}

/** Where objects are; those that are gone are left out. */
export async function selectPlaces(
  db: Queries,
  survey: Survey,
  ids: readonly string[],
): Promise<PlacedId[]> {
  const statement = survey === 'ztf' ? sql.selectZtfPlaces : sql.selectLsstPlaces;
  const places: PlacedId[] = [];
  for (const some of portions(ids)) {
    const rows = await db.arrays(statement, { ids: keyValues(survey, some) });
    places.push(...rows.map(placedId));
  }
  return places;
}

/**
 * The same, and nothing more is stored of them until the transaction ends: ingest waits for them, and
 * takes its locks in the same order.
 */
export async function holdPlaces(
  tx: Transaction,
  survey: Survey,
  ids: readonly string[],
): Promise<PlacedId[]> {
  const statement = survey === 'ztf' ? sql.holdZtfHistories : sql.holdLsstHistories;
  const ordered = [...ids].sort(compareIds(survey));
  for (const some of portions(ordered)) {
    await tx.arrays(statement, { ids: keyValues(survey, some) });
  }
  return selectPlaces(tx, survey, ordered);
}

function placedId([id, ra, decl]: unknown[]): PlacedId {
  return { id: String(id), ra: numberOrNull(ra), decl: numberOrNull(decl) };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function afterKey(survey: Survey, after: string): string | bigint {
  return survey === 'ztf' ? after : BigInt(after || -1);
}

function compareIds(survey: Survey): (a: string, b: string) => number {
  return (a, b) =>
    survey === 'lsst' && a.length !== b.length ? a.length - b.length : a < b ? -1 : 1;
}

function pairsOf(survey: Survey, hits: readonly WatchmapHit[]): (number | string | bigint)[][] {
  const keys = keyValues(
    survey,
    hits.map((hit) => hit.id),
  );
  return hits.map(({ watchmapId }, i) => [watchmapId, keys[i]]);
}

function* portions<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) {
    yield items.slice(start, start + ROWS_PER_STATEMENT);
  }
}
