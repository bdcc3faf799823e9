import type { Visit } from './cadence.ts';
import { nightName } from './options.ts';

const BASE = 1n << 57n;
const FORCED = 1n << 19n;

/** Rubin's number of an exposure: day and number within it. */
export const visitId = (visit: Visit) =>
  BigInt(nightName(visit.night)) * 100_000n + BigInt(visit.slot.index * 64 + visit.serial + 1);

/** Id of a detection: exposure, detector, and number on it. More than a double can hold. */
export function diaSourceId(visit: Visit, detector: number, ordinal: number): bigint {
  const exposure = BigInt((visit.night * 256 + visit.slot.index) * 64 + visit.serial);
  return BASE + (exposure << 28n) + BigInt(detector * 1_048_576 + ordinal);
}

/** Id of a forced measurement: that which a detection would have, in a range of its own. */
export const diaForcedSourceId = (visit: Visit, detector: number, ordinal: number) =>
  diaSourceId(visit, detector, ordinal) + FORCED;

/** Rubin's id of a solar-system object: the letters of its packed designation as a number. */
export function ssObjectId(packed: string): bigint {
  return [...packed].reduce((id, letter) => id * 256n + BigInt(letter.charCodeAt(0)), 0n);
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The Minor Planet Center's packed form of a provisional designation: `1999 NT15` is `J99N15T`.
 * @see https://www.minorplanetcenter.net/iau/info/PackedDes.html
 */
export function packDesignation(name: string): string {
  const century = { 19: 'J', 20: 'K' }[Number(name.slice(0, 2))] ?? 'I';
  const cycle = Number(name.slice(7) || '0');
  const packed = `${DIGITS[Math.floor(cycle / 10)]}${cycle % 10}`;
  return `${century}${name.slice(2, 4)}${name[5]}${packed}${name[6]}`;
}
