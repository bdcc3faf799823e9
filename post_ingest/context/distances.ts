import { ARCSEC_PER_RADIAN } from '../../common/astro/angles.ts';
import { luminosityDistanceMpc } from '../../common/astro/cosmology.ts';

/** Redshifts that are distances: nearer ones are motions, farther ones mistakes. */
const SMALLEST_Z = 0.001;
const LARGEST_Z = 10;
/** Steps in ln(1 + z): between them a straight line is good to a part in 10^5. */
const STEPS = 4096;
const LOG_STEP = Math.log1p(LARGEST_Z) / STEPS;
const COMOVING_MPC = comovingTable();

/** How a distance is known, the best first. */
export type DistanceKind = 'direct' | 'spec' | 'phot';

export interface SourceDistance {
  kind: DistanceKind;
  /** Luminosity distance, or the distance the catalogue gives. */
  mpc: number;
  /** Size on the sky there: kpc that appear as an arcsecond. */
  kpcPerArcsec: number;
}

/**
 * The best distance of a source: the catalogue's own, else of its redshift, else of its photometric
 * redshift.
 *
 * @returns Null if nothing usable is given: NULL, NaN, zero, a redshift below 0.001 or above 10.
 */
export function distanceOf(source: {
  distanceMpc: number | null;
  z: number | null;
  photoZ: number | null;
}): SourceDistance | null {
  const { distanceMpc, z, photoZ } = source;
  if (distanceMpc !== null && distanceMpc > 0 && distanceMpc < Infinity) {
    return { kind: 'direct', mpc: distanceMpc, kpcPerArcsec: kpcPerArcsec(distanceMpc) };
  }
  return distanceOfRedshift(z, 'spec') ?? distanceOfRedshift(photoZ, 'phot');
}

function distanceOfRedshift(z: number | null, kind: DistanceKind): SourceDistance | null {
  if (z === null || !isDistance(z)) return null;
  const comoving = comovingMpc(z);
  return { kind, mpc: comoving * (1 + z), kpcPerArcsec: kpcPerArcsec(comoving / (1 + z)) };
}

function isDistance(z: number): boolean {
  return z >= SMALLEST_Z && z <= LARGEST_Z;
}

function kpcPerArcsec(angularDistanceMpc: number): number {
  return (angularDistanceMpc * 1_000) / ARCSEC_PER_RADIAN;
}

/** Transverse comoving distance: catalogues of 10^7 galaxies ask for it while they are loaded. */
function comovingMpc(z: number): number {
  const place = Math.log1p(z) / LOG_STEP;
  const below = Math.min(STEPS - 1, Math.floor(place));
  const part = place - below;
  return (1 - part) * COMOVING_MPC[below] + part * COMOVING_MPC[below + 1];
}

function comovingTable(): Float64Array {
  return Float64Array.from({ length: STEPS + 1 }, (_, step) => {
    const z = Math.expm1(step * LOG_STEP);
    return step === 0 ? 0 : luminosityDistanceMpc(z) / (1 + z);
  });
}
