import { describeColumns } from '../describe.ts';
import type { Table } from '../types.ts';
import {
  COLOUR_TERM,
  EXPOSURE,
  NID,
  OBJECT_ID,
  PID_MEANING,
  REFERENCE_SOURCE,
  ZERO_POINT,
} from './exposure.ts';

const IDENTITY = `
  candid! id - meta.id;meta.main Number of the detection.
  ${OBJECT_ID}
  ${EXPOSURE}
  ${NID}
  pid id - meta.id;obs.image ${PID_MEANING}
  pdiffimfilename text(255) - meta.id;meta.file Name of the difference image at the archive.
  programpi text(255) - meta.id.PI Who leads the observing programme.
  isdiffpos name(8) - meta.code Sign of the difference: t or 1 brighter than the reference, f or 0
    | fainter.
  tblid id - meta.record Row in the extraction of this image.`;

const PHOTOMETRY = `
  xpos float pix pos.cartesian.x;instr.det Column on the image.
  ypos float pix pos.cartesian.y;instr.det Row on the image.
  ra double deg pos.eq.ra;meta.main Right ascension, ICRS.
  decl=dec double deg pos.eq.dec;meta.main Declination, ICRS.
  magpsf float mag phot.mag;arith.diff Difference magnitude (AB) of the fitted point source; the
    | sign is in isdiffpos.
  sigmapsf float mag stat.error;phot.mag Uncertainty of magpsf.
  chipsf float - stat.fit.chi2 Reduced chi-square of the point-source fit.
  magap float mag phot.mag;arith.diff Difference magnitude in an aperture 14 pixels wide.
  sigmagap float mag stat.error;phot.mag Uncertainty of magap.
  distnr float pix pos.angDistance Distance to the nearest source in the reference image; a pixel
    | is 1.01 arcsec.
  ${REFERENCE_SOURCE}
  sky float adu instr.skyLevel Sky level around the detection.
  magdiff float mag phot.mag;arith.diff magap - magpsf: far from 0 for what is no point source.
  fwhm float pix phys.angSize;stat.fwhm Width of the detection, as a Gaussian.
  classtar float - src.class.starGalaxy SExtractor stellarity: 0 extended, 1 point-like.
  mindtoedge float pix pos.angDistance;instr.det Distance to the nearest edge of the image.
  magfromlim float mag phot.mag;arith.diff diffmaglim - magap: how far above the limit.
  seeratio float - instr.obsty.seeing;arith.ratio Seeing of the difference image over fwhm.
  aimage float pix phys.angSize.smajAxis Semi-major axis of the light distribution (windowed rms).
  bimage float pix phys.angSize.sminAxis Semi-minor axis of the light distribution (windowed rms).
  aimagerat float - phys.angSize.smajAxis;arith.ratio aimage over fwhm.
  bimagerat float - phys.angSize.sminAxis;arith.ratio bimage over fwhm.
  elong float - src.ellipticity aimage over bimage: 1 is round.
  nneg int - meta.number;instr.pixel Negative pixels among the 25 around the detection.
  nbad int - meta.number;instr.pixel Pixels known as bad among the 25 around the detection.
  rb float - meta.code.qual;stat.probability Real-bogus score of the random forest: 0 artefact, 1
    | real.
  rbversion text(64) - meta.version Model that gave rb.
  drb float - meta.code.qual;stat.probability Real-bogus score of the neural network: 0 artefact,
    | 1 real; since schema 3.3.
  drbversion text(64) - meta.version Model that gave drb.
  ssdistnr float arcsec pos.angDistance;pos.ephem Distance to the nearest known solar-system
    | object within 30 arcsec; -999 without one.
  ssmagnr float mag phot.mag;pos.ephem Predicted magnitude (mostly V) of that solar-system object;
    | -999 without one.
  ssnamenr text(255) - meta.id.assoc Name of that solar-system object; the word 'null' without
    | one.
  sumrat float - phot.count;arith.ratio Sum of the 25 pixels over the sum of their absolute
    | values: 1 when all are positive.
  magapbig float mag phot.mag;arith.diff Difference magnitude in an aperture 18 pixels wide.
  sigmagapbig float mag stat.error;phot.mag Uncertainty of magapbig.`;

