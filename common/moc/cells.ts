import { HPX_ORDER } from '../astro/healpix.ts';
import { bigintOfKey, cellOfKey, shiftOf } from './cell-keys.ts';
import { neededOrder } from './moc.ts';
import type { Moc } from './moc.ts';

/** Numbers of cells of this order and coarser are exact as doubles. */
const EXACT_ORDER = 24;

/** What is too much to be written as cells: files of it would have hundreds of megabytes. */
const MOST_CELLS = 3_000_000;

/**
 * The fewest cells that make up a region, by order from 0 on, numbers ascending within each; bigints
 * above order 24. A range that is cut finely takes over a hundred of them.
 *
 * @returns undefined where there are more than three million.
 */
export function cellsByOrder(moc: Moc): (number | bigint)[][] | undefined {
  const orders: (number | bigint)[][] = Array.from({ length: HPX_ORDER + 1 }, () => []);
  const finest = neededOrder(moc);
  const { bounds } = moc;
  let count = 0;
  const add = (order: number, cell: number | bigint) => {
    orders[order].push(cell);
    count++;
  };
  for (let i = 0; i < bounds.length && count <= MOST_CELLS; i += 2) {
    if (finest <= EXACT_ORDER) {
      splitExact(cellOfKey(bounds[i], finest), cellOfKey(bounds[i + 1], finest), finest, add);
    } else splitLarge(bigintOfKey(bounds[i]), bigintOfKey(bounds[i + 1]), add);
  }
  return count > MOST_CELLS ? undefined : orders;
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
    each(order, order <= EXACT_ORDER ? Number(cell) : cell);
    from += width;
  }
}
