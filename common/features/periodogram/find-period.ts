import { withExtraScatter } from './extra-scatter.ts';
import { falseAlarmProbability, powerOfFalseAlarm } from './false-alarm.ts';
import type { SearchSize } from './false-alarm.ts';
import { frequencyGrid, lastFrequency } from './frequency-grid.ts';
import { timeOfMaximum, windowPower } from './lomb-scargle.ts';
import type { FrequencyGrid } from './lomb-scargle.ts';
import { multiBandPower, multiBandPowerAt, totalChiSquare } from './multi-band.ts';
import { highestPeaks } from './peaks.ts';
import type { GridPeak } from './peaks.ts';
import type { PeriodAnswer, PeriodPeak } from './period-answer.ts';
import type { PeriodBand } from './period-curve.ts';
import { relationTo, windowRhythm } from './relations.ts';
import { timeVariance, weightedSeries } from './weighted-series.ts';
import type { WeightedSeries } from './weighted-series.ts';

/** Raised whenever the same light curve gives another answer than before: kept answers then go. */
export const PERIOD_DEFINITION = 2;
/** Fewest measurements, of all bands used, in which a period is looked for. */
export const LEAST_POINTS = 10;
/** Fewest in a band that takes part: three parameters each, and something left to judge them by. */
const LEAST_IN_BAND = 5;
const PEAKS = 6;
const SHOWN_RANGES = 1200;
/** Power of the window, of 1, from which its aliases are worth a warning. */
const STRONG_WINDOW = 0.25;

/**
 * The best period of a light curve, the next best, and how likely noise would give them.
 *
 * Never throws: a light curve in which nothing can be looked for gets an answer that says so.
 */
export function findPeriod(curve: readonly PeriodBand[]): PeriodAnswer {
  const epoch = middleOf(curve.flatMap((band) => band.time));
  const weighed = curve.map((band) => ({
    band,
    series: withExtraScatter(weightedSeries(band, epoch)),
  }));
  const used = weighed.flatMap(({ series }) => (isUsed(series) ? [series] : []));
  const bands = weighed
    .filter(({ series }) => series.time.length > 0)
    .map(({ band, series }) => ({
      band: band.band,
      points: series.time.length,
      isUsed: isUsed(series),
      brightness: band.isApparent ? ('apparent flux' as const) : ('difference flux' as const),
    }));
  const points = used.reduce((sum, { time }) => sum + time.length, 0);
  const reason = whyNot(used, points);
  if (reason !== undefined) return { outcome: 'no answer', points, bands, reason };

  const baselineDays = baselineOf(used);
  const grid = frequencyGrid(baselineDays, points);
  const power = multiBandPower(used, grid);
  const at = (frequency: number) => multiBandPowerAt(used, frequency);
  const found = highestPeaks(power, grid, at, 1 / baselineDays, PEAKS);
  const size: SearchSize = {
    points,
    bands: used.length,
    timeVariance: used.reduce((sum, series) => sum + timeVariance(series), 0) / used.length,
    bandwidth: lastFrequency(grid) - grid.first,
  };
  const described = describePeaks(found, used, size, baselineDays);
  if (described.length === 0) {
    return { outcome: 'no answer', points, bands, reason: NOTHING_VARIES };
  }
  const largest = used.reduce((a, b) => (b.time.length > a.time.length ? b : a));
  return {
    outcome: 'searched',
    points,
    bands,
    baselineDays,
    minFrequency: grid.first,
    maxFrequency: lastFrequency(grid),
    frequencies: grid.count,
    epochMjd: epoch + timeOfMaximum(largest, described[0].frequency),
    onePercentPower: powerOfFalseAlarm(0.01, size),
    peaks: described,
    periodogram: shown(power, grid),
  };
}

const isUsed = ({ time }: WeightedSeries) => time.length >= LEAST_IN_BAND;
const NOTHING_VARIES = 'Its brightness does not vary between the measurements.';

function whyNot(used: readonly WeightedSeries[], points: number): string | undefined {
  if (points < LEAST_POINTS) {
    return `There are ${points} measurements in bands with at least ${LEAST_IN_BAND}; a period needs ${LEAST_POINTS}.`;
  }
  if (!(baselineOf(used) > 0)) return 'All measurements are of one moment.';
  if (!(totalChiSquare(used) > 0)) return NOTHING_VARIES;
  return undefined;
}

function describePeaks(
  found: readonly GridPeak[],
  used: readonly WeightedSeries[],
  size: SearchSize,
  baselineDays: number,
): PeriodPeak[] {
  // Few points have a strong window at some frequencies by chance.
  const strong = Math.max(STRONG_WINDOW, 4 / size.points);
  const isWindow = (frequency: number) => windowPower(used, frequency) > strong;
  const resolution = 1 / baselineDays;
  return found.map(({ frequency, power }, n) => ({
    periodDays: 1 / frequency,
    periodErrDays: frequencyError(power, size.points, baselineDays) / frequency ** 2,
    frequency,
    power,
    falseAlarmProbability: falseAlarmProbability(power, size),
    relation: n === 0 ? null : relationTo(found[0].frequency, frequency, resolution, isWindow),
    windowRhythm: windowRhythm(frequency, resolution, isWindow),
  }));
}

/**
 * Standard error of a sinusoid's frequency, cycles a day, its amplitude and noise told by the power.
 * @see Montgomery & O'Donoghue 1999, Delta Scuti Star Newsletter 13, 28: sqrt(6/N) sigma/(pi T a).
 */
function frequencyError(power: number, points: number, baselineDays: number): number {
  return Math.sqrt((3 * Math.max(0, 1 - power)) / (power * points)) / (Math.PI * baselineDays);
}

function baselineOf(used: readonly WeightedSeries[]): number {
  const [first, last] = rangeOf(used.flatMap(({ time }) => [...time]));
  return last - first;
}

function middleOf(times: readonly number[]): number {
  const [first, last] = rangeOf(times.filter((time) => Number.isFinite(time)));
  return last < first ? 0 : (first + last) / 2;
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

/** The periodogram as a picture needs it: in every range the highest point. */
function shown(power: Float64Array, grid: FrequencyGrid) {
  const perRange = Math.max(1, Math.ceil(power.length / SHOWN_RANGES));
  const [frequencies, heights]: [number[], number[]] = [[], []];
  for (let from = 0; from < power.length; from += perRange) {
    let top = from;
    const to = Math.min(power.length, from + perRange);
    for (let j = from + 1; j < to; j++) if (power[j] > power[top]) top = j;
    frequencies.push(Number((grid.first + top * grid.step).toPrecision(8)));
    heights.push(Number(power[top].toPrecision(4)));
  }
  return { frequency: frequencies, power: heights };
}
