import type { Survey } from '../../config.ts';
import { tableName } from '../../schema/ddl.ts';
import { tableOf } from '../../schema/tables.ts';
import { bulkUpsert } from '../bulk.ts';
import type { Queries, Transaction } from '../database.ts';
import type { ObjectPlace } from '../places.ts';
import { loadSql } from '../sql-blocks.ts';
import { forSurvey, keyValues, OBJECT_KEYS } from '../survey-keys.ts';
import { selectSourceNames } from './watchlist-sources.ts';

const sql = loadSql('watchlist-hits.sql', [
  'selectHitsOfObjects',
  'selectHitsAfter',
  'deleteHits',
  'deleteSomeHits',
  'countHitObjects',
  'holdZtfHistories',
  'holdLsstHistories',
  'selectZtfPlaces',
  'selectLsstPlaces',
  'selectZtfInRanges',
  'selectLsstInRanges',
  'selectLsstWithoutCell',
]);

/** Ids and pairs in one statement. */
const MOST_IDS = 5_000;

/** An object near a source of a watchlist. */
export interface WatchlistHit {
  objectId: string;
  watchlistId: number;
  coneId: number;
  arcsec: number;
}

type HitKey = Omit<WatchlistHit, 'arcsec'>;

/**
 * Makes these the only hits of these objects in these lists; other lists keep theirs. What is so
 * already is not written.
 *
 * @param ids - Objects, some of which may be near nothing.
 * @param lists - Numbers of the lists that were looked at.
 */
export async function replaceHits(
  tx: Transaction,
  survey: Survey,
  ids: readonly string[],
  lists: { has(watchlistId: number): boolean },
  found: readonly WatchlistHit[],
): Promise<void> {
  if (ids.length === 0) return;
  const stored = new Map<string, WatchlistHit>();
  for (const row of await tx.arrays(forSurvey(sql.selectHitsOfObjects, survey), {
    ids: keyValues(survey, ids),
  })) {
    const [objectId, watchlistId, coneId, arcsec] = row;
    const hit = {
      objectId: String(objectId),
      watchlistId: Number(watchlistId),
      coneId: Number(coneId),
      arcsec: Number(arcsec),
    };
    if (lists.has(hit.watchlistId)) stored.set(keyOf(hit), hit);
  }
  const isKept = new Set(found.map(keyOf));
  // Single hits cannot be deleted quickly: what remains of an object is written again.
  const lost = new Map<number, Set<string>>();
  for (const hit of stored.values()) {
    if (isKept.has(keyOf(hit))) continue;
    const objects = lost.get(hit.watchlistId) ?? new Set();
    lost.set(hit.watchlistId, objects.add(hit.objectId));
  }
  for (const [watchlistId, objects] of lost)
    await deleteHitsOfObjects(tx, survey, watchlistId, [...objects]);
  const changed = found.filter(
    (hit) =>
      lost.get(hit.watchlistId)?.has(hit.objectId) === true ||
      stored.get(keyOf(hit))?.arcsec !== Math.fround(hit.arcsec),
  );
  await upsertHits(tx, survey, changed);
}

/** Writes hits with the names that their sources have now; those of sources that are gone are left out. */
export async function upsertHits(
  tx: Transaction,
  survey: Survey,
  hits: readonly WatchlistHit[],
): Promise<void> {
  if (hits.length === 0) return;
  const names = await selectSourceNames(tx, [...new Set(hits.map((hit) => hit.coneId))]);
  const rows = hits.flatMap((hit) => {
    const source = names.get(hit.coneId);
    if (source?.watchlistId !== hit.watchlistId) return [];
    const { watchlistId, coneId, arcsec } = hit;
    return [[watchlistId, ...keyValues(survey, [hit.objectId]), coneId, source.name, arcsec]];
  });
  const columns = ['wl_id', OBJECT_KEYS[survey], 'cone_id', 'name', 'arcsec'];
  if (rows.length > 0) {
    await bulkUpsert(
      tx,
      { table: tableName(tableOf(survey, 'watchlist_hits')), columns },
      rows.sort(compareRows),
    );
  }
}

/** Deletes all hits of these objects in a list. */
export async function deleteHitsOfObjects(
  tx: Transaction,
  survey: Survey,
  watchlistId: number,
  ids: readonly string[],
): Promise<void> {
  for (let first = 0; first < ids.length; first += MOST_IDS) {
    const page = keyValues(survey, ids.slice(first, first + MOST_IDS));
    await tx.execute(forSurvey(sql.deleteHits, survey), { watchlistId, ids: page });
  }
}

/** Deletes hits of a list that is gone. @returns How many, at most `limit`. */
export async function deleteSomeHits(
  db: Queries,
  survey: Survey,
  watchlistId: number,
  limit: number,
): Promise<number> {
  const statement = forSurvey(sql.deleteSomeHits, survey);
  return (await db.execute(statement, { watchlistId, limit })).affectedRows;
}

