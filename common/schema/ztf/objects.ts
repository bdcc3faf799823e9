import { describeColumns, forBands } from '../describe.ts';
import type { Table } from '../types.ts';
import { OBJECT_ID } from './exposure.ts';

const WHOLE = `
  ${OBJECT_ID}
  ncand! int - meta.number Detections.
    || Lasair counts those of the newest packet; here all that are stored count.
  ncandpos! int - meta.number Detections brighter than the reference.
  nnoncand! int - meta.number Non-detections.
  nforced! int - meta.number Points of forced photometry.
  ramean! double deg pos.eq.ra;stat.mean;meta.main Mean right ascension of the detections, ICRS.
    || Lasair averages the numbers, which fails across RA 0 and at the poles; here the directions
    || are averaged.
  decmean! double deg pos.eq.dec;stat.mean;meta.main Mean declination of the detections, ICRS.
    || The directions are averaged, not the numbers.
  rastd float arcsec stat.stdev;pos.eq.ra Scatter of the detections along right ascension, on the
    | sky.
    || Lasair takes the scatter in degrees of right ascension, not multiplied by cos(dec).
  decstd float arcsec stat.stdev;pos.eq.dec Scatter of the detections along declination.
  glonmean double deg pos.galactic.lon Galactic longitude of the mean position.
  glatmean double deg pos.galactic.lat Galactic latitude of the mean position.
  htm16! id - pos.HTM Hierarchical triangular mesh, level 16, of the mean position.
  hpx29! id - pos.healpix HEALPix of the mean position, nested, order 29: what cone searches run
    | on.
  jdmin! double d time.start First detection: Julian Date, UTC.
  jdmax! double d time.end Last detection: Julian Date, UTC.`;

const PER_BAND = `
  ncand*! int - meta.number;* Detections in *.
  mag*min float mag phot.mag;*;stat.min Brightest difference magnitude in *, of either sign.
  mag*max float mag phot.mag;*;stat.max Faintest difference magnitude in *, of either sign.
  mag*mean float mag phot.mag;*;stat.mean Mean difference magnitude in *, of either sign.
  mag*median float mag phot.mag;*;stat.median Median difference magnitude in *, of either sign.
  latest*mag float mag phot.mag;* Difference magnitude of the last detection in *.
  jd*max double d time.end;* Last detection in *: Julian Date, UTC.`;

const LAST = `
  gmag float mag phot.mag;em.opt.B The same as latestgmag, under the name that Lasair gives it
    | today.
  rmag float mag phot.mag;em.opt.R The same as latestrmag, under the name that Lasair gives it
    | today.
  ssnamenr text(255) - meta.id.assoc Known solar-system object near the last detection; NULL
    | without one.
  sherlock_classification name(16) - meta.code.class Class from the sky around it: VS, CV, BS,
    | AGN, NT, SN, ORPHAN, UNCLEAR; NULL until worked out.`;

/** Objects of ZTF: what all that is stored of each says together. */
export const ZTF_OBJECTS: Table = {
  database: 'ztf',
  name: 'objects',
  description:
    'Objects, with features of all their stored detections, both those with alerts of their own and those known from histories.',
  isPublic: true,
  primaryKey: ['objectId'],
  indexes: [{ columns: ['hpx29', 'ramean', 'decmean'] }, { columns: ['jdmax'] }],
  columns: [...describeColumns(WHOLE), ...forBands('gri', PER_BAND), ...describeColumns(LAST)],
};
