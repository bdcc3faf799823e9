import { jdFromMjd, mjdFromJd, mjdTaiFromUtc, mjdUtcFromDate } from '../astro/time.ts';
import type { KafkaContent, Match } from '../filters/filter.ts';
import { tableOf } from '../schema/tables.ts';
import type { Table } from '../schema/types.ts';
import type { Queries } from '../store/database.ts';
import { selectLsstRecord } from '../store/dia-object.ts';
import { selectLightCurve, selectWholeLightCurve } from '../store/light-curves.ts';
import { rowText, rowsText } from './record-text.ts';

type Row = Record<string, unknown>;

/** Times of one exposure as two tables have them differ by less, days. */
const SAME_EXPOSURE_DAYS = 0.5 / 86_400;
const NUMBERS = {
  candidates: idsOf(tableOf('ztf', 'candidates')),
  noncandidates: idsOf(tableOf('ztf', 'noncandidates')),
  forcedphot: idsOf(tableOf('ztf', 'forcedphot')),
  diaObjects: idsOf(tableOf('lsst', 'diaObjects')),
  diaSources: idsOf(tableOf('lsst', 'diaSources')),
  diaForcedSources: idsOf(tableOf('lsst', 'diaForcedSources')),
};

/**
 * What is added to a record under `alert`, as JSON: the light curve in few columns, or all that is
 * stored of the alert but its cutouts. Lists are newest first, and hold nothing newer than the alert,
 * however late the record is sent.
 */
export async function alertText(
  db: Queries,
  match: Match,
  content: Exclude<KafkaContent, 'columns'>,
): Promise<string> {
  if (match.survey === 'ztf') return ztfText(db, match, content);
  return lsstText(db, match, content);
}

async function ztfText(db: Queries, match: Match, content: KafkaContent): Promise<string> {
  const isWhole = content === 'alert';
  const curve = isWhole
    ? await selectWholeLightCurve(db, 'ztf', match.objectId)
    : await selectLightCurve(db, 'ztf', match.objectId);
  const detections: Row[] = curve.detections.map((row) => ({ ...row }));
  const end = endOf(match, detections, 'candid', 'jd', (date) => jdFromMjd(mjdUtcFromDate(date)));
  const upTo = (rows: readonly object[]) => rowsUpTo(rows, 'jd', end);
  const candidates = [
    ...upTo(detections).map((row) =>
      textOf(row, isWhole ? undefined : liteCandidate, 'candidates'),
    ),
    ...upTo(curve.nonDetections).map((row) =>
      textOf(row, isWhole ? undefined : liteLimit, 'noncandidates'),
    ),
  ].sort((a, b) => b.time - a.time);
  const forced = upTo(curve.forced).map((row) => (isWhole ? row : liteForced(row)));
  return `{"candidates": [${candidates.map(({ text }) => text).join(', ')}], "forcedphot": ${rowsText(forced, NUMBERS.forcedphot)}}`;
}

async function lsstText(db: Queries, match: Match, content: KafkaContent): Promise<string> {
  const isWhole = content === 'alert';
  const curve = isWhole
    ? await selectWholeLightCurve(db, 'lsst', match.objectId)
    : await selectLightCurve(db, 'lsst', match.objectId);
  const detections: Row[] = curve.detections.map((row) => ({ ...row }));
  const end = endOf(match, detections, 'diaSourceId', 'midpointMjdTai', (date) =>
    mjdTaiFromUtc(mjdUtcFromDate(date)),
  );
  const sources = rowsUpTo(detections, 'midpointMjdTai', end);
  const forced = rowsUpTo(curve.forced, 'midpointMjdTai', end);
  const lists = [
    `"diaSourcesList": ${rowsText(isWhole ? sources : sources.map(liteSource), NUMBERS.diaSources)}`,
    `"diaForcedSourcesList": ${rowsText(isWhole ? forced : forced.map(liteForcedSource), NUMBERS.diaForcedSources)}`,
  ];
  if (!isWhole) return `{${lists.join(', ')}}`;
  const object = await selectLsstRecord(db, match.objectId);
  // Only the newest record of an object is kept: one of a later alert is not of this one.
  const newest = detections[0]?.midpointMjdTai;
  const isOfAlert = object !== undefined && (typeof newest !== 'number' || newest <= end);
  const shown = isOfAlert ? rowText(object, NUMBERS.diaObjects) : 'null';
  return `{"diaObject": ${shown}, ${lists.join(', ')}}`;
}

/** Time of the alert, in the column's own scale; of the match where the alert is not known. */
function endOf(
  match: Match,
  detections: Row[],
  key: string,
  time: string,
  fromDate: (date: Date) => number,
): number {
  const alert = detections.find((row) => row[key] === match.alertId)?.[time];
  const end = typeof alert === 'number' ? alert : fromDate(match.observedAt ?? match.matchedAt);
  return end + SAME_EXPOSURE_DAYS;
}

function rowsUpTo(rows: readonly object[], time: string, end: number): Row[] {
  return rows
    .map((row): Row => ({ ...row }))
    .filter((row) => typeof row[time] === 'number' && row[time] <= end);
}

function textOf(
  row: Row,
  lite: ((row: Row) => Row) | undefined,
  table: 'candidates' | 'noncandidates',
): { time: number; text: string } {
  return { time: Number(row.jd), text: rowText(lite?.(row) ?? row, NUMBERS[table]) };
}

function liteCandidate(row: Row): Row {
  const { candid, jd, fid, magpsf, sigmapsf, isdiffpos, ra, decl, magnr, sigmagnr, magzpsci, drb } =
    row;
  const mjd = mjdFromJd(Number(jd));
  return {
    candid,
    jd,
    mjd,
    fid,
    ra,
    decl,
    magpsf,
    sigmapsf,
    isdiffpos,
    magnr,
    sigmagnr,
    magzpsci,
    drb,
  };
}

function liteLimit({ jd, fid, diffmaglim }: Row): Row {
  return { jd, mjd: mjdFromJd(Number(jd)), fid, diffmaglim };
}

function liteForced({ jd, fid, forcediffimflux, forcediffimfluxunc, magzpsci }: Row): Row {
  const mjd = mjdFromJd(Number(jd));
  return { jd, mjd, fid, forcediffimflux, forcediffimfluxunc, magzpsci };
}

function liteSource({ psfFlux, psfFluxErr, midpointMjdTai, band, reliability }: Row): Row {
  return { psfFlux, psfFluxErr, midpointMjdTai, band, reliability };
}

function liteForcedSource({ psfFlux, psfFluxErr, midpointMjdTai, band }: Row): Row {
  return { psfFlux, psfFluxErr, midpointMjdTai, band };
}

function idsOf(table: Table): ReadonlySet<string> {
  return new Set(table.columns.filter(({ type }) => type === 'id').map(({ name }) => name));
}
