import { distanceModulus, luminosityDistanceMpc } from '../astro/cosmology.ts';
import type { ObjectContext } from './object-context.ts';

/** Classes of objects that are taken to be at the distance of the galaxy they lie in. */
const EXTRAGALACTIC = ['SN', 'NT', 'ORPHAN'];

/** Whether an object may be an explosion in another galaxy: supernova, nuclear transient, orphan. */
export function isExtragalactic({ classification }: ObjectContext): boolean {
  return classification !== null && EXTRAGALACTIC.includes(classification);
}

/**
 * What to take from an apparent magnitude to have the absolute one: from the distance of the galaxy,
 * else its redshift, else its photometric redshift. From a redshift it contains the change of the
 * bandwidth, 2.5 log10(1 + z), which is the K correction of a flat spectrum.
 *
 * @returns mag; null where nothing is known of the distance.
 */
export function modulusOf({ distanceMpc, z, photoZ }: ObjectContext): number | null {
  if (isPositive(distanceMpc)) return distanceModulus(distanceMpc);
  const redshift = [z, photoZ].find(isPositive);
  if (redshift === undefined) return null;
  return distanceModulus(luminosityDistanceMpc(redshift)) - 2.5 * Math.log10(1 + redshift);
}

function isPositive(value: number | null): value is number {
  return value !== null && value > 0 && value < Infinity;
}
