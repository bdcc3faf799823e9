import { CELL_LEVEL } from '../../common/astro/cone-cells.ts';
import type { Queries } from '../../common/store/database.ts';
import { readCones, selectMatchedList } from '../../common/store/lists/watchlist-matching.ts';
import { coveredCells, indexCones } from '../../common/watchlists/cone-index.ts';
import type { ConeIndex } from '../../common/watchlists/cone-index.ts';

/** A list as it is matched against what is known. */
export interface LoadedList {
  watchlistId: number;
  version: number;
  active: boolean;
  sources: number;
  index: ConeIndex;
  /** First and last cells of order 24, by turns, that hold all that may be near. */
  cells: Float64Array;
}

const SHIFT = BigInt(2 * CELL_LEVEL);

/** Loads a list with its cones; undefined if it is gone. */
export async function loadList(db: Queries, watchlistId: number): Promise<LoadedList | undefined> {
  const list = await selectMatchedList(db, watchlistId);
  if (list === undefined) return undefined;
  const { version, active, radiusArcsec } = list;
  const index = indexCones(await readCones(db, watchlistId, radiusArcsec));
  const cells = coveredCells(index);
  return { watchlistId, version, active, sources: index.count, index, cells };
}

/**
 * The next ranges of `hpx29` where anything may be near.
 *
 * @param from - Where to go on.
 * @param count - So many ranges at the most.
 * @returns `done` of `total` ranges lie before them; `next` is where the ranges behind them begin.
 */
export function rangesFrom(
  { cells }: LoadedList,
  from: bigint,
  count: number,
): {
  ranges: { low: bigint; high: bigint }[];
  done: number;
  total: number;
  next: bigint | undefined;
} {
  let low = 0;
  let high = cells.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(cells[2 * middle + 1]) <= from) low = middle + 1;
    else high = middle;
  }
  const last = Math.min(cells.length / 2, low + count);
  const ranges = [];
  for (let i = low; i < last; i++) {
    const start = BigInt(cells[2 * i]) << SHIFT;
    ranges.push({ low: start > from ? start : from, high: endOf(cells[2 * i + 1]) - 1n });
  }
  const next = last < cells.length / 2 ? BigInt(cells[2 * last]) << SHIFT : undefined;
  return { ranges, done: low, total: cells.length / 2, next };
}

function endOf(cell: number): bigint {
  return BigInt(cell + 1) << SHIFT;
}
