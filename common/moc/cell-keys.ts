import { hpx29Halves, HPX_ORDER } from '../astro/healpix.ts';

/**
 * Numbers of HEALPix cells of order 29 need 62 bits and are compared millions of times. Here they are
 * kept as doubles of the same bits, called keys: doubles that are not negative stand in the order of
 * their bits, so that one ordinary comparison decides, nothing is allocated, and copies are exact.
 * Keys are only compared and copied; their value as a number means nothing.
 */
const scratch = new Float64Array(1);
const halves = new Uint32Array(scratch.buffer);
const whole = new BigUint64Array(scratch.buffer);
/** Halves in memory, by the order of bytes of this machine. */
export const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
export const HIGH = 1 - LOW;

const UNIT = 2 ** 32;
/** Cells of a coarser order are numbers that doubles hold exactly. */
const EXACT_ORDER = 24;

/** Bits that a cell of an order is away from order 29. */
export function shiftOf(order: number): number {
  return 2 * (HPX_ORDER - order);
}

/** How many cells an order has. Exact up to order 24. */
export function cellCount(order: number): number {
  return 12 * 4 ** order;
}

/** Key of a number given as two unsigned halves of 32 bits. */
export function keyOfHalves(high: number, low: number): number {
  halves[HIGH] = high;
  halves[LOW] = low;
  return scratch[0];
}

/** Key of the cell of order 29 that holds a position, degrees. */
export function keyOfPosition(ra: number, dec: number): number {
  const { high, low } = hpx29Halves(ra, dec);
  return keyOfHalves(high, low);
}

/** Key of the first cell of order 29 in a cell of another order. The cell behind the last is allowed. */
export function keyOfCell(order: number, cell: number | bigint): number {
  if (typeof cell === 'bigint') return keyOfBigint(cell << BigInt(shiftOf(order)));
  if (order > EXACT_ORDER) return keyOfBigint(BigInt(cell) << BigInt(shiftOf(order)));
  // A power of two times an exact number: exact as well, and so are both parts.
  const first = cell * 2 ** shiftOf(order);
  const high = Math.floor(first / UNIT);
  return keyOfHalves(high, first - high * UNIT);
}

export function keyOfBigint(cell29: bigint): number {
  whole[0] = cell29;
  return scratch[0];
}

export function bigintOfKey(key: number): bigint {
  scratch[0] = key;
  return whole[0];
}

/** The number behind a key as a double: rounded to 53 bits. */
export function approximateCell(key: number): number {
  scratch[0] = key;
  return halves[HIGH] * UNIT + halves[LOW];
}

/** The number of the cell of an order that begins at or holds a key; exact up to order 24. */
export function cellOfKey(key: number, order: number): number {
  scratch[0] = key;
  const shift = shiftOf(order);
  return shift >= 32
    ? Math.floor(halves[HIGH] / 2 ** (shift - 32))
    : halves[HIGH] * 2 ** (32 - shift) + Math.floor(halves[LOW] / 2 ** shift);
}

/** Behind the last cell of the sky. */
export const SKY_END = keyOfBigint(12n << BigInt(2 * HPX_ORDER));
