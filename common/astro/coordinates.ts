import { InvalidInputError } from '../errors.ts';
import { ARCSEC_PER_RADIAN, RADIANS, wrapDegrees } from './angles.ts';

/** Galactic longitude and latitude, degrees. */
export interface GalacticPosition {
  l: number;
  b: number;
}

export interface MeanPosition {
  /** Degrees, ICRS, in [0, 360). */
  ra: number;
  dec: number;
  /** Scatter of the positions to the east, as an angle on the sky (cos dec applied). */
  raStdArcsec: number;
  decStdArcsec: number;
}

/** Rows: the Galactic axes (centre, l = 90 deg, north pole) in ICRS. */
const GALACTIC = [
  [-0.0548755604162154, -0.873437090234885, -0.4838350155487132],
  [0.4941094278755837, -0.4448296299600112, 0.746982244497219],
  [-0.8676661490190047, -0.1980763734312015, 0.4559837761750669],
] as const;
/** Sum of unit vectors below which there is no mean direction. */
const NO_DIRECTION = 1e-9;

/**
 * Galactic coordinates of an ICRS position.
 *
 * @param ra - Degrees.
 * @param dec - Degrees.
 * @returns Degrees, `l` in [0, 360).
 * @see The Hipparcos and Tycho Catalogues, ESA SP-1200 (1997), vol. 1, eq. 1.5.11.
 */
export function icrsToGalactic(ra: number, dec: number): GalacticPosition {
  const cosDec = Math.cos(dec * RADIANS);
  const x = cosDec * Math.cos(ra * RADIANS);
  const y = cosDec * Math.sin(ra * RADIANS);
  const z = Math.sin(dec * RADIANS);
  const [toCentre, toRotation, toPole] = GALACTIC;
  const u = toCentre[0] * x + toCentre[1] * y + toCentre[2] * z;
  const v = toRotation[0] * x + toRotation[1] * y + toRotation[2] * z;
  const w = toPole[0] * x + toPole[1] * y + toPole[2] * z;
  return {
    l: wrapDegrees(Math.atan2(v, u) / RADIANS),
    b: Math.atan2(w, Math.hypot(u, v)) / RADIANS,
  };
}

/**
 * Angle between two positions given in degrees; exact for the smallest and for opposite ones.
 *
 * @returns Arcseconds, 0 to 648,000.
 * @see Vincenty 1975, Survey Review 23, 88, on a sphere.
 */
export function separationArcsec(ra1: number, dec1: number, ra2: number, dec2: number): number {
  const deltaRa = (ra2 - ra1) * RADIANS;
  const sin1 = Math.sin(dec1 * RADIANS);
  const cos1 = Math.cos(dec1 * RADIANS);
  const sin2 = Math.sin(dec2 * RADIANS);
  const cos2 = Math.cos(dec2 * RADIANS);
  const cosRa = Math.cos(deltaRa);
  const across = cos2 * Math.sin(deltaRa);
  const along = cos1 * sin2 - sin1 * cos2 * cosRa;
  const cosine = sin1 * sin2 + cos1 * cos2 * cosRa;
  return Math.atan2(Math.sqrt(across * across + along * along), cosine) * ARCSEC_PER_RADIAN;
}

/**
 * Mean of positions as the direction of the sum of their unit vectors, right across RA 0 and at the
 * poles, and their scatter about it in the tangent plane (standard deviation of the population, 0
 * for a single position).
 *
 * @param ras - Degrees; at least one.
 * @param decs - Degrees, as many.
 * @returns The first position as the mean if the positions cancel each other, as opposite ones do.
 * @throws {InvalidInputError} if there are no positions, or not as many of one as of the other.
 */
export function meanPosition(ras: ArrayLike<number>, decs: ArrayLike<number>): MeanPosition {
  const count = ras.length;
  if (count === 0 || decs.length !== count) {
    throw new InvalidInputError(`${count} right ascensions and ${decs.length} declinations given`);
  }
  if (isOnePosition(ras, decs)) {
    return { ra: wrapDegrees(ras[0]), dec: decs[0], raStdArcsec: 0, decStdArcsec: 0 };
  }
  let x = 0;
  let y = 0;
  let z = 0;
  for (let i = 0; i < count; i++) {
    const cosDec = Math.cos(decs[i] * RADIANS);
    x += cosDec * Math.cos(ras[i] * RADIANS);
    y += cosDec * Math.sin(ras[i] * RADIANS);
    z += Math.sin(decs[i] * RADIANS);
  }
  const hasDirection = Math.hypot(x, y, z) > NO_DIRECTION * count;
  const ra = hasDirection ? wrapDegrees(Math.atan2(y, x) / RADIANS) : wrapDegrees(ras[0]);
  const dec = hasDirection ? Math.atan2(z, Math.hypot(x, y)) / RADIANS : decs[0];
  return { ra, dec, ...scatterArcsec(ras, decs, ra, dec) };
}

/** Root mean square of the tangent-plane offsets from a position. */
function scatterArcsec(
  ras: ArrayLike<number>,
  decs: ArrayLike<number>,
  ra: number,
  dec: number,
): Pick<MeanPosition, 'raStdArcsec' | 'decStdArcsec'> {
  const sinMean = Math.sin(dec * RADIANS);
  const cosMean = Math.cos(dec * RADIANS);
  let eastSquares = 0;
  let northSquares = 0;
  for (let i = 0; i < ras.length; i++) {
    const deltaRa = (ras[i] - ra) * RADIANS;
    const cosDec = Math.cos(decs[i] * RADIANS);
    const east = cosDec * Math.sin(deltaRa);
    const north = cosMean * Math.sin(decs[i] * RADIANS) - sinMean * cosDec * Math.cos(deltaRa);
    eastSquares += east * east;
    northSquares += north * north;
  }
  return {
    raStdArcsec: Math.sqrt(eastSquares / ras.length) * ARCSEC_PER_RADIAN,
    decStdArcsec: Math.sqrt(northSquares / ras.length) * ARCSEC_PER_RADIAN,
  };
}

/** Six in ten alerts are an object's first: their position is kept to the last bit. */
function isOnePosition(ras: ArrayLike<number>, decs: ArrayLike<number>): boolean {
  for (let i = 1; i < ras.length; i++) {
    if (ras[i] !== ras[0] || decs[i] !== decs[0]) return false;
  }
  return true;
}
