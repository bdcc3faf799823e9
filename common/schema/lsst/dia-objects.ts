import { describeColumns, forBands } from '../describe.ts';
import type { Table } from '../types.ts';

const BANDS = 'ugrizy';

const IDENTITY = `
  diaObjectId! id - meta.id;meta.main Number of the object.
  validityStartMjdTai double d time.start;meta.curation When Rubin made this version of the object:
    | MJD, TAI; since 9.0.
  validityStart id us time.start;meta.curation When Rubin made this version of the object:
    | microseconds since 1970 UTC; 8.0 only.
  ra double deg pos.eq.ra;meta.main Right ascension, ICRS.
  raErr float deg stat.error;pos.eq.ra Uncertainty of ra, times cos(dec).
  decl=dec double deg pos.eq.dec;meta.main Declination, ICRS.
  decErr float deg stat.error;pos.eq.dec Uncertainty of the declination.
  ra_dec_Cov float deg**2 stat.covariance;pos.eq Covariance of right ascension and declination.
  nDiaSources int - meta.number Detections that Rubin counts; since 8.0.
  firstDiaSourceMjdTai double d time.start First detection: MJD, TAI; since 8.0.
  lastDiaSourceMjdTai double d time.end Last detection: MJD, TAI; since 8.0.`;

const PER_BAND = `
  *_psfFluxMean float nJy phot.flux.density;*;stat.mean Weighted mean difference flux in *.
  *_psfFluxMeanErr float nJy stat.error;phot.flux.density;* Standard error of *_psfFluxMean.
  *_psfFluxSigma float nJy stat.stdev;phot.flux.density;* Scatter of the difference fluxes in *.
  *_psfFluxChi2 float - stat.fit.chi2;* Chi-square of the difference fluxes in * against a constant;
    | until 7.4.
  *_psfFluxNdata int - meta.number;* Detections in *.
  *_psfFluxErrMean float nJy stat.error;phot.flux.density;* Mean uncertainty of the fluxes in *.
  *_psfFluxMin float nJy phot.flux.density;*;stat.min Smallest difference flux in *; since 8.0.
  *_psfFluxMax float nJy phot.flux.density;*;stat.max Largest difference flux in *; since 8.0.
  *_psfFluxMaxSlope float nJy/d arith.rate;phot.flux.density;* Steepest change between successive
    | fluxes in *; since 8.0.
  *_fpFluxMean float nJy phot.flux.density;*;stat.mean Weighted mean of the forced difference fluxes
    | in *.
  *_fpFluxMeanErr float nJy stat.error;phot.flux.density;* Standard error of *_fpFluxMean.
  *_fpFluxSigma float nJy stat.stdev;phot.flux.density;* Scatter of the forced difference fluxes in *;
    | until 7.4.
  *_scienceFluxMean float nJy phot.flux.density;*;stat.mean Weighted mean flux on the science images
    | in *, with whatever was there before; since 8.0.
  *_scienceFluxMeanErr float nJy stat.error;phot.flux.density;* Standard error of *_scienceFluxMean.`;

const ASTROMETRY = `
  radecMjdTai double d time.epoch;pos.eq When the object was at ra and decl: MJD, TAI; until 7.4.
  pmRa float mas/yr pos.pm;pos.eq.ra Proper motion in right ascension; until 7.4.
  pmRaErr float mas/yr stat.error;pos.pm;pos.eq.ra Uncertainty of pmRa; until 7.4.
  pmDec float mas/yr pos.pm;pos.eq.dec Proper motion in declination; until 7.4.
  pmDecErr float mas/yr stat.error;pos.pm;pos.eq.dec Uncertainty of pmDec; until 7.4.
  parallax float mas pos.parallax.trig Parallax; until 7.4.
  parallaxErr float mas stat.error;pos.parallax.trig Uncertainty of parallax; until 7.4.
  pmRa_pmDec_Cov float (mas/yr)**2 stat.covariance Covariance of pmRa and pmDec; until 7.4.
  pmRa_parallax_Cov float mas**2/yr stat.covariance Covariance of pmRa and parallax; until 7.4.
  pmDec_parallax_Cov float mas**2/yr stat.covariance Covariance of pmDec and parallax; until 7.4.
  pmParallaxLnL float - stat.likelihood Natural logarithm of the likelihood of the astrometric fit;
    | until 7.4.
  pmParallaxChi2 float - stat.fit.chi2 Chi-square of the astrometric fit; until 7.4.
  pmParallaxNdata int - meta.number Detections in the astrometric fit; until 7.4.`;

/** For the nearest three: `*` is the rank, NEAR the word for it. */
const NEIGHBOUR = `
  nearbyObj* id - meta.id.assoc Number of the NEAR object of Rubin's yearly catalogue; until 7.4.
  nearbyObj*Dist float arcsec pos.angDistance Distance to nearbyObj*; until 7.4.
  nearbyObj*LnP float - stat.probability Natural logarithm of the probability that both are one;
    | until 7.4.`;

/** Rubin's own record of each object, as its newest alert gave it. */
export const LSST_DIA_OBJECTS: Table = {
  database: 'lsst',
  name: 'diaObjects',
  description:
    "Rubin's own record of each object, from its newest alert. What Glint works out of all stored detections is in objects.",
  isPublic: true,
  primaryKey: ['diaObjectId'],
  indexes: [],
  columns: [
    ...describeColumns(IDENTITY),
    ...forBands(BANDS, PER_BAND),
    ...describeColumns(ASTROMETRY),
    ...['nearest', 'second nearest', 'third nearest'].flatMap((near, i) =>
      describeColumns(NEIGHBOUR.replaceAll('*', String(i + 1)).replaceAll('NEAR', near)),
    ),
  ],
};
