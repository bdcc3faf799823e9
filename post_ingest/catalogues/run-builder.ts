import { createRowBuffer } from '../../common/store/row-buffer.ts';
import type { RowBuffer } from '../../common/store/row-buffer.ts';
import type { KeyedRow } from './run-file.ts';

/** Gathers rows in memory until they make a run, and gives them in the order of the table's key. */
export interface RunBuilder {
  /** Where the row after the last one is written: its values, then `end` and the key. */
  row: RowBuffer;
  /** Ends a row. */
  end(key: Pick<KeyedRow, 'reach' | 'high' | 'low' | 'idStart' | 'idLength'>): void;
  count(): number;
  bytes(): number;
  /** The rows in order; rows of one key in the order they came. Each is valid until the next. */
  sorted(): Iterable<KeyedRow>;
  clear(): void;
}

/** @param initialBytes - Room for the rows from the beginning; it grows if they need more. */
export function createRunBuilder(initialBytes: number): RunBuilder {
  const row = createRowBuffer(initialBytes);
  let capacity = 1 << 16;
  let reaches = new Uint8Array(capacity);
  let highs = new Uint32Array(capacity);
  let lows = new Uint32Array(capacity);
  let idStarts = new Uint8Array(capacity);
  let idLengths = new Uint8Array(capacity);
  let ends = new Float64Array(capacity + 1);
  let count = 0;

  const grow = () => {
    capacity *= 2;
    const larger = <A extends Uint8Array | Uint32Array | Float64Array>(array: A, copy: A): A => {
      copy.set(array);
      return copy;
    };
    reaches = larger(reaches, new Uint8Array(capacity));
    highs = larger(highs, new Uint32Array(capacity));
    lows = larger(lows, new Uint32Array(capacity));
    idStarts = larger(idStarts, new Uint8Array(capacity));
    idLengths = larger(idLengths, new Uint8Array(capacity));
    ends = larger(ends, new Float64Array(capacity + 1));
  };
  const compareIds = (bytes: Buffer, a: number, b: number): number => {
    const startA = ends[a] + idStarts[a];
    const startB = ends[b] + idStarts[b];
    return bytes.compare(bytes, startB, startB + idLengths[b], startA, startA + idLengths[a]);
  };

  return {
    row,
    end(key) {
      if (count === capacity) grow();
      row.endRow();
      reaches[count] = key.reach;
      highs[count] = key.high;
      lows[count] = key.low;
      idStarts[count] = key.idStart;
      idLengths[count] = key.idLength;
      ends[++count] = row.view().length;
    },
    count: () => count,
    bytes: () => ends[count],
    *sorted() {
      const bytes = row.view();
      const order = new Uint32Array(count);
      for (let i = 0; i < count; i++) order[i] = i;
      order.sort(
        (a, b) =>
          reaches[a] - reaches[b] ||
          highs[a] - highs[b] ||
          lows[a] - lows[b] ||
          compareIds(bytes, a, b) ||
          a - b,
      );
      const current: KeyedRow = {
        reach: 0,
        high: 0,
        low: 0,
        idStart: 0,
        idLength: 0,
        bytes,
        start: 0,
        end: 0,
      };
      for (const i of order) {
        current.reach = reaches[i];
        current.high = highs[i];
        current.low = lows[i];
        current.idStart = idStarts[i];
        current.idLength = idLengths[i];
        current.start = ends[i];
        current.end = ends[i + 1];
        yield current;
      }
    },
    clear() {
      row.clear();
      count = 0;
    },
  };
}
