import { lombScargle, lombScargleAt } from './lomb-scargle.ts';
import type { FrequencyGrid } from './lomb-scargle.ts';
import type { WeightedSeries } from './weighted-series.ts';

/**
 * Periodogram of several bands with one period: each band has its own mean, amplitude and phase,
 * and the power is the part of their common chi-square that is explained. With one band it is the
 * generalised Lomb-Scargle periodogram.
 *
 * @returns Power from 0 to 1, one per frequency of the grid.
 * @see VanderPlas & Ivezić 2015, ApJ 812, 18, section 5.3: the multi-phase model.
 */
export function multiBandPower(
  bands: readonly WeightedSeries[],
  grid: FrequencyGrid,
): Float64Array {
  const power = new Float64Array(grid.count);
  const total = totalChiSquare(bands);
  for (const band of bands) {
    if (!(band.chiSquare > 0)) continue;
    const own = lombScargle(band, grid);
    for (let j = 0; j < own.length; j++) power[j] += (own[j] * band.chiSquare) / total;
  }
  return power;
}

/** The same at a single frequency. */
export function multiBandPowerAt(bands: readonly WeightedSeries[], frequency: number): number {
  const total = totalChiSquare(bands);
  let power = 0;
  for (const band of bands) {
    if (band.chiSquare > 0) power += (lombScargleAt(band, frequency) * band.chiSquare) / total;
  }
  return power;
}

export function totalChiSquare(bands: readonly WeightedSeries[]): number {
  return bands.reduce((sum, band) => sum + band.chiSquare, 0);
}
