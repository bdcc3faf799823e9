import { HPX_ORDER } from '../astro/healpix.ts';
import { bigintOfKey, cellOfKey, shiftOf } from './cell-keys.ts';
import { neededOrder } from './moc.ts';
import type { Moc } from './moc.ts';

/** Numbers of cells of this order and coarser are exact as doubles. */
const EXACT_ORDER = 24;

/** What is too much to be written as cells: files of it would have hundreds of megabytes. */
const MOST_CELLS = 3_000_000;
/** Steps of a portion: milliseconds. */
const PORTION = 50_000;

/** Numbers of cells, ascending: bigints above order 24. */
export type Cells = Float64Array | BigUint64Array;

/**
 * The fewest cells that make up a region, by order from 0 on. A range that is cut finely takes over a
 * hundred of them.
 *
 * @returns undefined where there are more than three million.
 */
export function cellsByOrder(moc: Moc): Cells[] | undefined {
  const portions = gatherCells(moc);
  for (;;) {
    const portion = portions.next();
    if (portion.done === true) return portion.value;
  }
}

/** The same in portions of some milliseconds, between which others may be served. */
export function* gatherCells(moc: Moc): Generator<undefined, Cells[] | undefined, void> {
  const orders = Array.from({ length: HPX_ORDER + 1 }, (_, order) => growingCells(order));
  const finest = neededOrder(moc);
  const { bounds } = moc;
  let count = 0;
  let next = PORTION;
  const add = (order: number, cell: number | bigint) => {
    orders[order].add(cell);
    count++;
  };
  for (let i = 0; i < bounds.length && count <= MOST_CELLS; i += 2) {
    if (finest <= EXACT_ORDER) {
      splitExact(cellOfKey(bounds[i], finest), cellOfKey(bounds[i + 1], finest), finest, add);
    } else splitLarge(bigintOfKey(bounds[i]), bigintOfKey(bounds[i + 1]), add);
    if (i / 2 + count > next) {
      next += PORTION;
      yield undefined;
    }
  }
  return count > MOST_CELLS ? undefined : orders.map((cells) => cells.all());
}

interface GrowingCells {
  add(cell: number | bigint): void;
  all(): Cells;
}

/** Not an array: those of a million numbers are copied and collected for a tenth of a second at once. */
function growingCells(order: number): GrowingCells {
  let length = 0;
  if (order > EXACT_ORDER) {
    let cells = new BigUint64Array(16);
    return {
      add(cell) {
        if (length === cells.length) {
          const smaller = cells;
          cells = new BigUint64Array(2 * length);
          cells.set(smaller);
        }
        cells[length++] = BigInt(cell);
      },
      all: () => cells.subarray(0, length),
    };
  }
  let cells = new Float64Array(16);
  return {
    add(cell) {
      if (length === cells.length) {
        const smaller = cells;
        cells = new Float64Array(2 * length);
        cells.set(smaller);
      }
      cells[length++] = Number(cell);
    },
    all: () => cells.subarray(0, length),
  };
}

/** Takes the largest cell that begins where the rest does and does not pass its end. */
function splitExact(
  from: number,
  to: number,
  finest: number,
  each: (order: number, cell: number) => void,
): void {
  while (from < to) {
    let order = finest;
    let width = 1;
    while (order > 0 && from % (4 * width) === 0 && from + 4 * width <= to) {
      width *= 4;
      order--;
    }
    each(order, from / width);
    from += width;
  }
}

function splitLarge(
  from: bigint,
  to: bigint,
  each: (order: number, cell: number | bigint) => void,
): void {
  while (from < to) {
    let order = HPX_ORDER;
    let width = 1n;
    while (order > 0 && from % (4n * width) === 0n && from + 4n * width <= to) {
      width *= 4n;
      order--;
    }
    const cell = from >> BigInt(shiftOf(order));
    each(order, cell);
    from += width;
  }
}
