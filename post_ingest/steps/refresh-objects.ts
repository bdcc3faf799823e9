import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { UpstreamError } from '../../common/errors.ts';
import { NO_CONTEXT, storedFloat } from '../../common/features/object-context.ts';
import { bulkUpsert } from '../../common/store/bulk.ts';
import { isRepeatable } from '../../common/store/database.ts';
import type { Transaction } from '../../common/store/database.ts';
import {
  lockHistories,
  selectNewestRecords,
  touchHistories,
} from '../../common/store/histories.ts';
import { selectKnownObjects } from '../../common/store/object-contexts.ts';
import type { KnownObject } from '../../common/store/object-contexts.ts';
import type { ObjectFeatures } from './object-features.ts';
import { findAll } from './run-steps.ts';
import { hasMoved, isPlaced } from './step.ts';
import type { Step, StepName } from './step.ts';

export type RefreshTools = Pick<Context, 'db' | 'log' | 'now'> & {
  featuresOf: Record<Survey, ObjectFeatures>;
};

/** A step that failed: everything else is done. */
interface StepFailure {
  step: StepName;
  reason: string;
}

/** What else belongs to the transaction that writes the objects. */
type AlsoWrite = (tx: Transaction, failures: readonly StepFailure[]) => Promise<void>;

/** A deadlock with ingest, or a lost connection, is tried again so often. */
const MAX_TRIES = 5;

/**
 * Works objects out anew from what is stored: these steps, then all features, fits included. What
 * ingest does for the objects of a batch, for any set of objects; ingest waits for those at hand.
 *
 * @param ids - A few hundred at the most: they are locked for as long as their features take.
 * @param also - Called at the end of the transaction.
 * @returns The steps that failed; everything else is done.
 */
export async function refreshObjects(
  tools: RefreshTools,
  survey: Survey,
  ids: readonly string[],
  steps: readonly Step[],
  also?: AlsoWrite,
): Promise<StepFailure[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await refreshOnce(tools, survey, ids, steps, also);
    } catch (err) {
      if (!isRepeatable(err) || tries === MAX_TRIES) throw err;
    }
  }
}

async function refreshOnce(
  { db, log, now, featuresOf }: RefreshTools,
  survey: Survey,
  ids: readonly string[],
  steps: readonly Step[],
  also: AlsoWrite | undefined,
): Promise<StepFailure[]> {
  const stored =
    steps.length === 0 ? new Map<string, KnownObject>() : await selectKnownObjects(db, survey, ids);
  const placed = [...stored]
    .map(([id, { ra, decl }]) => ({ id, ra, decl, newestAlert: null }))
    .filter(isPlaced);
  const results = await findAll({ db, steps, log, now }, survey, placed);
  const server = await db.server();
  const features = featuresOf[survey];
  await db.transaction(async (tx) => {
    const histories = await lockHistories(tx, survey, ids);
    const known = await selectKnownObjects(tx, survey, ids);
    const isExact = steps.some((step) => step.isExact);
    for (const { id, ...place } of placed) {
      const at = known.get(id) ?? place;
      const isShifted = isExact && (at.ra !== place.ra || at.decl !== place.decl);
      if (isShifted || hasMoved(place, at))
        throw new UpstreamError(`${id} moved while its surroundings were looked at`);
    }
    const newest = await selectNewestRecords(tx, survey, [...known.keys()]);
    const rows = [...histories].flatMap(([id, points]) => {
      const before = known.get(id);
      if (before === undefined) return [];
      const { ra, decl } = before;
      const context = {
        ...NO_CONTEXT,
        ...before.context,
        // Names are the business of the step and of its job: those read here may be out of date.
        tnsName: null,
        tnsType: null,
        ebv: before.context.ebv ?? storedFloat(features.ebvAt(ra, decl)),
        ...results.facts.get(id),
        newestRecord: newest.get(id) ?? null,
      };
      return [features.rowOf(id, points, context)];
    });
    await bulkUpsert(tx, features.target, rows, features.keepWhenNull);
    await results.write(tx, server);
    if (steps.length > 0) await touchHistories(tx, survey, ids);
    await also?.(tx, results.failures);
  });
  return results.failures;
}
