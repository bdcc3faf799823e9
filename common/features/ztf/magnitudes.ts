import { describeColumns, forBands } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import { inOrder, median } from '../shared/series.ts';
import type { ZtfCurve } from '../ztf-curve.ts';

const PER_BAND = `
  ncand*! int - meta.number;* Detections in *.
  mag*min float mag phot.mag;*;stat.min Brightest difference magnitude in *, of either sign.
    || Lasair today looks at the 30 days of the newest alert.
  mag*max float mag phot.mag;*;stat.max Faintest difference magnitude in *, of either sign.
    || Lasair today looks at the 30 days of the newest alert.
  mag*mean float mag phot.mag;*;stat.mean Mean difference magnitude in *, of either sign.
    || Lasair today looks at the 30 days of the newest alert.
  mag*median float mag phot.mag;*;stat.median Median difference magnitude in *, of either sign.
  latest*mag float mag phot.mag;* Difference magnitude of the last detection in *.
  jd*max double d time.end;* Last detection in *: Julian Date, UTC.`;

const ALL_AS_R = 'Lasair counts i and whatever is not g as r.';

/** First and last time, and the difference magnitudes in each band, as Lasair gives them. */
export const MAGNITUDES_GROUP: FeatureGroup<ZtfCurve> = {
  name: 'magnitudes',
  source: 'Lasair-ZTF 2019: statistics of magpsf, of either sign',
  columns: [
    ...describeColumns(`
      jdmin! double d time.start First detection: Julian Date, UTC.
        || Lasair today gives the first in the newest alert, which goes back 30 days.
      jdmax! double d time.end Last detection: Julian Date, UTC.`),
    ...forBands('gri', PER_BAND).map((column) =>
      column.ucd?.includes('em.opt.R')
        ? { ...column, differs: [ALL_AS_R, column.differs].filter(Boolean).join(' ') }
        : column,
    ),
    ...describeColumns(`
      gmag float mag phot.mag;em.opt.B The same as latestgmag, under the name that Lasair gives it
        | today.
      rmag float mag phot.mag;em.opt.R The same as latestrmag, under the name that Lasair gives it
        | today.
        || ${ALL_AS_R}`),
  ],
  compute({ jd, magpsf, byBand }) {
    const values: FeatureValue[] = [
      jd.find(Number.isFinite) ?? null,
      jd.findLast(Number.isFinite) ?? null,
    ];
    for (const places of byBand) pushBand(values, places, jd, magpsf);
    const [g, r] = byBand.map((places) => magpsf[places.at(-1) ?? -1] ?? null);
    values.push(g, r);
    return values;
  },
};

function pushBand(values: FeatureValue[], places: number[], jd: number[], magpsf: number[]): void {
  const last = places.at(-1);
  if (last === undefined) {
    values.push(0, null, null, null, null, null, null);
    return;
  }
  const sorted = inOrder(places.map((i) => magpsf[i]));
  let sum = 0;
  for (const mag of sorted) sum += mag;
  values.push(
    sorted.length,
    sorted[0],
    sorted[sorted.length - 1],
    sum / sorted.length,
    median(sorted),
    magpsf[last],
    jd[last],
  );
}
