import { known, register, ROUNDING, unknown } from './screen-register.ts';
import type { NumberOf } from './screen-register.ts';

/** A function of numbers, over what its arguments are. */
type MakeNumber = (args: NumberOf[]) => NumberOf;

/** Libraries differ in the last digits of logarithms, powers and sines. */
const LIBRARY = 16 * ROUNDING;
const JD_OF_MJD_0 = 2_400_000.5;
const MAG_OF_1_NJY = 31.4;
const MAG_PER_RELATIVE_FLUX = 1.0857362047581294;
/** Angles whose rounding is known: no copy of the server's own sum of sines is needed. */
const SEPARATION_ERROR_ARCSEC = 1e-3;
const ARCSEC_PER_DEGREE = 3_600;

/**
 * A smooth function of one number.
 *
 * @param slope - Its steepness, for the error of the argument.
 * @param isNull - For which numbers the server gives NULL; near their limit nobody knows.
 */
function smooth(
  value: (x: number) => number,
  slope: (x: number) => number,
  isNull: (x: number) => boolean = () => false,
): MakeNumber {
  return ([inner]) =>
    (row, now) => {
      const x = inner(row, now);
      const { error } = register;
      if (Number.isNaN(x)) return known(NaN, 0);
      if (isNull(x - error) !== isNull(x + error)) return unknown();
      if (isNull(x)) return known(NaN, 0);
      const y = value(x);
      // The slope is that of the place itself: good for errors that are small beside it.
      if (error > Math.abs(x) * 1e-6) return unknown();
      return known(y, 2 * Math.abs(slope(x)) * error + Math.abs(y) * LIBRARY + LIBRARY * error);
    };
}

/** Steps of whole numbers: where an error reaches over one nobody knows. */
function step(round: (x: number) => number): MakeNumber {
  return ([inner]) =>
    (row, now) => {
      const x = inner(row, now);
      const { error } = register;
      if (Number.isNaN(x)) return known(NaN, 0);
      return round(x - error) === round(x + error) ? known(round(x), 0) : unknown();
    };
}

/** The smallest or largest of several: NULL if one of them is. */
function extreme(choose: (...values: number[]) => number): MakeNumber {
  return (args) => (row, now) => {
    let [found, error, isNull] = [NaN, 0, false];
    for (const [i, one] of args.entries()) {
      const value = one(row, now);
      error = Math.max(error, register.error);
      isNull ||= Number.isNaN(value);
      found = i === 0 ? value : choose(found, value);
    }
    return isNull ? known(NaN, 0) : known(found, error);
  };
}

/** The first that is not NULL. */
const coalesce: MakeNumber = (args) => (row, now) => {
  for (const one of args) {
    const value = one(row, now);
    if (!Number.isNaN(value)) return value;
  }
  return known(NaN, 0);
};

const power: MakeNumber =
  ([base, exponent]) =>
  (row, now) => {
    const x = base(row, now);
    const errorX = register.error;
    const y = exponent(row, now);
    const errorY = register.error;
    if (Number.isNaN(x) || Number.isNaN(y)) return known(NaN, 0);
    // Below 0 whole exponents only; there rounding decides between a number and an error.
    if (x <= 0 || errorX > x * 1e-6) return unknown();
    const value = x ** y;
    const slope = Math.abs(value) * (Math.abs(y / x) * errorX + Math.abs(Math.log(x)) * errorY);
    return errorY > 1e-6
      ? unknown()
      : known(value, 2 * slope + value * LIBRARY * (1 + Math.abs(y)));
  };

const separation: MakeNumber =
  ([ra1, dec1, ra2, dec2]) =>
  (row, now) => {
    const values = [];
    let error = 0;
    for (const one of [ra1, dec1, ra2, dec2]) {
      values.push((one(row, now) / 180) * Math.PI);
      error += register.error;
    }
    const [l1, b1, l2, b2] = values;
    const h =
      Math.sin((b2 - b1) / 2) ** 2 + Math.cos(b1) * Math.cos(b2) * Math.sin((l2 - l1) / 2) ** 2;
    const arcsec = ((2 * Math.asin(Math.min(1, Math.sqrt(h)))) / Math.PI) * 180 * ARCSEC_PER_DEGREE;
    // Beyond a hemisphere the sine is flat, and rounding shows.
    if (!(h <= 0.5)) return Number.isNaN(h) ? known(NaN, 0) : unknown();
    return known(arcsec, SEPARATION_ERROR_ARCSEC + error * ARCSEC_PER_DEGREE * 2);
  };

const isNotPositive = (x: number) => x <= 0;
const inverse = (x: number) => 1 / x;

/** Functions that screens know; all others they leave to the database. */
export const NUMBER_FUNCTIONS: ReadonlyMap<string, MakeNumber> = new Map<string, MakeNumber>([
  ['ABS', smooth(Math.abs, () => 1)],
  [
    'SQRT',
    smooth(
      Math.sqrt,
      (x) => 0.5 / Math.sqrt(x),
      (x) => x < 0,
    ),
  ],
  ['EXP', smooth(Math.exp, Math.exp)],
  ['LN', smooth(Math.log, inverse, isNotPositive)],
  ['LOG10', smooth(Math.log10, inverse, isNotPositive)],
  ['LOG2', smooth(Math.log2, (x) => 2 / x, isNotPositive)],
  ['FLOOR', step(Math.floor)],
  ['CEIL', step(Math.ceil)],
  ['CEILING', step(Math.ceil)],
  ['POW', power],
  ['POWER', power],
  ['LEAST', extreme(Math.min)],
  ['GREATEST', extreme(Math.max)],
  ['COALESCE', coalesce],
  ['IFNULL', coalesce],
  [
    'flux2mag',
    smooth(
      (x) => MAG_OF_1_NJY - 2.5 * Math.log10(x),
      (x) => 1.1 / x,
      isNotPositive,
    ),
  ],
  [
    'mag2flux',
    smooth(
      (x) => 10 ** (0.4 * (MAG_OF_1_NJY - x)),
      (x) => 10 ** (0.4 * (MAG_OF_1_NJY - x)),
    ),
  ],
  ['fluxerr2magerr', ([flux, error]) => magnitudeError(flux, error)],
  ['mjd2jd', shifted(JD_OF_MJD_0)],
  ['jd2mjd', shifted(-JD_OF_MJD_0)],
  ['separation', separation],
]);

function shifted(by: number): MakeNumber {
  return ([inner]) =>
    (row, now) => {
      const x = inner(row, now);
      return known(x + by, register.error + (Math.abs(x) + Math.abs(by)) * ROUNDING);
    };
}

function magnitudeError(flux: NumberOf, fluxError: NumberOf): NumberOf {
  return (row, now) => {
    const x = flux(row, now);
    const errorX = register.error;
    const y = fluxError(row, now);
    const errorY = register.error;
    if (Number.isNaN(x) || Number.isNaN(y)) return known(NaN, 0);
    if (errorX > Math.abs(x) * 1e-6) return unknown();
    if (x <= 0) return known(NaN, 0);
    const value = (MAG_PER_RELATIVE_FLUX * y) / x;
    const relative = (2 * errorX) / x + LIBRARY;
    return known(value, Math.abs(value) * relative + (2 * errorY) / x);
  };
}
