import { InvalidInputError } from '../errors.ts';
import { openByteSource } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import type { TableReader } from './table.ts';
import { createTextCells } from './text-cells.ts';
import { readLines } from './text-lines.ts';
import type { LineBatch } from './text-lines.ts';

const SPACE = 0x20;
/** Lines that decide between layouts. */
const SAMPLE = 200;

/** Columns of a text by the bytes they stand in. */
export type FixedLayout = readonly { name: string; start: number; end: number }[];

/**
 * Reads a layout as catalogues describe themselves: `Name 9-38, V 40, RAdeg 42-50`, in bytes counted
 * from 1, both included, in ascending order.
 */
export function parseFixedLayout(notation: string): FixedLayout {
  return notation.split(',').map((part) => {
    const match = /^\s*(\S+)\s+(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part);
    if (match === null)
      throw new InvalidInputError(`"${part.trim()}" does not say where a column is`);
    const [, name, first, last] = match;
    return { name, start: Number(first) - 1, end: Number(last ?? first) };
  });
}

/**
 * Opens a text whose values stand in fixed columns, without a header. What is between the columns
 * must be blank in each row: a layout that is off by one is found out and never shifts a number.
 *
 * @param layout - From `fittingLayout`.
 */
export function openFixedText(path: string, layout: FixedLayout): TableReader {
  const gaps = gapsOf(layout);
  let source: ByteSource | undefined;
  return {
    columns: layout.map(({ name }) => ({ name, unit: '', type: 'any' })),
    async *batches(wanted, from) {
      source = await openByteSource(path, from.byte);
      const cells = createTextCells(wanted.length);
      for await (const lines of readLines(source, from)) {
        cells.begin(lines);
        for (let line = 0; line < lines.count; line++) {
          const [start, end] = [lines.starts[line], lines.ends[line]];
          if (isEmpty(lines.bytes, start, end)) continue;
          cells.row(line);
          if (!isBlankAt(gaps, lines, line)) {
            cells.fault('there is something between its columns');
          }
          for (const [cell, column] of wanted.entries()) {
            let first = Math.min(start + layout[column].start, end);
            let last = Math.min(start + layout[column].end, end);
            while (first < last && lines.bytes[first] === SPACE) first++;
            while (last > first && lines.bytes[last - 1] === SPACE) last--;
            cells.cell(cell, first, last);
          }
        }
        yield cells.batch();
      }
      if (source.fileBytes() === 0) throw new InvalidInputError(`${path} is empty`);
    },
    bytesRead: () => source?.fileBytes() ?? 0,
    close: async () => source?.close(),
  };
}

/**
 * Which layout of several, as a catalogue was laid out in its versions, fits the beginning of a file.
 *
 * @returns undefined if none does.
 */
export async function fittingLayout(
  path: string,
  layouts: readonly FixedLayout[],
): Promise<FixedLayout | undefined> {
  const source = await openByteSource(path);
  try {
    for await (const lines of readLines(source, { count: 0, byte: 0 })) {
      const sample = Array.from({ length: Math.min(SAMPLE, lines.count) }, (_, line) => line);
      return layouts.find((layout) => {
        const gaps = gapsOf(layout);
        const good = sample.filter((line) => isBlankAt(gaps, lines, line));
        return good.length >= 0.9 * sample.length;
      });
    }
  } finally {
    await source.close();
  }
  return undefined;
}

/** The bytes between the columns. */
function gapsOf(layout: FixedLayout): number[] {
  const gaps: number[] = [];
  for (const [i, column] of layout.entries()) {
    const before = i === 0 ? 0 : layout[i - 1].end;
    for (let at = before; at < column.start; at++) gaps.push(at);
  }
  return gaps;
}

function isBlankAt(gaps: readonly number[], lines: LineBatch, line: number): boolean {
  const { bytes, starts, ends } = lines;
  for (const gap of gaps) {
    const at = starts[line] + gap;
    if (at < ends[line] && bytes[at] !== SPACE) return false;
  }
  return true;
}

function isEmpty(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== SPACE) return false;
  return true;
}
