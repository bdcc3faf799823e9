import { InvalidInputError } from '../errors.ts';
import { openByteSource } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { readHeader } from './delimited-header.ts';
import type { DelimitedLayout, TextDialect } from './delimited-header.ts';
import type { TableReader } from './table.ts';
import { createTextCells } from './text-cells.ts';
import type { TextCells } from './text-cells.ts';
import { readLines } from './text-lines.ts';

const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;

/**
 * Opens a text whose values stand between commas, semicolons, bars, tabs or blanks: one row a line.
 * Values may be quoted, a quote within written twice; no value holds a line break, so that a lost
 * quote costs one line. A row must have as many values as the header; one empty value more is a
 * delimiter at the end of the line.
 *
 * @throws {InvalidInputError} if it has no header that can be read.
 */
export async function openDelimitedText(path: string, dialect: TextDialect): Promise<TableReader> {
  const layout = await readHeader(path, dialect);
  let source: ByteSource | undefined;
  return {
    columns: layout.columns.map((name) => ({ name, unit: '', type: 'any' })),
    async *batches(wanted, from) {
      const start = from.byte > layout.start.byte ? from : layout.start;
      source = await openByteSource(path, start.byte);
      const cells = createTextCells(wanted.length);
      const scan = createScanner(layout, wanted, cells);
      for await (const lines of readLines(source, start)) {
        cells.begin(lines);
        for (let line = 0; line < lines.count; line++) {
          const isTooLong = lines.endsTooLong && line === lines.count - 1;
          if (isTooLong) {
            cells.row(line);
            cells.fault('the line is longer than a megabyte');
          } else scan(lines.bytes, line, lines.starts[line], lines.ends[line]);
        }
        yield cells.batch();
      }
      if (source.fileBytes() === 0) throw new InvalidInputError(`${path} is empty`);
    },
    bytesRead: () => source?.fileBytes() ?? 0,
    close: async () => source?.close(),
  };
}

type Scanner = (bytes: Buffer, line: number, start: number, end: number) => void;

function createScanner(
  layout: DelimitedLayout,
  wanted: readonly number[],
  cells: TextCells,
): Scanner {
  const { delimiter, comment } = layout;
  // The cell that a field fills; a field may be wanted more than once only by name, never here.
  const cellOf = new Int16Array(layout.columns.length + 1).fill(-1);
  for (const [cell, field] of wanted.entries()) cellOf[field] = cell;
  const most = layout.mayHaveMore ? Infinity : layout.columns.length;
  const isBlank = (byte: number) => byte === SPACE || (byte === TAB && delimiter !== TAB);
  const isSeparatedByBlanks = delimiter === SPACE;

  return (bytes, line, start, end) => {
    let at = start;
    while (at < end && isBlank(bytes[at])) at++;
    if (at === end || (comment !== 0 && bytes[start] === comment)) return;
    cells.row(line);
    let field = 0;
    let isLastEmpty: boolean;
    for (;;) {
      while (at < end && isBlank(bytes[at])) at++;
      let first = at;
      let last: number;
      if (at < end && bytes[at] === QUOTE) {
        last = closingQuote(bytes, at + 1, end);
        if (last < 0) return cells.fault('a quoted value has no end on its line');
        first++;
        at = last + 1;
        while (at < end && isBlank(bytes[at])) at++;
        const isAfterBlank = isSeparatedByBlanks && isBlank(bytes[at - 1]);
        if (at < end && bytes[at] !== delimiter && !isAfterBlank) {
          return cells.fault('there is something between a quoted value and the next delimiter');
        }
        isLastEmpty = false;
      } else {
        if (isSeparatedByBlanks) while (at < end && !isBlank(bytes[at])) at++;
        else while (at < end && bytes[at] !== delimiter) at++;
        last = at;
        while (last > first && isBlank(bytes[last - 1])) last--;
        isLastEmpty = last === first;
      }
      if (field < layout.columns.length && cellOf[field] >= 0) {
        cells.cell(cellOf[field], first, last);
      }
      field++;
      if (isSeparatedByBlanks) {
        while (at < end && isBlank(bytes[at])) at++;
        if (at >= end) break;
      } else {
        if (at >= end) break;
        at++;
      }
    }
    const values = isLastEmpty && field === layout.columns.length + 1 ? field - 1 : field;
    if (values < layout.columns.length || values > most) {
      cells.fault(`it has ${values} values instead of ${layout.columns.length}`);
    }
  };
}

/** @returns Where the quote is that ends the value; -1 if there is none. */
function closingQuote(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] !== QUOTE) continue;
    if (bytes[at + 1] === QUOTE && at + 1 < end) at++;
    else return at;
  }
  return -1;
}
