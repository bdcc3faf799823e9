import { RADIANS } from './angles.ts';
import { coneRanges, HPX_ORDER, hpx29Halves } from './healpix.ts';

/** Order of the cells that neighbours are looked for in: 51 arcsec across. */
export const NEAR_ORDER = 12;
/** Bits of hpx29 below a cell of that order. */
export const NEAR_SHIFT = 2n * BigInt(HPX_ORDER - NEAR_ORDER);

const SIDE = 2 ** HPX_ORDER;
const CELL = 2 ** (HPX_ORDER - NEAR_ORDER);
/**
 * How many steps of the grid along either axis of a base cell an angle of one radian is at the most,
 * in units of the side. The largest is 1.5, at the poles.
 */
const STRETCH = 1.7;
const FALLBACK_RANGES = 16;

/**
 * Cells of order `NEAR_ORDER` that hold every position within a small radius of this one, and
 * perhaps one or two more: ask the exact distance of what is in them. A microsecond where the cone
 * lies in one of the twelve base cells, which nearly all do.
 *
 * @param ra - Degrees, any finite number.
 * @param dec - Degrees.
 * @param radiusArcsec - Made for a few arcseconds.
 * @returns Numbers of cells, nested, each once: `hpx29` shifted right by `NEAR_SHIFT`.
 * @throws {InvalidInputError} if it is not a position on the sky.
 */
export function cellsNear(ra: number, dec: number, radiusArcsec: number): number[] {
  const { high, low } = hpx29Halves(ra, dec);
  const face = Math.floor(high / 2 ** 26);
  const inFace = high % 2 ** 26;
  const x = compact(low) + compact(inFace) * 2 ** 16;
  const y = compact(low >>> 1) + compact(inFace >>> 1) * 2 ** 16;
  const reach = STRETCH * (radiusArcsec / 3_600) * RADIANS * SIDE + 1;
  if (x < reach || y < reach || x + reach >= SIDE || y + reach >= SIDE) {
    return cellsAcrossFaces(ra, dec, radiusArcsec);
  }
  const cells: number[] = [];
  const lastX = Math.floor((x + reach) / CELL);
  const lastY = Math.floor((y + reach) / CELL);
  for (let column = Math.floor((x - reach) / CELL); column <= lastX; column++) {
    for (let row = Math.floor((y - reach) / CELL); row <= lastY; row++) {
      cells.push(face * 4 ** NEAR_ORDER + spread(column) + 2 * spread(row));
    }
  }
  return cells;
}

/** The cell of order `NEAR_ORDER` that a position is in. */
export function nearCell(ra: number, dec: number): number {
  const { high } = hpx29Halves(ra, dec);
  // The upper half is the cell of order 13.
  return Math.floor(high / 4);
}

function cellsAcrossFaces(ra: number, dec: number, radiusArcsec: number): number[] {
  const cells = new Set<number>();
  for (const { low, high } of coneRanges(ra, dec, radiusArcsec / 3_600, FALLBACK_RANGES)) {
    const last = Number(high >> NEAR_SHIFT);
    for (let cell = Number(low >> NEAR_SHIFT); cell <= last; cell++) cells.add(cell);
  }
  return [...cells];
}

/** Every other bit of 32, the lowest first, as a 16-bit number. */
function compact(bits: number): number {
  let packed = bits & 0x55555555;
  packed = (packed | (packed >>> 1)) & 0x33333333;
  packed = (packed | (packed >>> 2)) & 0x0f0f0f0f;
  packed = (packed | (packed >>> 4)) & 0x00ff00ff;
  return (packed | (packed >>> 8)) & 0xffff;
}

/** Puts a zero between all bits of a 12-bit number. */
function spread(bits: number): number {
  let spaced = (bits | (bits << 8)) & 0x00ff00ff;
  spaced = (spaced | (spaced << 4)) & 0x0f0f0f0f;
  spaced = (spaced | (spaced << 2)) & 0x33333333;
  return (spaced | (spaced << 1)) & 0x55555555;
}
