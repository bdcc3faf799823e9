/** FATS's `Amplitude` leaves out this part of the values at either end. */
const TAIL = 0.05;

/**
 * Mean weighted with the inverse squares of the errors, its standard error, and the chi-square of
 * the values against it; NaN for none. Every error must be positive.
 *
 * @see Bevington & Robinson 2003, Data Reduction and Error Analysis, eq. 4.17 and 4.19.
 */
export function weightedMean(
  values: readonly number[],
  errs: readonly number[],
): { mean: number; err: number; chi2: number } {
  let weights = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = 1 / (errs[i] * errs[i]);
    weights += weight;
    // From the first value on, so that equal values have it as their mean to the last bit.
    sum += weight * (values[i] - values[0]);
  }
  const mean = values[0] + sum / weights;
  let chi2 = 0;
  for (let i = 0; i < values.length; i++) {
    const delta = (values[i] - mean) / errs[i];
    chi2 += delta * delta;
  }
  return { mean, err: 1 / Math.sqrt(weights), chi2 };
}

/** The values in rising order. */
export function inOrder(values: readonly number[]): Float64Array {
  return new Float64Array(values).sort();
}

/** Median of values in rising order; NaN for none. */
export function median(sorted: ArrayLike<number>, from = 0, count: number = sorted.length): number {
  const middle = from + (count >> 1);
  if (count === 0) return NaN;
  return count % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Half the difference between the median of the highest and that of the lowest twentieth of the
 * values: half of maximum - minimum up to 20 values, and little moved by outliers beyond.
 *
 * @see Nun et al. 2015, arXiv:1506.00010 (FATS), `Amplitude`.
 */
export function amplitude(sorted: ArrayLike<number>): number {
  const count = sorted.length;
  const tail = Math.ceil(TAIL * count);
  return (median(sorted, count - tail, tail) - median(sorted, 0, tail)) / 2;
}

/** Median of the distances from the median, of values in rising order; NaN for none. */
export function medianAbsoluteDeviation(sorted: ArrayLike<number>): number {
  const count = sorted.length;
  const middle = median(sorted);
  // The distances in rising order: the next is the one below or the one above, whichever is nearer.
  let above = count >> 1;
  let below = above - 1;
  let before = NaN;
  let distance = NaN;
  for (let found = 0; found <= count >> 1; found++) {
    before = distance;
    const down = below >= 0 ? middle - sorted[below] : Infinity;
    const up = above < count ? sorted[above] - middle : Infinity;
    distance = Math.min(down, up);
    if (down <= up) below--;
    else above++;
  }
  return count % 2 === 1 ? distance : (before + distance) / 2;
}

/** Skewness of a population: third central moment over the cubed standard deviation; 0 / 0 is NaN. */
export function skewness(values: readonly number[]): number {
  const { mean, variance } = moments(values);
  let cubes = 0;
  for (const value of values) cubes += (value - mean) * (value - mean) * (value - mean);
  return cubes / values.length / variance ** 1.5;
}

/**
 * Mean square of the differences between successive values over the variance: near 2 for values that
 * know nothing of each other, small for a smooth light curve. NaN for a single value or equal ones.
 *
 * @see von Neumann 1941, Annals of Mathematical Statistics 12, 367.
 */
export function vonNeumannRatio(values: readonly number[]): number {
  let squares = 0;
  for (let i = 1; i < values.length; i++) {
    const step = values[i] - values[i - 1];
    squares += step * step;
  }
  return squares / (values.length - 1) / moments(values).variance;
}

/**
 * Distances from the mean in units of the errors, enlarged for the mean having been taken from the
 * same values.
 *
 * @see Stetson 1996, PASP 108, 851.
 */
export function relativeErrors(
  values: readonly number[],
  errs: readonly number[],
  mean: number,
): number[] {
  const enlarged = Math.sqrt(values.length / (values.length - 1));
  return values.map((value, i) => (enlarged * (value - mean)) / errs[i]);
}

/**
 * Mean absolute over root mean square of the relative errors: 0.798 for a Gaussian, 0.9 for a sine,
 * towards 0 where a few points stand out.
 *
 * @see Stetson 1996, PASP 108, 851.
 */
export function stetsonK(relative: readonly number[]): number {
  let sum = 0;
  let squares = 0;
  for (const delta of relative) {
    sum += Math.abs(delta);
    squares += delta * delta;
  }
  return sum / Math.sqrt(relative.length * squares);
}

/** Mean and variance of the population; of equal values the variance is 0 exactly. */
function moments(values: readonly number[]): { mean: number; variance: number } {
  let sum = 0;
  for (const value of values) sum += value - values[0];
  const mean = values[0] + sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return { mean, variance: squares / values.length };
}
