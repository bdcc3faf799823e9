import { z } from 'zod';

import {
  dateFromMjdUtc,
  mjdFromJd,
  mjdUtcFromTai,
  nightOfDate,
  nightOfJd,
  nightOfMjdTai,
} from '../astro/time.ts';
import type { Survey } from '../config.ts';
import type { BatchAlert } from '../filters/filter.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';
import { forSurvey, keyValues } from './survey-keys.ts';

const sql = loadSql('past-alerts.sql', [
  'countSeen',
  'sampleSeen',
  'findPageEnd',
  'selectSeenPage',
  'selectPastAlerts',
  'selectNewestAlerts',
  'selectLastAlerts',
  'selectAlert',
]);

/** What the words of the statements stand for. */
const WORDS: Record<Survey, Record<string, string>> = {
  ztf: { LAST: 'jdmax', FIRST: 'jdmin', ALERTS: 'candidates', ALERT_ID: 'candid', OBSERVED: 'jd' },
  lsst: {
    LAST: 'lastDiaSourceMjdTai',
    FIRST: 'firstDiaSourceMjdTai',
    ALERTS: 'diaSources',
    ALERT_ID: 'diaSourceId',
    OBSERVED: 'midpointMjdTai',
  },
};

/** When night 0 begins on each survey's own clock: JD (UTC) for ZTF; MJD (TAI), noon, for Rubin. */
const NIGHT_ZERO: Record<Survey, number> = { ztf: 2_457_754.5, lsst: 57_754.5 };

const CountRow = z.strictObject({ objects: z.coerce.number() });
const IdRow = z.strictObject({ id: z.string() });

/** Nights as each survey counts them, both included: ZTF's by UTC, Rubin's from noon to noon TAI. */
export interface Nights {
  first: number;
  last: number;
}

/** An alert that was stored before, with the night it is of. */
export interface PastAlert extends BatchAlert {
  nid: number;
  /** As the survey gives it: JD (UTC) or MJD (TAI). */
  time: number;
}

/** The last nights of a survey, tonight included. */
export function lastNights(survey: Survey, count: number, now: Date): Nights {
  const last =
    survey === 'ztf' ? nightOfDate(now) : nightOfDate(new Date(now.getTime() - 43_200_000));
  return { first: last - count + 1, last };
}

/** When a night of a survey ends. */
export function endOfNight(survey: Survey, nid: number): Date {
  const end = NIGHT_ZERO[survey] + nid + 1;
  return dateFromMjdUtc(survey === 'ztf' ? mjdFromJd(end) : mjdUtcFromTai(end));
}

/** How many objects may have alerts of these nights: those seen since and found before their end. */
export async function countObjectsSeen(
  db: Queries,
  survey: Survey,
  nights: Nights,
): Promise<number> {
  const [{ objects }] = await db.rows(
    CountRow,
    statement('countSeen', survey),
    span(survey, nights),
  );
  return objects;
}

/**
 * One in `every` of those objects, as if drawn by lot but the same each time: any beginning of the list
 * is as good a sample as all of it.
 */
export async function sampleObjectsSeen(
  db: Queries,
  survey: Survey,
  nights: Nights,
  every: number,
): Promise<string[]> {
  const parameters = { ...span(survey, nights), every };
  const rows = await db.rows(IdRow, statement('sampleSeen', survey), parameters);
  return rows.map(({ id }) => id);
}

/**
 * Those objects in the order in which they were seen last, some at a time: an object that is seen again
 * meanwhile comes later, and is not missed.
 *
 * @param after - `next` of the page before; '' begins.
 * @param count - About how many; those seen last at the same moment are not parted.
 * @returns `next` is undefined at the end.
 */
export async function selectSeenPage(
  db: Queries,
  survey: Survey,
  nights: Nights,
  after: string,
  count: number,
): Promise<{ ids: string[]; next: string | undefined }> {
  const parameters = { ...span(survey, nights), after: after === '' ? 0 : Number(after) };
  const [found] = await db.arrays(statement('findPageEnd', survey), {
    ...parameters,
    count: count - 1,
  });
  const end = found === undefined ? 1e9 : Number(found[0]);
  const rows = await db.rows(IdRow, statement('selectSeenPage', survey), { ...parameters, end });
  return { ids: rows.map(({ id }) => id), next: found === undefined ? undefined : String(end) };
}

/** The alerts that these objects had in these nights, in the order of observation. */
export async function selectPastAlerts(
  db: Queries,
  survey: Survey,
  ids: readonly string[],
  nights: Nights,
): Promise<PastAlert[]> {
  if (ids.length === 0) return [];
  const rows = await db.arrays(statement('selectPastAlerts', survey), {
    ...span(survey, nights),
    ids: keyValues(survey, ids),
  });
  return rows.map((row) => pastAlert(survey, row));
}

/** The newest detections of an object, those before one time: ZTF's JD, Rubin's MJD (TAI). */
export async function selectNewestAlerts(
  db: Queries,
  survey: Survey,
  objectId: string,
  { limit, before = 1e9 }: { limit: number; before?: number },
): Promise<PastAlert[]> {
  const [id] = keyValues(survey, [objectId]);
  const parameters = { id, before, limit };
  const rows = await db.arrays(statement('selectNewestAlerts', survey), parameters);
  return rows.map((row) => pastAlert(survey, row));
}

/** The alert of each of these objects that was observed last; those without any are left out. */
export async function selectLastAlerts(
  db: Queries,
  survey: Survey,
  ids: readonly string[],
): Promise<Map<string, PastAlert>> {
  if (ids.length === 0) return new Map();
  const rows = await db.arrays(statement('selectLastAlerts', survey), {
    ids: keyValues(survey, ids),
  });
  const alerts = rows.map((row) => pastAlert(survey, row));
  return new Map(alerts.map((alert) => [alert.objectId, alert]));
}

/** A detection by candid or diaSourceId; undefined if it is not stored. */
export async function selectOptionalAlert(
  db: Queries,
  survey: Survey,
  alertId: string,
): Promise<PastAlert | undefined> {
  const parameters = { alertId: BigInt(alertId) };
  const [row] = await db.arrays(statement('selectAlert', survey), parameters);
  return row === undefined ? undefined : pastAlert(survey, row);
}

function pastAlert(survey: Survey, row: readonly unknown[]): PastAlert {
  const [objectId, alertId, observed, sentAt] = row;
  const time = Number(observed);
  const mjdUtc = survey === 'ztf' ? mjdFromJd(time) : mjdUtcFromTai(time);
  const observedAtMs = dateFromMjdUtc(mjdUtc).getTime();
  return {
    // Rubin's detections of the solar system are of no object.
    objectId: typeof objectId === 'string' ? objectId : '',
    alertId: String(alertId),
    time,
    nid: survey === 'ztf' ? nightOfJd(time) : nightOfMjdTai(time),
    observedAtMs,
    // Of what came before arrivals were noted, only the observation is known.
    arrivedAtMs: sentAt instanceof Date ? sentAt.getTime() : observedAtMs,
  };
}

function span(survey: Survey, { first, last }: Nights): { from: number; to: number } {
  return { from: NIGHT_ZERO[survey] + first, to: NIGHT_ZERO[survey] + last + 1 };
}

function statement(name: keyof typeof sql, survey: Survey): string {
  const words = Object.entries(WORDS[survey]);
  return words.reduce(
    (text, [word, column]) => text.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), column),
    forSurvey(sql[name], survey),
  );
}
