import { InvalidInputError } from '../errors.ts';
import { RADIANS, wrapDegrees } from './angles.ts';

/** Order of the stored index: cells of 0.4 milliarcseconds. */
export const HPX_ORDER = 29;
const SIDE = 2 ** HPX_ORDER;
const LAST = SIDE - 1;
/** Declination where the equatorial belt ends, as its sine. */
const BELT = 2 / 3;
const ROOT_SIX = Math.sqrt(6);
const HIGH_UNIT = 2n ** 30n;

/** Largest distance from the centre of a cell to its corners, times its side count, radians. */
const CELL_REACH = 1.0691;
/** Finest order of a covering (12 milliarcseconds): cell numbers stay exact as numbers. */
const COVER_ORDER = 24;

/** Cells of order 29 from `low` to `high`, both included. */
export interface HpxRange {
  low: bigint;
  high: bigint;
}

/** Column and row within one of the twelve base cells. */
interface Cell {
  face: number;
  x: number;
  y: number;
}

/**
 * HEALPix cell of a position, nested numbering at order 29: the index that tables are keyed on. The
 * cell at a lower order K is this number shifted right by 2 (29 - K) bits.
 *
 * @param ra - Degrees, any finite number.
 * @param dec - Degrees.
 * @returns 0 to 12 * 4^29 - 1, so that it fits a signed BIGINT.
 * @throws {InvalidInputError} if it is not a position on the sky.
 * @see Górski et al. 2005, ApJ 622, 759, sections 4 and 5.
 */
export function hpx29(ra: number, dec: number): bigint {
  const { face, x, y } = cellAt(ra, dec);
  const low = spread(x & 0x7fff) | (spread(y & 0x7fff) << 1);
  const high = spread(x >>> 15) | (spread(y >>> 15) << 1);
  return BigInt(face * 2 ** 28 + high) * HIGH_UNIT + BigInt(low);
}

/** The same number as two unsigned 32-bit halves: for typed arrays, where no bigint is wanted. */
export function hpx29Halves(ra: number, dec: number): { high: number; low: number } {
  const { face, x, y } = cellAt(ra, dec);
  const low = spread(x & 0x7fff) | (spread(y & 0x7fff) << 1);
  const high = spread(x >>> 15) | (spread(y >>> 15) << 1);
  return { high: face * 2 ** 26 + (high >>> 2), low: (((high & 3) << 30) | low) >>> 0 };
}

/**
 * Ranges of `hpx29` that hold every position of a cone, and a little more: ask the exact distance of
 * what they find.
 *
 * @param radiusDeg - 0 to 180.
 * @param maxRanges - The smallest gaps are closed until no more than these are left: 4 is best for
 *   radii of arcseconds, 12 for degrees.
 * @returns Ascending, apart from each other.
 * @throws {InvalidInputError} if it is not a cone on the sky, or no range is allowed.
 */
export function coneRanges(
  ra: number,
  dec: number,
  radiusDeg: number,
  maxRanges: number,
): HpxRange[] {
  if (!(dec >= -90 && dec <= 90 && Number.isFinite(ra) && radiusDeg >= 0 && radiusDeg <= 180)) {
    throw new InvalidInputError(`ra ${ra}, dec ${dec}, radius ${radiusDeg} deg is not a cone`);
  }
  if (!(maxRanges >= 1)) throw new InvalidInputError('a covering has at least one range');
  const radius = radiusDeg * RADIANS;
  const finer = maxRanges > 4 ? 2 : 1;
  const order = Math.max(0, Math.min(COVER_ORDER, Math.ceil(-Math.log2(radius)) + finer));
  // Pairs of first and last cell of `order`.
  const bounds: number[] = [];
  const reach = Array.from({ length: order + 1 }, (_, level) => CELL_REACH / 2 ** level);
  const cone = {
    x: Math.cos(dec * RADIANS) * Math.cos(ra * RADIANS),
    y: Math.cos(dec * RADIANS) * Math.sin(ra * RADIANS),
    z: Math.sin(dec * RADIANS),
    touching: reach.map((angle) => chordSquared(radius + angle)),
    inside: reach.map((angle) => (radius > angle ? chordSquared(radius - angle) : -1)),
    order,
    bounds,
  };
  for (let face = 0; face < 12; face++) coverCell(cone, 0, face, 0, 0, face);
  closeGaps(bounds, maxRanges);
  const shift = BigInt(2 * (HPX_ORDER - order));
  const ranges: HpxRange[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    ranges.push({
      low: BigInt(bounds[i]) << shift,
      high: (BigInt(bounds[i + 1] + 1) << shift) - 1n,
    });
  }
  return ranges;
}

interface Cone {
  x: number;
  y: number;
  z: number;
  /** By order: square of the chord within which a cell's centre makes it touch the cone. */
  touching: number[];
  /** By order: square of the chord within which the whole cell is in the cone. */
  inside: number[];
  order: number;
  bounds: number[];
}

