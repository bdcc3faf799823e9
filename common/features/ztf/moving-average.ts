import { forBands } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import type { ZtfCurve } from '../ztf-curve.ts';

/** Time scales of Lasair's averages: 2, 8 and 28 days. */
export const AVERAGE_DAYS = [2, 8, 28] as const;

/** Averages of the difference magnitude that forget what is long past, as Lasair gives them. */
export const MOVING_AVERAGE_GROUP: FeatureGroup<ZtfCurve> = {
  name: 'moving averages',
  source: 'Lasair-ZTF 2021: a = f a + (1 - f) magpsf with f = exp(-dt / scale)',
  columns: forBands(
    'gri',
    AVERAGE_DAYS.map(
      (days) => `
      mag_*${twoDigits(days)} float mag phot.mag;*;stat.mean Difference magnitude in *, of either sign,
        | averaged with a memory of ${days} days: the part exp(-dt/${days} d) of the average is kept
        | at the next detection.
        || Lasair begins anew with the 30 days of each packet, and counts i as r.`,
    ).join(''),
  ),
  compute({ byBand, jd, magpsf }) {
    const values: FeatureValue[] = [];
    for (const places of byBand) pushAverages(values, places, jd, magpsf);
    return values;
  },
};

/** Adds the last averages of these magnitudes over 2, 8 and 28 days; NULLs for none. */
export function pushAverages(
  values: FeatureValue[],
  places: readonly number[],
  jd: readonly number[],
  mag: readonly number[],
): void {
  for (const days of AVERAGE_DAYS) {
    let average: number | null = null;
    let before = NaN;
    for (const i of places) {
      const kept = Math.exp((before - jd[i]) / days);
      average = average === null ? mag[i] : kept * average + (1 - kept) * mag[i];
      before = jd[i];
    }
    values.push(average);
  }
}

/** Lasair writes its time scales with two digits: 02, 08, 28. */
export function twoDigits(days: number): string {
  return String(days).padStart(2, '0');
}
