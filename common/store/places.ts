import type { Survey } from '../config.ts';
import type { Queries } from './database.ts';
import { selectNear } from './near.ts';
import type { NearPair, Position } from './near.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('places.sql', [
  'selectZtfPlaces',
  'selectLsstPlaces',
  'selectZtfPlacesFrom',
  'selectLsstPlacesFrom',
  'selectLsstSeenSince',
  'selectSolarSystemObjects',
]);

/** An object by its place. */
export interface ObjectPlace extends Position {
  /** objectId, or diaObjectId in decimal digits. */
  id: string;
}

/** Where a walk over all objects goes on: at the first with this `hpx29` or more. */
export type SkyCursor = bigint;

/** Where a walk over the objects seen lately goes on: behind this one. */
export interface SeenCursor {
  mjdTai: number;
  id: string;
}

/** All objects of a survey within a small radius of each of these places. */
export function selectObjectsNear<Place extends Position>(
  db: Queries,
  survey: Survey,
  places: readonly Place[],
  radiusArcsec: number,
): Promise<NearPair<Place, ObjectPlace>[]> {
  const statement = survey === 'ztf' ? sql.selectZtfPlaces : sql.selectLsstPlaces;
  return selectNear(places, radiusArcsec, async (condition) =>
    (await db.arrays(statement.replace('CONDITION', condition))).map(placeOf),
  );
}

/**
 * The next objects of a survey in the order of the sky.
 *
 * @param count - About so many: objects of one and the same `hpx29` are never parted.
 * @returns `next` is undefined after the last.
 */
export async function selectPlacesFrom(
  db: Queries,
  survey: Survey,
  from: SkyCursor,
  count: number,
): Promise<{ places: ObjectPlace[]; next: SkyCursor | undefined }> {
  const statement = survey === 'ztf' ? sql.selectZtfPlacesFrom : sql.selectLsstPlacesFrom;
  for (let limit = count + 1; ; limit *= 2) {
    const rows = await db.arrays(statement, { from, limit });
    if (rows.length < limit) return { places: rows.map(placeOf), next: undefined };
    const last = String(rows[rows.length - 1][3]);
    const whole = rows.filter((row) => row[3] !== last);
    if (whole.length > 0) return { places: whole.map(placeOf), next: BigInt(last) };
    // All of them are at one position: it must be read whole.
  }
}

/**
 * The next objects of Rubin in the order of their last detection.
 *
 * @returns `next` is undefined after the last.
 */
export async function selectPlacesSeenSince(
  db: Queries,
  { mjdTai, id }: SeenCursor,
  count: number,
): Promise<{ places: ObjectPlace[]; next: SeenCursor | undefined }> {
  const rows = await db.arrays(sql.selectLsstSeenSince, { mjdTai, id: BigInt(id), count });
  const last = rows[rows.length - 1];
  return {
    places: rows.map(placeOf),
    next: rows.length < count ? undefined : { mjdTai: Number(last[3]), id: String(last[0]) },
  };
}

/**
 * Those of these objects of ZTF that are bodies of the solar system: named as one, and not seen for
 * longer than none can stay in one place.
 */
export async function selectSolarSystemObjects(
  db: Queries,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.arrays(sql.selectSolarSystemObjects, { ids: [...ids] });
  return new Set(rows.map(([id]) => String(id)));
}

function placeOf([id, ra, decl]: unknown[]): ObjectPlace {
  return { id: String(id), ra: Number(ra), decl: Number(decl) };
}
