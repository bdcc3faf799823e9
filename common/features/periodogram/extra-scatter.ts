import { weigh } from './weighted-series.ts';
import type { WeightedSeries } from './weighted-series.ts';

const STEPS = 60;

/**
 * The same band with its errors enlarged, in quadrature and all by as much, until its values scatter
 * about their weighted mean as the errors say. What varies scatters more than its errors, and so does
 * what is measured better than it is calibrated: weighed by the bare errors two or three values would
 * outweigh all others, and any sinusoid passes through two or three.
 *
 * @returns The series itself where it scatters no more than its errors allow.
 * @see Paule & Mandel 1982, Journal of Research of the National Bureau of Standards 87, 377.
 */
export function withExtraScatter(series: WeightedSeries): WeightedSeries {
  const { time, value, chiSquare } = series;
  const freedom = value.length - 1;
  if (freedom < 1 || !(chiSquare > freedom)) return series;
  const errors = errorsOf(series);
  const enlarged = (scatter: number) =>
    weigh(
      time,
      value,
      errors.map((error) => Math.hypot(error, scatter)),
    );
  let low = 0;
  let high = value.reduce((a, b) => Math.max(a, b)) - value.reduce((a, b) => Math.min(a, b));
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (enlarged(middle).chiSquare > freedom) low = middle;
    else high = middle;
  }
  return enlarged(high);
}

/** The errors that a series was weighed with: chi-square is what the weights were divided by. */
function errorsOf({ value, weight, chiSquare }: WeightedSeries): Float64Array {
  let variance = 0;
  for (let i = 0; i < value.length; i++) variance += weight[i] * value[i] * value[i];
  return weight.map((each) => Math.sqrt(variance / (chiSquare * each)));
}
