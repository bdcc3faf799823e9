import { forBands } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import type { ZtfCurve } from '../ztf-curve.ts';

/** How fast the last detections changed, as Lasair defines it: brightening positive. */
export const DMDT_GROUP: FeatureGroup<ZtfCurve> = {
  name: 'slopes between two detections',
  source: 'Lasair-ZTF: magpsf of a pair of successive detections in one band over the time between',
  columns: forBands(
    'gri',
    `
    dmdt_* float mag/d arith.rate;phot.mag;* Slope between the last two detections in *: magnitudes a
      | day, brightening positive. NULL unless both are brighter than the reference, at different
      | times.
      || Lasair knows the last 30 days only, counts i as r, and gives NULL for 0.
    dmdt_*_err float mag/d stat.error;phot.mag;* Standard error of dmdt_*.
    dmdt_*_2 float mag/d arith.rate;phot.mag;* The same slope between the last but one detection in *
      | and the one before it.
      || Lasair says that it is always NULL, and gives it all the same.`,
  ),
  compute(curve) {
    const values: FeatureValue[] = [];
    for (const places of curve.byBand) {
      const [third, second, last] = [places.at(-3), places.at(-2), places.at(-1)];
      const latest = slopeBetween(curve, second, last);
      values.push(latest.slope, latest.err, slopeBetween(curve, third, second).slope);
    }
    return values;
  },
};

function slopeBetween(
  { jd, magpsf, sigmapsf, isPositive }: ZtfCurve,
  from: number | undefined,
  to: number | undefined,
): { slope: number; err: number } {
  if (from === undefined || to === undefined || !isPositive[from] || !isPositive[to]) {
    return { slope: NaN, err: NaN };
  }
  const days = jd[to] - jd[from];
  return {
    slope: (magpsf[from] - magpsf[to]) / days,
    err: Math.hypot(sigmapsf[from], sigmapsf[to]) / days,
  };
}
