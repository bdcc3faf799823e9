import type { WeightedSeries } from './weighted-series.ts';

/** Evenly spaced frequencies, cycles a day. */
export interface FrequencyGrid {
  first: number;
  step: number;
  count: number;
}

/** Sums over the points that decide the power at one frequency (Zechmeister & Kürster 2009, 7-15). */
interface Sums {
  c: number;
  s: number;
  yc: number;
  ys: number;
  cc: number;
  cs: number;
}

/** Steps after which phases are worked out anew: rounding then stays below 1e-12. */
const STEPS_PER_PHASE = 2048;
/** Determinant below which sine and cosine are one and the same function at these times. */
const DEGENERATE = 1e-10;

/**
 * Generalised Lomb-Scargle periodogram: how much of the chi-square about the mean a sinusoid with a
 * floating mean explains at each frequency.
 *
 * @returns Power from 0 to 1, one per frequency of the grid; 0 where nothing varies.
 * @see Zechmeister & Kürster 2009, A&A 496, 577.
 */
export function lombScargle(series: WeightedSeries, grid: FrequencyGrid): Float64Array {
  const power = new Float64Array(grid.count);
  const variance = varianceOf(series);
  if (!(variance > 0)) return power;
  // One row a point: cosine and sine now, those of one step, weight, weight times value.
  const rows = new Float64Array(6 * series.time.length);
  for (let j = 0; j < grid.count; j++) {
    if (j % STEPS_PER_PHASE === 0) setPhases(rows, series, grid.first + j * grid.step, grid.step);
    power[j] = powerOf(sumAndStep(rows), variance);
  }
  return power;
}

/** The same at a single frequency. */
export function lombScargleAt(series: WeightedSeries, frequency: number): number {
  const variance = varianceOf(series);
  if (!(variance > 0)) return 0;
  const rows = new Float64Array(6 * series.time.length);
  setPhases(rows, series, frequency, 0);
  return powerOf(sumAndStep(rows), variance);
}

/**
 * Time at which the best sinusoid of a frequency is highest, days from the epoch of the series: the
 * one nearest to that epoch.
 */
export function timeOfMaximum(series: WeightedSeries, frequency: number): number {
  const rows = new Float64Array(6 * series.time.length);
  setPhases(rows, series, frequency, 0);
  const { c, s, yc, ys, cc: rawCc, cs: rawCs } = sumAndStep(rows);
  const [cc, ss, cs] = [rawCc - c * c, 1 - rawCc - s * s, rawCs - c * s];
  const determinant = cc * ss - cs * cs;
  const [a, b] =
    determinant > DEGENERATE
      ? [(yc * ss - ys * cs) / determinant, (ys * cc - yc * cs) / determinant]
      : [yc, ys];
  return Math.atan2(b, a) / (2 * Math.PI * frequency);
}

/** Power of the sampling itself: near 1 at frequencies at which the times of observation recur. */
export function windowPower(series: readonly WeightedSeries[], frequency: number): number {
  let [real, imaginary, points] = [0, 0, 0];
  for (const { time, weight } of series) {
    // Each band counts as it has points: the bands are observed at their own times.
    for (let i = 0; i < time.length; i++) {
      const angle = 2 * Math.PI * frequency * time[i];
      real += weight[i] * time.length * Math.cos(angle);
      imaginary += weight[i] * time.length * Math.sin(angle);
    }
    points += time.length;
  }
  return points === 0 ? 0 : (real * real + imaginary * imaginary) / (points * points);
}

function setPhases(rows: Float64Array, series: WeightedSeries, frequency: number, step: number) {
  const { time, value, weight } = series;
  for (let i = 0, at = 0; i < time.length; i++, at += 6) {
    const angle = 2 * Math.PI * frequency * time[i];
    const turn = 2 * Math.PI * step * time[i];
    rows[at] = Math.cos(angle);
    rows[at + 1] = Math.sin(angle);
    rows[at + 2] = Math.cos(turn);
    rows[at + 3] = Math.sin(turn);
    rows[at + 4] = weight[i];
    rows[at + 5] = weight[i] * value[i];
  }
}

/** The sums at the frequency at hand; then every phase is turned on to the next frequency. */
function sumAndStep(rows: Float64Array): Sums {
  let [c, s, yc, ys, cc, cs] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < rows.length; at += 6) {
    const cos = rows[at];
    const sin = rows[at + 1];
    const stepCos = rows[at + 2];
    const stepSin = rows[at + 3];
    const weight = rows[at + 4];
    const weighted = rows[at + 5];
    const weightedCos = weight * cos;
    c += weightedCos;
    s += weight * sin;
    yc += weighted * cos;
    ys += weighted * sin;
    cc += weightedCos * cos;
    cs += weightedCos * sin;
    rows[at] = cos * stepCos - sin * stepSin;
    rows[at + 1] = sin * stepCos + cos * stepSin;
  }
  return { c, s, yc, ys, cc, cs };
}

function powerOf({ c, s, yc, ys, cc: rawCc, cs: rawCs }: Sums, variance: number): number {
  const cc = rawCc - c * c;
  const ss = 1 - rawCc - s * s;
  const cs = rawCs - c * s;
  const determinant = cc * ss - cs * cs;
  // Evenly spaced times at their Nyquist frequency: only one of the two functions is left.
  const explained =
    determinant > DEGENERATE
      ? (ss * yc * yc + cc * ys * ys - 2 * cs * yc * ys) / determinant
      : oneFunction(cc, ss, cs, yc, ys);
  const power = explained / variance;
  return power > 0 ? Math.min(1, power) : 0;
}

/** What is explained by the one combination of sine and cosine that varies at these times. */
function oneFunction(cc: number, ss: number, cs: number, yc: number, ys: number): number {
  const size = cc + ss;
  if (!(size > DEGENERATE)) return 0;
  const angle = 0.5 * Math.atan2(2 * cs, cc - ss);
  const y = yc * Math.cos(angle) + ys * Math.sin(angle);
  return (y * y) / size;
}

function varianceOf({ value, weight }: WeightedSeries): number {
  let variance = 0;
  for (let i = 0; i < value.length; i++) variance += weight[i] * value[i] * value[i];
  return variance;
}
