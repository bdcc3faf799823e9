import { InvalidInputError } from '../errors.ts';
import { BLOCK_BYTES, readHeader } from '../fits/header.ts';
import type { CardValue } from '../fits/header.ts';
import { HIGH, LOW, SKY_END } from './cell-keys.ts';
import { fromIntervals } from './from-intervals.ts';
import type { FromIntervals } from './from-intervals.ts';
import { MAX_RANGES } from './moc.ts';

type Cards = Map<string, CardValue>;

/** Bytes of an integer by its letter in TFORM. */
const INTEGER_BYTES: Record<string, number> = { I: 2, J: 4, K: 8 };
const MAX_ORDER = 29;
const EQUATORIAL = new Set(['C', 'ICRS', 'FK5', 'EQ', 'EQUATORIAL', 'CELESTIAL']);
/** What maps of numbers on the sky call the columns beside their cells. */
const VALUES = /^(PROB|PROBDENSITY|PROBABILITY|DISTMU|DISTMEAN|SIGNAL|TEMPERATURE)$/i;

/**
 * Reads a MOC from FITS: cells as NUNIQ numbers (all versions of the standard) or ranges of order 29
 * (version 2), of 16, 32 or 64 bits.
 *
 * @throws {InvalidInputError} saying what the file is, or what is wrong in it.
 * @see MOC 1.1 (IVOA 2019), section 2.3.1; MOC 2.0 (IVOA 2022), section 4.2.
 */
export function readFitsMoc(bytes: Buffer): FromIntervals {
  const { cards, dataStart } = findTable(bytes);
  checkKind(cards);
  const { values, width } = describeColumn(cards);
  if (values === 0) throw new InvalidInputError('It is empty: its table has no cells.');
  const there = Math.floor((bytes.length - dataStart) / width);
  if (there < values) {
    throw new InvalidInputError(
      `It is cut short: its table has ${values} numbers, and ${Math.max(0, there)} of them are there.`,
    );
  }
  const numbers = { bytes, from: dataStart, width, count: values };
  const order = declaredOrder(cards);
  return isRanges(cards) ? readRanges(numbers, order) : readUniqs(numbers, order);
}

/** The first binary table of the file. */
function findTable(bytes: Buffer): { cards: Cards; dataStart: number } {
  let at = 0;
  let primary: Cards | undefined;
  while (at < bytes.length && bytes.subarray(at).some((byte) => byte !== 0)) {
    let header;
    try {
      header = readHeader(bytes, at);
    } catch (err) {
      throw new InvalidInputError(
        at === 0
          ? 'It begins like FITS and is none: its header cannot be read.'
          : `It is cut short or damaged: what begins at byte ${at} is no FITS header.`,
        { cause: err },
      );
    }
    primary ??= header.cards;
    if (header.cards.get('XTENSION') === 'BINTABLE') return header;
    at = header.dataStart + dataBytes(header.cards);
  }
  const isImage = numberOf(primary, 'NAXIS') > 0;
  throw new InvalidInputError(
    isImage
      ? 'It is a FITS image, and a MOC is a FITS table of cells.'
      : 'It is a FITS file without a binary table: a MOC is a table of cells.',
  );
}

