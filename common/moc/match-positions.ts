import { keyOfPosition } from './cell-keys.ts';
import { boundsUpTo } from './moc.ts';
import type { Moc } from './moc.ts';

/** Positions in the order of the sky: sorted once, and asked about with many regions. */
export interface SkyOrder {
  /** Keys of their cells, ascending. */
  keys: Float64Array;
  /** For each its place among the positions as they were given. */
  places: Uint32Array;
}

/** Puts positions into the order of the sky; degrees. */
export function orderOnSky(positions: readonly { ra: number; decl: number }[]): SkyOrder {
  const unsorted = Float64Array.from(positions, ({ ra, decl }) => keyOfPosition(ra, decl));
  const places = Uint32Array.from(positions, (_, i) => i).sort((a, b) =>
    unsorted[a] < unsorted[b] ? -1 : unsorted[a] > unsorted[b] ? 1 : a - b,
  );
  return { keys: Float64Array.from(places, (place) => unsorted[place]), places };
}

/**
 * Calls `found` with the place of each position that lies in the region. Positions before its first
 * cell and behind its last cost nothing, so that a thousand small regions are asked in no time.
 */
export function matchPositions(
  { keys, places }: SkyOrder,
  { bounds }: Moc,
  found: (place: number) => void,
): void {
  if (bounds.length === 0) return;
  const end = firstFrom(keys, bounds[bounds.length - 1]);
  for (let i = firstFrom(keys, bounds[0]); i < end; i++) {
    if (boundsUpTo(bounds, keys[i]) % 2 === 1) found(places[i]);
  }
}

/** Where the keys begin that are not below one. */
function firstFrom(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
