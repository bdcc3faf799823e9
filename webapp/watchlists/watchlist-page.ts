import { z } from 'zod';

import { dateFromMjdUtc } from '../../common/astro/time.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectMatchesOf } from '../../common/store/lists/list-matches.ts';
import { countHitObjects } from '../../common/store/lists/watchlist-hits.ts';
import {
  RESULT_SORTS,
  selectHitPositions,
  selectWatchlistHits,
} from '../../common/store/lists/watchlist-results.ts';
import type { ResultSort, WatchlistHit } from '../../common/store/lists/watchlist-results.ts';
import {
  countSourcesWithHits,
  selectSkyCells,
} from '../../common/store/lists/watchlist-source-hits.ts';
import type { Watchlist } from '../../common/store/lists/watchlists.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import { queryLink, readQueryInput } from '../query/query-input.ts';
import { progressView } from '../lists/progress.ts';
import { watchlistSky } from './watchlist-sky.ts';

const PAGE_ROWS = 50;
const MOST_PAGES = 4_000;
/** Objects that are drawn on the sky, those seen last. */
const DRAWN_HITS = 2_000;

export const HitsInput = z.object({
  sort: z.enum(RESULT_SORTS).default('last'),
  order: z.enum(['up', 'down']).optional(),
  page: z.coerce.number().int().min(0).max(MOST_PAGES).default(0),
});
type HitsInput = z.infer<typeof HitsInput>;

const HEADINGS: { sort: ResultSort; title: string; isNumeric: boolean; down: boolean }[] = [
  { sort: 'source', title: 'Source', isNumeric: false, down: false },
  { sort: 'arcsec', title: 'Separation', isNumeric: true, down: false },
  { sort: 'detections', title: 'Detections', isNumeric: true, down: true },
  { sort: 'class', title: 'Class', isNumeric: false, down: false },
  { sort: 'magnitude', title: 'Last magnitude', isNumeric: true, down: false },
  { sort: 'last', title: 'Last seen', isNumeric: false, down: true },
];

/** What `templates/pages/watchlist.hbs` shows. */
export async function watchlistPage(
  db: Queries,
  list: Watchlist,
  input: HitsInput,
  reader: { userId: number } | undefined,
  now: Date,
) {
  const { watchlistId, sources } = list;
  const isOwn = reader?.userId === list.userId;
  const isDescending = isDown(input);
  const [ztf, lsst, withHits, hits, progress, cells, positions] = await Promise.all([
    countHitObjects(db, 'ztf', watchlistId),
    countHitObjects(db, 'lsst', watchlistId),
    countSourcesWithHits(db, watchlistId),
    selectWatchlistHits(db, watchlistId, {
      sort: input.sort,
      isDescending,
      limit: PAGE_ROWS,
      offset: input.page * PAGE_ROWS,
    }),
    selectMatchesOf(db, 'watchlist', watchlistId),
    selectSkyCells(db, watchlistId, sources),
    selectHitPositions(db, watchlistId, DRAWN_HITS),
  ]);
  const hitCount = ztf.hits + lsst.hits;
  const objectCount = ztf.objects + lsst.objects;
  return {
    title: list.name,
    isWatchlists: true,
    list,
    base: `/watchlists/${watchlistId}/`,
    ownerName: list.owner ?? 'an account that is gone',
    isOwn,
    isLoggedIn: reader !== undefined,
    paragraphs: list.description.split(/\n{2,}/).filter((text) => text.trim() !== ''),
    progress: progressView(progress),
    hitCount,
    objectCount,
    withHits,
    withoutHits: Math.max(0, sources - withHits),
    counts: { ztf, lsst },
    headings: headings(watchlistId, input, isDescending),
    hits: hits.map((hit) => hitRow(hit)),
    now,
    ...pager(watchlistId, input, hitCount),
    sky: watchlistSky(cells, positions, { sources, objects: positions.length }),
    isSkyCut: positions.length < objectCount ? positions.length : undefined,
    query: queryLink(readQueryInput(useInQuery(list, lsst.hits > ztf.hits))).address,
  };
}

function hitRow({ source, arcsec, object }: WatchlistHit) {
  const { survey, id, detections, classification, latestMag, latestBand, lastMjdUtc } = object;
  return {
    source,
    arcsec,
    survey,
    surveyName: SURVEY_NAMES[survey],
    id,
    detections,
    classification,
    latestMag,
    latestBand: latestMag === null ? null : latestBand,
    lastSeen: lastMjdUtc === null ? null : dateFromMjdUtc(lastMjdUtc),
  };
}

function headings(watchlistId: number, { sort }: HitsInput, isDescending: boolean) {
  return HEADINGS.map((heading) => {
    const isSorted = heading.sort === sort;
    const turned = isSorted ? !isDescending : heading.down;
    return {
      ...heading,
      isSorted,
      isDown: isSorted && isDescending,
      address: address(watchlistId, { sort: heading.sort, order: turned ? 'down' : 'up', page: 0 }),
    };
  });
}

function isDown({ sort, order }: HitsInput): boolean {
  if (order !== undefined) return order === 'down';
  return HEADINGS.find((heading) => heading.sort === sort)?.down ?? false;
}

function pager(watchlistId: number, input: HitsInput, total: number) {
  const { page } = input;
  const at = (number: number) => address(watchlistId, { ...input, page: number });
  const first = page * PAGE_ROWS + 1;
  return {
    first,
    last: Math.min(total, first + PAGE_ROWS - 1),
    isPaged: total > PAGE_ROWS,
    previous: page > 0 ? at(page - 1) : undefined,
    next: first + PAGE_ROWS - 1 < total && page < MOST_PAGES ? at(page + 1) : undefined,
  };
}

function address(watchlistId: number, { sort, order, page }: HitsInput): string {
  const parameters = new URLSearchParams({
    sort,
    ...(order !== undefined && { order }),
    ...(page > 0 && { page: String(page) }),
  });
  return `/watchlists/${watchlistId}/?${parameters.toString()}#hits`;
}

/** A query over the objects near the list's sources, of the survey that has more of them. */
function useInQuery({ watchlistId }: Watchlist, isRubin: boolean): Record<string, string> {
  return isRubin
    ? {
        survey: 'lsst',
        mode: 'boxes',
        selected:
          'objects.diaObjectId, watchlist_hits.name, watchlist_hits.arcsec, objects.nDiaSources, mjdnow() - objects.lastDiaSourceMjdTai AS days',
        tables: `objects, watchlist:${watchlistId}`,
        conditions: 'objects.nDiaSources > 2 ORDER BY objects.lastDiaSourceMjdTai DESC',
      }
    : {
        survey: 'ztf',
        mode: 'boxes',
        selected:
          'objects.objectId, watchlist_hits.name, watchlist_hits.arcsec, objects.ncand, jdnow() - objects.jdmax AS days',
        tables: `objects, watchlist:${watchlistId}`,
        conditions: 'objects.ncand > 2 ORDER BY objects.jdmax DESC',
      };
}
