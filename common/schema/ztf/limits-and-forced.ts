import { columns } from '../describe.ts';
import type { ColumnRow } from '../describe.ts';
import type { Table } from '../types.ts';
import {
  COLOUR_TERM,
  DIFFMAGLIM,
  FID,
  FIELD,
  JD,
  NID,
  OBJECT_ID,
  PID,
  PROGRAM,
  RCID,
  REFERENCE_SOURCE_FIT,
  ZERO_POINT,
} from './exposure.ts';

const REQUIRED_PID: ColumnRow = [PID[0], PID[1], PID[2], PID[3], PID[4], { required: true }];

/** Exposures that covered an object without detecting it. */
export const ZTF_NONCANDIDATES: Table = {
  database: 'ztf',
  name: 'noncandidates',
  description:
    'Non-detections: exposures of the 30 days before an alert that covered the object and did not show it.',
  isPublic: true,
  primaryKey: ['objectId', 'pid'],
  indexes: [],
  columns: columns([
    OBJECT_ID,
    REQUIRED_PID,
    JD,
    FID,
    DIFFMAGLIM,
    PROGRAM,
    NID,
    RCID,
    FIELD,
    ...ZERO_POINT,
  ]),
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
  columns: columns([
    OBJECT_ID,
    REQUIRED_PID,
    JD,
    FID,
    FIELD,
    RCID,
    PROGRAM,
    ['rfid', 'id', '', 'meta.id;obs.image', 'Number of the reference image.'],
    [
      'forcediffimflux',
      'float',
      'adu',
      'phot.count;arith.diff',
      'Difference flux in DN of the science image, negative when fainter than the reference; -99999 where the fit failed.',
    ],
    [
      'forcediffimfluxunc',
      'float',
      'adu',
      'stat.error;phot.count',
      'Uncertainty of forcediffimflux; -99999 where the fit failed.',
    ],
    ['procstatus', { text: 255 }, '', 'meta.code.qual', 'Warnings of the processing, 0 for none.'],
    ['exptime', 'float', 's', 'time.duration;obs.exposure', 'Exposure time.'],
    DIFFMAGLIM,
    ['sciinpseeing', 'float', 'pix', 'instr.obsty.seeing', 'Seeing of the science image (FWHM).'],
    ['scibckgnd', 'float', 'adu', 'instr.skyLevel', 'Sky level of the science image.'],
    [
      'scisigpix',
      'float',
      'adu',
      'stat.stdev;instr.skyLevel',
      'Robust scatter of a pixel of the science image.',
    ],
    ...ZERO_POINT,
    ...COLOUR_TERM,
    [
      'adpctdif1',
      'float',
      'arcsec',
      'stat.rms;pos.eq.ra',
      'Scatter in right ascension of the science image against Gaia DR1.',
    ],
    [
      'adpctdif2',
      'float',
      'arcsec',
      'stat.rms;pos.eq.dec',
      'Scatter in declination of the science image against Gaia DR1.',
    ],
    [
      'distnr',
      'float',
      'arcsec',
      'pos.angDistance',
      'Distance to the nearest source in the reference image.',
    ],
    [
      'ranr',
      'double',
      'deg',
      'pos.eq.ra',
      'Right ascension of the nearest source in the reference image, ICRS.',
    ],
    [
      'decnr',
      'double',
      'deg',
      'pos.eq.dec',
      'Declination of the nearest source in the reference image, ICRS.',
    ],
    ...REFERENCE_SOURCE_FIT,
  ]),
};
