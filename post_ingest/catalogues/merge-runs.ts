import { compareKeys, openRun } from './run-file.ts';
import type { KeyedRow, RunReader } from './run-file.ts';

/** Several runs read as one, in the order of the table's key. */
export interface Merger {
  /** The first row that has not been taken; undefined at the end. Valid until `advance`. */
  current(): KeyedRow | undefined;
  advance(): void;
  /** Where each run is to be read on. */
  offsets(): number[];
  close(): void;
}

/**
 * Merges runs. Of rows with one key that of the earliest run comes first.
 *
 * @param paths - The runs, in the order in which they were made.
 * @param offsets - Where to begin in each.
 */
export function mergeRuns(paths: readonly string[], offsets: readonly number[] = []): Merger {
  const readers: RunReader[] = [];
  // A heap of readers: none comes before the one at (i - 1) / 2.
  const heap: number[] = [];
  const comesBefore = (a: number, b: number): boolean => {
    const [rowA, rowB] = [readers[a].current(), readers[b].current()];
    if (rowA === undefined || rowB === undefined) return rowA !== undefined;
    const order = compareKeys(rowA, rowB);
    return order < 0 || (order === 0 && a < b);
  };
  const sink = (from: number) => {
    for (let i = from; ;) {
      let first = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && comesBefore(heap[child], heap[first])) first = child;
      }
      if (first === i) return;
      [heap[i], heap[first]] = [heap[first], heap[i]];
      i = first;
    }
  };
  try {
    for (const [i, path] of paths.entries()) readers.push(openRun(path, offsets[i] ?? 0));
  } catch (err) {
    for (const reader of readers) reader.close();
    throw err;
  }
  heap.push(...readers.keys());
  for (let i = heap.length >> 1; i >= 0; i--) sink(i);
  return {
    current: () => (heap.length === 0 ? undefined : readers[heap[0]].current()),
    advance() {
      readers[heap[0]].advance();
      sink(0);
    },
    offsets: () => readers.map((reader) => reader.offset()),
    close() {
      for (const reader of readers) reader.close();
    },
  };
}

/** Every row of the merged runs, for writing them as one. */
export function* mergedRows(merger: Merger): Generator<KeyedRow> {
  for (let row = merger.current(); row !== undefined; row = merger.current()) {
    yield row;
    merger.advance();
  }
}
