import type { ResultColumn, ValueType } from '../../sql/ast.ts';
import { shortestFloat32 } from '../row-reader.ts';
import type { Scalar } from '../row-reader.ts';

/** Brings the value of one column to JSON. What is given is not null. */
type ToScalar = (value: unknown) => Scalar;

const DATE_LENGTH = 10;

const CONVERSIONS: Record<ValueType, ToScalar> = {
  double: toNumber,
  float: (value) => shortestFloat32(Number(value)),
  int: toInteger,
  id: toText,
  decimal: toNumber,
  bool: (value) => Number(value) !== 0,
  text: toText,
  timestamp: toIsoTime,
  json: toText,
  null: toText,
};

/**
 * Turns rows of the driver into rows of a result: ids and JSON are text, times are ISO 8601, a
 * 32-bit float is its shortest decimal, DECIMAL is the nearest number; a whole number that no
 * JavaScript number can hold stays text with all its digits.
 */
export function scalarReader(columns: ResultColumn[]): (row: unknown[]) => Scalar[] {
  const conversions = columns.map((column) => CONVERSIONS[column.type]);
  return (row) => {
    const scalars = new Array<Scalar>(conversions.length);
    for (let i = 0; i < conversions.length; i++) {
      const value = row[i];
      scalars[i] = value === null || value === undefined ? null : conversions[i](value);
    }
    return scalars;
  };
}

function toNumber(value: unknown): Scalar {
  const number = Number(value);
  return Number.isFinite(number) ? number : toText(value);
}

function toInteger(value: unknown): Scalar {
  if (typeof value === 'number') return value;
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  const digits = toText(value);
  return /^-?\d+$/.test(digits) || Number.isNaN(number) ? digits : number;
}

/** The driver gives bytes where the server does not say which letters they are: ours are UTF-8. */
function toText(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}

/** `2026-03-10 01:02:03.5` of the server is UTC; a date without a time stays one. */
function toIsoTime(value: unknown): Scalar {
  const text = toText(value);
  const [date, time] = [text.slice(0, DATE_LENGTH), text.slice(DATE_LENGTH + 1)];
  if (date.startsWith('0000-00-00')) return null;
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || time === '') return text;
  const [seconds, fraction = ''] = time.split('.');
  return `${date}T${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}
