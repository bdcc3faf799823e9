import { numberOf, textOf } from './cell-values.ts';
import type { CellValue } from './cell-values.ts';
import type { TableBatch } from './table.ts';

/**
 * A batch of values that are at hand already.
 *
 * @param columns - The values of each wanted column, all of one length.
 * @param first - Rows of the table before the batch.
 * @param faults - Rows of the batch that cannot be read, and why.
 */
export function valuesBatch(
  columns: readonly ArrayLike<CellValue>[],
  count: number,
  first: number,
  faults?: ReadonlyMap<number, string>,
): TableBatch {
  return {
    count,
    number: (row, column) => numberOf(columns[column][row]),
    text: (row, column) => textOf(columns[column][row]),
    place: (row) => `row ${first + row + 1}`,
    fault: (row) => faults?.get(row) ?? null,
    next: { count: first + count, byte: 0 },
  };
}
