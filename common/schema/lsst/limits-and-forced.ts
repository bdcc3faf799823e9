import { describeColumns } from '../describe.ts';
import type { Table } from '../types.ts';

const EXPOSURE = `
  midpointMjdTai double d time.epoch;obs.exposure Middle of the exposure: MJD, TAI.
  band name(8) - instr.bandpass u, g, r, i, z or y.`;

/** Rubin's forced photometry. */
export const LSST_DIA_FORCED_SOURCES: Table = {
  database: 'lsst',
  name: 'diaForcedSources',
  description: "Forced photometry at the object's position, whether or not it was detected.",
  isPublic: true,
  primaryKey: ['diaObjectId', 'diaForcedSourceId'],
  indexes: [],
  columns: describeColumns(`
    diaForcedSourceId! id - meta.id;meta.main Number of the measurement.
    diaObjectId! id - meta.id.parent Object at whose position it was made.
    visit id - meta.id;obs.exposure Number of the visit.
    detector int - meta.id;instr.det Number of the CCD; 0 to 188 are the science CCDs.
    ${EXPOSURE}
    ra double deg pos.eq.ra Right ascension it was made at, ICRS; since 7.1.
    decl=dec double deg pos.eq.dec Declination it was made at, ICRS; since 7.1.
    x float pix pos.cartesian.x;instr.det Column on the CCD; 7.0 only.
    y float pix pos.cartesian.y;instr.det Row on the CCD; 7.0 only.
    psfFlux float nJy phot.flux.density;arith.diff Difference flux of a point source, negative when
      | fainter than the template.
    psfFluxErr float nJy stat.error;phot.flux.density Uncertainty of psfFlux.
    scienceFlux float nJy phot.flux.density Flux on the science image, with whatever was there before;
      | since 8.0.
    scienceFluxErr float nJy stat.error;phot.flux.density Uncertainty of scienceFlux.
    timeProcessedMjdTai double d time.processing When Rubin made this row: MJD, TAI; since 9.0.
    timeWithdrawnMjdTai double d time.end;meta.curation When Rubin withdrew this row: MJD, TAI; NULL
      | while it stands.
    time_processed id us time.processing When Rubin made this row: microseconds since 1970 UTC; 8.0
      | only.`),
};

/** Noise of images that did not show the object; alerts carry it until 7.4. */
export const LSST_DIA_NONDETECTION_LIMITS: Table = {
  database: 'lsst',
  name: 'diaNondetectionLimits',
  description: 'Non-detections: images that covered the object and did not show it; until 7.4.',
  isPublic: true,
  primaryKey: ['diaObjectId', 'ccdVisitId', 'midpointMjdTai'],
  indexes: [],
  columns: describeColumns(`
    diaObjectId! id - meta.id.parent Object that was not seen.
    ccdVisitId! id - meta.id;obs.exposure Number of the image: one CCD of one visit.
    midpointMjdTai! double d time.epoch;obs.exposure Middle of the exposure: MJD, TAI.
    band name(8) - instr.bandpass u, g, r, i, z or y.
    diaNoise float nJy instr.det.noise Noise of the difference image for a point source.`),
};
