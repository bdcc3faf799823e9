import { z } from 'zod';

import { magFromFluxNJy } from '../astro/photometry.ts';
import { mjdUtcFromTai } from '../astro/time.ts';
import type { Survey } from '../config.ts';
import { tableOf } from '../schema/tables.ts';
import type { Queries } from './database.ts';
import { readColumns, readWholeRows } from './row-reader.ts';
import type { RowReader, Scalar } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('light-curves.sql', [
  'selectCandidates',
  'selectNoncandidates',
  'selectForcedphot',
  'selectDiaSources',
  'selectSolarSystemSources',
  'selectDiaForcedSources',
  'selectNondetectionLimits',
  'selectZtfSparklines',
  'selectLsstSparklines',
]);

const number = z.number();
const maybe = z.number().nullable();
const id = z.string().regex(/^-?\d+$/);

export const CANDIDATES = readColumns(tableOf('ztf', 'candidates'), {
  candid: id,
  objectId: z.string(),
  jd: number,
  fid: z.int(),
  pid: id.nullable(),
  nid: z.int().nullable(),
  field: z.int().nullable(),
  rcid: z.int().nullable(),
  ra: maybe,
  decl: maybe,
  magpsf: maybe,
  sigmapsf: maybe,
  isdiffpos: z.string().nullable(),
  diffmaglim: maybe,
  magap: maybe,
  sigmagap: maybe,
  magnr: maybe,
  sigmagnr: maybe,
  distnr: maybe,
  magzpsci: maybe,
  rb: maybe,
  drb: maybe,
  fwhm: maybe,
  ssdistnr: maybe,
  ssmagnr: maybe,
  ssnamenr: z.string().nullable(),
  ndethist: z.int().nullable(),
  sgscore1: maybe,
  distpsnr1: maybe,
  hasalert: z.boolean(),
});
export const NONCANDIDATES = readColumns(tableOf('ztf', 'noncandidates'), {
  jd: number,
  fid: z.int(),
  pid: id,
  nid: z.int().nullable(),
  diffmaglim: maybe,
});
export const FORCEDPHOT = readColumns(tableOf('ztf', 'forcedphot'), {
  jd: number,
  fid: z.int(),
  pid: id,
  forcediffimflux: maybe,
  forcediffimfluxunc: maybe,
  magzpsci: maybe,
  diffmaglim: maybe,
  procstatus: z.string().nullable(),
});
export const DIA_SOURCES = readColumns(tableOf('lsst', 'diaSources'), {
  diaSourceId: id,
  diaObjectId: id.nullable(),
  ssObjectId: id.nullable(),
  visit: id.nullable(),
  detector: z.int().nullable(),
  midpointMjdTai: number,
  band: z.string().nullable(),
  ra: maybe,
  decl: maybe,
  raErr: maybe,
  decErr: maybe,
  psfFlux: maybe,
  psfFluxErr: maybe,
  scienceFlux: maybe,
  scienceFluxErr: maybe,
  snr: maybe,
  reliability: maybe,
  extendedness: maybe,
  hasalert: z.boolean(),
});
export const DIA_FORCED_SOURCES = readColumns(tableOf('lsst', 'diaForcedSources'), {
  diaForcedSourceId: id,
  visit: id.nullable(),
  detector: z.int().nullable(),
  midpointMjdTai: number,
  band: z.string().nullable(),
  psfFlux: maybe,
  psfFluxErr: maybe,
});
export const NONDETECTION_LIMITS = readColumns(tableOf('lsst', 'diaNondetectionLimits'), {
  midpointMjdTai: number,
  band: z.string().nullable(),
  diaNoise: maybe,
});

type RowOf<Reader> = Reader extends RowReader<infer Row> ? Row : never;
export type Candidate = RowOf<typeof CANDIDATES>;
export type Noncandidate = RowOf<typeof NONCANDIDATES>;
export type ForcedPoint = RowOf<typeof FORCEDPHOT>;
export type DiaSource = RowOf<typeof DIA_SOURCES>;
export type DiaForcedSource = RowOf<typeof DIA_FORCED_SOURCES>;
export type NondetectionLimit = RowOf<typeof NONDETECTION_LIMITS>;

/** All that is known of an object's brightness, in the survey's own words, newest first. */
export type LightCurve =
  | {
      survey: 'ztf';
      detections: Candidate[];
      nonDetections: Noncandidate[];
      forced: ForcedPoint[];
    }
  | {
      survey: 'lsst';
      detections: DiaSource[];
      nonDetections: NondetectionLimit[];
      forced: DiaForcedSource[];
    };

type WholeRow = Record<string, Scalar>;

/** Rows of the same tables with every column. */
export const WHOLE_ROWS = {
  ztf: {
    detections: readWholeRows(tableOf('ztf', 'candidates')),
    nonDetections: readWholeRows(tableOf('ztf', 'noncandidates')),
    forced: readWholeRows(tableOf('ztf', 'forcedphot')),
  },
  lsst: {
    detections: readWholeRows(tableOf('lsst', 'diaSources')),
    nonDetections: readWholeRows(tableOf('lsst', 'diaNondetectionLimits')),
    forced: readWholeRows(tableOf('lsst', 'diaForcedSources')),
  },
};

