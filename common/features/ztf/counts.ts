import { describeColumns } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { ZtfCurve } from '../ztf-curve.ts';

/** Lasair calls a detection good above this score of either classifier. */
const GOOD_SCORE = 0.75;

/** How much is stored of the object. */
export const COUNTS_GROUP: FeatureGroup<ZtfCurve> = {
  name: 'counts',
  source: 'Lasair-ZTF: numbers of detections',
  columns: describeColumns(`
    ncand! int - meta.number Detections.
      || Lasair counts those of the newest packet; here all that are stored count.
    ncandpos! int - meta.number Detections brighter than the reference.
    nnoncand! int - meta.number Non-detections.
    nforced! int - meta.number Points of forced photometry.
    ncandgp int - meta.number Good detections brighter than the reference: rb or drb above
      | ${GOOD_SCORE}.
      || Lasair counts those of the newest packet, and gives NULL for none.
    ncandgp_7 int - meta.number Those of ncandgp in the 7 days before jdmax.
      || Lasair gives NULL for none.
    ncandgp_14 int - meta.number Those of ncandgp in the 14 days before jdmax.
      || Lasair gives NULL for none.`),
  compute({ count, isPositive, nonDetections, forced, jd, rb, drb }) {
    const last = jd.findLast(Number.isFinite) ?? NaN;
    let positive = 0;
    let good = 0;
    let good7 = 0;
    let good14 = 0;
    for (let i = 0; i < count; i++) {
      if (!isPositive[i]) continue;
      positive++;
      if (!(rb[i] > GOOD_SCORE || drb[i] > GOOD_SCORE)) continue;
      good++;
      if (last - jd[i] <= 7) good7++;
      if (last - jd[i] <= 14) good14++;
    }
    return [count, positive, nonDetections, forced, good, good7, good14];
  },
};
