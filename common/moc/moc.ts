import { HPX_ORDER } from '../astro/healpix.ts';
import { approximateCell, HIGH, keyOfCell, keyOfPosition, LOW, SKY_END } from './cell-keys.ts';

/**
 * A region of the sky as a multi-order coverage map (MOC): ranges of HEALPix cells, nested, ICRS.
 *
 * @see MOC 2.0 (IVOA 2022).
 */
export interface Moc {
  /** Order of the smallest cells that its maker speaks of, 0 to 29: its cells may all be larger. */
  readonly order: number;
  /**
   * For each range the key (see cell-keys.ts) of its first cell of order 29, and of the cell behind
   * its last: ascending, all different.
   */
  readonly bounds: Float64Array;
}

/** More ranges than this are not taken: 32 MB. */
export const MAX_RANGES = 2_000_000;
export const SKY_SQUARE_DEGREES = (4 * Math.PI * 180 * 180) / (Math.PI * Math.PI);

export const EMPTY_MOC: Moc = { order: 0, bounds: new Float64Array(0) };
export const WHOLE_SKY: Moc = { order: 0, bounds: Float64Array.of(keyOfCell(0, 0), SKY_END) };

export function rangeCount({ bounds }: Moc): number {
  return bounds.length / 2;
}

/** Whether a cell of order 29, by its key, is in the region. */
export function hasKey({ bounds }: Moc, key: number): boolean {
  return boundsUpTo(bounds, key) % 2 === 1;
}

/** Whether a position is in the region, degrees. */
export function hasPosition(moc: Moc, ra: number, dec: number): boolean {
  return hasKey(moc, keyOfPosition(ra, dec));
}

/** How many of ascending keys are not above one. */
export function boundsUpTo(bounds: Float64Array, key: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle] <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Area, square degrees. */
export function squareDegrees({ bounds }: Moc): number {
  let cells = 0;
  for (let i = 0; i < bounds.length; i += 2) {
    cells += cellsBetween(bounds[i], bounds[i + 1]);
  }
  return (cells / approximateCell(SKY_END)) * SKY_SQUARE_DEGREES;
}

/** The coarsest order whose cells make up the region exactly. */
export function neededOrder({ bounds }: Moc): number {
  const halves = new Uint32Array(bounds.buffer, bounds.byteOffset, 2 * bounds.length);
  let low = 0;
  let high = 0;
  for (let i = 0; i < halves.length; i += 2) {
    low |= halves[i + LOW];
    high |= halves[i + HIGH];
  }
  const zeros = low !== 0 ? trailingZeros(low) : high !== 0 ? 32 + trailingZeros(high) : 64;
  return Math.max(0, HPX_ORDER - Math.floor(zeros / 2));
}

/** Cells of order 29 from one key to a larger one; exact where they are few. */
function cellsBetween(from: number, to: number): number {
  fromTo[0] = from;
  fromTo[1] = to;
  return (
    (fromToHalves[2 + HIGH] - fromToHalves[HIGH]) * 2 ** 32 +
    (fromToHalves[2 + LOW] - fromToHalves[LOW])
  );
}

const fromTo = new Float64Array(2);
const fromToHalves = new Uint32Array(fromTo.buffer);

function trailingZeros(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
