import type { FrequencyGrid } from './lomb-scargle.ts';

/** Grid points across the width of a peak, one over the baseline. */
export const OVERSAMPLING = 5;
/** Shortest period that is searched, where the work allows: an hour. */
export const MAX_FREQUENCY = 24;
/** Points times frequencies that one search may cost: some ten seconds of one core. */
export const MAX_WORK = 2.5e9;

/**
 * Frequencies to search: from one cycle in the whole baseline, in steps that no peak falls between,
 * to 24 a day, or less where very many points would make that too much work.
 *
 * @param baselineDays - From the first to the last measurement; above 0.
 * @see VanderPlas 2018, ApJS 236, 16, section 7.1.
 */
export function frequencyGrid(baselineDays: number, points: number): FrequencyGrid {
  const first = 1 / baselineDays;
  const step = first / OVERSAMPLING;
  const wanted = Math.max(1, Math.ceil((MAX_FREQUENCY - first) / step) + 1);
  const affordable = Math.max(1, Math.floor(MAX_WORK / Math.max(1, points)));
  return { first, step, count: Math.min(wanted, affordable) };
}

export const lastFrequency = ({ first, step, count }: FrequencyGrid) => first + (count - 1) * step;
