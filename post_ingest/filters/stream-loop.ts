import { setTimeout as sleep } from 'node:timers/promises';

import { nightOfDate } from '../../common/astro/time.ts';
import { describeError } from '../../common/errors.ts';
import { selectPendingBatches } from '../../common/store/batches.ts';
import type { FilterBatch } from '../../common/store/batches.ts';
import { isRepeatable } from '../../common/store/database.ts';
import { addToNights } from '../../common/store/filter-nights.ts';
import { selectDeferredFilters } from '../../common/store/filter-retries.ts';
import { commitRound } from './commit-round.ts';
import type { DoneTask } from './decide.ts';
import { dueWaits } from './due-waits.ts';
import type { FilterTools } from './filter-tools.ts';
import { createLateFilters } from './late-filters.ts';
import type { LiveFilters } from './live-filters.ts';
import { pauseWithReason } from './pause-filter.ts';
import { gatherRound, readValues } from './round.ts';
import type { Round, RoundValues } from './round.ts';
import { runTasks } from './run-tasks.ts';
import { screenRound } from './screen-round.ts';
import { createShareGuard } from './share-guard.ts';
import { createTallies } from './tallies.ts';

const NO_VALUES: RoundValues = { rows: [], hits: new Map() };

/** Batches looked at together. */
const BATCHES = 4;
/** A round that fails for a reason of its own so often is run with each filter by itself ... */
const FAILURES_TOGETHER = 2;
/** ... and if that does not help either, is given up. */
const FAILURES = 4;

/**
 * Runs all filters on batch after batch, until stopped.
 *
 * @throws {UpstreamError} if the database does not answer: what is not noted is done again.
 */
export async function runStream(
  tools: FilterTools,
  liveFilters: () => Promise<LiveFilters>,
  stop: AbortSignal,
): Promise<void> {
  const { db, survey, log, limits, onStage } = tools;
  const tallies = createTallies();
  const late = createLateFilters();
  const shares = createShareGuard(limits.shareAlerts, limits.maxShare);
  let failures = 0;
  while (!stop.aborted) {
    const batches = await takeBatches();
    const live = await liveFilters();
    const waits = await dueWaits(tools, batches, live);
    if (batches.length + waits.length === 0) {
      await sleep(limits.pollMs, undefined, { signal: stop }).catch(() => undefined);
      continue;
    }
    onStage?.('taken');
    const round = gatherRound(batches, waits);
    try {
      await runRound(round, live);
      failures = 0;
    } catch (err) {
      if (stop.aborted) break;
      if (isRepeatable(err)) throw err;
      failures++;
      log.error(`filters could not be run on a batch: ${describeError(err)}`, {
        err,
        batchIds: batches.map(({ batchId }) => batchId.toString()),
      });
      await sleep(limits.pollMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  await addToNights(db, nightOfDate(tools.now()), tallies.rest());

  /** Those that wait, in order: one after a failure, several when there is much to do. */
  async function takeBatches(): Promise<FilterBatch[]> {
    const taken: FilterBatch[] = [];
    for (let alerts = 0; alerts < limits.roundAlerts;) {
      const after = taken.at(-1)?.batchId ?? 0n;
      const count = failures > 0 ? 1 : BATCHES;
      const some = await selectPendingBatches(db, survey, after, count);
      for (const batch of some) {
        if (batch.damage !== undefined)
          log.error(
            `batch ${batch.batchId} cannot be read, and no filter runs on it: ${batch.damage}`,
          );
        const size = sizeOf(batch);
        if (taken.length > 0 && alerts + size > limits.roundAlerts) return taken;
        taken.push(batch);
        alerts += size;
      }
      if (some.length < BATCHES) return taken;
    }
    return taken;
  }

  async function runRound(round: Round, live: LiveFilters): Promise<void> {
    if (failures >= FAILURES) {
      log.error('a batch is given up: no filter runs on it', { failures });
      await commitRound(tools, { round, values: NO_VALUES, live, done: [] }, tallies);
      return;
    }
    const values = await readValues(tools, round, live);
    const tasks = await screenRound(tools, round, values, live);
    onStage?.('screened');
    const deferred = await selectDeferredFilters(db);
    const isDeferred = (queryId: number) =>
      failures >= FAILURES_TOGETHER || deferred.has(queryId) || late.has(queryId);
    const now = tasks.filter(({ live: { filter } }) => !isDeferred(filter.queryId));
    const results = await runTasks(tools, round, now, {
      pool: limits.pool,
      softMs: limits.softMs,
      stop,
    });
    onStage?.('evaluated');
    const resultOf = new Map(now.map((task, i) => [task, results[i]]));
    const done = tasks.map((task) => ({ task, result: resultOf.get(task) ?? null }));
    await commitRound(tools, { round, values, live, done }, tallies);
    await judge(round, done);
  }

  /** What follows from how filters did. */
  async function judge(round: Round, done: readonly DoneTask[]): Promise<void> {
    for (const { task, result } of done) {
      const { filter } = task.live;
      if (result === null || task.causes.size === 0) continue;
      late.note(filter.queryId, !result.ran && result.kind === 'late');
      if (!result.ran && result.kind === 'broken')
        await pauseWithReason(tools, filter, `it can no longer be run: ${result.reason}`);
    }
    for (const { live, share } of shares.count(round, done)) {
      const percent = (part: number) => `${Number((100 * part).toPrecision(2))}%`;
      await pauseWithReason(
        tools,
        live.filter,
        `it passed ${percent(share)} of the last ${limits.shareAlerts} alerts, and a filter may pass ${percent(limits.maxShare)}`,
      );
    }
  }
}

function sizeOf({ entries }: FilterBatch): number {
  if (entries === null) return 0;
  return entries.cause === 'annotation' ? entries.annotations.length : entries.alerts.length;
}