/** Cells come in ascending order, so that neighbours join as they are found. */
function coverCell(
  cone: Cone,
  level: number,
  face: number,
  x: number,
  y: number,
  pixel: number,
): void {
  const distance = centreDistanceSquared(cone, level, face, x, y);
  if (distance > cone.touching[level]) return;
  if (level === cone.order || distance < cone.inside[level]) {
    const cells = 4 ** (cone.order - level);
    const first = pixel * cells;
    const { bounds } = cone;
    if (bounds[bounds.length - 1] === first - 1) bounds[bounds.length - 1] = first + cells - 1;
    else bounds.push(first, first + cells - 1);
    return;
  }
  for (let child = 0; child < 4; child++) {
    coverCell(cone, level + 1, face, 2 * x + (child & 1), 2 * y + (child >> 1), 4 * pixel + child);
  }
}

function centreDistanceSquared(
  cone: Cone,
  level: number,
  face: number,
  x: number,
  y: number,
): number {
  const side = 2 ** level;
  const row = face >> 2;
  // Steps south from the north corner of the base cell's row, and east of its middle, in cells.
  const south = row + 2 - (x + y + 1) / side;
  const east = (x - y) / side;
  const middle = row === 1 ? 2 * (face & 3) : 2 * (face & 3) + 1;
  const ring = south < 1 ? south : south > 3 ? 4 - south : 1;
  const longitude = (Math.PI / 4) * (middle + east / ring);
  const fromPole = (ring * ring) / 3;
  const z = south < 1 ? 1 - fromPole : south > 3 ? fromPole - 1 : (2 / 3) * (2 - south);
  const rho = ring < 1 ? Math.sqrt(fromPole * (2 - fromPole)) : Math.sqrt(1 - z * z);
  const dx = rho * Math.cos(longitude) - cone.x;
  const dy = rho * Math.sin(longitude) - cone.y;
  const dz = z - cone.z;
  return dx * dx + dy * dy + dz * dz;
}

/** Square of the straight line under an angle in radians; of opposite points from 180 degrees on. */
function chordSquared(angle: number): number {
  return angle >= Math.PI ? 4 : 4 * Math.sin(angle / 2) ** 2;
}

/** Joins the ranges that are nearest to each other until at most `maxRanges` are left. */
function closeGaps(bounds: number[], maxRanges: number): void {
  const gaps = [];
  for (let i = 1; i + 1 < bounds.length; i += 2)
    gaps.push({ at: i, width: bounds[i + 1] - bounds[i] });
  gaps.sort((a, b) => a.width - b.width);
  const closed = gaps.slice(0, Math.max(0, gaps.length + 1 - Math.floor(maxRanges)));
  closed.sort((a, b) => b.at - a.at);
  for (const { at } of closed) bounds.splice(at, 2);
}

function cellAt(ra: number, dec: number): Cell {
  if (!(dec >= -90 && dec <= 90 && Number.isFinite(ra))) {
    throw new InvalidInputError(`ra ${ra}, dec ${dec} is not a position on the sky`);
  }
  const quarters = wrapDegrees(ra) / 90;
  // The cosine of the polar angle, as other implementations take it, decides alike on cell edges.
  const z = Math.cos((90 - dec) * RADIANS);
  return Math.abs(z) <= BELT ? beltCell(quarters, z) : capCell(quarters, dec);
}

/** @param quarters - Right ascension in units of 90 degrees, [0, 4). */
function beltCell(quarters: number, z: number): Cell {
  const eastward = SIDE * (0.5 + quarters);
  const northward = SIDE * 0.75 * z;
  // Numbers of the ascending and descending lines; they pass 2^31.
  const ascending = Math.floor(eastward - northward);
  const descending = Math.floor(eastward + northward);
  const ascendingFace = Math.floor(ascending / SIDE);
  const descendingFace = Math.floor(descending / SIDE);
  const face =
    ascendingFace === descendingFace
      ? (ascendingFace & 3) + 4
      : ascendingFace < descendingFace
        ? ascendingFace & 3
        : (descendingFace & 3) + 8;
  return { face, x: descending & LAST, y: LAST - (ascending & LAST) };
}

function capCell(quarters: number, dec: number): Cell {
  const quarter = Math.min(3, Math.floor(quarters));
  const along = quarters - quarter;
  const fromPole = SIDE * ROOT_SIX * Math.sin((90 - Math.abs(dec)) * 0.5 * RADIANS);
  const ascending = Math.min(LAST, Math.floor(along * fromPole));
  const descending = Math.min(LAST, Math.floor((1 - along) * fromPole));
  return dec > 0
    ? { face: quarter, x: LAST - descending, y: LAST - ascending }
    : { face: quarter + 8, x: ascending, y: descending };
}

/** Puts a zero between all bits of a 15-bit number. */
function spread(bits: number): number {
  let spaced = (bits | (bits << 8)) & 0x00ff00ff;
  spaced = (spaced | (spaced << 4)) & 0x0f0f0f0f;
  spaced = (spaced | (spaced << 2)) & 0x33333333;
  return (spaced | (spaced << 1)) & 0x55555555;
}
