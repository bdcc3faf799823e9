import { LSST_BANDS } from '../../history/lsst-history.ts';
import { describeColumns, forBands } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { LsstCurve } from '../lsst-curve.ts';

const LATEST = `
  latest_psfFlux float nJy phot.flux.density Difference flux of the last detection, in whatever band.`;

const PER_BAND = `
  *_psfFlux float nJy phot.flux.density;* Difference flux of the last detection in *.
  *_latestMJD double d time.end;* Last detection in *: MJD, TAI.
    || Lasair keeps it to single precision, some 5 minutes.`;

/** The newest fluxes, not corrected for extinction. */
export const LATEST_FLUX: FeatureGroup<LsstCurve> = {
  name: 'latest fluxes',
  columns: [...describeColumns(LATEST), ...forBands(LSST_BANDS.join(''), PER_BAND)],
  source: 'Lasair, latestFlux',
  compute: ({ flux, perBand }) => [
    flux.findLast(Number.isFinite) ?? null,
    ...perBand.flatMap((band) => [band.flux.at(-1) ?? null, band.mjd.at(-1) ?? null]),
  ],
};
