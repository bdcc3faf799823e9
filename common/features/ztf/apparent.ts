import { apparentMagnitude, fluxNJyFromMag, magFromFluxNJy } from '../../astro/photometry.ts';
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
    for (const places of curve.byBand) pushBand(values, curve, places);
    return values;
  },
};

function pushBand(values: FeatureValue[], curve: ZtfCurve, places: number[]): void {
  const { flux, magnr, sigmagnr, magpsf, sigmapsf, isPositive } = curve;
  let highest = -Infinity;
  let lowest = Infinity;
  let knownMag = NaN;
  let knownFlux = NaN;
  for (const i of places) {
    if (!isMagnitude(magnr[i])) continue;
    // Most detections of an object have the same source of the same reference image beside them.
    if (magnr[i] !== knownMag) {
      knownMag = magnr[i];
      knownFlux = fluxNJyFromMag(knownMag);
    }
    const total = knownFlux + flux[i];
    if (!(total > 0)) continue;
    highest = Math.max(highest, total);
    lowest = Math.min(lowest, total);
  }
  const last = places.at(-1) ?? -1;
  const latest = isMagnitude(magnr[last])
    ? apparentMagnitude(
        { mag: magpsf[last], err: sigmapsf[last] },
        { mag: magnr[last], err: sigmagnr[last] },
        isPositive[last] ? 1 : -1,
      )
    : undefined;
  values.push(latest?.mag ?? null, latest?.err ?? null);
  values.push(magFromFluxNJy(highest) ?? null, magFromFluxNJy(lowest) ?? null);
}
