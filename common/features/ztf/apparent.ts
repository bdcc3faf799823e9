import { apparentMagnitude } from '../../astro/photometry.ts';
import type { Magnitude } from '../../astro/photometry.ts';
import { forBands } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import type { ZtfCurve } from '../ztf-curve.ts';
import { isMagnitude } from './magnitude.ts';

/** Magnitudes of the source itself: that of the reference image plus or minus the difference. */
export const APPARENT_GROUP: FeatureGroup<ZtfCurve> = {
  name: 'apparent magnitudes',
  source:
    'Flux of magnr plus or minus flux of magpsf, both AB and so on one zero point; errors in quadrature',
  columns: forBands(
    'gri',
    `
    *_apparentMag float mag phot.mag;* Apparent magnitude of the last detection in *: the nearest source
      | of the reference image with the difference added or taken away. It means something where
      | that source is the object: a variable star or a nucleus, not a supernova beside its galaxy.
      | NULL without such a source, or if no flux is left.
    *_apparentMagErr float mag stat.error;phot.mag;* Standard error of *_apparentMag.
    *_apparentMagMin float mag phot.mag;*;stat.min Brightest apparent magnitude in *, as *_apparentMag.
    *_apparentMagMax float mag phot.mag;*;stat.max Faintest apparent magnitude in *, as *_apparentMag.`,
  ),
  compute(curve) {
    const values: FeatureValue[] = [];
    for (const places of curve.byBand) {
      let last: Magnitude | undefined;
      let min = Infinity;
      let max = -Infinity;
      for (const i of places) {
        last = apparentOf(curve, i);
        if (last === undefined || !Number.isFinite(last.mag)) continue;
        min = Math.min(min, last.mag);
        max = Math.max(max, last.mag);
      }
      values.push(last?.mag ?? null, last?.err ?? null, min, max);
    }
    return values;
  },
};

function apparentOf(curve: ZtfCurve, i: number): Magnitude | undefined {
  const { magpsf, sigmapsf, magnr, sigmagnr, isPositive } = curve;
  if (!isMagnitude(magnr[i])) return undefined;
  return apparentMagnitude(
    { mag: magpsf[i], err: sigmapsf[i] },
    { mag: magnr[i], err: sigmagnr[i] },
    isPositive[i] ? 1 : -1,
  );
}