const HISTORY = `
  ndethist int - meta.number Earlier raw detections within 1.5 arcsec in the same field and
    | quadrant, to 3 sigma.
  ncovhist int - meta.number;obs.exposure How often the position was observed in any field.
  jdstarthist double d time.start First of the detections counted by ndethist: Julian Date, UTC.
  jdendhist double d time.end Last of the detections counted by ndethist: Julian Date, UTC.
  scorr double - stat.snr;stat.max Signal-to-noise at the peak of the matched-filtered difference
    | image.
  tooflag int - meta.code 1 if the exposure answered a target of opportunity.
  rfid id - meta.id;obs.image Number of the reference image.
  jdstartref double d time.start;obs.image First exposure in the reference image: Julian Date,
    | UTC.
  jdendref double d time.end;obs.image Last exposure in the reference image: Julian Date, UTC.
  nframesref int - meta.number;obs.image Exposures in the reference image.
  dsnrms float - stat.snr Difference image over its scatter, at the detection.
  ssnrms float - stat.snr The same for the difference image convolved with its own PSF.
  dsdiff float - stat.snr;arith.diff dsnrms - ssnrms.
  ${ZERO_POINT}
  ${COLOUR_TERM}
  nmatches int - meta.number;phot.calib Pan-STARRS stars that calibrate the science image.
  zpclrcov float mag stat.covariance;phot.calib Covariance of magzpsci and clrcoeff.
  zpmed float mag phot.mag;arith.zp;stat.median Median zero point of the single calibration stars.
  clrmed float mag phot.color;stat.median Median colour of the calibration stars.
  clrrms float mag stat.rms;phot.color Scatter of the colours of the calibration stars.
  exptime float s time.duration;obs.exposure Exposure time; since schema 3.2.`;

const PAN_STARRS = `
  objectidps* id - meta.id.assoc Pan-STARRS number of NEAREST.
  sgmag* float mag phot.mag;em.opt.B g magnitude of NEAREST.
  srmag* float mag phot.mag;em.opt.R r magnitude of NEAREST.
  simag* float mag phot.mag;em.opt.I i magnitude of NEAREST.
  szmag* float mag phot.mag;em.opt.I z magnitude of NEAREST.
  sgscore* float - src.class.starGalaxy Star-galaxy score, 0 galaxy to 1 star, of NEAREST.
  distpsnr* float arcsec pos.angDistance Distance to NEAREST.`;

const NEIGHBOURS = `
  nmtchps int - meta.number Pan-STARRS sources within 30 arcsec.
  neargaia float arcsec pos.angDistance Distance to the nearest Gaia DR1 source within 90 arcsec;
    | -999 without one.
  neargaiabright float arcsec pos.angDistance Distance to the nearest Gaia DR1 source brighter
    | than G = 14 within 90 arcsec; -999 without one.
  maggaia float mag phot.mag;em.opt Gaia G magnitude of the nearest Gaia source.
  maggaiabright float mag phot.mag;em.opt Gaia G magnitude of the nearest bright Gaia source.`;

const BROKER = `
  htmid16 id - pos.HTM Hierarchical triangular mesh, level 16, of this detection.
  schemavsn text(32) - meta.version Version of the alert schema, as the packet that brought the
    | row says it.
  publisher text(255) - meta.curation Publisher, as the packet that brought the row says it.
  hasalert! bool - meta.code 1 when the detection's own alert arrived; 0 while it is known from
    | the history in another alert only, which gives fewer columns.`;

/** Detections of ZTF: one row for each candid. */
export const ZTF_CANDIDATES: Table = {
  database: 'ztf',
  name: 'candidates',
  description:
    'Detections on difference images. Rows known only from the history in later alerts lack what only an alert says.',
  isPublic: true,
  primaryKey: ['candid'],
  indexes: [{ columns: ['objectId'] }],
  columns: describeColumns(
    [
      IDENTITY,
      PHOTOMETRY,
      HISTORY,
      ...['nearest', 'second nearest', 'third nearest'].map((which, i) =>
        PAN_STARRS.replaceAll('*', String(i + 1)).replaceAll(
          'NEAREST',
          `the ${which} Pan-STARRS source within 30 arcsec; -999 without one`,
        ),
      ),
      NEIGHBOURS,
      BROKER,
    ].join('\n'),
  ),
};
