import { parseNumberBytes, parseText } from './cell-values.ts';
import type { LineBatch } from './text-lines.ts';
import type { TableBatch } from './table.ts';

const QUOTE = 0x22;

/** Where the cells of some lines are, and which lines cannot be read; used again for each batch. */
export interface TextCells {
  /** Begins a batch. */
  begin(lines: LineBatch): void;
  /** Begins a row: its line, counted from the first of the batch. */
  row(line: number): void;
  /** Where a wanted cell of the row is. */
  cell(column: number, start: number, end: number): void;
  /** Says that the row cannot be read. */
  fault(reason: string): void;
  /** The rows so far. */
  batch(): TableBatch;
}

/** @param width - Cells kept of a row. */
export function createTextCells(width: number): TextCells {
  let bounds = new Int32Array(2 * width * (1 << 12));
  let rowLines = new Int32Array(1 << 12);
  let faults = new Map<number, string>();
  let count = 0;
  let lines: LineBatch | undefined;
  return {
    begin(batch) {
      lines = batch;
      count = 0;
      faults = new Map();
    },
    row(line) {
      if (count === rowLines.length) {
        rowLines = doubled(rowLines);
        bounds = doubled(bounds);
      }
      bounds.fill(0, 2 * width * count, 2 * width * (count + 1));
      rowLines[count++] = line;
    },
    cell(column, start, end) {
      const at = 2 * (width * (count - 1) + column);
      bounds[at] = start;
      bounds[at + 1] = end;
    },
    fault(reason) {
      if (!faults.has(count - 1)) faults.set(count - 1, reason);
    },
    batch() {
      if (lines === undefined) throw new Error('no batch was begun');
      const { bytes, firstLine, next } = lines;
      const boundary = (row: number, column: number) => 2 * (width * row + column);
      return {
        count,
        number(row, column) {
          const at = boundary(row, column);
          return bounds[at] === bounds[at + 1]
            ? null
            : parseNumberBytes(bytes, bounds[at], bounds[at + 1]);
        },
        text(row, column) {
          const at = boundary(row, column);
          const start = bounds[at];
          if (start === bounds[at + 1]) return null;
          const text = bytes.toString('utf8', start, bounds[at + 1]);
          const isQuoted = bytes[start - 1] === QUOTE && text.includes('""');
          return parseText(isQuoted ? text.replaceAll('""', '"') : text);
        },
        place: (row) => `line ${firstLine + rowLines[row]}`,
        fault: (row) => faults.get(row) ?? null,
        next,
      };
    },
  };
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
