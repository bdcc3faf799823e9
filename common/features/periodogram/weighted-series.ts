/** One band of a light curve, ready for a periodogram. */
export interface WeightedSeries {
  /** Days, about their mean: small numbers keep the phases exact. */
  time: Float64Array;
  /** About the weighted mean. */
  value: Float64Array;
  /** Weights 1/error^2, normalised to a sum of 1. */
  weight: Float64Array;
  /** Chi-square of a constant: what a sinusoid has to explain. */
  chiSquare: number;
}

/** Values with their times, and errors where the survey gave them (else NaN or 0). */
export interface Measurements {
  time: readonly number[];
  value: readonly number[];
  error: readonly number[];
}

/** An error smaller than this part of the median is taken to be a mistake: it would drown the rest. */
const LEAST_ERROR = 0.1;
/** Scatter below this part of the mean is rounding: equal values. */
const ROUNDING = 1e-12;

/**
 * Weighs measurements by their errors. Those without a finite time and value are left out; an error
 * that is missing is taken to be the median of the others, and all are equal where there is none.
 *
 * @param epoch - Days that count as time 0, the same for all bands of an object.
 * @returns Empty arrays if nothing is left.
 */
export function weightedSeries(measured: Measurements, epoch: number): WeightedSeries {
  const kept = measured.time
    .map((_, i) => i)
    .filter((i) => Number.isFinite(measured.time[i]) && Number.isFinite(measured.value[i]));
  const time = Float64Array.from(kept, (i) => measured.time[i] - epoch);
  const value = Float64Array.from(kept, (i) => measured.value[i]);
  return weigh(time, value, usableErrors(kept.map((i) => measured.error[i])));
}

/** @param value - About any origin. */
export function weigh(
  time: Float64Array,
  value: Float64Array,
  errors: ArrayLike<number>,
): WeightedSeries {
  const weight = Float64Array.from(errors, (error) => 1 / (error * error));
  const total = sum(weight);
  let mean = 0;
  for (let i = 0; i < weight.length; i++) {
    weight[i] /= total;
    mean += weight[i] * value[i];
  }
  const offset = value.map((each) => each - mean);
  let variance = 0;
  for (let i = 0; i < offset.length; i++) variance += weight[i] * offset[i] * offset[i];
  if (variance <= (ROUNDING * mean) ** 2) {
    offset.fill(0);
    variance = 0;
  }
  return { time, value: offset, weight, chiSquare: offset.length === 0 ? 0 : variance * total };
}

/** Weighted variance of the times, days squared. */
export function timeVariance({ time, weight }: WeightedSeries): number {
  let mean = 0;
  for (let i = 0; i < time.length; i++) mean += weight[i] * time[i];
  let variance = 0;
  for (let i = 0; i < time.length; i++) variance += weight[i] * (time[i] - mean) ** 2;
  return variance;
}

function usableErrors(errors: number[]): number[] {
  const known = errors.filter((error) => Number.isFinite(error) && error > 0).sort((a, b) => a - b);
  const median = known.length === 0 ? 1 : known[known.length >> 1];
  return errors.map((error) =>
    Number.isFinite(error) && error > 0 ? Math.max(error, LEAST_ERROR * median) : median,
  );
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
