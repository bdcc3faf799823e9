import { LSST_BANDS } from '../../history/lsst-history.ts';
import { describeColumns, forBands } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { LsstCurve } from '../lsst-curve.ts';

const WHOLE = `
  ra double deg pos.eq.ra;meta.main Right ascension that Rubin gives, ICRS.
  decl=dec double deg pos.eq.dec;meta.main Declination that Rubin gives, ICRS.
  raErr float deg stat.error;pos.eq.ra Uncertainty of ra, times cos(dec).
  decErr float deg stat.error;pos.eq.dec Uncertainty of decl.
  ra_dec_Cov float deg**2 stat.covariance;pos.eq Covariance of right ascension and declination.
  validityStartMjdTai double d time.start;meta.curation When Rubin made this version of the object:
    | MJD, TAI.`;

const PER_BAND = `
  *_psfFluxMean float nJy phot.flux.density;*;stat.mean Weighted mean difference flux in * that Rubin
    | gives.
  *_psfFluxMeanErr float nJy stat.error;phot.flux.density;* Standard error of *_psfFluxMean.
  *_psfFluxSigma float nJy stat.stdev;phot.flux.density;* Scatter of the difference fluxes in * that
    | Rubin gives.
  *_psfFluxNdata int - meta.number;* Detections in * that Rubin counts.
  *_psfFluxErrMean float nJy stat.error;phot.flux.density;* Mean uncertainty of the fluxes in * that
    | Rubin gives.
  *_psfFluxMaxSlope float nJy/d arith.rate;phot.flux.density;* Steepest change between successive
    | fluxes in * that Rubin gives.
  *_fpFluxMean float nJy phot.flux.density;*;stat.mean Weighted mean of the forced difference fluxes
    | in * that Rubin gives.
  *_fpFluxMeanErr float nJy stat.error;phot.flux.density;* Standard error of *_fpFluxMean.
  *_scienceFluxMean float nJy phot.flux.density;*;stat.mean Weighted mean flux on the science images
    | in * that Rubin gives, with whatever was there before.
  *_scienceFluxMeanErr float nJy stat.error;phot.flux.density;* Standard error of *_scienceFluxMean.`;

const COLUMNS = [...describeColumns(WHOLE), ...forBands(LSST_BANDS.join(''), PER_BAND)];
const ATTRIBUTES = COLUMNS.map((column) => column.attribute ?? column.name);

/** Rubin's own numbers, copied from `diaObject` of the object's newest packet. */
export const DIA_OBJECT: FeatureGroup<LsstCurve> = {
  name: "Rubin's diaObject",
  columns: COLUMNS.map(({ attribute: _, ...column }) => column),
  source: "Rubin's diaObject of the newest packet",
  kind: 'newest',
  compute: (_, { newestRecord }) =>
    ATTRIBUTES.map((attribute) => {
      const value = newestRecord?.[attribute];
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    }),
};
