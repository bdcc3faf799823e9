import { describeColumns } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { Limits, ObjectCurve } from '../object-curve.ts';
import type { SurveyBands } from './survey-bands.ts';

/** When it was seen, and how well the time it began is known. */
export function timeGroup({
  timeScale,
  nightShiftDays,
  nonDetection,
}: SurveyBands): FeatureGroup<ObjectCurve> {
  return {
    name: 'times',
    source: 'Differences of the stored times; a night has one whole number of MJD at the telescope',
    columns: describeColumns(`
      firstMJD double d time.start First stored detection, of either sign: MJD, ${timeScale}. Taken
        | from the present MJD it gives the days since.
      lastMJD double d time.end Last stored detection, of either sign: MJD, ${timeScale}.
      duration float d time.duration lastMJD - firstMJD.
      nNights int - meta.number Nights with a detection.
      lastNonDetMJD double d time.epoch Last non-detection before the first detection, in any band:
        | MJD, ${timeScale}. The object began to be visible between it and firstMJD. A non-detection is
        | ${nonDetection}.
      lastNonDetMag float mag phot.mag;stat.max Depth of that non-detection: AB magnitude at 5
        | sigma.
      lastNonDetBand name(1) - instr.bandpass Band of that non-detection.
      lastNonDetGap float d time.interval firstMJD - lastNonDetMJD.
      nNonDetSinceFirst int - meta.number Non-detections after the first detection; NULL where no
        | non-detection is stored.`),
    compute({ bands, mjd, limits }) {
      const first = mjd.find(Number.isFinite) ?? NaN;
      const last = mjd.findLast(Number.isFinite) ?? NaN;
      const before = lastBefore(limits, first);
      return [
        first,
        last,
        last - first,
        countNights(mjd, nightShiftDays),
        limits.mjd[before] ?? null,
        limits.mag[before] ?? null,
        bands[limits.band[before]] ?? null,
        first - limits.mjd[before],
        limits.mjd.length === 0 ? null : limits.mjd.filter((time) => time > first).length,
      ];
    },
  };
}

/** Place of the last limit with a depth before this time; -1 without any. */
function lastBefore({ mjd, mag }: Limits, time: number): number {
  for (let i = mjd.length - 1; i >= 0; i--) {
    if (mjd[i] < time && mag[i] > 0) return i;
  }
  return -1;
}

function countNights(mjd: readonly number[], shiftDays: number): number {
  let nights = 0;
  let before = NaN;
  for (const time of mjd) {
    const night = Math.floor(time + shiftDays);
    if (night === before || !Number.isFinite(night)) continue;
    before = night;
    nights++;
  }
  return nights;
}
