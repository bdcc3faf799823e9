import type { Config, Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import type { Sandbox } from '../../common/store/sandbox/sandbox.ts';

/** Where a round may be when the process dies. */
export const FILTER_STAGES = [
  'taken',
  'screened',
  'evaluated',
  'locked',
  'matches',
  'verdicts',
  'committed',
  'retried',
] as const;
export type FilterStage = (typeof FILTER_STAGES)[number];

/** How filters are run; all times in milliseconds. */
export interface FilterLimits {
  /** Between two looks for new batches when there are none. */
  pollMs: number;
  /** Alerts that are taken together when there is much to do. */
  roundAlerts: number;
  /** A statement that takes longer than this is run again beside the stream. */
  softMs: number;
  /** Longest that a statement may take there. */
  timeoutMs: number;
  /** Statements that run at once for the stream, and beside it. */
  pool: number;
  retryPool: number;
  /** Between tries of a filter that fails; after the last one it is paused. */
  retryPausesMs: readonly number[];
  /** A filter that is this far behind the stream is paused. */
  behindMs: number;
  /** Share of the last so many alerts beyond which a filter is paused. */
  maxShare: number;
  shareAlerts: number;
}

export function limitsOf(config: Config): FilterLimits {
  return {
    pollMs: 100,
    roundAlerts: 2_000,
    softMs: Math.min(500, config.filterTimeoutMs),
    timeoutMs: config.filterTimeoutMs,
    pool: config.filterPoolSize,
    retryPool: Math.max(1, config.filterPoolSize >> 1),
    retryPausesMs: [5_000, 30_000],
    behindMs: 30 * 60_000,
    maxShare: config.filterMaxShare,
    shareAlerts: 5_000,
  };
}

/** What filters of one survey are run with. */
export interface FilterTools extends Context {
  survey: Survey;
  sandbox: Sandbox;
  limits: FilterLimits;
  /** Called as each stage is reached: tests end the process there. */
  onStage?: (stage: FilterStage) => void;
}
