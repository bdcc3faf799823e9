import { describeColumns, forBands } from '../describe.ts';
import type { Table } from '../types.ts';

const WHOLE = `
  diaObjectId! id - meta.id;meta.main Number of the object.
  ra double deg pos.eq.ra;meta.main Right ascension that Rubin gives, ICRS.
  decl double deg pos.eq.dec;meta.main Declination that Rubin gives, ICRS.
  ramean! double deg pos.eq.ra;stat.mean Mean right ascension of the stored detections, ICRS.
  decmean! double deg pos.eq.dec;stat.mean Mean declination of the stored detections, ICRS.
  rastd float arcsec stat.stdev;pos.eq.ra Scatter of the detections along right ascension, on the sky.
  decstd float arcsec stat.stdev;pos.eq.dec Scatter of the detections along declination.
  glon double deg pos.galactic.lon Galactic longitude.
  glat double deg pos.galactic.lat Galactic latitude.
  htm16 id - pos.HTM Hierarchical triangular mesh, level 16.
  hpx29 id - pos.healpix HEALPix, nested, order 29: what cone searches run on.
  nDiaSources int - meta.number Detections that Rubin counts, or those stored where they are more.
    || Lasair gives Rubin's number alone.
  nPosDiaSources! int - meta.number Stored detections with positive difference flux.
    || Lasair counts those in the newest alert.
  nForcedSources! int - meta.number Stored points of forced photometry.
  firstDiaSourceMjdTai double d time.start First detection, Rubin's or the first stored where that is
    | earlier: MJD, TAI.
    || Lasair takes the first in the newest alert.
  lastDiaSourceMjdTai double d time.end Last stored detection: MJD, TAI.
  latest_psfFlux float nJy phot.flux.density Difference flux of the last detection, in whatever band.`;

const PER_BAND = `
  n*Sources! int - meta.number;* Stored detections in *.
    || Lasair counts those in the newest alert.
  *_psfFlux float nJy phot.flux.density;* Difference flux of the last detection in *.
  *_latestMJD double d time.end;* Last detection in *: MJD, TAI.
    || Lasair keeps it to single precision, some 5 minutes.
  *_psfFluxMean float nJy phot.flux.density;*;stat.mean Weighted mean difference flux in * that Rubin
    | gives.
  *_psfFluxMeanErr float nJy stat.error;phot.flux.density;* Standard error of *_psfFluxMean that Rubin
    | gives.
  *_psfFluxMin float nJy phot.flux.density;*;stat.min Smallest difference flux of the stored detections
    | in *.
    || Lasair gives Rubin's number, which stands in diaObjects.
  *_psfFluxMax float nJy phot.flux.density;*;stat.max Largest difference flux of the stored detections
    | in *.
    || Lasair gives Rubin's number, which stands in diaObjects.`;

/** Objects of Rubin: what all that is stored of each says together. */
export const LSST_OBJECTS: Table = {
  database: 'lsst',
  name: 'objects',
  description: 'Objects, with features of all their stored detections.',
  isPublic: true,
  primaryKey: ['diaObjectId'],
  indexes: [{ columns: ['hpx29', 'ra', 'decl'] }, { columns: ['lastDiaSourceMjdTai'] }],
  columns: [...describeColumns(WHOLE), ...forBands('ugrizy', PER_BAND)],
};