/** The same with every column of every row. */
export interface WholeLightCurve {
  detections: WholeRow[];
  nonDetections: WholeRow[];
  forced: WholeRow[];
}

export async function selectLightCurve(
  db: Queries,
  survey: Survey,
  objectId: string,
): Promise<LightCurve> {
  if (survey === 'ztf') {
    const [detections, nonDetections, forced] = await Promise.all([
      select(db, CANDIDATES, sql.selectCandidates, objectId),
      select(db, NONCANDIDATES, sql.selectNoncandidates, objectId),
      select(db, FORCEDPHOT, sql.selectForcedphot, objectId),
    ]);
    return { survey, detections, nonDetections, forced };
  }
  const key = BigInt(objectId);
  const [detections, nonDetections, forced] = await Promise.all([
    select(db, DIA_SOURCES, sql.selectDiaSources, key),
    select(db, NONDETECTION_LIMITS, sql.selectNondetectionLimits, key),
    select(db, DIA_FORCED_SOURCES, sql.selectDiaForcedSources, key),
  ]);
  return { survey, detections, nonDetections, forced };
}

/** All columns of all that is known of an object's brightness, newest first. */
export async function selectWholeLightCurve(
  db: Queries,
  survey: Survey,
  objectId: string,
): Promise<WholeLightCurve> {
  const statements =
    survey === 'ztf'
      ? [sql.selectCandidates, sql.selectNoncandidates, sql.selectForcedphot]
      : [sql.selectDiaSources, sql.selectNondetectionLimits, sql.selectDiaForcedSources];
  const readers = WHOLE_ROWS[survey];
  const key = survey === 'ztf' ? objectId : BigInt(objectId);
  const [detections, nonDetections, forced] = await Promise.all([
    select(db, readers.detections, statements[0], key),
    select(db, readers.nonDetections, statements[1], key),
    select(db, readers.forced, statements[2], key),
  ]);
  return { detections, nonDetections, forced };
}

/** All columns of the sources of a solar-system object. */
export async function selectWholeSolarSystemSources(
  db: Queries,
  ssObjectId: string,
): Promise<WholeLightCurve> {
  const reader = WHOLE_ROWS.lsst.detections;
  const key = BigInt(ssObjectId);
  const detections = await select(db, reader, sql.selectSolarSystemSources, key);
  return { detections, nonDetections: [], forced: [] };
}

/** Sources of a solar-system object: they belong to no diaObject. */
export async function selectSolarSystemSources(
  db: Queries,
  ssObjectId: string,
): Promise<DiaSource[]> {
  return select(db, DIA_SOURCES, sql.selectSolarSystemSources, BigInt(ssObjectId));
}

/** One point of a small light curve; `mag` is AB, `mjd` UTC. */
export interface SparkPoint {
  mjd: number;
  band: string;
  mag: number;
}

const ZtfSpark = z.object({ id: z.string(), mjd: z.number(), fid: z.int(), mag: z.number() });
const LsstSpark = z.object({
  id: z.coerce.string(),
  mjd: z.number(),
  band: z.string().nullable(),
  flux: z.number(),
});
const ZTF_BAND: Record<number, string> = { 1: 'g', 2: 'r', 3: 'i' };

export function ztfBand(fid: number): string {
  return ZTF_BAND[fid] ?? `fid ${fid}`;
}

/** Whether the source was fainter than the reference; packets say `f` or `0`. */
export function isNegative(candidate: Pick<Candidate, 'isdiffpos'>): boolean {
  return candidate.isdiffpos === 'f' || candidate.isdiffpos === '0';
}

/** A value, or null where ZTF writes -999 or -99999 for none. */
export function ztfValue(value: number | null): number | null {
  return value === null || value <= -999 ? null : value;
}

/** Detections of many objects at once, oldest first, for small pictures. Negative fluxes are left out. */
export async function selectSparklines(
  db: Queries,
  survey: Survey,
  ids: string[],
): Promise<Map<string, SparkPoint[]>> {
  const curves = new Map<string, SparkPoint[]>(ids.map((each) => [each, []]));
  if (ids.length === 0) return curves;
  if (survey === 'ztf') {
    for (const row of await db.rows(ZtfSpark, sql.selectZtfSparklines, { ids })) {
      curves.get(row.id)?.push({ mjd: row.mjd, band: ztfBand(row.fid), mag: row.mag });
    }
    return curves;
  }
  const keys = ids.map((each) => BigInt(each));
  for (const row of await db.rows(LsstSpark, sql.selectLsstSparklines, { ids: keys })) {
    const mag = magFromFluxNJy(row.flux);
    if (mag === undefined) continue;
    curves.get(row.id)?.push({ mjd: mjdUtcFromTai(row.mjd), band: row.band ?? '?', mag });
  }
  return curves;
}

function select<Row>(
  db: Queries,
  reader: RowReader<Row>,
  statement: string,
  key: string | bigint,
): Promise<Row[]> {
  return db.rows(reader.row, statement.replace('COLUMNS', reader.columns), { id: key });
}
