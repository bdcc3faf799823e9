import { exponential, gaussian, integer, uniform } from './random.ts';
import type { Random } from './random.ts';

/** A star or galaxy that the survey's reference image and the catalogues know. */
export interface Neighbour {
  /** Arcseconds from the source. */
  east: number;
  north: number;
  isStar: boolean;
  /** AB magnitudes u to y. */
  mags: number[];
  /** Half-light radius of a galaxy, arcseconds; 0 for a star. */
  radius: number;
  catalogueId: bigint;
}

export const distanceOf = ({ east, north }: Neighbour) => Math.hypot(east, north);

/** Magnitudes u to y of something with this r magnitude and g - r. */
export function magsOf(r: number, gMinusR: number): number[] {
  return [
    r + 2.3 * gMinusR + 0.3,
    r + gMinusR,
    r,
    r - 0.4 * gMinusR,
    r - 0.65 * gMinusR,
    r - 0.8 * gMinusR,
  ];
}

export interface NeighbourShape {
  r: number;
  isStar: boolean;
  gMinusR?: number;
  offsetArcsec: number;
}

/** A catalogued thing this far away in a random direction. */
export function createNeighbour(random: Random, shape: NeighbourShape): Neighbour {
  const angle = uniform(random, 0, 2 * Math.PI);
  const { r, isStar } = shape;
  const gMinusR = shape.gMinusR ?? (isStar ? uniform(random, 0.2, 1.4) : uniform(random, 0.4, 1.1));
  return {
    east: shape.offsetArcsec * Math.sin(angle),
    north: shape.offsetArcsec * Math.cos(angle),
    isStar,
    mags: magsOf(r, gMinusR),
    radius: isStar ? 0 : 0.6 + exponential(random, 0.4) * 10 ** (0.2 * Math.max(0, 20 - r)),
    catalogueId: 100_000_000_000_000_000n + BigInt(integer(random, 2 ** 31)) * 33_554_432n,
  };
}

/**
 * Unrelated stars and galaxies around a position, within a radius, nearest first: as many as the
 * density gives by chance.
 * @param perSquareArcmin - Mean number, down to a magnitude fainter than the survey's limit.
 */
export function fieldNeighbours(
  random: Random,
  perSquareArcmin: number,
  radiusArcsec: number,
  limit: number,
): Neighbour[] {
  const mean = (perSquareArcmin * Math.PI * radiusArcsec ** 2) / 3600;
  const count = Math.max(0, Math.round(gaussian(random, mean, Math.sqrt(mean))));
  return Array.from({ length: count }, () =>
    createNeighbour(random, {
      r: Math.max(12, limit + 1.3 - exponential(random, 1.6)),
      isStar: uniform(random) < 0.55,
      offsetArcsec: radiusArcsec * Math.sqrt(uniform(random)),
    }),
  ).sort((a, b) => distanceOf(a) - distanceOf(b));
}
