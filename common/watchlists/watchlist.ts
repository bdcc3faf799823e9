import { z } from 'zod';

import { RADIANS } from '../astro/angles.ts';
import { listSettings } from '../lists/list-settings.ts';

/** Sources that a list may have. */
export const MAX_SOURCES = 100_000;
/** Sources that the lists of an account may have together. */
export const MAX_SOURCES_OF_ACCOUNT = 500_000;
/** Radii of cones, arcsec. */
export const MIN_RADIUS_ARCSEC = 0.1;
export const MAX_RADIUS_ARCSEC = 3_600;
export const DEFAULT_RADIUS_ARCSEC = 5;
/** What all cones of a list may cover together, each counted whole: a tenth of the sky. */
export const MAX_SQUARE_DEGREES = 4_000;
/** Of the sources of one list near one object, so many are kept, the nearest. */
export const MAX_HITS_OF_OBJECT = 100;
export const MAX_SOURCE_NAME_LENGTH = 64;

/** A place that somebody watches. */
export interface WatchlistSource {
  name: string;
  /** Degrees, ICRS, [0, 360) and [-90, 90]. */
  ra: number;
  decl: number;
  /** Its own radius; null for that of the list. */
  radiusArcsec: number | null;
}

const RadiusSchema = z.coerce
  .number({ error: 'the radius is a number of arcseconds' })
  .min(MIN_RADIUS_ARCSEC, { error: `the radius is at least ${MIN_RADIUS_ARCSEC} arcsec` })
  .max(MAX_RADIUS_ARCSEC, {
    error: `the radius is at most ${MAX_RADIUS_ARCSEC} arcsec: use a watchmap for larger areas`,
  });

/** What the owner of a list chooses, checked against the limits. */
export const WatchlistSettings = listSettings('watchlist').extend({
  /** Of sources without a radius of their own. */
  radiusArcsec: RadiusSchema.default(DEFAULT_RADIUS_ARCSEC),
});
export type WatchlistSettings = z.output<typeof WatchlistSettings>;

/** Solid angle of a cone, square degrees: exact for all radii. */
export function coneSquareDegrees(radiusArcsec: number): number {
  const half = ((radiusArcsec / 3_600) * RADIANS) / 2;
  return (4 * Math.PI * Math.sin(half) ** 2) / RADIANS ** 2;
}
