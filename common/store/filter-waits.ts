import { z } from 'zod';

import type { Survey } from '../config.ts';
import type { BatchAlert } from '../filters/filter.ts';
import type { Queries, Transaction } from './database.ts';
import type { FilterObject } from './filter-memory.ts';
import { memoryKey } from './filter-memory.ts';
import { loadSql } from './sql-blocks.ts';
import { forSurvey, keyValues } from './survey-keys.ts';

const sql = loadSql('filter-waits.sql', [
  'selectOfObjects',
  'selectOverdue',
  'lockWaits',
  'saveWaits',
  'deleteWaits',
  'deleteAll',
  'selectAnnotationTimes',
]);

/** An IN of hundreds of places takes the planner longer than several of few. */
const ROWS = 50;

const Alerts = z.array(
  z.strictObject({
    objectId: z.string(),
    alertId: z.string(),
    observedAtMs: z.number(),
    arrivedAtMs: z.number(),
  }),
);

const WaitRow = z
  .strictObject({
    mq_id: z.int(),
    object_id: z.string(),
    alerts: z.string().transform((text): BatchAlert[] => Alerts.parse(JSON.parse(text))),
    since: z.date(),
    until: z.date(),
  })
  .transform((row) => ({
    queryId: row.mq_id,
    objectId: row.object_id,
    alerts: row.alerts,
    since: row.since,
    until: row.until,
  }));
/** Alerts of an object that wait until the annotations which a filter names are there. */
export type FilterWait = z.infer<typeof WaitRow>;

/** What waits of these objects, whatever filter. */
export async function selectWaitsOfObjects(
  db: Queries,
  survey: Survey,
  objectIds: readonly string[],
): Promise<FilterWait[]> {
  if (objectIds.length === 0) return [];
  return db.rows(WaitRow, sql.selectOfObjects, { survey, objectIds: [...objectIds] });
}

/** What has waited long enough, the longest first. */
export function selectOverdueWaits(
  db: Queries,
  survey: Survey,
  now: Date,
  count: number,
): Promise<FilterWait[]> {
  return db.rows(WaitRow, sql.selectOverdue, { survey, now, count });
}

/**
 * Has alerts wait. Where others of the object wait already, all wait together: for annotations as new
 * as the newest of them, and no longer than the first may.
 */
export async function saveWaits(
  tx: Transaction,
  survey: Survey,
  waits: readonly FilterWait[],
): Promise<void> {
  for (let start = 0; start < waits.length; start += ROWS) {
    const some = waits.slice(start, start + ROWS);
    const places = some.map(({ queryId, objectId }) => [queryId, objectId]);
    const there = new Map(
      (await tx.rows(WaitRow, sql.lockWaits, { places })).map((wait) => [memoryKey(wait), wait]),
    );
    const rows = some.map((wait) => {
      const { queryId, objectId, alerts, since, until } = joined(there.get(memoryKey(wait)), wait);
      return [queryId, survey, objectId, JSON.stringify(alerts), since, until];
    });
    await tx.execute(sql.saveWaits, { rows });
  }
}

/** They wait no longer. */
export async function deleteWaits(db: Queries, places: readonly FilterObject[]): Promise<void> {
  for (let start = 0; start < places.length; start += ROWS) {
    const some = places.slice(start, start + ROWS);
    await db.execute(sql.deleteWaits, {
      places: some.map(({ queryId, objectId }) => [queryId, objectId]),
    });
  }
}

/** Nothing waits for this filter any more. */
export async function deleteAllWaits(db: Queries, queryId: number): Promise<void> {
  await db.execute(sql.deleteAll, { queryId });
}

/** When each annotator wrote of each object last: Unix time, milliseconds, by topic and object. */
export async function selectAnnotationTimes(
  db: Queries,
  survey: Survey,
  topics: readonly string[],
  objectIds: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const times = new Map<string, Map<string, number>>();
  if (topics.length === 0 || objectIds.length === 0) return times;
  const rows = await db.arrays(forSurvey(sql.selectAnnotationTimes, survey), {
    topics: [...topics],
    ids: keyValues(survey, objectIds),
  });
  for (const [topic, objectId, time] of rows) {
    const ofTopic = times.get(String(topic)) ?? new Map<string, number>();
    times.set(String(topic), ofTopic.set(String(objectId), z.date().parse(time).getTime()));
  }
  return times;
}

function joined(there: FilterWait | undefined, wait: FilterWait): FilterWait {
  if (there === undefined) return wait;
  const known = new Set(there.alerts.map(({ alertId }) => alertId));
  const fresh = wait.alerts.filter(({ alertId }) => !known.has(alertId));
  return {
    ...wait,
    alerts: [...there.alerts, ...fresh],
    since: there.since > wait.since ? there.since : wait.since,
    until: there.until < wait.until ? there.until : wait.until,
  };
}
