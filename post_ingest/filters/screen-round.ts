import { selectAnnotationTimes } from '../../common/store/filter-waits.ts';
import type { FilterWait } from '../../common/store/filter-waits.ts';
import { listKey } from '../../common/store/screens.ts';
import type { FilterTools } from './filter-tools.ts';
import type { LiveFilter, LiveFilters } from './live-filters.ts';
import { alertCause } from './round.ts';
import type { Cause, Round, RoundValues } from './round.ts';

/** What one filter is to do in a round. */
export interface Task {
  live: LiveFilter;
  /** Objects that may pass, by place, each with why it is looked at. */
  causes: Map<number, Cause[]>;
  /** Objects that may pass once annotations are there. */
  waiting: FilterWait[];
  /** Objects that it was asked about, those that its screen ruled out among them. */
  asked: number;
}

const MINUTE_MS = 60_000;

/**
 * What each filter is to do: of the objects of the round those that its screen does not rule out. An
 * alert waits where the filter names annotators that have not written since it came, and its time is
 * not over.
 */
export async function screenRound(
  tools: Pick<FilterTools, 'db' | 'survey' | 'now'>,
  round: Round,
  values: RoundValues,
  live: LiveFilters,
): Promise<Task[]> {
  const waitsOf = waitsByFilter(round);
  const now = tools.now();
  const tasks = [...live.filters.values()].map((filter) =>
    screenFilter(round, values, filter, waitsOf.get(filter.filter.queryId) ?? [], now),
  );
  const patient = tasks.filter((task) => isPatient(task.live) && task.causes.size > 0);
  if (patient.length === 0) return tasks;
  const places = new Set(patient.flatMap(({ causes }) => [...causes.keys()]));
  const times = await selectAnnotationTimes(
    tools.db,
    tools.survey,
    live.topics,
    [...places].map((place) => round.objectIds[place]),
  );
  for (const task of patient) setWaitingApart(task, round, times, now);
  return tasks;
}

/** Whether every annotator has written of an object since a moment: Unix time, milliseconds. */
export function isFulfilled(
  topics: readonly string[],
  objectId: string,
  sinceMs: number,
  times: ReadonlyMap<string, ReadonlyMap<string, number>>,
): boolean {
  return topics.every((topic) => (times.get(topic)?.get(objectId) ?? -Infinity) >= sinceMs);
}

/**
 * Whether a filter runs on an alert. On one that is looked at again it does where it was on when the
 * alert was stored: a filter begins with the next alert.
 */
export function isAskedOfAlert(
  { filter: { triggers, stateSince } }: LiveFilter,
  { isRefreshed, storedAtMs }: Cause,
): boolean {
  return triggers.onAlerts && (!isRefreshed || storedAtMs >= stateSince.getTime());
}

/** Whether it waits for annotations: that there are none yet rules nothing out. */
function isPatient({ filter, query }: LiveFilter): boolean {
  return filter.waitMinutes > 0 && query.topics.length > 0;
}

function waitsByFilter({ waits }: Round): Map<number, FilterWait[]> {
  const byFilter = new Map<number, FilterWait[]>();
  for (const wait of waits)
    byFilter.set(wait.queryId, [...(byFilter.get(wait.queryId) ?? []), wait]);
  return byFilter;
}

function screenFilter(
  round: Round,
  { rows, hits }: RoundValues,
  live: LiveFilter,
  waits: readonly FilterWait[],
  now: Date,
): Task {
  const { onAlerts, onAnnotations } = live.filter.triggers;
  const { topics, screen } = live.query;
  const lists = screen.lists
    .filter(({ token }) => token !== 'annotator' || !isPatient(live))
    .map(({ token, key }) => hits.get(listKey(token, key)));
  const task: Task = { live, causes: new Map(), waiting: [], asked: 0 };
  const released = new Map<number, Cause[]>();
  for (const { objectId, alerts } of onAlerts ? waits : []) {
    const place = round.places.get(objectId);
    if (place !== undefined)
      released.set(
        place,
        alerts.map((alert) => alertCause(alert, null)),
      );
  }
  const isWanted = (cause: Cause) =>
    cause.topic === null
      ? isAskedOfAlert(live, cause)
      : onAnnotations && topics.includes(cause.topic);
  for (const [place, causes] of round.causes.entries()) {
    const isAsked = released.has(place) || causes.some(isWanted);
    if (!isAsked) continue;
    task.asked++;
    const row = rows[place];
    const objectId = round.objectIds[place];
    if (row === undefined || lists.some((list) => list?.has(objectId) !== true)) continue;
    if (!live.mayPass(row, now)) continue;
    task.causes.set(place, wantedCauses(released.get(place), causes.filter(isWanted)));
  }
  return task;
}

/** An annotation that lets an alert go is no second reason to tell of the object. */
function wantedCauses(released: Cause[] | undefined, causes: Cause[]): Cause[] {
  if (released === undefined) return causes;
  return [...released, ...causes.filter(({ kind }) => kind === 'alert')];
}

/** Takes from a task the alerts that wait. */
function setWaitingApart(
  task: Task,
  round: Round,
  times: ReadonlyMap<string, ReadonlyMap<string, number>>,
  now: Date,
): void {
  const { filter, query } = task.live;
  for (const [place, causes] of task.causes) {
    const objectId = round.objectIds[place];
    const alerts = causes.filter(({ kind, batchId }) => kind === 'alert' && batchId !== null);
    if (alerts.length === 0) continue;
    const since = Math.max(...alerts.map((alert) => Math.min(alert.arrivedAtMs, alert.storedAtMs)));
    const until = alerts[0].storedAtMs + filter.waitMinutes * MINUTE_MS;
    if (until <= now.getTime() || isFulfilled(query.topics, objectId, since, times)) continue;
    task.waiting.push({
      queryId: filter.queryId,
      objectId,
      alerts: alerts.map(({ alertId, observedAtMs, arrivedAtMs }) => ({
        objectId,
        alertId: alertId ?? '',
        observedAtMs: observedAtMs ?? arrivedAtMs,
        arrivedAtMs,
      })),
      since: new Date(since),
      until: new Date(until),
    });
    const others = causes.filter((cause) => !alerts.includes(cause));
    if (others.length === 0) task.causes.delete(place);
    else task.causes.set(place, others);
  }
}
