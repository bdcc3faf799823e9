import { InvalidInputError } from '../errors.ts';
import type { CellValue } from './cell-values.ts';
import type { VotableField } from './votable-fields.ts';

/** A longer value is none: the stream is damaged. */
const MAX_VALUE_BYTES = 1 << 26;

/** Decodes rows of a BINARY or BINARY2 stream as its base64 text arrives. */
export interface BinaryRows {
  /** Takes text, and gives each row that is complete to `take`: the values of the wanted fields. */
  push(text: string, take: (values: CellValue[]) => void): void;
  /** Bytes at the end that make no row. */
  rest(): number;
}

/**
 * @param wanted - Numbers of the fields whose values are kept.
 * @param hasMask - BINARY2: each row begins with a bit per field that says whether it has no value.
 * @see VOTable 1.4, sections 5.3 and 5.4.
 */
export function createBinaryRows(
  path: string,
  fields: readonly VotableField[],
  wanted: readonly number[],
  hasMask: boolean,
): BinaryRows {
  const cellOf = new Map(wanted.map((field, cell) => [field, cell]));
  const maskBytes = hasMask ? Math.ceil(fields.length / 8) : 0;
  let letters = '';
  let rest: Buffer = Buffer.alloc(0);
  return {
    push(text, take) {
      letters += text.replace(/\s+/g, '');
      const whole = letters.length - (letters.length % 4);
      const decoded = Buffer.from(letters.slice(0, whole), 'base64');
      letters = letters.slice(whole);
      const bytes = rest.length === 0 ? decoded : Buffer.concat([rest, decoded]);
      let at = 0;
      for (;;) {
        const values: CellValue[] = new Array<CellValue>(wanted.length).fill(null);
        const end = readRow(path, bytes, at, fields, cellOf, maskBytes, values);
        if (end < 0) break;
        at = end;
        take(values);
      }
      rest = bytes.subarray(at);
    },
    rest: () => rest.length + letters.length,
  };
}

/** @returns Where the row ends; -1 if it is not all there. */
function readRow(
  path: string,
  bytes: Buffer,
  start: number,
  fields: readonly VotableField[],
  cellOf: ReadonlyMap<number, number>,
  maskBytes: number,
  values: CellValue[],
): number {
  let at = start + maskBytes;
  if (at >= bytes.length) return -1;
  for (const [i, field] of fields.entries()) {
    let { length } = field;
    if (length === undefined) {
      if (at + 4 > bytes.length) return -1;
      length = bytes.readInt32BE(at);
      at += 4;
    }
    const size = field.datatype === 'bit' ? Math.ceil(length / 8) : length * field.elementBytes;
    if (!(size >= 0 && size <= MAX_VALUE_BYTES)) {
      throw new InvalidInputError(`${path} is damaged: a value of ${field.name} has ${size} bytes`);
    }
    if (at + size > bytes.length) return -1;
    const cell = cellOf.get(i);
    const isMasked = maskBytes > 0 && (bytes[start + (i >> 3)] & (0x80 >> (i & 7))) !== 0;
    if (cell !== undefined && !isMasked) values[cell] = valueAt(bytes, at, size, field);
    at += size;
  }
  return at;
}

function valueAt(bytes: Buffer, at: number, size: number, field: VotableField): CellValue {
  const value = rawValue(bytes, at, size, field);
  return field.blank !== undefined && String(value) === field.blank ? null : value;
}

function rawValue(bytes: Buffer, at: number, size: number, { datatype }: VotableField): CellValue {
  switch (datatype) {
    case 'boolean':
      return /[Tt1]/.test(String.fromCharCode(bytes[at]))
        ? true
        : /[Ff0]/.test(String.fromCharCode(bytes[at]))
          ? false
          : null;
    case 'unsignedByte':
      return bytes[at];
    case 'short':
      return bytes.readInt16BE(at);
    case 'int':
      return bytes.readInt32BE(at);
    case 'long':
      return bytes.readBigInt64BE(at);
    case 'float':
      return bytes.readFloatBE(at);
    case 'double':
      return bytes.readDoubleBE(at);
    case 'unicodeChar':
      return untilNul(
        Buffer.from(bytes.subarray(at, at + size))
          .swap16()
          .toString('utf16le'),
      );
    default:
      return untilNul(bytes.toString('utf8', at, at + size));
  }
}

function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
