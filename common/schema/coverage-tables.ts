import { describeColumns } from './describe.ts';
import type { DatabaseName, Table } from './types.ts';

const ZTF_PLACE = `
  field! int - meta.id;obs.field Number of the field in the fixed ZTF grid; from 1000 on the
    | secondary grid.
  fid! tinyint - instr.bandpass Band: 1 g, 2 r, 3 i.`;
const ZTF_NIGHT = 'nid! int - time.epoch;obs Night: whole days since 2017-01-01 UTC.';

const LSST_PLACE = `
  cell! int - pos.healpix HEALPix cell of order 5 (nested), 1.8 degrees wide.
  band! name(8) - instr.bandpass u, g, r, i, z or y.`;
const LSST_NIGHT = `
  nid! int - time.epoch;obs Night: whole days from 2017-01-01 to the date on which it began, by the
    | clock of TAI less 12 hours, as Rubin counts its days.`;

const N = `
  n! int - meta.number;obs Detections.`;
const EXPOSURES = `
  exposures! int - meta.number;obs.exposure Exposures known of, with detections or without.`;

/** Nights and whether their coverage is to be added up anew; the row is also what locks a night. */
function changesTable(database: DatabaseName): Table {
  return {
    database,
    name: 'coverage_changes',
    description:
      'Nights, and whether something new was stored of them since their coverage was added up.',
    isPublic: false,
    primaryKey: ['nid'],
    indexes: [],
    columns: describeColumns(`
      nid! int - time.epoch;obs Night.
      ischanged! bool - meta.code 1 if its coverage is to be added up anew.`),
  };
}

/** Where ZTF looked: by night, field and band. */
export const ZTF_COVERAGE_TABLES: Table[] = [
  {
    database: 'ztf',
    name: 'exposures',
    description:
      'Exposures that the alerts tell of: those with detections, and those in which an object with an alert was not seen.',
    isPublic: true,
    primaryKey: ['nid', 'field', 'fid', 'jd'],
    indexes: [],
    columns: describeColumns(`
      ${ZTF_NIGHT}
      ${ZTF_PLACE}
      jd! double d time.start;obs.exposure Start of the exposure: Julian Date, UTC.
      ${N}
      diffmaglim float mag phot.mag;instr.sensitivity;stat.max Deepest limit (5 sigma) of its
        | difference images that alerts tell of.`),
  },
  {
    database: 'ztf',
    name: 'coverage',
    description: 'Detections and exposures of a night by field and band.',
    isPublic: true,
    primaryKey: ['nid', 'field', 'fid'],
    indexes: [],
    columns: describeColumns(`
      ${ZTF_PLACE}
      ${ZTF_NIGHT}
      ra double deg pos.eq.ra Middle of the field, ICRS; NULL if the grid has no such field.
      decl double deg pos.eq.dec Middle of the field, ICRS; NULL if the grid has no such field.
      ${N}
        || Fields in which nothing was detected have a row too, with 0.
      ${EXPOSURES}
      diffmaglim float mag phot.mag;instr.sensitivity;stat.max Deepest limit (5 sigma) of the night.`),
  },
  changesTable('ztf'),
];

/** Where Rubin looked: by night, sky cell and band. */
export const LSST_COVERAGE_TABLES: Table[] = [
  {
    database: 'lsst',
    name: 'exposures',
    description:
      'Visits that the alerts tell of, by sky cell: those with detections there, and those in which only forced photometry was done.',
    isPublic: true,
    primaryKey: ['nid', 'cell', 'band', 'visit'],
    indexes: [],
    columns: describeColumns(`
      ${LSST_NIGHT}
      ${LSST_PLACE}
      visit! id - meta.id;obs.exposure Number of the visit.
      ${N}
      psfFluxErr float nJy stat.error;phot.flux.density;stat.min Smallest uncertainty of a difference
        | flux measured in it.`),
  },
  {
    database: 'lsst',
    name: 'coverage',
    description: 'Detections and visits of a night by sky cell and band.',
    isPublic: true,
    primaryKey: ['nid', 'cell', 'band'],
    indexes: [],
    columns: describeColumns(`
      ${LSST_PLACE}
      ${LSST_NIGHT}
      ra! double deg pos.eq.ra Middle of the cell, ICRS.
      decl! double deg pos.eq.dec Middle of the cell, ICRS.
      ${N}
      ${EXPOSURES}
      psfFluxErr float nJy stat.error;phot.flux.density;stat.min Smallest uncertainty of a difference
        | flux of the night.`),
  },
  changesTable('lsst'),
];
