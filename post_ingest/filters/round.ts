import type { BatchAlert, BatchAnnotation, RefreshedAlert } from '../../common/filters/filter.ts';
import type { FilterBatch } from '../../common/store/batches.ts';
import type { FilterWait } from '../../common/store/filter-waits.ts';
import type { AskedLists } from '../../common/store/screens.ts';
import { selectListHits, selectScreenValues } from '../../common/store/screens.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import type { FilterTools } from './filter-tools.ts';
import type { LiveFilter, LiveFilters } from './live-filters.ts';

/** Something new about an object: why a filter looks at it, and what a match of it is named after. */
export interface Cause {
  /** `a` and the number of an alert, or `n` and the number of an annotation. */
  name: string;
  kind: 'alert' | 'annotation';
  alertId: string | null;
  /** Annotator; null for an alert. */
  topic: string | null;
  observedAtMs: number | null;
  arrivedAtMs: number;
  /** When it was stored: Unix time, milliseconds. */
  storedAtMs: number;
  /** Whether filters have run on it before, when its object was not wholly worked out. */
  isRefreshed: boolean;
  /** Batch that it is of; null for an alert that waited. */
  batchId: bigint | null;
}

/** Batches that filters are run on together, and the alerts that have waited long enough. */
export interface Round {
  batches: readonly FilterBatch[];
  waits: readonly FilterWait[];
  /** Every object of the round once: its place in this list is what it is called by. */
  objectIds: readonly string[];
  /** By object id. */
  places: ReadonlyMap<string, number>;
  /** What is new of each object in the batches, in order. */
  causes: readonly (readonly Cause[])[];
}

/** What screens go by, of each object of a round. */
export interface RoundValues {
  /** Values of the filters' columns; undefined for an object that is not there. */
  rows: readonly (readonly Scalar[] | undefined)[];
  /** Objects by list, as `listKey` names it. */
  hits: ReadonlyMap<string, ReadonlySet<string>>;
}

export function gatherRound(
  batches: readonly FilterBatch[],
  waits: readonly FilterWait[] = [],
): Round {
  const places = new Map<string, number>();
  const causes: Cause[][] = [];
  const at = (objectId: string): number => {
    let place = places.get(objectId);
    if (place === undefined) {
      place = causes.push([]) - 1;
      places.set(objectId, place);
    }
    return place;
  };
  for (const batch of batches) {
    if (batch.entries?.cause === 'alert')
      for (const alert of batch.entries.alerts)
        causes[at(alert.objectId)].push(alertCause(alert, batch));
    if (batch.entries?.cause === 'refreshed')
      for (const alert of batch.entries.alerts)
        causes[at(alert.objectId)].push(refreshedCause(alert, batch));
    if (batch.entries?.cause === 'annotation')
      for (const annotation of batch.entries.annotations)
        causes[at(annotation.objectId)].push(annotationCause(annotation, batch));
  }
  for (const { objectId } of waits) at(objectId);
  return { batches, waits, objectIds: [...places.keys()], places, causes };
}

/** An alert as a cause. @param batch - null for one that waited. */
export function alertCause(
  { alertId, observedAtMs, arrivedAtMs }: BatchAlert,
  batch: Pick<FilterBatch, 'batchId' | 'createdAt'> | null,
): Cause {
  return {
    name: `a${alertId}`,
    kind: 'alert',
    alertId,
    topic: null,
    observedAtMs,
    arrivedAtMs,
    storedAtMs: batch?.createdAt.getTime() ?? arrivedAtMs,
    isRefreshed: false,
    batchId: batch?.batchId ?? null,
  };
}

function refreshedCause(alert: RefreshedAlert, batch: FilterBatch): Cause {
  return { ...alertCause(alert, batch), storedAtMs: alert.storedAtMs, isRefreshed: true };
}

/** Reads what the screens of these filters go by: a few statements for all. */
export async function readValues(
  { db, survey }: Pick<FilterTools, 'db' | 'survey'>,
  { objectIds }: Round,
  live: LiveFilters,
): Promise<RoundValues> {
  if (objectIds.length === 0 || live.filters.size === 0)
    return { rows: objectIds.map(() => undefined), hits: new Map() };
  const [values, hits] = await Promise.all([
    selectScreenValues(db, survey, live.columns, objectIds),
    selectListHits(db, survey, listsOf(live.filters.values()), objectIds),
  ]);
  return { rows: objectIds.map((id) => values.get(id)), hits };
}

function annotationCause(
  { annotationId, topic, arrivedAtMs }: BatchAnnotation,
  { batchId, createdAt }: FilterBatch,
): Cause {
  return {
    name: `n${annotationId}`,
    kind: 'annotation',
    alertId: null,
    topic,
    observedAtMs: null,
    arrivedAtMs,
    storedAtMs: createdAt.getTime(),
    isRefreshed: false,
    batchId,
  };
}

function listsOf(filters: Iterable<LiveFilter>): AskedLists {
  const lists = {
    watchlist: new Set<string>(),
    area: new Set<string>(),
    annotator: new Set<string>(),
  };
  for (const { query } of filters)
    for (const { token, key } of query.screen.lists) lists[token].add(key);
  return lists;
}
