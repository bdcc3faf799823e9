import { HPX_ORDER } from '../astro/healpix.ts';
import { HIGH, LOW, shiftOf } from './cell-keys.ts';
import { neededOrder } from './moc.ts';
import type { Moc } from './moc.ts';

/** A region, and what had to be set right to make it one. */
export interface FromIntervals {
  moc: Moc;
  /** Whether intervals lay upon each other. */
  hadOverlaps: boolean;
}

/**
 * The region that intervals cover together, in any order, also where they overlap or touch.
 *
 * @param starts - Keys of first cells; sorted in place.
 * @param ends - As many keys of the cells behind the last ones, each above its start; sorted in place.
 * @param order - Of the smallest cells its maker speaks of; raised where the intervals need more.
 */
export function fromIntervals(
  starts: Float64Array,
  ends: Float64Array,
  order: number,
): FromIntervals {
  // A place is covered as often as intervals began up to it, less those that ended: each list may be
  // sorted by itself.
  sort(starts);
  sort(ends);
  const bounds = new Float64Array(2 * starts.length);
  let length = 0;
  let open = 0;
  let hadOverlaps = false;
  for (let i = 0, j = 0; j < ends.length;) {
    if (i < starts.length && starts[i] <= ends[j]) {
      const start = starts[i++];
      if (open > 0 && start < ends[j]) hadOverlaps = true;
      if (open++ === 0) bounds[length++] = start;
    } else {
      const end = ends[j++];
      if (--open === 0) bounds[length++] = end;
    }
  }
  const moc = { order, bounds: bounds.slice(0, length) };
  return { moc: { ...moc, order: Math.max(order, neededOrder(moc)) }, hadOverlaps };
}

/** The region in cells of a coarser order: all of them that it touches. */
export function degrade(moc: Moc, order: number): Moc {
  if (order >= moc.order || order >= HPX_ORDER) return moc;
  const starts = moc.bounds.filter((_, i) => i % 2 === 0);
  const ends = moc.bounds.filter((_, i) => i % 2 === 1);
  roundDown(starts, order, false);
  roundDown(ends, order, true);
  return fromIntervals(starts, ends, order).moc;
}

/** Rounds numbers to the start of their cell of an order; or to that of the next, unless they are it. */
function roundDown(keys: Float64Array, order: number, isUp: boolean): void {
  const halves = new Uint32Array(keys.buffer, keys.byteOffset, 2 * keys.length);
  const shift = shiftOf(order);
  const lowMask = shift >= 32 ? 0xffffffff : 2 ** shift - 1;
  const highMask = shift > 32 ? 2 ** (shift - 32) - 1 : 0;
  for (let i = 0; i < halves.length; i += 2) {
    let low = halves[i + LOW];
    let high = halves[i + HIGH];
    if (isUp) {
      low += lowMask;
      high += highMask;
      if (low > 0xffffffff) high += 1;
    }
    halves[i + LOW] = low & ~lowMask;
    halves[i + HIGH] = high & ~highMask;
  }
}

function sort(keys: Float64Array): void {
  for (let i = 1; i < keys.length; i++) {
    if (keys[i] < keys[i - 1]) {
      keys.sort();
      return;
    }
  }
}
