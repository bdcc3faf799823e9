import type { Survey } from '../config.ts';
import type { Queries } from './database.ts';

/** Bands of Rubin by the number that exposures have for them. */
const LSST_BANDS = 'ugrizy';
/** Nights beyond these are no nights, whatever a packet says. */
const FARTHEST_NIGHT = 100_000;
const ROWS_A_STATEMENT = 2_000;

/** What is added to the row of one exposure at one place: a field of ZTF, a sky cell of Rubin. */
export interface ExposureCount {
  nid: number;
  place: number;
  /** fid of ZTF; number of Rubin's band in `ugrizy`. */
  band: number;
  /** Start of ZTF's, JD; number of Rubin's visit. */
  key: number;
  /** Detections. */
  n: number;
  /** ZTF: the limit, mag. Rubin: the uncertainty of a flux, nJy, made negative. -Infinity if unknown. */
  depth: number;
}

/** Whether there can be such a night. */
export function isNight(nid: number): boolean {
  return Number.isInteger(nid) && nid >= -FARTHEST_NIGHT && nid <= FARTHEST_NIGHT;
}

/** Number of one of Rubin's bands; undefined for anything else. */
export function lsstBand(band: unknown): number | undefined {
  if (typeof band !== 'string' || band.length !== 1) return undefined;
  const number = LSST_BANDS.indexOf(band);
  return number < 0 ? undefined : number;
}

/**
 * Adds detections and exposures, and notes which nights they change. The nights are locked until the
 * transaction ends.
 */
export async function addExposures(
  tx: Queries,
  survey: Survey,
  counts: readonly ExposureCount[],
): Promise<void> {
  if (counts.length === 0) return;
  // In one order, so that two processes that add to the same rows wait for each other in turn.
  const sorted = [...counts].sort(
    (a, b) => a.nid - b.nid || a.place - b.place || a.band - b.band || a.key - b.key,
  );
  await changeNights(tx, survey, [...new Set(sorted.map(({ nid }) => nid))]);
  const { head, row, tail } = STATEMENTS[survey];
  await insert(tx, head, sorted.map(row), tail);
}

/**
 * Notes that nights are to be added up anew, and keeps everybody else from adding to them. Their rows
 * stay for ever: of processes that put back a row which a third has deleted, one always fails.
 *
 * @param nights - Ascending.
 */
export async function changeNights(
  tx: Queries,
  survey: Survey,
  nights: readonly number[],
): Promise<void> {
  await insert(
    tx,
    `INSERT INTO ${survey}.coverage_changes (nid, ischanged) VALUES `,
    nights.map((nid) => `${nid},1`),
    ' ON DUPLICATE KEY UPDATE ischanged = 1',
  );
}

const STATEMENTS = {
  ztf: {
    head: 'INSERT INTO ztf.exposures (nid, field, fid, jd, n, diffmaglim) VALUES ',
    // The exponent makes the time a double from the beginning: it is part of the key.
    row: ({ nid, place, band, key, n, depth }: ExposureCount) =>
      `${nid},${place},${band},${key}e0,${n},${depth === -Infinity ? 'NULL' : depth}`,
    tail: deepest('diffmaglim', 'GREATEST'),
  },
  lsst: {
    head: 'INSERT INTO lsst.exposures (nid, cell, band, visit, n, psfFluxErr) VALUES ',
    row: ({ nid, place, band, key, n, depth }: ExposureCount) =>
      `${nid},${place},'${LSST_BANDS[band]}',${key},${n},${depth === -Infinity ? 'NULL' : -depth}`,
    tail: deepest('psfFluxErr', 'LEAST'),
  },
};

function deepest(column: string, choose: 'GREATEST' | 'LEAST'): string {
  return ` ON DUPLICATE KEY UPDATE n = n + VALUES(n), ${column} = COALESCE(${choose}(${column}, VALUES(${column})), ${column}, VALUES(${column}))`;
}

async function insert(tx: Queries, head: string, rows: string[], tail = ''): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const some = rows.slice(start, start + ROWS_A_STATEMENT);
    await tx.execute(`${head}(${some.join('),(')})${tail}`);
  }
}
