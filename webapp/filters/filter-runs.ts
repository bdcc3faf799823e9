import { findVerdicts } from '../../common/filters/verdicts.ts';
import type { Verdict } from '../../common/filters/verdicts.ts';
import { selectAnnotationHistory } from '../../common/store/annotations/annotation-lists.ts';
import {
  selectBatchSummary,
  selectBatches,
  selectPackedVerdicts,
} from '../../common/store/batches.ts';
import type { Queries } from '../../common/store/database.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import { alertBatches, annotationBatches } from '../ledger/object-batches.ts';
import type { ObjectBatch } from '../ledger/object-batches.ts';

/** Of so many of the newest alerts and annotations it is looked up whether the filter ran on them. */
const ALERTS_BACK = 20;
const ANNOTATIONS_BACK = 40;
/** Runs to choose from. */
const MOST_RUNS = 20;

/** A run of a filter on something new about an object, with what it said. */
export type FilterRun = Verdict & ObjectBatch;

type Filter = Pick<SavedQuery, 'queryId' | 'survey' | 'userId'>;

/**
 * The newest runs of a filter on an object, the newest first, as far as they are kept. Why one failed
 * is for the filter's owner.
 *
 * @param readerId - Who asks: of private annotators only their owners learn that they wrote.
 */
export async function filterRuns(
  db: Queries,
  filter: Filter,
  objectId: string,
  readerId: number | undefined,
): Promise<FilterRun[]> {
  const { survey } = filter;
  const batches = [
    ...(await alertBatches(db, survey, objectId, ALERTS_BACK)),
    ...(await annotationBatches(db, survey, objectId, readerId, ANNOTATIONS_BACK)),
  ].sort((a, b) => b.cameAt.getTime() - a.cameAt.getTime());
  const runs: FilterRun[] = [];
  for (const batch of batches) {
    if (runs.length >= MOST_RUNS) break;
    const run = await runOn(db, filter, objectId, batch, readerId);
    if (run !== undefined) runs.push(run);
  }
  return runs.sort((a, b) => b.at.getTime() - a.at.getTime() || Number(b.batchId - a.batchId));
}

/**
 * One run, by the number of its batch: also one that is too long ago to be among `filterRuns`.
 *
 * @returns undefined where the filter did not run on the object then, or it is no longer kept.
 */
export async function findRun(
  db: Queries,
  filter: Filter,
  objectId: string,
  batchId: bigint,
  readerId: number | undefined,
): Promise<FilterRun | undefined> {
  const { survey } = filter;
  const summary = await selectBatchSummary(db, batchId);
  if (summary?.survey !== survey) return undefined;
  const { cause, createdAt: cameAt } = summary;
  const of = { batchId, cameAt, alertIds: [] as string[], topics: [] as string[] };
  if (cause === 'alert') {
    const [{ entries } = { entries: null }] = await selectBatches(db, [batchId]);
    for (const alert of entries?.cause === 'alert' ? entries.alerts : [])
      if (alert.objectId === objectId) of.alertIds.push(alert.alertId);
    return runOn(db, filter, objectId, { ...of, cause }, readerId);
  }
  // What is run again on alerts says so with the batch that they came in.
  if (cause !== 'annotation') return undefined;
  const selection = { survey, readerId, objectId, since: cameAt, limit: ANNOTATIONS_BACK };
  for (const { topic, timestamp } of await selectAnnotationHistory(db, selection))
    if (timestamp.getTime() === cameAt.getTime()) of.topics.push(topic);
  // To whom may not see the annotator there was no such run.
  if (of.topics.length === 0) return undefined;
  return runOn(db, filter, objectId, { ...of, cause }, readerId);
}

async function runOn(
  db: Queries,
  { queryId, userId }: Filter,
  objectId: string,
  batch: ObjectBatch,
  readerId: number | undefined,
): Promise<FilterRun | undefined> {
  const packed = await selectPackedVerdicts(db, batch.batchId);
  if (packed === null) return undefined;
  const verdict = findVerdicts(packed, objectId).find((each) => each.queryId === queryId);
  if (verdict === undefined) return undefined;
  const reason = userId === readerId ? verdict.reason : '';
  return { ...verdict, ...batch, reason };
}
