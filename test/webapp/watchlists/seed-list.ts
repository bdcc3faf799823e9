import { createWatchlist } from '../../../common/store/lists/watchlist-edits.ts';
import { listSources } from '../../../common/store/lists/watchlist-sources.ts';
import { WatchlistSettings } from '../../../common/watchlists/watchlist.ts';
import type { WatchlistSource } from '../../../common/watchlists/watchlist.ts';
import type { Site } from '../log-in.ts';
import { insert } from '../seed-rows.ts';
import { LSST_ID, ZTF_CENTRE, ZTF_ID } from '../seed.ts';

/** Near the seeded objects, one each; the third is near nothing. */
export const SOURCES: WatchlistSource[] = [
  { name: 'NGC 4868', ra: ZTF_CENTRE.ra, decl: ZTF_CENTRE.dec, radiusArcsec: null },
  { name: 'a "quoted", name', ra: 52.8381, decl: -28.2776, radiusArcsec: 10 },
  { name: '<i>empty</i>', ra: 10.5, decl: 20.25, radiusArcsec: 2.5 },
];

/** A list of those sources, with a hit of each survey as matching would have written them. */
export async function seedList(
  site: Site,
  userId: number,
  settings: { name: string; public?: boolean; active?: boolean; description?: string },
): Promise<{ id: number; coneIds: number[] }> {
  const { db, now } = site.context;
  const editor = { userId, now: now() };
  const id = await createWatchlist(db, editor, WatchlistSettings.parse(settings), SOURCES);
  const { sources } = await listSources(db, id, { limit: 10 });
  const coneIds = sources.map(({ coneId }) => coneId);
  const hit = (at: number, arcsec: number) => ({
    wl_id: id,
    cone_id: coneIds[at],
    name: SOURCES[at].name,
    arcsec,
  });
  await insert(db, 'ztf', 'watchlist_hits', [{ objectId: ZTF_ID, ...hit(0, 0.83) }]);
  await insert(db, 'lsst', 'watchlist_hits', [{ diaObjectId: BigInt(LSST_ID), ...hit(1, 0.125) }]);
  return { id, coneIds };
}
