/** Words that catalogues write where they have no value. */
const MISSING = /^(?:|null|none|nan|n\/a|na|\\n|-{1,3}|<na>|\*+)$/i;
/** The same for texts, of which some of these words could be one. */
const MISSING_TEXT = /^(?:|null|\\n|-{2,3}|<na>)$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;
const INFINITY = /^[+-]?inf(?:inity)?$/i;
const POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power);
const LARGEST_EXACT = 2 ** 53;

/** A number as somebody wrote it; null for a word that says there is none, NaN for anything else. */
export function parseNumber(written: string): number | null {
  const text = written.trim();
  if (NUMBER.test(text)) return finite(Number(text.replace(/[dD]/, 'e')));
  return MISSING.test(text) || INFINITY.test(text) ? null : NaN;
}

/** A text without blanks at its ends; null for a word that says there is none. */
export function parseText(written: string): string | null {
  const text = written.trim();
  return MISSING_TEXT.test(text) ? null : text;
}

/**
 * The number that these bytes spell, without making a string of the usual ones. Digits and a power
 * of ten that are both exact give the nearest number by one division (Clinger 1990, PLDI, 92).
 */
export function parseNumberBytes(bytes: Buffer, start: number, end: number): number | null {
  let at = start;
  let isNegative = false;
  if (bytes[at] === 0x2d || bytes[at] === 0x2b) isNegative = bytes[at++] === 0x2d;
  let digits = 0;
  let value = 0;
  let decimals = 0;
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + (byte - 0x30);
      digits++;
    } else if (byte === 0x2e && decimals === 0) decimals = digits + 1;
    else break;
  }
  if (at === end && digits > 0 && value < LARGEST_EXACT) {
    const power = decimals === 0 ? 0 : digits - decimals + 1;
    if (power < POWERS.length) return (isNegative ? -value : value) / POWERS[power];
  }
  return parseNumber(bytes.toString('latin1', start, end));
}

/** What formats with types of their own hold. */
export type CellValue = number | bigint | string | boolean | Date | Uint8Array | null | undefined;

export function numberOf(value: CellValue): number | null {
  if (typeof value === 'number') return finite(value);
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return parseNumber(value);
  return value instanceof Date ? NaN : parseNumber(Buffer.from(value).toString('latin1'));
}

export function textOf(value: CellValue): string | null {
  if (typeof value === 'string') return parseText(value);
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  if (value instanceof Date) return value.toISOString();
  return parseText(value instanceof Uint8Array ? Buffer.from(value).toString() : String(value));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
