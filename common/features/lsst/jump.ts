import { describeColumns } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { BandCurve } from '../object-curve.ts';
import type { LsstCurve } from '../lsst-curve.ts';

/** Detections of a band from which its mean is taken, and when, days before the last detection. */
const MIN_SAMPLE = 5;
const SAMPLE_FROM_DAYS = 70;
const TEST_DAYS = 10;

/**
 * By how many standard deviations the fluxes of the last ten days lie off those of the 60 days
 * before, in the bands where that is most. The last detection counts: Lasair leaves it out by a
 * strict inequality, though a jump is first seen in it.
 */
export const JUMP: FeatureGroup<LsstCurve> = {
  name: 'jump',
  columns: describeColumns(`
    jump1 float - stat.snr;phot.flux.density Largest distance of a flux of the last 10 days from the
      | mean of the band from 70 to 10 days before the last detection, in standard deviations of those;
      | the band where it is largest. 0 if no band has five detections in that time.
      || Lasair leaves out the last detection itself, and what the newest alert does not carry.
    jump2 float - stat.snr;phot.flux.density The same for the band where it is second largest.
      || As jump1.`),
  source: 'Lasair, jump',
  compute({ perBand }) {
    const last = perBand.reduce(
      (latest, { mjd }) => Math.max(latest, mjd.at(-1) ?? -Infinity),
      -Infinity,
    );
    if (last === -Infinity) return [null, null];
    const jumps = perBand.map((band) => jumpOf(band, last));
    jumps.sort((a, b) => b - a);
    return jumps.slice(0, 2);
  },
};

function jumpOf({ mjd, flux }: BandCurve, last: number): number {
  let count = 0;
  let sum = 0;
  const isInSample = (age: number) => age > TEST_DAYS && age < SAMPLE_FROM_DAYS;
  for (let i = 0; i < mjd.length; i++) {
    if (!isInSample(last - mjd[i])) continue;
    count++;
    sum += flux[i];
  }
  if (count < MIN_SAMPLE) return 0;
  const mean = sum / count;
  let squares = 0;
  let farthest = 0;
  for (let i = 0; i < mjd.length; i++) {
    const age = last - mjd[i];
    const offset = Math.abs(flux[i] - mean);
    if (isInSample(age)) squares += offset * offset;
    else if (age < TEST_DAYS && offset > farthest) farthest = offset;
  }
  // Without any scatter there is no unit to measure a jump in.
  return squares > 0 ? farthest / Math.sqrt(squares / (count - 1)) : 0;
}
