import { shortestFloat32 } from '../store/row-reader.ts';
import type { Scalar } from '../store/row-reader.ts';

/** How the values of a column are kept: the first byte of it. */
const JSON_TEXT = 0;
const SINGLE = 1;
const DOUBLE = 2;
const WHOLE = 3;

const LARGEST_WHOLE = 2 ** 31;

/**
 * The values of one column as few bytes after compression: a bit for each that is not NULL, then the
 * numbers, all their first bytes, then all their second ones, because alike bytes stand together so.
 * Numbers come back exactly as they were; single precision is kept as such. What is not all numbers
 * is kept as JSON.
 */
export function packColumn(values: readonly Scalar[]): Buffer {
  const numbers: number[] = [];
  for (const value of values) {
    if (value === null) continue;
    if (typeof value !== 'number' || Object.is(value, -0)) return packJson(values);
    numbers.push(value);
  }
  const kind = kindOf(numbers);
  const stride = kind === DOUBLE ? 8 : 4;
  const raw = Buffer.alloc(stride * numbers.length);
  for (const [i, number] of numbers.entries()) {
    if (kind === DOUBLE) raw.writeDoubleBE(number, stride * i);
    else if (kind === SINGLE) raw.writeFloatBE(number, stride * i);
    else raw.writeInt32BE(number, stride * i);
  }
  const isThere = Buffer.alloc((values.length + 7) >> 3);
  for (const [i, value] of values.entries()) if (value !== null) isThere[i >> 3] |= 1 << (i & 7);
  return Buffer.concat([Buffer.of(kind), isThere, byPlace(raw, stride)]);
}

/** @param count - How many values there are. */
export function unpackColumn(bytes: Buffer, count: number): Scalar[] {
  const kind = bytes[0];
  if (kind === JSON_TEXT) return readJson(bytes.subarray(1));
  const isThere = bytes.subarray(1, 1 + ((count + 7) >> 3));
  const stride = kind === DOUBLE ? 8 : 4;
  const raw = inRows(bytes.subarray(1 + isThere.length), stride);
  let next = 0;
  return Array.from({ length: count }, (_, i) => {
    if ((isThere[i >> 3] & (1 << (i & 7))) === 0) return null;
    return readNumber(kind, raw, stride * next++);
  });
}

/** One value of a column, without reading the others. @param place - Below `count`. */
export function unpackValue(bytes: Buffer, count: number, place: number): Scalar {
  const kind = bytes[0];
  if (kind === JSON_TEXT) return readJson(bytes.subarray(1))[place];
  const isThere = bytes.subarray(1, 1 + ((count + 7) >> 3));
  const has = (i: number) => (isThere[i >> 3] & (1 << (i & 7))) !== 0;
  if (!has(place)) return null;
  let before = 0;
  for (let i = 0; i < place; i++) if (has(i)) before++;
  const planes = bytes.subarray(1 + isThere.length);
  const stride = kind === DOUBLE ? 8 : 4;
  const numbers = planes.length / stride;
  const raw = Buffer.from(Array.from({ length: stride }, (_, i) => planes[i * numbers + before]));
  return readNumber(kind, raw, 0);
}

function readNumber(kind: number, raw: Buffer, at: number): number {
  if (kind === DOUBLE) return raw.readDoubleBE(at);
  return kind === SINGLE ? shortestFloat32(raw.readFloatBE(at)) : raw.readInt32BE(at);
}

function kindOf(numbers: readonly number[]): number {
  if (numbers.every((n) => Number.isInteger(n) && n >= -LARGEST_WHOLE && n < LARGEST_WHOLE))
    return WHOLE;
  return numbers.every((n) => shortestFloat32(n) === n) ? SINGLE : DOUBLE;
}

function packJson(values: readonly Scalar[]): Buffer {
  return Buffer.concat([Buffer.of(JSON_TEXT), Buffer.from(JSON.stringify(values), 'utf8')]);
}

function readJson(bytes: Buffer): Scalar[] {
  const values: unknown = JSON.parse(bytes.toString('utf8'));
  if (!Array.isArray(values)) throw new Error('the values of a column are a list');
  return values.map((value: unknown) => {
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value))
      return value as Scalar;
    throw new Error('a value is a text, a number, a truth or nothing');
  });
}

function byPlace(raw: Buffer, stride: number): Buffer {
  const count = raw.length / stride;
  const planes = Buffer.alloc(raw.length);
  for (let i = 0; i < count; i++)
    for (let place = 0; place < stride; place++)
      planes[place * count + i] = raw[i * stride + place];
  return planes;
}

function inRows(planes: Buffer, stride: number): Buffer {
  const count = planes.length / stride;
  const raw = Buffer.alloc(planes.length);
  for (let i = 0; i < count; i++)
    for (let place = 0; place < stride; place++)
      raw[i * stride + place] = planes[place * count + i];
  return raw;
}
