export const TAB = 0x09;
export const NEWLINE = 0x0a;
export const BACKSLASH = 0x5c;
/** Printable, and nothing that the loader gives a meaning. */
export const PLAIN_ASCII = /^[\x20-\x5b\x5d-\x7e]*$/;

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Significant digits that tell every number of single precision apart. */
const FLOAT_DIGITS = 9;
const SMALLEST_PLAIN = 1e-4;
const LARGEST_PLAIN = 1e9;
const LARGEST_INTEGER = 1e15;
const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);
const NULL = '\\N';
const SHORT_TEXT = 24;

/**
 * Rows as the server's bulk loader reads them: values between tabs, a row per line. Reused between
 * batches: `clear` keeps the memory.
 *
 * A class, so that all buffers share the same compiled methods: functions made anew for every buffer
 * would be compiled anew for every batch.
 */
export class RowBuffer {
  #bytes: Buffer;
  #end = 0;
  #rows = 0;
  #isRowStart = true;

  constructor(initialBytes = 1 << 16) {
    this.#bytes = Buffer.allocUnsafe(initialBytes);
  }

  /** Number of whole rows written so far. */
  count(): number {
    return this.#rows;
  }

  clear(): void {
    this.#rows = 0;
    this.#end = 0;
    this.#isRowStart = true;
  }

  /** The bytes written so far; valid until the next write. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Any value of a packet: NaN and the infinities become NULL. */
  value(value: unknown): void {
    if (value === null || value === undefined) this.#ascii(NULL);
    else if (typeof value === 'number') this.number(value);
    else if (typeof value === 'bigint') this.long(value);
    else if (typeof value === 'string') this.text(value);
    else if (typeof value === 'boolean') this.number(value ? 1 : 0);
    else if (value instanceof Uint8Array) this.binary(value);
    else throw new TypeError('a column cannot hold a list or a record');
  }

  /** NaN and the infinities become NULL. */
  number(value: number | null | undefined): void {
    if (value === null || value === undefined) return this.#ascii(NULL);
    if (Number.isInteger(value) && value < LARGEST_INTEGER && value > -LARGEST_INTEGER) {
      return this.#digits(value < 0, Math.abs(value), 0);
    }
    this.#ascii(Number.isFinite(value) ? String(value) : NULL);
  }

  /** A whole number of 64 bits, or null. */
  long(value: bigint | null | undefined): void {
    if (value === null || value === undefined) return this.#ascii(NULL);
    const rounded = Number(value);
    if (rounded < LARGEST_INTEGER && rounded > -LARGEST_INTEGER) this.number(rounded);
    else this.#ascii(value.toString());
  }

  /** A number of single precision, or null: nine digits say it exactly, and are quick to write and read. */
  float(value: number | null | undefined): void {
    if (value === null || value === undefined) return this.#ascii(NULL);
    const size = Math.abs(value);
    if (!isPlain(size)) return this.#ascii(Number.isFinite(value) ? String(value) : NULL);
    let decimals = decimalsOf(size);
    let digits = Math.round(size * POWERS[decimals]);
    while (decimals > 0 && digits % 10 === 0) {
      digits /= 10;
      decimals--;
    }
    this.#digits(value < 0, digits, decimals);
  }

  text(value: string | null): void {
    if (value === null) this.#ascii(NULL);
    else if (PLAIN_ASCII.test(value)) this.#ascii(value);
    else this.binary(Buffer.from(value, 'utf8'));
  }

  /** Bytes, with what the loader would take for structure escaped. */
  binary(value: Uint8Array | null): void {
    if (value === null) return this.#ascii(NULL);
    this.#begin(2 * value.length);
    const bytes = this.#bytes;
    let end = this.#end;
    for (let i = 0; i < value.length; i++) {
      const byte = value[i];
      if (byte === BACKSLASH || byte === TAB || byte === NEWLINE) bytes[end++] = BACKSLASH;
      bytes[end++] = byte;
    }
    this.#end = end;
  }

  endRow(): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = NEWLINE;
    this.#isRowStart = true;
    this.#rows++;
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#end + length));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }

  /** Makes room for a value and what parts it from the one before. */
  #begin(length: number): void {
    this.#reserve(length + 1);
    if (this.#isRowStart) this.#isRowStart = false;
    else this.#bytes[this.#end++] = TAB;
  }

  #ascii(text: string): void {
    this.#begin(text.length);
    if (text.length > SHORT_TEXT) {
      this.#end += this.#bytes.write(text, this.#end, 'latin1');
      return;
    }
    const bytes = this.#bytes;
    let end = this.#end;
    for (let i = 0; i < text.length; i++) bytes[end++] = text.charCodeAt(i);
    this.#end = end;
  }

  /** Writes `digits` with a point before the last `decimals` of them. */
  #digits(isNegative: boolean, digits: number, decimals: number): void {
    this.#begin(SHORT_TEXT);
    const bytes = this.#bytes;
    if (isNegative) bytes[this.#end++] = MINUS;
    let length = decimals + 1;
    while (length < POWERS.length && digits >= POWERS[length]) length++;
    let at = this.#end + length + (decimals > 0 ? 1 : 0);
    this.#end = at;
    let rest = digits;
    for (let place = 0; place < length; place++) {
      if (place === decimals && decimals > 0) bytes[--at] = POINT;
      const tenth = Math.floor(rest / 10);
      bytes[--at] = ZERO + (rest - 10 * tenth);
      rest = tenth;
    }
  }
}

export function createRowBuffer(initialBytes?: number): RowBuffer {
  return new RowBuffer(initialBytes);
}

/** The digits of a finite number of single precision, as few as tell it from all others, or one more. */
export function floatText(value: number): string {
  const size = Math.abs(value);
  if (!isPlain(size)) return String(value);
  const decimals = decimalsOf(size);
  const digits = String(Math.round(size * POWERS[decimals]));
  const sign = value < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  const padded = digits.length > decimals ? digits : digits.padStart(decimals + 1, '0');
  const point = padded.length - decimals;
  return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
}

/** Neither zero nor NaN, nor too large or small for plain digits. */
function isPlain(size: number): boolean {
  return size >= SMALLEST_PLAIN && size < LARGEST_PLAIN;
}

/** Decimals that a number of this size has when it is written with nine digits. */
function decimalsOf(size: number): number {
  let decimals = FLOAT_DIGITS - 1;
  for (let power = 10; size >= power; power *= 10) decimals--;
  for (let power = 1; size < power; power /= 10) decimals++;
  return decimals;
}
