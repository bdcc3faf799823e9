import { hashOf } from './random.ts';
import type { NightOptions } from './options.ts';
import { JD_OF_MJD_ZERO, nightName } from './options.ts';
import type { Visit } from './cadence.ts';

const LETTERS = 26;
const NAMES = LETTERS ** 7;
/** A moving source is a new object in every exposure. */
const OBJECTS_PER_SOURCE = 128;

/**
 * ZTF's name of an object: year and seven letters.
 * @param appearance - Which of the source's objects, 0 unless it moves.
 */
export function ztfObjectId(options: NightOptions, source: number, appearance: number): string {
  const { seed, startNight, alerts, nights } = options;
  const from = hashOf(seed, startNight, alerts, nights) % 50_000;
  let left = (from * 150_000 + source * OBJECTS_PER_SOURCE + appearance) % NAMES;
  let letters = '';
  for (let n = 0; n < 7; n++) {
    letters = String.fromCharCode(97 + (left % LETTERS)) + letters;
    left = Math.floor(left / LETTERS);
  }
  return `ZTF${nightName(startNight).slice(2, 4)}${letters}`;
}

/** Julian Date of an exposure with the seven decimals that ZTF gives. */
export const jdOf = (visit: Visit) => Math.round((visit.mjd + JD_OF_MJD_ZERO) * 1e7) / 1e7;

/** Five digits that tell when in its UTC day an exposure was made. */
const dayFractionOf = (visit: Visit) => Math.floor((visit.mjd % 1) * 1e5 + 0.01);

/** Processing id: night, fraction of the day, readout channel, and 15 for the kind of product. */
export const pidOf = (visit: Visit, rcid: number) =>
  BigInt(visit.night) * 1_000_000_000n +
  BigInt(dayFractionOf(visit)) * 10_000n +
  BigInt(rcid * 100 + 15);

/** Candidate id: processing id, 15 for a positive and 10 for a negative difference, and number. */
export const candidOf = (pid: bigint, isPositive: boolean, ordinal: number) =>
  pid * 1_000_000n + BigInt(((isPositive ? 15 : 10) * 1000 + ordinal) % 1_000_000);

const FILTER_NAMES = ['', 'zg', 'zr', 'zi'];

/** Name of the difference image of an exposure and channel. */
export function imageName(visit: Visit, rcid: number, fid: number): string {
  const fraction = String(dayFractionOf(visit) * 10).padStart(6, '0');
  const ccd = String((rcid >> 2) + 1).padStart(2, '0');
  const field = String(visit.slot.field).padStart(6, '0');
  return `ztf_${nightName(visit.night)}${fraction}_${field}_${FILTER_NAMES[fid]}_c${ccd}_o_q${(rcid & 3) + 1}_scimrefdiffimg.fits`;
}
