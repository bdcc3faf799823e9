import { describeColumns } from '../describe.ts';
import type { Table } from '../types.ts';
import { DIPOLE_FIT, PIXEL_FLAGS, SHAPE, TRAIL_FIT } from './dia-source-fits.ts';

const IDENTITY = `
  diaSourceId! id - meta.id;meta.main Number of the detection.
  diaObjectId id - meta.id.assoc Object that it belongs to; 0 or NULL for a solar-system object.
  ssObjectId id - meta.id.assoc Solar-system object that it belongs to; 0 or NULL without one.
  parentDiaSourceId id - meta.id.parent Detection that it was deblended from.
  visit id - meta.id;obs.exposure Number of the visit.
  detector int - meta.id;instr.det Number of the CCD; 0 to 188 are the science CCDs.
  band name(8) - instr.bandpass u, g, r, i, z or y.
  midpointMjdTai double d time.epoch;obs.exposure Middle of the exposure: MJD, TAI (37 s ahead of
    | UTC).
  exposureTime float s time.duration;obs.exposure Effective exposure time; since 11.1.`;

const POSITION = `
  ra double deg pos.eq.ra;meta.main Right ascension, ICRS.
  raErr float deg stat.error;pos.eq.ra Uncertainty of ra, times cos(dec).
  decl=dec double deg pos.eq.dec;meta.main Declination, ICRS.
  decErr float deg stat.error;pos.eq.dec Uncertainty of the declination.
  ra_dec_Cov float deg**2 stat.covariance;pos.eq Covariance of right ascension and declination.
  x float pix pos.cartesian.x;instr.det Column of the centroid on the CCD.
  xErr float pix stat.error;pos.cartesian.x Uncertainty of x.
  y float pix pos.cartesian.y;instr.det Row of the centroid on the CCD.
  yErr float pix stat.error;pos.cartesian.y Uncertainty of y.
  x_y_Cov float pix**2 stat.covariance;pos.cartesian Covariance of x and y; until 7.4.
  centroid_flag bool - meta.code.error The centroid could not be measured well.`;

const PHOTOMETRY = `
  psfFlux float nJy phot.flux.density;arith.diff Difference flux of the fitted point source, negative
    | when fainter than the template; AB magnitude = 31.4 - 2.5 log10(psfFlux).
  psfFluxErr float nJy stat.error;phot.flux.density Uncertainty of psfFlux.
  psfRa double deg pos.eq.ra Right ascension of the point-source fit; until 7.4.
  psfRaErr float deg stat.error;pos.eq.ra Uncertainty of psfRa; until 7.4.
  psfDec double deg pos.eq.dec Declination of the point-source fit; until 7.4.
  psfDecErr float deg stat.error;pos.eq.dec Uncertainty of psfDec; until 7.4.
  psfFlux_psfRa_Cov float nJy.deg stat.covariance Covariance of psfFlux and psfRa; until 7.4.
  psfFlux_psfDec_Cov float nJy.deg stat.covariance Covariance of psfFlux and psfDec; until 7.4.
  psfRa_psfDec_Cov float deg**2 stat.covariance Covariance of psfRa and psfDec; until 7.4.
  psfLnL float - stat.likelihood Natural logarithm of the likelihood of the point-source fit.
  psfChi2 float - stat.fit.chi2 Chi-square of the point-source fit.
  psfNdata int - meta.number;instr.pixel Pixels in the point-source fit.
  psfFlux_flag bool - meta.code.error The point-source fit failed.
  psfFlux_flag_edge bool - meta.code.error Too near the image edge for the whole PSF.
  psfFlux_flag_noGoodPixels bool - meta.code.error Too few good pixels for the point-source fit.
  apFlux float nJy phot.flux.density;arith.diff Difference flux within 12 pixels.
  apFluxErr float nJy stat.error;phot.flux.density Uncertainty of apFlux.
  apFlux_flag bool - meta.code.error The aperture flux could not be measured.
  apFlux_flag_apertureTruncated bool - meta.code.error The aperture reaches beyond the image.
  snr float - stat.snr Signal-to-noise of the detection.
  isNegative bool - meta.code Found as a hole in the difference image; since 8.0.
  is_negative bool - meta.code What 7.3 and 7.4 call isNegative.
  scienceFlux float nJy phot.flux.density Flux on the science image at this position, with whatever
    | was there before; since 8.0.
  scienceFluxErr float nJy stat.error;phot.flux.density Uncertainty of scienceFlux.
  forced_PsfFlux_flag bool - meta.code.error scienceFlux could not be measured.
  forced_PsfFlux_flag_edge bool - meta.code.error Too near the edge of the science image for the
    | whole PSF.
  forced_PsfFlux_flag_noGoodPixels bool - meta.code.error Too few good pixels on the science image.
  templateFlux float nJy phot.flux.density Flux on the template at this position; since 8.0.
  templateFluxErr float nJy stat.error;phot.flux.density Uncertainty of templateFlux.
  snapDiffFlux float nJy phot.flux.density;arith.diff Flux in the difference of the visit's two
    | snaps; until 7.4.
  snapDiffFluxErr float nJy stat.error;phot.flux.density Uncertainty of snapDiffFlux; until 7.4.
  fpBkgd float nJy instr.skyLevel Sky level at the position; until 7.4.
  fpBkgdErr float nJy stat.error;instr.skyLevel Uncertainty of fpBkgd; until 7.4.`;

const QUALITY = `
  reliability float - meta.code.qual;stat.probability Rubin's machine-learned real-bogus score: 0
    | artefact, 1 real.
  reliabilityVersion text(255) - meta.version Model that gave reliability; since 11.1.
  extendedness float - src.class.starGalaxy 0 point-like, 1 extended.
  bboxSize int pix phys.angSize;instr.det Side of the square that holds the detected pixels.
  glint_trail bool - meta.code.qual One of a row of flashes, as a tumbling satellite makes them.
  timeProcessedMjdTai double d time.processing When Rubin made this row: MJD, TAI; since 9.0.
  timeWithdrawnMjdTai double d time.end;meta.curation When Rubin withdrew this row: MJD, TAI; NULL
    | while it stands.
  time_processed id us time.processing When Rubin made this row: microseconds since 1970 UTC; 8.0
    | only.
  hasalert! bool - meta.code 1 when the detection's own alert arrived; 0 while it is known from the
    | history in another alert only.
  alertId id - meta.id Number of the alert that brought the detection; up to version 7.4.
  observation_reason text(255) - obs.param Why the telescope looked there, as the alert says it; from
    | version 8.0.
  target_name text(255) - obs.param;obs.field What was observed, as the alert says it; from version 8.0.`;

/** Detections of Rubin: the union of what all versions of its alerts say of one. */
export const LSST_DIA_SOURCES: Table = {
  database: 'lsst',
  name: 'diaSources',
  description:
    'Detections on difference images. Columns that the version of an alert does not have are NULL.',
  isPublic: true,
  primaryKey: ['diaSourceId'],
  indexes: [{ columns: ['diaObjectId'] }, { columns: ['ssObjectId'] }],
  columns: [
    ...describeColumns(IDENTITY),
    ...describeColumns(POSITION),
    ...describeColumns(PHOTOMETRY),
    ...describeColumns(QUALITY),
    ...SHAPE,
    ...TRAIL_FIT,
    ...DIPOLE_FIT,
    ...PIXEL_FLAGS,
  ],
};
