import { coneRanges, hpx29Halves, HPX_ORDER } from './healpix.ts';
import { ARCSEC_PER_RADIAN } from './angles.ts';

/** Order of the cells that ranges are counted in: their numbers are exact as numbers. */
const CELL_ORDER = 24;
/** Orders from there down to `hpx29`: squares of this level are single cells. */
export const CELL_LEVEL = HPX_ORDER - CELL_ORDER;
/** HEALPix cells of that order on the whole sky. */
export const CELL_COUNT = 12 * 4 ** CELL_ORDER;
const SIDE = 2 ** HPX_ORDER;
/** Columns or rows of a base cell that an angle crosses at the most, per radian and side. */
const STEEPEST = 1.5;
const FACE_BITS = 2 ** 26;
const LARGEST_LEVEL = 27;

/**
 * Adds the cells of order 24 that hold every position within a radius, and some more: a few compares
 * where `coneRanges` descends a tree, for the thousands of small cones of a crossmatch.
 *
 * @param ra - Degrees, ICRS; finite.
 * @param dec - Degrees, -90 to 90.
 * @param wantedLevel - The covering squares are to be 2^wantedLevel cells of order 29 wide where
 *   they may: with wider ones fewer are needed.
 * @param bounds - First and last cell of each range are added here, both included.
 */
export function addConeCells(
  ra: number,
  dec: number,
  radiusArcsec: number,
  wantedLevel: number,
  bounds: number[],
): void {
  const { high, low } = hpx29Halves(ra, dec);
  const face = Math.floor(high / FACE_BITS);
  const inFace = high % FACE_BITS;
  const x = everyOther(low) + 2 ** 16 * everyOther(inFace);
  const y = everyOther(low >>> 1) + 2 ** 16 * everyOther(inFace >>> 1);
  const half = ((STEEPEST * radiusArcsec) / ARCSEC_PER_RADIAN) * SIDE + 1;
  // No path of that length leads from here to another base cell, unless this square does.
  if (x < half || y < half || x + half >= SIDE || y + half >= SIDE) {
    const shift = BigInt(2 * CELL_LEVEL);
    for (const range of coneRanges(ra, dec, radiusArcsec / 3_600, 4)) {
      bounds.push(Number(range.low >> shift), Number(range.high >> shift));
    }
    return;
  }
  const level = squareLevel(radiusArcsec, wantedLevel);
  const width = 2 ** level;
  const perSquare = 4 ** (level - CELL_LEVEL);
  const base = face * 4 ** (HPX_ORDER - level);
  for (let row = Math.floor((y - half) / width); row <= Math.floor((y + half) / width); row++) {
    for (let col = Math.floor((x - half) / width); col <= Math.floor((x + half) / width); col++) {
      const first = (base + interleave(col, row)) * perSquare;
      bounds.push(first, first + perSquare - 1);
    }
  }
}

/**
 * The level that squares have in fact: at least so wide that four of them hold any cone.
 *
 * @param wantedLevel - As for `addConeCells`.
 */
export function squareLevel(radiusArcsec: number, wantedLevel: number): number {
  const across = ((2 * STEEPEST * radiusArcsec) / ARCSEC_PER_RADIAN) * SIDE + 2;
  const least = Math.max(CELL_LEVEL, Math.ceil(Math.log2(across)));
  return Math.max(least, Math.min(wantedLevel, LARGEST_LEVEL));
}

/** Whole positions of 29 bits, one after the other, become one number of up to 58. */
function interleave(x: number, y: number): number {
  const low = spread(x & 0x7fff) + 2 * spread(y & 0x7fff);
  const high = spread(x >>> 15) + 2 * spread(y >>> 15);
  return high * 2 ** 30 + low;
}

/** The even bits of a 32-bit number, moved together. */
function everyOther(bits: number): number {
  let joined = bits & 0x55555555;
  joined = (joined | (joined >>> 1)) & 0x33333333;
  joined = (joined | (joined >>> 2)) & 0x0f0f0f0f;
  joined = (joined | (joined >>> 4)) & 0x00ff00ff;
  return (joined | (joined >>> 8)) & 0xffff;
}

/** Puts a zero between all bits of a 15-bit number. */
function spread(bits: number): number {
  let spaced = (bits | (bits << 8)) & 0x00ff00ff;
  spaced = (spaced | (spaced << 4)) & 0x0f0f0f0f;
  spaced = (spaced | (spaced << 2)) & 0x33333333;
  return (spaced | (spaced << 1)) & 0x55555555;
}
