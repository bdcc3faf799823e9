import { LSST_BANDS } from '../../history/lsst-history.ts';
import { forBands } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { LsstCurve } from '../lsst-curve.ts';

const PER_BAND = `
  *_psfFluxMin float nJy phot.flux.density;*;stat.min Smallest difference flux of the stored detections
    | in *.
    || Lasair gives Rubin's number, which stands in diaObjects.
  *_psfFluxMax float nJy phot.flux.density;*;stat.max Largest difference flux of the stored detections
    | in *.
    || Lasair gives Rubin's number, which stands in diaObjects.`;

/** Between which fluxes an object was seen. */
export const FLUX_RANGE: FeatureGroup<LsstCurve> = {
  name: 'range of fluxes',
  columns: forBands(LSST_BANDS.join(''), PER_BAND),
  source: 'smallest and largest of all stored detections',
  compute: ({ perBand }) =>
    perBand.flatMap(({ flux }) => {
      let [min, max] = [Infinity, -Infinity];
      for (const value of flux) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
      return [min, max];
    }),
};
