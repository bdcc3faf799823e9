import type { Survey } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import type { ObjectPlace } from '../../../common/store/places.ts';
import { forSurvey } from '../../../common/store/survey-keys.ts';
import type { WatchlistSource } from '../../../common/watchlists/watchlist.ts';
import { matchPast } from '../../../post_ingest/watchlists/match-past.ts';
import { randomPosition } from '../../common/astro/reference.ts';
import { chordArcsec, lsstNumber, moved, ztfName } from '../placed-objects.ts';

const never = new AbortController().signal;

export const NOW = new Date('2026-11-21T06:00:00Z');

/** Matches all that is asked for, as the process of jobs does. */
export function matchAll(db: Database): Promise<number> {
  return matchPast({ db, log: silentLog, now: () => NOW }, never);
}

/** `object source`, in order: what is stored for a list. */
export async function storedHits(
  db: Database,
  survey: Survey,
  watchlistId: number,
): Promise<string[]> {
  const rows = await db.arrays(
    forSurvey('SELECT KEY, name FROM DB.watchlist_hits WHERE wl_id = :watchlistId', survey),
    { watchlistId },
  );
  return rows.map(([id, name]) => `${String(id)} ${String(name)}`).sort();
}

/** The same by comparing everything with everything, by another formula for the distance. */
export function expectedHits(
  places: readonly ObjectPlace[],
  sources: readonly WatchlistSource[],
  radiusArcsec: number,
): string[] {
  const hits: string[] = [];
  for (const place of places) {
    for (const source of sources) {
      // Radii are kept in single precision.
      const radius = Math.fround(source.radiusArcsec ?? radiusArcsec);
      if (chordArcsec(place, source) <= radius) hits.push(`${place.id} ${source.name}`);
    }
  }
  return hits.sort();
}

/** Sources all over the sky, at its poles and where RA begins, of all radii, by turns. */
export function randomSources(count: number, random: () => number): WatchlistSource[] {
  const radii = [null, 0.1, 1, 4, 30, 200, 1_500, 3_600];
  return Array.from({ length: count }, (_, n) => {
    const { ra, dec } = randomPosition(random);
    const radiusArcsec = radii[n % radii.length];
    const name = `s${n}`;
    if (n % 10 === 0) return { name, ra, decl: n % 20 === 0 ? 90 : -90, radiusArcsec };
    if (n % 10 === 1) return { name, ra: n % 20 === 1 ? 0 : 359.9999, decl: dec, radiusArcsec };
    if (n % 10 === 2) return { name, ra, decl: (dec < 0 ? -1 : 1) * 89.9999, radiusArcsec };
    return { name, ra, decl: dec, radiusArcsec };
  });
}

/** Objects around these sources, within and a little without their cones, and some anywhere. */
export function objectsAround(
  survey: Survey,
  sources: readonly WatchlistSource[],
  radiusArcsec: number,
  random: () => number,
): ObjectPlace[] {
  const nameOf = survey === 'ztf' ? ztfName : lsstNumber;
  return sources.flatMap((source, n) => {
    const radius = source.radiusArcsec ?? radiusArcsec;
    const factors = [0, 0.5, 0.999, 1.001, 1.5];
    const around = factors.map((factor) => moved(source, factor * radius, 360 * random()));
    const { ra, dec } = randomPosition(random);
    return [...around, { ra, decl: dec }].map((place, i) => ({ id: nameOf(10 * n + i), ...place }));
  });
}
