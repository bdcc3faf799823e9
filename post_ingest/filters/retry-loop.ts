import { setTimeout as sleep } from 'node:timers/promises';

import { describeError } from '../../common/errors.ts';
import { selectBatches } from '../../common/store/batches.ts';
import { isRepeatable } from '../../common/store/database.ts';
import {
  postponeRetries,
  selectDeferredFilters,
  selectRetries,
} from '../../common/store/filter-retries.ts';
import type { FilterRetry } from '../../common/store/filter-retries.ts';
import { commitRound } from './commit-round.ts';
import type { FilterTools } from './filter-tools.ts';
import type { LiveFilter, LiveFilters } from './live-filters.ts';
import { pauseWithReason } from './pause-filter.ts';
import { gatherRound, readValues } from './round.ts';
import { runTasks } from './run-tasks.ts';
import type { TaskResult } from './run-tasks.ts';
import { screenRound } from './screen-round.ts';
import { createTallies } from './tallies.ts';
import type { Tallies } from './tallies.ts';

/** Batches that a filter which has not failed yet is run on together. */
const BATCHES = 8;

/**
 * Runs filters again on the batches that they failed on or were too slow for, beside the stream: each
 * in the order of its batches. One that keeps failing, or cannot keep up, is paused.
 *
 * @throws {UpstreamError} if the database does not answer.
 */
export async function runRetries(
  tools: FilterTools,
  liveFilters: () => Promise<LiveFilters>,
  stop: AbortSignal,
): Promise<void> {
  const { db, limits, now } = tools;
  const tallies = createTallies();
  while (!stop.aborted) {
    const deferred = await selectDeferredFilters(db);
    if (deferred.size > 0) {
      const { filters } = await liveFilters();
      const ours = [...deferred].filter((queryId) => filters.has(queryId));
      const longestMs = Math.max(...limits.retryPausesMs);
      const due = dueFilters(await selectRetries(db, ours), now(), longestMs);
      const queue = [...due];
      const worker = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const live = filters.get(next[0]);
          if (live !== undefined && !stop.aborted)
            await retryFilter(tools, live, next[1], { tallies, stop });
        }
      };
      await Promise.all(Array.from({ length: Math.min(limits.retryPool, queue.length) }, worker));
      if (due.size > 0) continue;
    }
    await sleep(limits.pollMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

/**
 * What is to be run, by filter: nothing of one whose pause is not over. A pause that is longer than any
 * was set by a clock that has been put back since: it is over.
 */
function dueFilters(
  retries: readonly FilterRetry[],
  now: Date,
  longestMs: number,
): Map<number, FilterRetry[]> {
  const byFilter = new Map<number, FilterRetry[]>();
  for (const retry of retries)
    byFilter.set(retry.queryId, [...(byFilter.get(retry.queryId) ?? []), retry]);
  const isPause = (ms: number) => ms > 0 && ms <= longestMs;
  for (const [queryId, own] of byFilter)
    if (own.some(({ tries, dueAt }) => tries > 0 && isPause(dueAt.getTime() - now.getTime())))
      byFilter.delete(queryId);
  return byFilter;
}

async function retryFilter(
  tools: FilterTools,
  live: LiveFilter,
  retries: readonly FilterRetry[],
  { tallies, stop }: { tallies: Tallies; stop: AbortSignal },
): Promise<void> {
  const { limits, now } = tools;
  const { filter } = live;
  const waitingSince = retries.find(({ tries }) => tries === 0)?.dueAt;
  if (waitingSince !== undefined && now().getTime() - waitingSince.getTime() > limits.behindMs) {
    const minutes = Math.round(limits.behindMs / 60_000);
    await pauseWithReason(
      tools,
      filter,
      `it takes longer than alerts come, and is ${minutes} minutes behind them`,
    );
    return;
  }
  // After a failure one batch alone: it may have been too much together.
  const taken = retries.slice(0, retries[0].tries > 0 ? 1 : BATCHES);
  let result: TaskResult;
  try {
    result = await runAgain(tools, live, taken, { tallies, stop });
  } catch (err) {
    if (stop.aborted) return;
    if (isRepeatable(err)) throw err;
    tools.log.error(`filter ${filter.queryId} could not be run again: ${describeError(err)}`, {
      err,
    });
    result = { ran: false, ms: 0, reason: describeError(err), kind: 'failed' };
  }
  if (!result.ran) await noteFailure(tools, live, taken, result);
}

async function runAgain(
  tools: FilterTools,
  live: LiveFilter,
  retries: readonly FilterRetry[],
  { tallies, stop }: { tallies: Tallies; stop: AbortSignal },
): Promise<TaskResult> {
  const { queryId } = live.filter;
  const batchIds = retries.map(({ batchId }) => batchId);
  const round = gatherRound(await selectBatches(tools.db, batchIds));
  const { screen, topics } = live.query;
  const alone = { ...live, mayPass: screen.mayPass };
  const only: LiveFilters = {
    filters: new Map([[queryId, alone]]),
    columns: screen.columns,
    topics,
  };
  const values = await readValues(tools, round, only);
  const [task] = await screenRound(tools, round, values, only);
  const [result] = await runTasks(tools, round, [task], { pool: 1, stop });
  if (!result.ran) return result;
  const run = { round, values, live: only, done: [{ task, result }], again: { queryId, batchIds } };
  await commitRound(tools, run, tallies);
  return result;
}

async function noteFailure(
  tools: FilterTools,
  { filter }: LiveFilter,
  taken: readonly FilterRetry[],
  { reason, kind }: Extract<TaskResult, { ran: false }>,
): Promise<void> {
  const { db, limits, now } = tools;
  const { queryId } = filter;
  // If it is the database that is away, this says so, and the filter is not to blame.
  if (kind === 'away') await db.arrays('SELECT 1');
  const tries = taken[0].tries + 1;
  if (kind === 'broken') {
    await pauseWithReason(tools, filter, `it can no longer be run: ${reason}`);
    return;
  }
  if (tries > limits.retryPausesMs.length) {
    await pauseWithReason(tools, filter, `it failed ${tries} times: ${reason}`);
    return;
  }
  const dueAt = new Date(now().getTime() + limits.retryPausesMs[tries - 1]);
  const batchIds = taken.map(({ batchId }) => batchId);
  await postponeRetries(db, queryId, batchIds, { dueAt, reason });
}
