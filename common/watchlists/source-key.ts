import type { WatchlistSource } from './watchlist.ts';

/** The same for sources that say the same: name, place, and radius in the precision it is kept in. */
export function sourceKey({ name, ra, decl, radiusArcsec }: WatchlistSource): string {
  const radius = radiusArcsec === null ? '' : Math.fround(radiusArcsec);
  return `${ra} ${decl} ${radius} ${name}`;
}
