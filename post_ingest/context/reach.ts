import { REACH_LIMITS_ARCSEC } from '../../common/catalogues/source.ts';
import type { CatalogueKind, CatalogueSource } from '../../common/catalogues/source.ts';
import { largestRadiusArcsec } from './apply-rules.ts';
import { factsOf } from './source-facts.ts';

const FARTHEST_ARCSEC = REACH_LIMITS_ARCSEC[REACH_LIMITS_ARCSEC.length - 1];

/**
 * How far from this source an object may be and still belong to it by the rules: what a catalogue is
 * ordered by, so that a search for small neighbours need not look far.
 *
 * @param kind - What the catalogue as a whole lists.
 * @returns Arcseconds, 0 to 5400, for any source, odd values included.
 */
export function reachArcsec(kind: CatalogueKind, source: CatalogueSource): number {
  return Math.min(FARTHEST_ARCSEC, largestRadiusArcsec(factsOf(kind, source)));
}
