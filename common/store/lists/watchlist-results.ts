import { z } from 'zod';

import { SURVEYS } from '../../config.ts';
import type { Survey } from '../../config.ts';
import type { Queries } from '../database.ts';
import type { SurveyObject } from '../object-rows.ts';
import { selectObjects } from '../objects.ts';
import { shortestFloat32 } from '../row-reader.ts';
import { loadSql } from '../sql-blocks.ts';
import { forSurvey, keyValues } from '../survey-keys.ts';

const sql = loadSql('watchlist-results.sql', [
  'selectResultKeys',
  'selectResultsAfter',
  'countHitsOfLists',
  'selectHitPositions',
  'selectListsOfObject',
]);

const EXPORT_PAGE = 2_000;
/** No account has this number. */
const NOBODY = -1;

/** By what the objects near a list's sources are put in order. */
export const RESULT_SORTS = [
  'last',
  'source',
  'arcsec',
  'detections',
  'class',
  'magnitude',
] as const;
export type ResultSort = (typeof RESULT_SORTS)[number];

/** Magnitude of the band that was measured last, as `SurveyObject.latestMag` is. */
const LATEST_MAG: Record<Survey, string> = {
  ztf: latestOf(['g', 'r', 'i'], (band) => [`o.latest${band}mag`, `o.jd${band}max`]),
  lsst: `CASE WHEN FLUX > 0 THEN 31.4 - 2.5 * LOG10(FLUX) END`.replaceAll(
    'FLUX',
    latestOf(['u', 'g', 'r', 'i', 'z', 'y'], (band) => [
      `o.${band}_psfFlux`,
      `o.${band}_latestMJD`,
    ]),
  ),
};
const SORTED: Record<ResultSort, Record<Survey, string>> = {
  last: { ztf: 'o.jdmax', lsst: '(o.lastDiaSourceMjdTai + 2400000.5)' },
  source: { ztf: 'h.name', lsst: 'h.name' },
  arcsec: { ztf: 'h.arcsec', lsst: 'h.arcsec' },
  detections: { ztf: 'o.ncand', lsst: 'o.nDiaSources' },
  class: { ztf: 'o.sherlock_classification', lsst: 'o.sherlock_classification' },
  magnitude: LATEST_MAG,
};
const POSITIONS: Record<Survey, { ra: string; dec: string }> = {
  ztf: { ra: 'ramean', dec: 'decmean' },
  lsst: { ra: 'ra', dec: 'decl' },
};

const KeyRow = z.strictObject({
  id: z.string(),
  cone_id: z.int(),
  name: z.string(),
  arcsec: z.number(),
  sorted: z.union([z.number(), z.string(), z.null()]),
});
type KeyRow = z.infer<typeof KeyRow>;
const ListCountRow = z.strictObject({ wl_id: z.int(), hits: z.coerce.number() });
const PositionRow = z.strictObject({ id: z.string(), ra: z.number(), decl: z.number() });
const OfObjectRow = z
  .strictObject({
    wl_id: z.int(),
    name: z.string(),
    user_id: z.int(),
    owner: z.string().nullable(),
    source: z.string(),
    arcsec: z.number(),
  })
  .transform((row) => ({
    watchlistId: row.wl_id,
    name: row.name,
    userId: row.user_id,
    owner: row.owner,
    source: row.source,
    arcsec: shortestFloat32(row.arcsec),
  }));
/** That an object lies near a source of a list. */
export type ListOfObject = z.infer<typeof OfObjectRow>;

/** An object near a source of a list. */
export interface WatchlistHit {
  coneId: number;
  /** Name of the source. */
  source: string;
  arcsec: number;
  object: SurveyObject;
}

/**
 * Objects of both surveys near a list's sources, in order, what is not known last.
 *
 * @param page.offset - Hits to pass over.
 */
export async function selectWatchlistHits(
  db: Queries,
  watchlistId: number,
  page: { sort: ResultSort; isDescending: boolean; limit: number; offset: number },
): Promise<WatchlistHit[]> {
  const count = page.offset + page.limit;
  const found = await Promise.all(
    SURVEYS.map(async (survey) => {
      const statement = forSurvey(sql.selectResultKeys, survey)
        .replace('SORT', SORTED[page.sort][survey])
        .replace('DIRECTION', page.isDescending ? 'DESC' : 'ASC');
      const rows = await db.rows(KeyRow, statement, { watchlistId, count });
      return rows.map((row) => ({ ...row, survey }));
    }),
  );
  const rows = found
    .flat()
    .sort((a, b) => compare(a, b, page.isDescending))
    .slice(page.offset, count);
  return withObjects(db, rows);
}

