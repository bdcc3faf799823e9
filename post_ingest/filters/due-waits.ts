import type { FilterBatch } from '../../common/store/batches.ts';
import { memoryKey } from '../../common/store/filter-memory.ts';
import {
  selectAnnotationTimes,
  selectOverdueWaits,
  selectWaitsOfObjects,
} from '../../common/store/filter-waits.ts';
import type { FilterWait } from '../../common/store/filter-waits.ts';
import type { FilterTools } from './filter-tools.ts';
import type { LiveFilters } from './live-filters.ts';
import { isFulfilled } from './screen-round.ts';

/** Waits that end together. */
const OVERDUE = 1_000;

/**
 * Alerts that have waited enough: those whose annotations have come in these batches, and those whose
 * time is over.
 */
export async function dueWaits(
  { db, survey, now }: Pick<FilterTools, 'db' | 'survey' | 'now'>,
  batches: readonly FilterBatch[],
  live: LiveFilters,
): Promise<FilterWait[]> {
  const due = new Map<string, FilterWait>();
  for (const wait of await selectOverdueWaits(db, survey, now(), OVERDUE))
    due.set(memoryKey(wait), wait);
  const annotated = [
    ...new Set(
      batches.flatMap(({ entries }) =>
        entries?.cause === 'annotation' ? entries.annotations.map(({ objectId }) => objectId) : [],
      ),
    ),
  ];
  const waits = await selectWaitsOfObjects(db, survey, annotated);
  if (waits.length > 0) {
    const times = await selectAnnotationTimes(db, survey, live.topics, annotated);
    for (const wait of waits) {
      const topics = live.filters.get(wait.queryId)?.query.topics ?? [];
      if (isFulfilled(topics, wait.objectId, wait.since.getTime(), times))
        due.set(memoryKey(wait), wait);
    }
  }
  return [...due.values()];
}
