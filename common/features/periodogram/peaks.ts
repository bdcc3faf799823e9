import type { FrequencyGrid } from './lomb-scargle.ts';

export interface GridPeak {
  frequency: number;
  power: number;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Of the step of the grid: where the search for the top of a peak ends. */
const PRECISION = 1e-4;

/**
 * The highest peaks of a periodogram, highest first, each found to a small part of the grid's step.
 * Of peaks closer than `apart` only the highest counts: the others are its side lobes.
 *
 * @param at - Power at any frequency.
 * @param apart - Cycles a day.
 */
export function highestPeaks(
  power: Float64Array,
  grid: FrequencyGrid,
  at: (frequency: number) => number,
  apart: number,
  wanted: number,
): GridPeak[] {
  const tops: number[] = [];
  for (let j = 0; j < power.length; j++) {
    const before = j === 0 ? -1 : power[j - 1];
    const after = j === power.length - 1 ? -1 : power[j + 1];
    if (power[j] > 0 && power[j] >= before && power[j] > after) tops.push(j);
  }
  tops.sort((a, b) => power[b] - power[a]);
  const peaks: GridPeak[] = [];
  for (const top of tops) {
    if (peaks.length === wanted) break;
    const frequency = grid.first + top * grid.step;
    if (peaks.some((peak) => Math.abs(peak.frequency - frequency) < apart)) continue;
    peaks.push(climb(at, frequency, grid));
  }
  return peaks.sort((a, b) => b.power - a.power);
}

/** Golden-section search around a point of the grid, within the grid. */
function climb(at: (frequency: number) => number, middle: number, grid: FrequencyGrid): GridPeak {
  let low = Math.max(grid.first, middle - grid.step);
  let high = Math.min(grid.first + (grid.count - 1) * grid.step, middle + grid.step);
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [leftPower, rightPower] = [at(left), at(right)];
  while (high - low > PRECISION * grid.step) {
    if (leftPower >= rightPower) {
      [high, right, rightPower] = [right, left, leftPower];
      left = high - GOLDEN * (high - low);
      leftPower = at(left);
    } else {
      [low, left, leftPower] = [left, right, rightPower];
      right = low + GOLDEN * (high - low);
      rightPower = at(right);
    }
  }
  const top = { frequency: middle, power: at(middle) };
  const found = { frequency: (low + high) / 2, power: at((low + high) / 2) };
  return found.power > top.power ? found : top;
}