function checkKind(cards: Cards): void {
  const ordering = textOf(cards, 'ORDERING').toUpperCase();
  const columns = numberOf(cards, 'TFIELDS');
  const names = Array.from({ length: Math.min(columns, 999) }, (_, i) =>
    textOf(cards, `TTYPE${i + 1}`),
  );
  if (names.some((name) => VALUES.test(name))) {
    throw new InvalidInputError(
      `It is a map of values on the sky (column ${names.find((name) => VALUES.test(name)) ?? ''}), not a region: make the region first, as of the cells that hold 90% of the probability.`,
    );
  }
  if (ordering === 'NESTED' || ordering === 'RING') {
    throw new InvalidInputError(
      `It is a HEALPix map in ${ordering} order, not a MOC: its pixels are values, not a region.`,
    );
  }
  if (ordering !== 'NUNIQ' && ordering !== 'RANGE' && !/^(UNIQ|RANGE|NPIX)$/i.test(names[0])) {
    throw new InvalidInputError(
      `It is a FITS table and no MOC: it says neither ORDERING = 'NUNIQ' nor 'RANGE' (its columns are ${names.slice(0, 5).join(', ') || 'none'}).`,
    );
  }
  if (columns !== 1) {
    throw new InvalidInputError(
      `It has ${columns} columns, and a MOC has one: it may be a map of values by cell.`,
    );
  }
  const dimension = textOf(cards, 'MOCDIM').toUpperCase();
  if (dimension !== '' && dimension !== 'SPACE') {
    throw new InvalidInputError(
      `It is a MOC of ${dimension.toLowerCase()}, and a region of the sky is a MOC of space alone.`,
    );
  }
  const frame = textOf(cards, 'COORDSYS').toUpperCase();
  if (frame !== '' && !EQUATORIAL.has(frame)) {
    throw new InvalidInputError(
      `Its cells are in the coordinate system ${frame}, and a MOC is in ICRS (COORDSYS = 'C'): make it anew in ICRS.`,
    );
  }
}

function isRanges(cards: Cards): boolean {
  const ordering = textOf(cards, 'ORDERING').toUpperCase();
  return ordering === 'RANGE' || (ordering === '' && /^RANGE$/i.test(textOf(cards, 'TTYPE1')));
}

/** How many integers the table has, and bytes of each. */
function describeColumn(cards: Cards): { values: number; width: number } {
  const form = textOf(cards, 'TFORM1').trim().toUpperCase();
  const match = /^(\d*)([IJK])$/.exec(form);
  if (match === null) {
    throw new InvalidInputError(`Its cells have the form ${form || 'of nothing'}, not integers.`);
  }
  const repeat = match[1] === '' ? 1 : Number(match[1]);
  const width = INTEGER_BYTES[match[2]];
  const [rowBytes, rows] = [numberOf(cards, 'NAXIS1'), numberOf(cards, 'NAXIS2')];
  if (rowBytes !== repeat * width || !Number.isInteger(rows) || rows < 0) {
    throw new InvalidInputError(
      `Its header contradicts itself: a row of ${form} takes ${repeat * width} bytes, and it says ${rowBytes}.`,
    );
  }
  return { values: rows * repeat, width };
}

function declaredOrder(cards: Cards): number {
  for (const name of ['MOCORD_S', 'MOCORDER']) {
    const order = cards.get(name);
    if (order === undefined) continue;
    if (typeof order !== 'number' || !Number.isInteger(order) || order < 0 || order > MAX_ORDER) {
      throw new InvalidInputError(
        `It says ${name} = ${String(order)}: orders of HEALPix cells are 0 to ${MAX_ORDER}.`,
      );
    }
    return order;
  }
  return 0;
}

interface Numbers {
  bytes: Buffer;
  from: number;
  width: number;
  count: number;
}

function readRanges(numbers: Numbers, order: number): FromIntervals {
  if (numbers.width !== 8 || numbers.count % 2 !== 0) {
    throw new InvalidInputError('Its ranges are not pairs of 64-bit integers.');
  }
  const count = numbers.count / 2;
  checkCount(count);
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  const places = [new Uint32Array(starts.buffer), new Uint32Array(ends.buffer)];
  for (let i = 0; i < numbers.count; i++) {
    const at = numbers.from + 8 * i;
    const place = places[i % 2];
    const k = 2 * (i >> 1);
    place[k + HIGH] = numbers.bytes.readUInt32BE(at);
    place[k + LOW] = numbers.bytes.readUInt32BE(at + 4);
  }
  for (let i = 0; i < count; i++) {
    // What is above the sky's end, or negative and so no number at all, fails this as well.
    if (!(starts[i] < ends[i] && ends[i] <= SKY_END)) {
      const [start, end] = [0, 8].map((byte) =>
        numbers.bytes.readBigInt64BE(numbers.from + 16 * i + byte),
      );
      throw new InvalidInputError(
        `Its range ${i + 1}, from ${start} to before ${end}, is none of the sky: order 29 has cells 0 to 12 x 4^29 - 1.`,
      );
    }
  }
  return fromIntervals(starts, ends, order);
}

