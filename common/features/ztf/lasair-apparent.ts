import { describeColumns, forBands } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import type { ZtfCurve } from '../ztf-curve.ts';
import { isMagnitude } from './magnitude.ts';
import { AVERAGE_DAYS, pushAverages, twoDigits } from './moving-average.ts';

/** Zero points that Lasair gives the reference images, in g, r, i. */
const REFERENCE_ZERO_POINTS = [26.325, 26.275, 25.66];
const LN_FLUX_PER_MAG = 0.4 * Math.LN10;

/** Apparent magnitudes in Lasair's own definition, which mixes two zero points. */
export const LASAIR_APPARENT_GROUP: FeatureGroup<ZtfCurve> = {
  name: "Lasair's apparent magnitudes",
  source:
    'Lasair-ZTF 2019 and 2021: counts at zero points 26.325 (g), 26.275 (r), 25.66 (i) plus or minus counts at magzpsci',
  columns: [
    ...describeColumns(`
      dc_mag float mag phot.mag Apparent magnitude of the last detection as Lasair defines it: counts
        | of the reference at a fixed zero point and of the difference at that of its image are
        | added as if on one, which is right only where the two agree; g_apparentMag and its like
        | are right everywhere.
        || Lasair takes an isdiffpos of 1 for negative.
      dc_sigmag float mag stat.error;phot.mag Standard error of dc_mag.
        || Lasair gives a number also where no flux is left.`),
    ...forBands(
      'gri',
      AVERAGE_DAYS.map(
        (days) => `
        dc_mag_*${twoDigits(days)} float mag phot.mag;*;stat.mean Lasair's apparent magnitude dc_mag in *,
          | averaged with a memory of ${days} days as mag_*${twoDigits(days)} is.
          || Lasair counts i as r, and takes an isdiffpos of 1 for negative.`,
      ).join(''),
    ),
  ],
  compute(curve) {
    const values: FeatureValue[] = [null, null];
    const mags: number[] = [];
    let newest = -1;
    for (let i = 0; i < curve.count; i++) mags.push(NaN);
    for (const places of curve.byBand) {
      const withSource = places.filter((i) => isMagnitude(curve.magnr[i]));
      for (const i of withSource) mags[i] = lasairApparent(curve, i).mag;
      pushAverages(values, withSource, curve.jd, mags);
      newest = Math.max(newest, places.at(-1) ?? -1);
    }
    if (!isMagnitude(curve.magnr[newest])) return values;
    const { mag, err } = lasairApparent(curve, newest);
    [values[0], values[1]] = [mag, err];
    return values;
  },
};

/** Lasair's `dc_mag` and `dc_sigmag` of a detection with a source in the reference. */
function lasairApparent(curve: ZtfCurve, i: number): { mag: number; err: number } {
  const { band, magpsf, sigmapsf, magnr, sigmagnr, magzpsci, isPositive } = curve;
  const zeroPoint = magzpsci[i] > 0 ? magzpsci[i] : REFERENCE_ZERO_POINTS[band[i]];
  const reference = Math.exp(LN_FLUX_PER_MAG * (REFERENCE_ZERO_POINTS[band[i]] - magnr[i]));
  const difference = Math.exp(LN_FLUX_PER_MAG * (zeroPoint - magpsf[i]));
  const flux = isPositive[i] ? reference + difference : reference - difference;
  if (!(flux > 0)) return { mag: zeroPoint, err: NaN };
  // The errors are divided by 1.0857 on the way in and multiplied by it on the way out.
  const variance = (sigmagnr[i] * reference) ** 2 + (sigmapsf[i] * difference) ** 2;
  return { mag: zeroPoint - Math.log(flux) / LN_FLUX_PER_MAG, err: Math.sqrt(variance) / flux };
}
