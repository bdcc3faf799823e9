/** Julian Date of MJD 0. */
const JD_OF_MJD_ZERO = 2_400_000.5;
/** MJD of 1970-01-01. */
const MJD_OF_UNIX_ZERO = 40_587;
/** JD of 2017-01-01 00:00 UTC, where ZTF's nights begin to count. */
const JD_OF_NIGHT_ZERO = 2_457_754.5;
const MS_PER_DAY = 86_400_000;
const SECONDS_PER_DAY = 86_400;

/** MJD (UTC) from which TAI - UTC has a value, seconds. IERS Bulletin C; none announced since 2017. */
const LEAP_SECONDS: readonly (readonly [fromMjdUtc: number, taiMinusUtcSeconds: number])[] = [
  [57754, 37],
  [57204, 36],
  [56109, 35],
  [54832, 34],
  [53736, 33],
  [51179, 32],
  [50630, 31],
  [50083, 30],
  [49534, 29],
  [49169, 28],
  [48804, 27],
  [48257, 26],
  [47892, 25],
  [47161, 24],
  [46247, 23],
  [45516, 22],
  [45151, 21],
  [44786, 20],
  [44239, 19],
  [43874, 18],
  [43509, 17],
  [43144, 16],
  [42778, 15],
  [42413, 14],
  [42048, 13],
  [41683, 12],
  [41499, 11],
  [41317, 10],
];

/** Modified Julian Date of a Julian Date, on the same scale. */
export function mjdFromJd(jd: number): number {
  return jd - JD_OF_MJD_ZERO;
}

/** Julian Date of a Modified Julian Date, on the same scale. */
export function jdFromMjd(mjd: number): number {
  return mjd + JD_OF_MJD_ZERO;
}

/** The moment of a Modified Julian Date (UTC), to the millisecond. */
export function dateFromMjdUtc(mjdUtc: number): Date {
  return new Date(Math.round((mjdUtc - MJD_OF_UNIX_ZERO) * MS_PER_DAY));
}

/** Modified Julian Date (UTC) of a moment. */
export function mjdUtcFromDate(date: Date): number {
  return date.getTime() / MS_PER_DAY + MJD_OF_UNIX_ZERO;
}

/**
 * TAI - UTC at a moment given as MJD (UTC), seconds; before 1972, when UTC was steered otherwise,
 * the 10 s it began with.
 *
 * @see IERS Bulletin C.
 */
export function taiMinusUtcSeconds(mjdUtc: number): number {
  for (const [fromMjdUtc, seconds] of LEAP_SECONDS) if (mjdUtc >= fromMjdUtc) return seconds;
  return 10;
}

/** MJD on the TAI scale of an MJD (UTC). */
export function mjdTaiFromUtc(mjdUtc: number): number {
  return mjdUtc + taiMinusUtcSeconds(mjdUtc) / SECONDS_PER_DAY;
}

/** MJD (UTC) of an MJD on the TAI scale; a leap second itself falls on the start of the next day. */
export function mjdUtcFromTai(mjdTai: number): number {
  for (const [fromMjdUtc, seconds] of LEAP_SECONDS) {
    const mjdUtc = mjdTai - seconds / SECONDS_PER_DAY;
    if (mjdUtc >= fromMjdUtc) return mjdUtc;
    // Within the leap second that was put in just before this date.
    if (mjdUtc + 1 / SECONDS_PER_DAY >= fromMjdUtc) return fromMjdUtc;
  }
  return mjdTai - 10 / SECONDS_PER_DAY;
}

/** Number of the night (ZTF's `nid`): whole days since 2017-01-01 00:00 UTC. */
export function nightOfJd(jdUtc: number): number {
  return Math.floor(jdUtc - JD_OF_NIGHT_ZERO);
}

/**
 * Number of a night of Rubin's: whole days from 2017-01-01 to the date on which it began. Rubin's day
 * begins at noon TAI, since midnight UTC comes in the middle of its nights.
 *
 * @see LSST Systems Engineering Note 30: `day_obs`.
 */
export function nightOfMjdTai(mjdTai: number): number {
  return Math.floor(mjdTai - 0.5) - (JD_OF_NIGHT_ZERO - JD_OF_MJD_ZERO);
}

/** Number of the night that a moment belongs to. */
export function nightOfDate(date: Date): number {
  return (
    Math.floor(date.getTime() / MS_PER_DAY) - (JD_OF_NIGHT_ZERO - JD_OF_MJD_ZERO - MJD_OF_UNIX_ZERO)
  );
}
