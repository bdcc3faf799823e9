import type { Survey } from '../config.ts';
import { mjdFromJd, mjdUtcFromTai } from '../astro/time.ts';
import { magFromFluxNJy } from '../astro/photometry.ts';
import type { Scalar } from './row-reader.ts';

/** What an object did in one band, in the survey's own words: magnitudes, or nJy for Rubin. */
export interface BandSummary {
  band: string;
  detections: number;
  latest: number | null;
  latestMjd: number | null;
  mean: number | null;
  min: number | null;
  max: number | null;
}

/** An object of either survey as pages, searches and the API need it. */
export interface SurveyObject {
  survey: Survey;
  id: string;
  /** The position that is searched by, degrees, ICRS: ZTF's mean, Rubin's own. */
  ra: number;
  dec: number;
  raStdArcsec: number | null;
  decStdArcsec: number | null;
  /** Galactic, degrees. */
  galacticLon: number | null;
  galacticLat: number | null;
  /** Days: UTC for ZTF, TAI for Rubin, as in the table. */
  firstMjd: number | null;
  lastMjd: number | null;
  /** The same instants, days UTC. */
  firstMjdUtc: number | null;
  lastMjdUtc: number | null;
  detections: number;
  positiveDetections: number;
  nonDetections: number | null;
  forced: number | null;
  /** Latest detection: difference magnitude (AB), and its band. Null if it was negative. */
  latestMag: number | null;
  latestBand: string | null;
  solarSystemName: string | null;
  /** Class from the sky around it: VS, CV, BS, AGN, NT, SN, ORPHAN, UNCLEAR. */
  classification: string | null;
  /** Name in the Transient Name Server, without its prefix, and type (`SN Ia`). */
  tnsName: string | null;
  tnsType: string | null;
  bands: BandSummary[];
  /** The row of the survey's `objects` table: the whole of it, or in lists `LISTED_COLUMNS`. */
  row: Record<string, Scalar>;
}

type Row = Record<string, Scalar>;

const ZTF_BANDS = ['g', 'r', 'i'] as const;
const LSST_BANDS = ['u', 'g', 'r', 'i', 'z', 'y'] as const;
const CONTEXT_COLUMNS = ['sherlock_classification', 'tns_name', 'tns_type'];

/** What lists of objects need of the hundreds of columns: all that becomes a field of its own. */
export const LISTED_COLUMNS: Record<Survey, readonly string[]> = {
  ztf: [
    ...['objectId', 'ramean', 'decmean', 'rastd', 'decstd', 'glonmean', 'glatmean'],
    ...['jdmin', 'jdmax', 'ncand', 'ncandpos', 'nnoncand', 'nforced', 'ssnamenr'],
    ...CONTEXT_COLUMNS,
    ...ZTF_BANDS.flatMap((band) => [
      ...[`ncand${band}`, `latest${band}mag`, `jd${band}max`],
      ...[`mag${band}mean`, `mag${band}min`, `mag${band}max`],
    ]),
  ],
  lsst: [
    ...['diaObjectId', 'ra', 'decl', 'rastd', 'decstd', 'glon', 'glat'],
    ...['firstDiaSourceMjdTai', 'lastDiaSourceMjdTai'],
    ...['nDiaSources', 'nPosDiaSources', 'nForcedSources'],
    ...CONTEXT_COLUMNS,
    ...LSST_BANDS.flatMap((band) => [
      ...[`n${band}Sources`, `${band}_psfFlux`, `${band}_latestMJD`],
      ...[`${band}_psfFluxMean`, `${band}_psfFluxMin`, `${band}_psfFluxMax`],
    ]),
  ],
};

export function ztfObject(row: Row): SurveyObject {
  const bands = ZTF_BANDS.map((band) => ({
    band,
    detections: numeric(row[`ncand${band}`]) ?? 0,
    latest: numeric(row[`latest${band}mag`]),
    latestMjd: mjdOrNull(row[`jd${band}max`]),
    mean: numeric(row[`mag${band}mean`]),
    min: numeric(row[`mag${band}min`]),
    max: numeric(row[`mag${band}max`]),
  })).filter((summary) => summary.detections > 0 || summary.latest !== null);
  const latest = latestOf(bands);
  const firstMjd = mjdOrNull(row.jdmin);
  const lastMjd = mjdOrNull(row.jdmax);
  return {
    survey: 'ztf',
    id: String(row.objectId),
    ra: Number(row.ramean),
    dec: Number(row.decmean),
    raStdArcsec: numeric(row.rastd),
    decStdArcsec: numeric(row.decstd),
    galacticLon: numeric(row.glonmean),
    galacticLat: numeric(row.glatmean),
    firstMjd,
    lastMjd,
    firstMjdUtc: firstMjd,
    lastMjdUtc: lastMjd,
    detections: numeric(row.ncand) ?? 0,
    positiveDetections: numeric(row.ncandpos) ?? 0,
    nonDetections: numeric(row.nnoncand),
    forced: numeric(row.nforced),
    latestMag: latest?.latest ?? null,
    latestBand: latest?.band ?? null,
    solarSystemName: textual(row.ssnamenr),
    ...contextOf(row),
    bands,
    row,
  };
}

export function lsstObject(row: Row): SurveyObject {
  const bands = LSST_BANDS.map((band) => ({
    band,
    detections: numeric(row[`n${band}Sources`]) ?? 0,
    latest: numeric(row[`${band}_psfFlux`]),
    latestMjd: numeric(row[`${band}_latestMJD`]),
    mean: numeric(row[`${band}_psfFluxMean`]),
    min: numeric(row[`${band}_psfFluxMin`]),
    max: numeric(row[`${band}_psfFluxMax`]),
  })).filter((summary) => summary.detections > 0 || summary.latest !== null);
  const latest = latestOf(bands);
  const flux = latest?.latest ?? null;
  const firstMjd = numeric(row.firstDiaSourceMjdTai);
  const lastMjd = numeric(row.lastDiaSourceMjdTai);
  return {
    survey: 'lsst',
    id: String(row.diaObjectId),
    ra: Number(row.ra),
    dec: Number(row.decl),
    raStdArcsec: numeric(row.rastd),
    decStdArcsec: numeric(row.decstd),
    galacticLon: numeric(row.glon),
    galacticLat: numeric(row.glat),
    firstMjd,
    lastMjd,
    firstMjdUtc: firstMjd === null ? null : mjdUtcFromTai(firstMjd),
    lastMjdUtc: lastMjd === null ? null : mjdUtcFromTai(lastMjd),
    detections: numeric(row.nDiaSources) ?? 0,
    positiveDetections: numeric(row.nPosDiaSources) ?? 0,
    nonDetections: null,
    forced: numeric(row.nForcedSources),
    latestMag: flux === null ? null : (magFromFluxNJy(flux) ?? null),
    latestBand: latest?.band ?? null,
    solarSystemName: null,
    ...contextOf(row),
    bands,
    row,
  };
}

function contextOf(row: Row) {
  return {
    classification: textual(row.sherlock_classification),
    tnsName: textual(row.tns_name),
    tnsType: textual(row.tns_type),
  };
}

function latestOf(bands: BandSummary[]): BandSummary | undefined {
  const dated = bands.filter((band) => band.latestMjd !== null && band.latest !== null);
  return dated.sort((a, b) => (b.latestMjd ?? 0) - (a.latestMjd ?? 0))[0];
}

function numeric(value: Scalar | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function textual(value: Scalar | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function mjdOrNull(jd: Scalar | undefined): number | null {
  const value = numeric(jd);
  return value === null ? null : mjdFromJd(value);
}
