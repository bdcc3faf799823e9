import { LSST_BANDS } from '../../history/lsst-history.ts';
import { describeColumns, forBands } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { LsstCurve } from '../lsst-curve.ts';

/** Reliability above which Lasair calls a detection good. */
const GOOD = 0.5;

const COUNTS = `
  nPosDiaSources! int - meta.number Stored detections with positive difference flux.
    || Lasair counts those in the newest alert.
  nPosDiaSourcesNights int - meta.number Nights, from noon to noon UTC, with a detection of positive
    | difference flux.
    || Lasair counts those in the newest alert.
  nSourcesGood int - meta.number Stored detections with a reliability above 0.5.
    || Lasair counts those in the newest alert.
  nForcedSources! int - meta.number Stored points of forced photometry.
  medianR float - stat.probability;stat.median Median reliability of the stored detections.
    || Lasair takes those in the newest alert.
  latestR float - stat.probability Reliability of the last detection.
  lastDiaSourceMjdTai double d time.end Last stored detection: MJD, TAI.`;

const PER_BAND = `
  n*Sources! int - meta.number;* Stored detections in *.
    || Lasair counts those in the newest alert.`;

const FROM_RUBIN = `
  nDiaSources int - meta.number Detections that Rubin counts, or those stored where they are more.
    || Lasair gives Rubin's number alone.
  firstDiaSourceMjdTai double d time.start First detection, Rubin's or the first stored where that is
    | earlier: MJD, TAI.
    || Lasair takes the first in the newest alert: it means to prefer Rubin's, but looks for it in the
    || wrong place.`;

/** Numbers, times and quality of the stored detections. */
export const COUNTING: FeatureGroup<LsstCurve> = {
  name: 'counts',
  columns: [...describeColumns(COUNTS), ...forBands(LSST_BANDS.join(''), PER_BAND)],
  source: 'Lasair, counting',
  compute(curve) {
    const { mjd, flux, band, reliability, forced } = curve;
    const perBand = LSST_BANDS.map(() => 0);
    const nights = new Set<number>();
    let positive = 0;
    let good = 0;
    for (let i = 0; i < curve.count; i++) {
      if (band[i] < perBand.length) perBand[band[i]]++;
      if (reliability[i] > GOOD) good++;
      if (!(flux[i] > 0)) continue;
      positive++;
      nights.add(Math.floor(mjd[i] + 0.5));
    }
    const known = reliability.filter(Number.isFinite);
    return [
      positive,
      nights.size,
      good,
      forced.mjd.length,
      median(known),
      known.at(-1) ?? null,
      mjd.at(-1) ?? null,
      ...perBand,
    ];
  },
};

/** What only the newest packet can say: Rubin may have counted more than it sent. */
export const RUBIN_COUNTING: FeatureGroup<LsstCurve> = {
  name: "Rubin's counts",
  columns: describeColumns(FROM_RUBIN),
  source: "Rubin's diaObject, and the stored detections",
  kind: 'newest',
  compute({ count, mjd }, { newestRecord }) {
    if (newestRecord === null) return [null, null];
    const { nDiaSources, firstDiaSourceMjdTai } = newestRecord;
    const first = mjd[0] ?? Infinity;
    return [
      typeof nDiaSources === 'number' ? Math.max(count, nDiaSources) : count,
      typeof firstDiaSourceMjdTai === 'number' && firstDiaSourceMjdTai < first
        ? firstDiaSourceMjdTai
        : first,
    ];
  },
};

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
