import type { Scalar } from '../../store/row-reader.ts';

/**
 * A number that is reckoned from one row: NaN for NULL, which is certain. By how much the server's own
 * may differ stands in the register behind it.
 */
export type NumberOf = (row: readonly Scalar[], mjdUtc: number) => number;

/**
 * By how much the number that was reckoned last may differ from the server's: its decimals and those
 * here round otherwise. Infinity where nothing is known of the server's.
 */
export const register = { error: 0 };

/** Rounding of one step in double precision, relative. */
export const ROUNDING = 2 ** -52;

/** A number with its error; too large ones are an error on the server. */
export function known(value: number, error: number): number {
  if (Number.isNaN(value)) {
    register.error = 0;
    return NaN;
  }
  if (!Number.isFinite(value) || !(error >= 0)) return unknown();
  register.error = error;
  return value;
}

/** Any number, or NULL. */
export function unknown(): number {
  register.error = Infinity;
  return 0;
}
