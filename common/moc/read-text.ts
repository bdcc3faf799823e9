import { InvalidInputError } from '../errors.ts';
import { cellCount, keyOfCell } from './cell-keys.ts';
import { fromIntervals } from './from-intervals.ts';
import type { FromIntervals } from './from-intervals.ts';
import { MAX_RANGES } from './moc.ts';

const MAX_ORDER = 29;
/** Numbers of more digits may be too large for a double. */
const EXACT_DIGITS = 15;
const MAX_DIGITS = 20;
const SPACE = /[\s,]/;

/**
 * Reads a MOC as text: `5/1-3 8 6/29/`. Cells stand behind their order and a slash, alone or as first
 * and last, between spaces, commas or lines; an order without cells says how fine the map is meant.
 *
 * @throws {InvalidInputError} at the place that cannot be read.
 * @see MOC 2.0 (IVOA 2022), section 4.3.
 */
export function readAsciiMoc(text: string): FromIntervals {
  const cells = collectCells();
  const at = { text, place: 0 };
  // Version 2 may say that the numbers are of space.
  if (/^\s*s/.test(text)) at.place = text.indexOf('s') + 1;
  let order: number | undefined;
  for (;;) {
    skip(at, SPACE);
    if (at.place >= text.length) break;
    const first = readNumber(at);
    const next = text[at.place];
    if (next === '/') {
      at.place++;
      order = cells.setOrder(Number(first));
      continue;
    }
    if (order === undefined) throw unreadable(at, 'cells stand behind an order: 5/1-3');
    let last = first;
    if (next === '-') {
      at.place++;
      last = readNumber(at);
    }
    if (at.place < text.length && !SPACE.test(text[at.place])) {
      throw unreadable(at, 'numbers, ranges and orders are expected, as in 5/1-3 8 6/29');
    }
    cells.add(order, first, last);
  }
  return cells.close();
}

/**
 * Reads a MOC as JSON: `{"5": [1, 2, 3], "6": [29]}`. Its numbers may pass what doubles hold, so that
 * an ordinary reader of JSON would change them.
 *
 * @throws {InvalidInputError} at the place that cannot be read.
 */
export function readJsonMoc(text: string): FromIntervals {
  const cells = collectCells();
  const at = { text, place: 0 };
  const take = (wanted: string): boolean => {
    skip(at, /\s/);
    if (text[at.place] !== wanted) return false;
    at.place++;
    return true;
  };
  const need = (wanted: string) => {
    if (!take(wanted))
      throw unreadable(at, `${wanted} is expected, as in {"5": [1, 2], "6": [29]}`);
  };
  need('{');
  if (!take('}')) {
    do {
      need('"');
      const order = cells.setOrder(Number(readNumber(at)));
      need('"');
      need(':');
      need('[');
      if (!take(']')) {
        do {
          skip(at, /\s/);
          const cell = readNumber(at);
          cells.add(order, cell, cell);
        } while (take(','));
        need(']');
      }
    } while (take(','));
    need('}');
  }
  skip(at, /\s/);
  if (at.place < text.length) throw unreadable(at, 'nothing may stand behind the last brace');
  return cells.close();
}

interface Reading {
  text: string;
  place: number;
}

function skip(at: Reading, what: RegExp): void {
  while (at.place < at.text.length && what.test(at.text[at.place])) at.place++;
}

/** Digits, as a double where that is exact. */
function readNumber(at: Reading): number | bigint {
  const from = at.place;
  let value = 0;
  for (; at.place < at.text.length; at.place++) {
    const digit = at.text.charCodeAt(at.place) - 48;
    if (digit < 0 || digit > 9) break;
    value = 10 * value + digit;
  }
  const digits = at.place - from;
  if (digits === 0) throw unreadable(at, 'a number is expected');
  if (digits <= EXACT_DIGITS) return value;
  if (digits > MAX_DIGITS) throw unreadable({ ...at, place: from }, 'this number is too long');
  return BigInt(at.text.slice(from, at.place));
}

function collectCells() {
  let starts = new Float64Array(1024);
  let ends = new Float64Array(1024);
  let count = 0;
  let finest = 0;
  let limit = 0;
  return {
    setOrder(order: number): number {
      if (order > MAX_ORDER) {
        throw new InvalidInputError(
          `It speaks of order ${order}: orders of HEALPix cells are 0 to ${MAX_ORDER}.`,
        );
      }
      finest = Math.max(finest, order);
      limit = cellCount(order);
      return order;
    },
    add(order: number, first: number | bigint, last: number | bigint): void {
      if (first > last) {
        throw new InvalidInputError(`The range ${first}-${last} of order ${order} is reversed.`);
      }
      if (last >= limit) {
        throw new InvalidInputError(
          `There is no cell ${last} of order ${order}: its cells are 0 to ${limit - 1}.`,
        );
      }
      if (count === MAX_RANGES) {
        throw new InvalidInputError(
          `It has more than ${MAX_RANGES} cells or ranges: degrade it to a coarser order.`,
        );
      }
      if (count === starts.length) {
        starts = enlarged(starts);
        ends = enlarged(ends);
      }
      starts[count] = keyOfCell(order, first);
      ends[count++] = keyOfCell(order, typeof last === 'bigint' ? last + 1n : last + 1);
    },
    close(): FromIntervals {
      if (count === 0) throw new InvalidInputError('It is empty: it has no cells.');
      return fromIntervals(starts.slice(0, count), ends.slice(0, count), finest);
    },
  };
}

function enlarged(keys: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * keys.length);
  larger.set(keys);
  return larger;
}

function unreadable({ text, place }: Reading, why: string): InvalidInputError {
  const before = text.slice(0, place);
  const line = before.split('\n').length;
  const column = place - before.lastIndexOf('\n');
  const found = place < text.length ? JSON.stringify(text.slice(place, place + 12)) : 'its end';
  return new InvalidInputError(
    `It cannot be read as a MOC at line ${line}, column ${column}, ${found}: ${why}.`,
  );
}
