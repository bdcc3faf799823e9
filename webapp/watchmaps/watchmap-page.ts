import { z } from 'zod';

import { dateFromMjdUtc } from '../../common/astro/time.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectMatchesOf } from '../../common/store/lists/list-matches.ts';
import type { SurveyObject } from '../../common/store/object-rows.ts';
import { countHitsBySurvey, selectNewestHits } from '../../common/store/lists/watchmap-results.ts';
import { selectWatchmaps } from '../../common/store/lists/watchmaps.ts';
import type { Watchmap } from '../../common/store/lists/watchmaps.ts';
import { cellSideArcsec } from '../../common/moc/cover.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import { queryLink, readQueryInput } from '../query/query-input.ts';
import { progressView } from '../lists/progress.ts';
import type { RegionMemory } from './region-memory.ts';
import { regionInField, regionOnSky } from './watchmap-figure.ts';

const PAGE_ROWS = 50;
const MOST_PAGES = 200;
/** Objects that are drawn, those seen last. */
const DRAWN_HITS = 500;
/** Watchmaps that one may be combined with, the owner's first. */
const MOST_CHOICES = 200;

export const WatchmapInput = z.object({
  page: z.coerce.number().int().min(0).max(MOST_PAGES).default(0),
});

/** What `templates/pages/watchmap.hbs` shows. */
export async function watchmapPage(
  db: Queries,
  regions: RegionMemory,
  watchmap: Watchmap,
  { page }: z.infer<typeof WatchmapInput>,
  reader: { userId: number } | undefined,
  now: Date,
) {
  const { watchmapId } = watchmap;
  const isOwn = reader?.userId === watchmap.userId;
  const counts = await countHitsBySurvey(db, watchmapId);
  const hitCount = counts.ztf + counts.lsst;
  const [matches, newest, shape, choices] = await Promise.all([
    selectMatchesOf(db, 'area', watchmapId),
    selectNewestHits(db, watchmapId, counts, { limit: DRAWN_HITS, offset: 0 }),
    regions.ofWatchmap(db, watchmap),
    isOwn
      ? selectWatchmaps(db, { ownerId: reader.userId, withPublic: true, limit: MOST_CHOICES })
      : undefined,
  ]);
  const offset = page * PAGE_ROWS;
  const rows =
    offset + PAGE_ROWS <= newest.length || newest.length < DRAWN_HITS
      ? newest.slice(offset, offset + PAGE_ROWS)
      : await selectNewestHits(db, watchmapId, counts, { limit: PAGE_ROWS, offset });
  const label = `${watchmap.squareDegrees} square degrees and ${newest.length} objects in them`;
  const last = Math.min(hitCount, offset + PAGE_ROWS);
  return {
    title: watchmap.name,
    isWatchmaps: true,
    watchmap,
    base: `/watchmaps/${watchmapId}/`,
    ownerName: watchmap.owner ?? 'an account that is gone',
    isOwn,
    isLoggedIn: reader !== undefined,
    paragraphs: watchmap.description.split(/\n{2,}/).filter((text) => text.trim() !== ''),
    squareDegrees: areaText(watchmap.squareDegrees),
    cellSize: sizeText(cellSideArcsec(watchmap.order)),
    counts,
    progress: progressView(matches),
    hitCount,
    hits: rows.map(hitRow),
    now,
    isPaged: hitCount > PAGE_ROWS,
    first: Math.min(offset + 1, hitCount),
    last,
    isCut: page === MOST_PAGES && last < hitCount,
    previous: page > 0 ? `/watchmaps/${watchmapId}/?page=${page - 1}#hits` : undefined,
    next:
      last < hitCount && page < MOST_PAGES
        ? `/watchmaps/${watchmapId}/?page=${page + 1}#hits`
        : undefined,
    sky: regionOnSky(shape, `Sky map of ${label}`, newest),
    field: shape.field && regionInField(shape.field, `Field map of ${label}`, newest),
    fieldCentre: shape.field && {
      ra: shape.field.ra.toFixed(4),
      dec: shape.field.dec.toFixed(4),
    },
    isSkyCut: newest.length < hitCount ? newest.length : undefined,
    choices: choices?.lists.filter((each) => each.watchmapId !== watchmapId),
    query: queryLink(readQueryInput(useInQuery(watchmapId, counts.lsst > counts.ztf))).address,
  };
}

/** Square degrees with as many digits as say something. */
export function areaText(squareDegrees: number): string {
  if (squareDegrees >= 100) return String(Number(squareDegrees.toFixed(1)));
  return String(Number(squareDegrees.toPrecision(4)));
}

function hitRow(object: SurveyObject) {
  const { survey, id, ra, dec, detections, classification, latestMag, latestBand } = object;
  const { lastMjdUtc } = object;
  return {
    survey,
    surveyName: SURVEY_NAMES[survey],
    id,
    ra,
    dec,
    detections,
    classification,
    latestMag,
    latestBand,
    lastSeen: lastMjdUtc === null ? null : dateFromMjdUtc(lastMjdUtc),
  };
}

function sizeText(arcsec: number): string {
  const [size, sign] =
    arcsec >= 3600 ? [arcsec / 3600, '°'] : arcsec >= 60 ? [arcsec / 60, '′'] : [arcsec, '″'];
  return `${Number(size.toPrecision(2))}${sign}`;
}

function useInQuery(watchmapId: number, isRubin: boolean): Record<string, string> {
  const columns = isRubin
    ? 'objects.diaObjectId, objects.ra, objects.decl, objects.nDiaSources'
    : 'objects.objectId, objects.ramean, objects.decmean, objects.ncand';
  return {
    survey: isRubin ? 'lsst' : 'ztf',
    mode: 'boxes',
    selected: columns,
    tables: `objects, area:${watchmapId}`,
    conditions: '',
  };
}