function readUniqs({ bytes, from, width, count }: Numbers, order: number): FromIntervals {
  checkCount(count);
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  const startHalves = new Uint32Array(starts.buffer);
  const endHalves = new Uint32Array(ends.buffer);
  for (let i = 0; i < count; i++) {
    const at = from + width * i;
    let high = 0;
    let low: number;
    if (width === 8) {
      high = bytes.readUInt32BE(at);
      low = bytes.readUInt32BE(at + 4);
    } else {
      const value = width === 4 ? bytes.readInt32BE(at) : bytes.readInt16BE(at);
      low = value >>> 0;
      // A negative number, as when it did not fit: refused below.
      if (value < 0) high = 0xffffffff;
    }
    const top = high !== 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(low);
    // The number is 4 x 4^order and the cell's: its two highest bits say the order.
    const cellOrder = (top - 2) >> 1;
    if (top < 2 || cellOrder > MAX_ORDER) {
      const value = width === 8 ? bytes.readBigInt64BE(at) : low | 0;
      throw new InvalidInputError(
        `Its row ${i + 1} holds ${value}, which is the number of no HEALPix cell (orders 0 to ${MAX_ORDER}).`,
      );
    }
    const mark = 2 * cellOrder + 2;
    if (mark >= 32) high -= 2 ** (mark - 32);
    else low -= 2 ** mark;
    const shift = 2 * (MAX_ORDER - cellOrder);
    writeShifted(startHalves, 2 * i, high, low, shift);
    // The next cell of the same order.
    const next = low + 1;
    writeShifted(endHalves, 2 * i, next > 0xffffffff ? high + 1 : high, next >>> 0, shift);
  }
  return fromIntervals(starts, ends, order);
}

/** Writes a 64-bit number, moved up by some bits. */
function writeShifted(
  halves: Uint32Array,
  at: number,
  high: number,
  low: number,
  shift: number,
): void {
  if (shift >= 32) {
    halves[at + HIGH] = low * 2 ** (shift - 32);
    halves[at + LOW] = 0;
  } else {
    const moved = low * 2 ** shift;
    halves[at + HIGH] = high * 2 ** shift + Math.floor(moved / 2 ** 32);
    halves[at + LOW] = moved % 2 ** 32;
  }
}

function checkCount(count: number): void {
  if (count > MAX_RANGES) {
    throw new InvalidInputError(
      `It has ${count} cells or ranges, and ${MAX_RANGES} are taken at the most: degrade it to a coarser order.`,
    );
  }
}

/** Bytes of the data behind a header, whole blocks. */
function dataBytes(cards: Cards): number {
  const axes = numberOf(cards, 'NAXIS');
  let values = axes > 0 ? 1 : 0;
  for (let axis = 1; axis <= Math.min(axes, 999); axis++) values *= numberOf(cards, `NAXIS${axis}`);
  const groups = numberOf(cards, 'GCOUNT', 1);
  const bytes = (Math.abs(numberOf(cards, 'BITPIX', 8)) / 8) * groups;
  const all = bytes * (numberOf(cards, 'PCOUNT') + values);
  if (!(all >= 0)) throw new InvalidInputError('Its header contradicts itself.');
  return Math.ceil(all / BLOCK_BYTES) * BLOCK_BYTES;
}

function numberOf(cards: Cards | undefined, name: string, without = 0): number {
  const value = cards?.get(name);
  return typeof value === 'number' ? value : without;
}

function textOf(cards: Cards, name: string): string {
  const value = cards.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