/**
 * Hits of a list in the order of its objects, behind one ('' begins).
 *
 * @returns Those of an object are never parted. `next` is undefined after the last.
 */
export async function selectHitsAfter(
  db: Queries,
  survey: Survey,
  watchlistId: number,
  after: string,
  count: number,
): Promise<{ hits: HitKey[]; next: string | undefined }> {
  const statement = forSurvey(sql.selectHitsAfter, survey);
  const [key] = keyValues(survey, [after === '' && survey === 'lsst' ? '-1' : after]);
  for (let limit = count + 1; ; limit *= 2) {
    const rows = await db.arrays(statement, { watchlistId, after: key, limit });
    const hits = rows.map(([objectId, coneId]) => ({
      objectId: String(objectId),
      watchlistId,
      coneId: Number(coneId),
    }));
    if (rows.length < limit) return { hits, next: undefined };
    const last = hits[hits.length - 1].objectId;
    const whole = hits.filter((hit) => hit.objectId !== last);
    if (whole.length > 0) return { hits: whole, next: whole[whole.length - 1].objectId };
  }
}

/** Objects that a list has hits of, and hits. */
export async function countHitObjects(
  db: Queries,
  survey: Survey,
  watchlistId: number,
): Promise<{ objects: number; hits: number }> {
  const statement = forSurvey(sql.countHitObjects, survey);
  const [[objects, hits]] = await db.arrays(statement, { watchlistId });
  return { objects: Number(objects), hits: Number(hits) };
}

/**
 * Where these objects are, and will be until the transaction ends: ingest waits, as it does for
 * `lockHistories`. Those that are gone are left out.
 */
export async function holdPlaces(
  tx: Transaction,
  survey: Survey,
  ids: readonly string[],
): Promise<ObjectPlace[]> {
  const isZtf = survey === 'ztf';
  const keys = keyValues(survey, ids);
  const places: ObjectPlace[] = [];
  for (let first = 0; first < keys.length; first += MOST_IDS) {
    const page = keys.slice(first, first + MOST_IDS);
    await tx.arrays(isZtf ? sql.holdZtfHistories : sql.holdLsstHistories, { ids: page });
  }
  for (let first = 0; first < keys.length; first += MOST_IDS) {
    const page = keys.slice(first, first + MOST_IDS);
    const rows = await tx.arrays(isZtf ? sql.selectZtfPlaces : sql.selectLsstPlaces, { ids: page });
    for (const row of rows) places.push(placeOf(row));
  }
  return places;
}

/**
 * Objects in ranges of `hpx29`, in the order of the sky.
 *
 * @param ranges - First and last number of each, ascending.
 * @param count - About so many at the most; those of one number are never parted.
 * @returns `next`: the number with which to go on; undefined after the last.
 */
export async function selectPlacesInRanges(
  db: Queries,
  survey: Survey,
  ranges: readonly { low: bigint; high: bigint }[],
  count: number,
): Promise<{ places: ObjectPlace[]; next: bigint | undefined }> {
  if (ranges.length === 0) return { places: [], next: undefined };
  const condition = ranges.map(({ low, high }) => `hpx29 BETWEEN ${low} AND ${high}`).join(' OR ');
  const statement = (survey === 'ztf' ? sql.selectZtfInRanges : sql.selectLsstInRanges).replace(
    'RANGES',
    `(${condition})`,
  );
  for (let limit = count + 1; ; limit *= 2) {
    const rows = await db.arrays(statement, { limit });
    if (rows.length < limit) return { places: rows.map(placeOf), next: undefined };
    const last = String(rows[rows.length - 1][3]);
    const whole = rows.filter((row) => row[3] !== last);
    if (whole.length > 0) return { places: whole.map(placeOf), next: BigInt(last) };
    // All of them are at one position: it must be read whole.
  }
}

/**
 * Objects of Rubin to which it gives no position, which have no `hpx29` either: they are where their
 * detections are.
 */
export async function selectPlacesWithoutCell(
  db: Queries,
  after: string,
  limit: number,
): Promise<ObjectPlace[]> {
  const values = { after: BigInt(after === '' ? '-1' : after), limit };
  return (await db.arrays(sql.selectLsstWithoutCell, values)).map(placeOf);
}

function placeOf([id, ra, decl]: unknown[]): ObjectPlace {
  return { id: String(id), ra: Number(ra), decl: Number(decl) };
}

function keyOf({ objectId, watchlistId, coneId }: HitKey): string {
  return `${watchlistId} ${objectId} ${coneId}`;
}

type Row = (string | number | bigint)[];

/** By the key of the table, so that locks seldom cross. */
function compareRows(a: Row, b: Row): number {
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}
