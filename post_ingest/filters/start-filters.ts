import { setTimeout as sleep } from 'node:timers/promises';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { describeError } from '../../common/errors.ts';
import { isRepeatable } from '../../common/store/database.ts';
import { withNamedLock } from '../../common/store/locks.ts';
import { openSandbox } from '../../common/store/sandbox/open-sandbox.ts';
import { limitsOf } from './filter-tools.ts';
import type { FilterLimits, FilterTools } from './filter-tools.ts';
import { createLiveFilters } from './live-filters.ts';
import { runRetries } from './retry-loop.ts';
import { runStream } from './stream-loop.ts';
import { watchBacklog } from './watch-backlog.ts';
import type { FilterState } from './watch-backlog.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

export interface RunningFilters {
  /** Ends what runs; what was not noted is done again at the next start. */
  stop(): Promise<void>;
  /** What the heartbeat tells, by survey. */
  state(): Partial<Record<Survey, FilterState>>;
}

export interface FilterOptions {
  surveys?: readonly Survey[];
  limits?: Partial<FilterLimits>;
  onStage?: FilterTools['onStage'];
}

/**
 * Runs the filters of each survey on what ingest and annotators store, until stopped. Of any number of
 * processes one does so for a survey; the others take over when it ends.
 */
export function startFilters(context: Context, options: FilterOptions = {}): RunningFilters {
  const { config, log } = context;
  const stopping = new AbortController();
  const limits = { ...limitsOf(config), ...options.limits };
  const states: Partial<Record<Survey, FilterState>> = {};
  const running = (options.surveys ?? SURVEYS).map(async (survey) => {
    // A pool of its own: neither people's queries nor the other survey's filters take its places.
    const sandbox = openSandbox({
      ...context,
      config: {
        ...config,
        sandboxPoolSize: limits.pool + limits.retryPool,
        sandboxTimeoutMs: limits.timeoutMs,
      },
    });
    const tools = {
      ...context,
      log: log.with({ survey }),
      survey,
      sandbox,
      limits,
      onStage: options.onStage,
    };
    await runSurvey(tools, stopping.signal, (state) => (states[survey] = state));
    await sandbox.close();
  });
  return {
    state: () => states,
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

/** Waits for its turn, and for the database when that is away; goes on until stopped. */
async function runSurvey(
  tools: FilterTools,
  stop: AbortSignal,
  onState: (state: FilterState) => void,
): Promise<void> {
  const { db, survey, log } = tools;
  const pause = (ms: number) => sleep(ms, undefined, { signal: stop }).catch(() => undefined);
  let waitMs = FIRST_WAIT_MS;
  while (!stop.aborted) {
    try {
      const turn = await withNamedLock(db, `filters.${survey}`, async (lost) => {
        waitMs = FIRST_WAIT_MS;
        log.info(`filters on ${survey} are run by this process`);
        await runLoops(tools, AbortSignal.any([stop, lost]), onState);
      });
      if (turn === undefined) await pause(LONGEST_WAIT_MS / 5);
    } catch (err) {
      if (stop.aborted) return;
      const what = `filters wait: ${describeError(err)}`;
      if (isRepeatable(err)) log.warn(what);
      else log.error(what, { err });
      await pause(waitMs);
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
    }
  }
}

/** When one of them fails all end, and begin again together. */
async function runLoops(
  tools: FilterTools,
  stop: AbortSignal,
  onState: (state: FilterState) => void,
): Promise<void> {
  const failed = new AbortController();
  const end = AbortSignal.any([stop, failed.signal]);
  const live = createLiveFilters(tools);
  const loops = [
    runStream(tools, live, end),
    runRetries(tools, live, end),
    watchBacklog(tools, end, onState),
  ];
  const results = await Promise.allSettled(
    loops.map((loop) =>
      loop.catch((err: unknown) => {
        failed.abort();
        throw err;
      }),
    ),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
