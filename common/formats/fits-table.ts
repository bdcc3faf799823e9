import { InvalidInputError } from '../errors.ts';
import { BLOCK_BYTES, CARD_BYTES, readHeader } from '../fits/header.ts';
import type { CardValue } from '../fits/header.ts';
import { openByteSource } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { numberOf, textOf } from './cell-values.ts';
import type { CellValue } from './cell-values.ts';
import type { TableReader } from './table.ts';

/** Bytes of one value by its letter in TFORM; X counts bits. */
const VALUE_BYTES: Record<string, number> = {
  L: 1,
  X: 1 / 8,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  A: 1,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
  P: 8,
  Q: 16,
};
/** Letters whose values can be asked for. */
const READABLE = /^[LBIJKAED]$/;
/** Longest vector whose values are columns of their own: `MAG[1]`, `MAG[2]` ... */
const LARGEST_VECTOR = 64;
const BATCH_BYTES = 1 << 20;
const MAX_HEADER_BLOCKS = 256;

interface FitsColumn {
  name: string;
  unit: string;
  ucd: string | undefined;
  form: string;
  /** Where in the row its value is. */
  offset: number;
  /** Characters of a text. */
  length: number;
  scale: number;
  zero: number;
  /** The integer that stands for no value. */
  blank: number | undefined;
}

interface FitsTable {
  columns: FitsColumn[];
  rowBytes: number;
  rowCount: number;
  /** Where the rows begin in the unpacked file. */
  dataStart: number;
}

/**
 * Opens a binary table of a FITS file: logical values, integers, floating-point numbers and texts.
 * Each value of a short vector is a column of its own, `NAME[1]` and on. Bit fields, complex numbers
 * and lists of variable length are passed over.
 *
 * @param which - Which of the file's tables, from 1.
 * @throws {InvalidInputError} if there is no such table, or its description contradicts itself.
 * @see The FITS Standard, version 4.0, section 7.3.
 */
export async function openFitsTable(path: string, which = 1): Promise<TableReader> {
  const table = await findTable(path, which);
  const { columns, rowBytes, rowCount } = table;
  let source: ByteSource | undefined;
  return {
    columns: columns.map(({ name, unit, ucd, form }) => ({
      name,
      unit,
      ucd,
      type: form === 'A' ? 'text' : 'number',
    })),
    async *batches(wanted, from) {
      source = await openByteSource(path, table.dataStart + from.count * rowBytes);
      const read = wanted.map((column) => columns[column]);
      const batchRows = Math.max(1, Math.floor(BATCH_BYTES / rowBytes));
      for (let row = from.count; row < rowCount;) {
        const expected = Math.min(batchRows, rowCount - row);
        const bytes = await source.take(expected * rowBytes);
        if (bytes.length < expected * rowBytes) {
          const last = row + Math.floor(bytes.length / rowBytes);
          throw new InvalidInputError(
            `${path} is cut short: it ends after ${last} of ${rowCount} rows`,
          );
        }
        const first = row;
        row += expected;
        yield {
          count: expected,
          number: (i, column) => numberOf(valueAt(bytes, i * rowBytes, read[column])),
          text: (i, column) => textOf(valueAt(bytes, i * rowBytes, read[column])),
          place: (i) => `row ${first + i + 1}`,
          fault: () => null,
          next: { count: row, byte: 0 },
        };
      }
    },
    bytesRead: () => source?.fileBytes() ?? 0,
    close: async () => source?.close(),
  };
}

function valueAt(bytes: Buffer, rowStart: number, column: FitsColumn): CellValue {
  const at = rowStart + column.offset;
  switch (column.form) {
    case 'A': {
      const text = bytes.toString('latin1', at, at + column.length);
      const end = text.indexOf('\0');
      return end < 0 ? text : text.slice(0, end);
    }
    case 'L':
      return bytes[at] === 0x54 ? true : bytes[at] === 0x46 ? false : null;
    case 'E':
      return scaled(bytes.readFloatBE(at), column);
    case 'D':
      return scaled(bytes.readDoubleBE(at), column);
    case 'B':
      return integer(bytes[at], column);
    case 'I':
      return integer(bytes.readInt16BE(at), column);
    case 'J':
      return integer(bytes.readInt32BE(at), column);
    default: {
      const value = bytes.readBigInt64BE(at);
      if (column.blank !== undefined && value === BigInt(column.blank)) return null;
      // Unsigned 64-bit integers are written with an offset that numbers hold exactly.
      if (column.scale === 1 && Number.isInteger(column.zero)) return value + BigInt(column.zero);
      return Number(value) * column.scale + column.zero;
    }
  }
}

function integer(value: number, column: FitsColumn): number | null {
  return value === column.blank ? null : scaled(value, column);
}

function scaled(value: number, { scale, zero }: FitsColumn): number {
  return scale === 1 && zero === 0 ? value : value * scale + zero;
}

