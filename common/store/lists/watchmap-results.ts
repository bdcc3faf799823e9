import { z } from 'zod';

import { mjdFromJd, mjdUtcFromTai } from '../../astro/time.ts';
import { SURVEYS } from '../../config.ts';
import type { Survey } from '../../config.ts';
import type { Queries } from '../database.ts';
import type { SurveyObject } from '../object-rows.ts';
import { selectObjects } from '../objects.ts';
import { loadSql } from '../sql-blocks.ts';
import { forSurvey, keyValues } from '../survey-keys.ts';
import { countWatchmapHits, selectWatchmapHitsAfter } from './watchmap-hits.ts';

const sql = loadSql('watchmap-results.sql', [
  'selectNewestByHits',
  'selectNewestByObjects',
  'countHitsOfMaps',
  'selectWatchmapsOfObject',
]);

/** When objects were seen last, in the survey's own time. */
const SEEN: Record<Survey, string> = { ztf: 'jdmax', lsst: 'lastDiaSourceMjdTai' };
/** With more hits the newest are found sooner by going through all objects, the newest first. */
const MANY_HITS = 20_000;
const EXPORTED_AT_ONCE = 1_000;
const MOST_OF_OBJECT = 100;

const NewestRow = z.strictObject({ id: z.coerce.string(), seen: z.number().nullable() });
const CountRow = z.strictObject({ ar_id: z.int(), count: z.coerce.number() });
const NamedRow = z
  .strictObject({
    ar_id: z.int(),
    name: z.string(),
    owner: z.string().nullable(),
    user_id: z.int(),
  })
  .transform((row) => ({
    watchmapId: row.ar_id,
    name: row.name,
    owner: row.owner,
    userId: row.user_id,
  }));
/** A watchmap that an object is in. */
export type WatchmapOfObject = z.infer<typeof NamedRow>;

/** How many objects of each survey a watchmap has. */
export async function countHitsBySurvey(
  db: Queries,
  watchmapId: number,
): Promise<Record<Survey, number>> {
  const [ztf, lsst] = await Promise.all(
    SURVEYS.map((survey) => countWatchmapHits(db, survey, watchmapId)),
  );
  return { ztf, lsst };
}

/** How many objects of both surveys each of some watchmaps has; those without any are left out. */
export async function countHitsOfMaps(
  db: Queries,
  watchmapIds: readonly number[],
): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  if (watchmapIds.length === 0) return counts;
  for (const survey of SURVEYS) {
    const statement = forSurvey(sql.countHitsOfMaps, survey);
    for (const { ar_id, count } of await db.rows(CountRow, statement, { ids: [...watchmapIds] })) {
      counts.set(ar_id, (counts.get(ar_id) ?? 0) + count);
    }
  }
  return counts;
}

/** Objects of both surveys in a watchmap, those seen last first. */
export async function selectNewestHits(
  db: Queries,
  watchmapId: number,
  counts: Record<Survey, number>,
  { limit, offset }: { limit: number; offset: number },
): Promise<SurveyObject[]> {
  const newest = await Promise.all(
    SURVEYS.filter((survey) => counts[survey] > 0).map(async (survey) => {
      const text = counts[survey] > MANY_HITS ? sql.selectNewestByObjects : sql.selectNewestByHits;
      const statement = forSurvey(text, survey).replaceAll('SEEN', SEEN[survey]);
      const rows = await db.rows(NewestRow, statement, { watchmapId, limit: limit + offset });
      return rows.map(({ id, seen }) => ({ survey, id, mjdUtc: mjdUtcOf(survey, seen) }));
    }),
  );
  const page = newest
    .flat()
    .sort((a, b) => b.mjdUtc - a.mjdUtc)
    .slice(offset, offset + limit);
  const objects = new Map<string, SurveyObject>();
  for (const survey of SURVEYS) {
    const ids = page.filter((hit) => hit.survey === survey).map(({ id }) => id);
    for (const object of await selectObjects(db, survey, ids)) objects.set(object.id, object);
  }
  return page.flatMap(({ id }) => objects.get(id) ?? []);
}

/** All objects in a watchmap, by survey and id, some at a time. */
export async function* exportWatchmapHits(
  db: Queries,
  watchmapId: number,
): AsyncGenerator<SurveyObject[], void, void> {
  for (const survey of SURVEYS) {
    for (let after = ''; ;) {
      const ids = await selectWatchmapHitsAfter(db, survey, watchmapId, after, EXPORTED_AT_ONCE);
      const objects = new Map(
        (await selectObjects(db, survey, ids)).map((object) => [object.id, object]),
      );
      yield ids.flatMap((id) => objects.get(id) ?? []);
      if (ids.length < EXPORTED_AT_ONCE) break;
      after = ids[ids.length - 1];
    }
  }
}

/** Watchmaps that an object is in, as far as the reader may see them, the reader's own first. */
export async function selectWatchmapsOfObject(
  db: Queries,
  survey: Survey,
  id: string,
  readerId: number | undefined,
): Promise<WatchmapOfObject[]> {
  const [key] = keyValues(survey, [id]);
  const statement = forSurvey(sql.selectWatchmapsOfObject, survey);
  return db.rows(NamedRow, statement, { key, readerId: readerId ?? null, limit: MOST_OF_OBJECT });
}

function mjdUtcOf(survey: Survey, seen: number | null): number {
  if (seen === null) return -Infinity;
  return survey === 'ztf' ? mjdFromJd(seen) : mjdUtcFromTai(seen);
}
