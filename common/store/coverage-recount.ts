import type { Survey } from '../config.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('coverage-recount.sql', [
  'selectZtfStoredNights',
  'selectLsstStoredNights',
  'deleteZtfExposures',
  'deleteLsstExposures',
  'countZtfDetections',
  'countZtfNonDetections',
  'selectSources',
  'selectForcedSources',
]);
const PAGE_ROWS = 20_000;
const BEFORE_ALL = -(2n ** 63n);

/** First and last night that anything is stored of; null if nothing is. Reads whole tables. */
export async function selectStoredNights(
  db: Queries,
  survey: Survey,
): Promise<{ first: number; last: number } | null> {
  const statement = survey === 'ztf' ? sql.selectZtfStoredNights : sql.selectLsstStoredNights;
  const [[first, last]] = await db.arrays(statement);
  return first === null ? null : { first: Number(first), last: Number(last) };
}

/** Forgets the exposures of the nights from `first` to `last`. */
export async function deleteExposures(
  tx: Queries,
  survey: Survey,
  first: number,
  last: number,
): Promise<void> {
  const statement = survey === 'ztf' ? sql.deleteZtfExposures : sql.deleteLsstExposures;
  await tx.execute(statement, { first, last });
}

/** Counts ZTF's exposures of these nights, which must be forgotten before; all in the server. */
export async function countZtfExposures(tx: Queries, first: number, last: number): Promise<void> {
  await tx.execute(sql.countZtfDetections, { first, last });
  await tx.execute(sql.countZtfNonDetections, { first, last });
}

/** A source of Rubin's, or a point of forced photometry, in the words of its packets. */
export interface StoredMeasurement {
  isDetection: boolean;
  record: Readonly<Record<string, unknown>>;
}

/** All sources and all forced photometry of Rubin's that are stored, a page at a time. */
export async function* readLsstMeasurements(tx: Queries): AsyncGenerator<StoredMeasurement[]> {
  let after = BEFORE_ALL;
  for (;;) {
    const rows = await tx.arrays(sql.selectSources, { after, count: PAGE_ROWS });
    yield rows.map(([, ...values]) => ({ isDetection: true, record: recordOf(values) }));
    if (rows.length < PAGE_ROWS) break;
    after = BigInt(String(rows[rows.length - 1][0]));
  }
  let [afterObject, afterSource] = [BEFORE_ALL, BEFORE_ALL];
  for (;;) {
    const place = { afterObject, afterSource, count: PAGE_ROWS };
    const rows = await tx.arrays(sql.selectForcedSources, place);
    yield rows.map(([, , ...values]) => ({ isDetection: false, record: recordOf(values) }));
    if (rows.length < PAGE_ROWS) break;
    const last = rows[rows.length - 1];
    [afterObject, afterSource] = [BigInt(String(last[0])), BigInt(String(last[1]))];
  }
}

function recordOf([visit, band, midpointMjdTai, ra, dec, psfFluxErr]: unknown[]) {
  return { visit, band, midpointMjdTai, ra, dec, psfFluxErr };
}