async function findTable(path: string, which: number): Promise<FitsTable> {
  const source = await openByteSource(path);
  let position = 0;
  let tables = 0;
  try {
    for (;;) {
      const header = await readCards(path, source);
      if (header === undefined) break;
      position += header.length;
      const isTable = header.cards.get('XTENSION') === 'BINTABLE';
      if (isTable && ++tables === which) return describeTable(path, header.cards, position);
      const size = dataBytes(header.cards);
      position += size;
      if ((await source.skip(size)) < size) break;
    }
  } finally {
    await source.close();
  }
  throw new InvalidInputError(
    tables === 0
      ? `${path} has no binary table`
      : `${path} has ${tables} binary tables, and number ${which} was asked for`,
  );
}

async function readCards(
  path: string,
  source: ByteSource,
): Promise<{ cards: Map<string, CardValue>; length: number } | undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  for (let blocks = 0; blocks < MAX_HEADER_BLOCKS; blocks++) {
    const block = await source.take(BLOCK_BYTES);
    if (block.length < BLOCK_BYTES) {
      if (blocks === 0 && block.length === 0) return undefined;
      break;
    }
    bytes = Buffer.concat([bytes, block]);
    if (hasEnd(block)) {
      try {
        return { cards: readHeader(bytes, 0).cards, length: bytes.length };
      } catch (err) {
        throw new InvalidInputError(`${path} cannot be read as FITS`, { cause: err });
      }
    }
  }
  throw new InvalidInputError(`${path} cannot be read as FITS: a header in it has no end`);
}

function hasEnd(block: Buffer): boolean {
  for (let at = 0; at < BLOCK_BYTES; at += CARD_BYTES) {
    if (block.toString('latin1', at, at + 8) === 'END     ') return true;
  }
  return false;
}

/** Bytes of the data behind a header, whole blocks. */
function dataBytes(cards: Map<string, CardValue>): number {
  const axes = numberCard(cards, 'NAXIS', 0);
  let values = axes === 0 ? 0 : 1;
  for (let axis = 1; axis <= axes; axis++) values *= numberCard(cards, `NAXIS${axis}`, 0);
  const groups = numberCard(cards, 'GCOUNT', 1);
  const bits = Math.abs(numberCard(cards, 'BITPIX', 8));
  const bytes = (bits / 8) * groups * (numberCard(cards, 'PCOUNT', 0) + values);
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

function describeTable(path: string, cards: Map<string, CardValue>, dataStart: number): FitsTable {
  const rowBytes = numberCard(cards, 'NAXIS1', -1);
  const rowCount = numberCard(cards, 'NAXIS2', -1);
  const fieldCount = numberCard(cards, 'TFIELDS', -1);
  const columns: FitsColumn[] = [];
  let offset = 0;
  for (let field = 1; field <= fieldCount; field++) {
    const written = textCard(cards, `TFORM${field}`);
    const match = /^(\d*)([LXBIJKAEDCMPQ])/.exec(written.trim().toUpperCase());
    if (match === null) {
      throw new InvalidInputError(`column ${field} of ${path} has the unknown form "${written}"`);
    }
    const repeat = match[1] === '' ? 1 : Number(match[1]);
    const form = match[2];
    const blank = cards.get(`TNULL${field}`);
    const column = {
      name: textCard(cards, `TTYPE${field}`).trim() || `col${field}`,
      unit: textCard(cards, `TUNIT${field}`).trim(),
      ucd: textCard(cards, `TUCD${field}`).trim() || undefined,
      form,
      offset,
      length: form === 'A' ? repeat : 1,
      scale: numberCard(cards, `TSCAL${field}`, 1),
      zero: numberCard(cards, `TZERO${field}`, 0),
      blank: typeof blank === 'number' ? blank : undefined,
    };
    const isOne = form === 'A' || repeat === 1;
    if (READABLE.test(form) && repeat > 0 && repeat <= (form === 'A' ? Infinity : LARGEST_VECTOR)) {
      const values = isOne ? 1 : repeat;
      for (let i = 0; i < values; i++) {
        columns.push({
          ...column,
          name: isOne ? column.name : `${column.name}[${i + 1}]`,
          offset: offset + i * VALUE_BYTES[form],
        });
      }
    }
    offset += Math.ceil(repeat * VALUE_BYTES[form]);
  }
  if (offset !== rowBytes || rowCount < 0 || rowBytes < 1) {
    throw new InvalidInputError(
      `the table of ${path} contradicts itself: its columns take ${offset} bytes a row and its header says ${rowBytes}`,
    );
  }
  return { columns, rowBytes, rowCount, dataStart };
}

function numberCard(cards: Map<string, CardValue>, name: string, without: number): number {
  const value = cards.get(name);
  return typeof value === 'number' ? value : without;
}

function textCard(cards: Map<string, CardValue>, name: string): string {
  const value = cards.get(name);
  return typeof value === 'string' ? value : '';
}
