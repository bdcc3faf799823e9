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

const KEY = `
  ${OBJECT_ID}
  pid! id - meta.id;obs.image ${PID_MEANING}`;

/** Exposures that covered an object without detecting it. */
export const ZTF_NONCANDIDATES: Table = {
  database: 'ztf',
  name: 'noncandidates',
  description:
    'Non-detections: exposures of the 30 days before an alert that covered the object and did not show it.',
  isPublic: true,
  primaryKey: ['objectId', 'pid'],
  indexes: [],
  columns: describeColumns([KEY, EXPOSURE, NID, ZERO_POINT].join('\n')),
};

/** ZTF's forced photometry: flux at the object's position whether or not it was detected. */
export const ZTF_FORCEDPHOT: Table = {
  database: 'ztf',
  name: 'forcedphot',
  description:
    "Forced photometry on the difference images of the 30 days before an alert, at the object's position; since schema 4.01.",
  isPublic: true,
  primaryKey: ['objectId', 'pid'],
  indexes: [],
  columns: describeColumns(`
  ${KEY}
  ${EXPOSURE}
  rfid id - meta.id;obs.image Number of the reference image.
  forcediffimflux float adu phot.count;arith.diff Difference flux in DN of the science image,
    | negative when fainter than the reference; -99999 where the fit failed.
  forcediffimfluxunc float adu stat.error;phot.count Uncertainty of forcediffimflux; -99999 where
    | the fit failed.
  procstatus text(255) - meta.code.qual Warnings of the processing, 0 for none.
  exptime float s time.duration;obs.exposure Exposure time.
  sciinpseeing float pix instr.obsty.seeing Seeing of the science image (FWHM).
  scibckgnd float adu instr.skyLevel Sky level of the science image.
  scisigpix float adu stat.stdev;instr.skyLevel Robust scatter of a pixel of the science image.
  ${ZERO_POINT}
  ${COLOUR_TERM}
  adpctdif1 float arcsec stat.rms;pos.eq.ra Scatter in right ascension of the science image
    | against Gaia DR1.
  adpctdif2 float arcsec stat.rms;pos.eq.dec Scatter in declination of the science image against
    | Gaia DR1.
  distnr float arcsec pos.angDistance Distance to the nearest source in the reference image.
  ${REFERENCE_SOURCE}`),
};