/** All hits of a list, in bounded memory and in no particular order. */
export async function* exportWatchlistHits(
  db: Queries,
  watchlistId: number,
): AsyncGenerator<WatchlistHit[], void, undefined> {
  for (const survey of SURVEYS) {
    const statement = forSurvey(sql.selectResultsAfter, survey);
    let [afterId, afterCone] = [survey === 'ztf' ? '' : '0', 0];
    for (;;) {
      const [key] = keyValues(survey, [afterId]);
      const values = { watchlistId, afterId: key, afterCone, count: EXPORT_PAGE };
      const rows = await db.rows(KeyRow, statement, values);
      if (rows.length > 0) {
        yield await withObjects(
          db,
          rows.map((row) => ({ ...row, survey })),
        );
      }
      if (rows.length < EXPORT_PAGE) break;
      const last = rows[rows.length - 1];
      [afterId, afterCone] = [last.id, last.cone_id];
    }
  }
}

/** Hits of several lists, both surveys together; lists without any are not in it. */
export async function countHitsOfLists(
  db: Queries,
  watchlistIds: readonly number[],
): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  if (watchlistIds.length === 0) return counts;
  for (const survey of SURVEYS) {
    const statement = forSurvey(sql.countHitsOfLists, survey);
    const rows = await db.rows(ListCountRow, statement, { watchlistIds: [...watchlistIds] });
    for (const { wl_id, hits } of rows) counts.set(wl_id, (counts.get(wl_id) ?? 0) + hits);
  }
  return counts;
}

/** Where the objects are that a list has hit, those seen last first. */
export async function selectHitPositions(
  db: Queries,
  watchlistId: number,
  count: number,
): Promise<{ survey: Survey; id: string; ra: number; dec: number }[]> {
  const found = await Promise.all(
    SURVEYS.map(async (survey) => {
      const statement = forSurvey(sql.selectHitPositions, survey)
        .replaceAll('o.RA', `o.${POSITIONS[survey].ra}`)
        .replaceAll('o.DEC', `o.${POSITIONS[survey].dec}`)
        .replace('SORT', SORTED.last[survey]);
      const rows = await db.rows(PositionRow, statement, { watchlistId, count });
      return rows.map(({ id, ra, decl }) => ({ survey, id, ra, dec: decl }));
    }),
  );
  return found.flat();
}

/**
 * The lists that an object is near a source of, as far as the reader may see them, their own first.
 *
 * @param readerId - Undefined for a visitor.
 */
export async function selectListsOfObject(
  db: Queries,
  survey: Survey,
  id: string,
  readerId: number | undefined,
  count: number,
): Promise<ListOfObject[]> {
  const [key] = keyValues(survey, [id]);
  return db.rows(OfObjectRow, forSurvey(sql.selectListsOfObject, survey), {
    id: key,
    readerId: readerId ?? NOBODY,
    count,
  });
}

async function withObjects(
  db: Queries,
  rows: readonly (KeyRow & { survey: Survey })[],
): Promise<WatchlistHit[]> {
  const objects = new Map<string, SurveyObject>();
  for (const survey of SURVEYS) {
    const ids = [...new Set(rows.flatMap((row) => (row.survey === survey ? [row.id] : [])))];
    if (ids.length === 0) continue;
    for (const object of await selectObjects(db, survey, ids)) objects.set(object.id, object);
  }
  return rows.flatMap(({ id, cone_id: coneId, name: source, arcsec }) => {
    const object = objects.get(id);
    return object === undefined
      ? []
      : [{ coneId, source, arcsec: shortestFloat32(arcsec), object }];
  });
}

function compare(a: KeyRow, b: KeyRow, isDescending: boolean): number {
  if (a.sorted === null || b.sorted === null) {
    return Number(a.sorted === null) - Number(b.sorted === null) || a.arcsec - b.arcsec;
  }
  const order =
    typeof a.sorted === 'number' && typeof b.sorted === 'number'
      ? a.sorted - b.sorted
      : String(a.sorted).localeCompare(String(b.sorted), 'en', { sensitivity: 'base' });
  return (isDescending ? -order : order) || a.arcsec - b.arcsec;
}

/** An expression for the brightness in the band that was measured last; NULL where there is none. */
function latestOf(
  bands: readonly string[],
  columns: (band: string) => [value: string, time: string],
): string {
  const times = bands.map((band) => {
    const [value, time] = columns(band);
    return `IF(${value} IS NULL, 0, COALESCE(${time}, 0))`;
  });
  const cases = bands.map((band, i) => `WHEN ${times[i]} THEN ${columns(band)[0]}`);
  return `(CASE GREATEST(${times.join(', ')}) WHEN 0 THEN NULL ${cases.join(' ')} END)`;
}
