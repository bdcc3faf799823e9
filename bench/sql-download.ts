import { writeFileSync } from 'node:fs';

import { parquetMetadata } from 'hyparquet';

import type { Survey } from '../common/config.ts';
import type { ResultFormatName } from '../common/formats/result-formats.ts';
import { cpuSeconds, memoryBytes, peakMemoryBytes } from './measure-process.ts';
import { postQuery } from './sql-ask.ts';
import type { Site, SqlServer } from './sql-server.ts';

export interface Download {
  format: ResultFormatName;
  columns: string;
  rows: number;
  megabytes: number;
  seconds: number;
  rowsPerSecond: number;
  /** CPU, microseconds a row: of the site and of the database. */
  cpuUsPerRow: { site: number; mariadb: number };
  /** Resident memory of the site, MB: before, and the most meanwhile. */
  memoryMb: { before: number; peak: number };
}

const FORMATS = ['csv', 'ndjson', 'json', 'votable', 'parquet'] as const;
const ROWS = 100_000;
const WIDE_ROWS = 20_000;
const MB = 1e6;
const FEW: Record<Survey, string> = {
  ztf: 'objectId, ramean, decmean, jdmin, jdmax, gmag, rmag, maggmin, magrmin, ncand, ncandgp, sherlock_classification',
  lsst: 'diaObjectId, ra, decl, firstDiaSourceMjdTai, lastDiaSourceMjdTai, g_psfFlux, r_psfFlux, i_psfFlux, nDiaSources, nSourcesGood, latestR, sherlock_classification',
};

/** Long results over HTTP, each read whole by this process: twelve columns, then all of them. */
export async function measureDownloads(
  site: Site,
  server: SqlServer,
  { survey, objects }: { survey: Survey; objects: number },
): Promise<Download[]> {
  const few = { columns: 'twelve', sql: `SELECT ${FEW[survey]} FROM objects`, rows: ROWS };
  const all = { columns: 'all', sql: 'SELECT * FROM objects', rows: WIDE_ROWS };
  const downloads: Download[] = [];
  // What a program compiles on its first use is not what is asked here.
  for (const format of FORMATS)
    await download(site, server, survey, { ...few, rows: 10_000 }, format);
  for (const wanted of [few, all]) {
    const rows = Math.min(objects, wanted.rows);
    for (const format of FORMATS)
      downloads.push(await download(site, server, survey, { ...wanted, rows }, format));
  }
  return downloads;
}

interface Wanted {
  columns: string;
  sql: string;
  rows: number;
}

async function download(
  site: Site,
  { token, database }: SqlServer,
  survey: Survey,
  { columns, sql, rows }: Wanted,
  format: ResultFormatName,
): Promise<Download> {
  forgetPeak(site.pid);
  const cpu = () => ({ site: cpuSeconds(site.pid), mariadb: cpuSeconds(database.server.pid) });
  const before = { cpu: cpu(), memory: memoryBytes(site.pid), at: performance.now() };
  const answer = await postQuery(site, token, { survey, sql, format, limit: rows });
  const body = Buffer.from(await answer.arrayBuffer());
  const seconds = (performance.now() - before.at) / 1000;
  const after = cpu();
  const counted = countRows(body, format);
  if (counted !== rows) throw new Error(`${format}: ${counted} rows came and not ${rows}`);
  const us = (used: number) => Number(((1e6 * used) / rows).toFixed(1));
  return {
    ...{ format, columns, rows, megabytes: Number((body.length / MB).toFixed(1)) },
    ...{ seconds: Number(seconds.toFixed(2)), rowsPerSecond: Math.round(rows / seconds) },
    cpuUsPerRow: {
      site: us(after.site - before.cpu.site),
      mariadb: us(after.mariadb - before.cpu.mariadb),
    },
    memoryMb: {
      before: Math.round(before.memory / MB),
      peak: Math.round(peakMemoryBytes(site.pid) / MB),
    },
  };
}

function countRows(body: Buffer, format: ResultFormatName): number {
  switch (format) {
    case 'csv':
      return count(body, '\r\n') - 1;
    case 'ndjson':
      return count(body, '\n');
    case 'json':
      return count(body, '\n{');
    case 'votable':
      return count(body, '<TR>');
    case 'parquet':
      return Number(parquetMetadata(new Uint8Array(body).buffer).num_rows);
  }
}

function count(body: Buffer, word: string): number {
  let found = 0;
  for (let at = body.indexOf(word); at >= 0; at = body.indexOf(word, at + word.length)) found++;
  return found;
}

/** From here on the most memory counts anew (Linux). */
function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
