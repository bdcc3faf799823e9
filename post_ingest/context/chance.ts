/** Galaxies per square arcsecond brighter than R = 24, and how their number grows with magnitude. */
const DENSITY_AT_24 = 10 ** -2.44 / (0.33 * Math.LN10);
const SLOPE = 0.33;
const FAINT_MAG = 24;

/**
 * Probability that a galaxy as bright as this one, or brighter, lies so near by chance.
 *
 * @param mag - Of the galaxy, about R; null counts as R = 24.
 * @see Bloom, Kulkarni & Djorgovski 2002, AJ 123, 1111, section 6.1; counts of Hogg et al. 1997.
 */
export function chanceOfGalaxy(mag: number | null, separationArcsec: number): number {
  const density = DENSITY_AT_24 * 10 ** (SLOPE * ((mag ?? FAINT_MAG) - FAINT_MAG));
  return -Math.expm1(-Math.PI * separationArcsec * separationArcsec * density);
}
