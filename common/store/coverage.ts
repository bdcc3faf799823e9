import { z } from 'zod';

import type { Survey } from '../config.ts';
import { tableOf } from '../schema/tables.ts';
import { tableName } from '../schema/ddl.ts';
import { bulkUpsert } from './bulk.ts';
import type { BulkTarget } from './bulk.ts';
import type { Database, Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('coverage.sql', [
  'selectZtfChanges',
  'selectLsstChanges',
  'settleZtfNight',
  'settleLsstNight',
  'sumZtfNight',
  'sumLsstNight',
  'deleteZtfNight',
  'deleteLsstNight',
  'selectZtfCoverage',
  'selectLsstCoverage',
  'selectZtfNights',
  'selectLsstNights',
]);
const STATEMENTS = {
  ztf: {
    changes: sql.selectZtfChanges,
    settle: sql.settleZtfNight,
    sumNight: sql.sumZtfNight,
    deleteNight: sql.deleteZtfNight,
    coverage: sql.selectZtfCoverage,
    nights: sql.selectZtfNights,
  },
  lsst: {
    changes: sql.selectLsstChanges,
    settle: sql.settleLsstNight,
    sumNight: sql.sumLsstNight,
    deleteNight: sql.deleteLsstNight,
    coverage: sql.selectLsstCoverage,
    nights: sql.selectLsstNights,
  },
};
const TARGETS: Record<Survey, BulkTarget> = {
  ztf: {
    table: tableName(tableOf('ztf', 'coverage')),
    columns: ['nid', 'field', 'fid', 'ra', 'decl', 'n', 'exposures', 'diffmaglim'],
  },
  lsst: {
    table: tableName(tableOf('lsst', 'coverage')),
    columns: ['nid', 'cell', 'band', 'ra', 'decl', 'n', 'exposures', 'psfFluxErr'],
  },
};
const BAND_NAMES: Record<string, string> = { 1: 'g', 2: 'r', 3: 'i' };
/** Of AB magnitudes for nJy; and how many standard deviations a limit is. */
const ZERO_POINT = 31.4;
const LIMIT_SIGMA = 5;

/** What was seen of one place in one band within some nights. */
export interface CoverageRow {
  /** Field of ZTF, or HEALPix cell of order 5 of Rubin. */
  place: number;
  /** Letter; the number itself for a `fid` that has none. */
  band: string;
  /** Degrees, ICRS; null for a field that the grid does not have. */
  ra: number | null;
  decl: number | null;
  /** Detections. */
  n: number;
  exposures: number;
  nights: number;
  /** Deepest limit (5 sigma) for a point source, AB mag. */
  limitingMag: number | null;
}

const CoverageColumns = z.object({
  place: z.int(),
  band: z.coerce.string(),
  ra: z.number().nullable(),
  decl: z.number().nullable(),
  n: z.coerce.number(),
  exposures: z.coerce.number(),
  nights: z.coerce.number(),
  depth: z.number().nullable(),
});

/** Coverage of the nights from `first` to `last`, both included, by place and band. */
export async function selectCoverage(
  db: Queries,
  survey: Survey,
  first: number,
  last: number,
): Promise<CoverageRow[]> {
  const rows = await db.rows(CoverageColumns, STATEMENTS[survey].coverage, { first, last });
  return rows.map(({ band, depth, ...row }) => ({
    ...row,
    band: survey === 'ztf' ? (BAND_NAMES[band] ?? band) : band,
    limitingMag: survey === 'ztf' || depth === null ? depth : limitOf(depth),
  }));
}

/** First and last night that there is coverage of; null if there is none. */
export async function selectCoveredNights(
  db: Queries,
  survey: Survey,
): Promise<{ first: number; last: number } | null> {
  const [[first, last]] = await db.arrays(STATEMENTS[survey].nights);
  return first === null ? null : { first: Number(first), last: Number(last) };
}

/** Nights of which something new was stored since they were added up, newest first. */
export async function selectChangedNights(db: Queries, survey: Survey): Promise<number[]> {
  const rows = await db.arrays(STATEMENTS[survey].changes);
  return rows.map(([nid]) => Number(nid));
}

/**
 * Adds up the coverage of a night anew from its exposures. Who reads meanwhile sees it as it was
 * before or as it is then; what is stored meanwhile changes the night again.
 *
 * @param centreOf - Middle of a place, degrees.
 */
export async function addUpNight(
  db: Database,
  survey: Survey,
  nid: number,
  centreOf: (place: number) => { ra: number; dec: number } | undefined,
): Promise<void> {
  const statements = STATEMENTS[survey];
  await db.transaction(async (tx) => {
    // Waits for whoever is adding to the night, and keeps others waiting until it is done.
    await tx.execute(statements.settle, { nid });
    const sums = await tx.arrays(statements.sumNight, { nid });
    await tx.execute(statements.deleteNight, { nid });
    const rows = sums.map(([place, band, n, exposures, depth]) => {
      const centre = centreOf(Number(place));
      return [
        nid,
        Number(place),
        survey === 'ztf' ? Number(band) : String(band),
        centre?.ra ?? null,
        centre?.dec ?? null,
        Number(n),
        Number(exposures),
        depth === null ? null : Number(depth),
      ];
    });
    await bulkUpsert(tx, TARGETS[survey], rows);
  });
}

/** Magnitude at which a point source has five times its uncertainty, nJy. */
function limitOf(psfFluxErr: number): number {
  return ZERO_POINT - 2.5 * Math.log10(LIMIT_SIGMA * psfFluxErr);
}
