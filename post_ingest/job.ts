import type { Context } from '../common/context.ts';

/** Work done on a schedule, by one process of many, safe to run twice. */
export interface Job {
  /** `run-watchlists`: what `bin/glint jobs --run` takes. */
  name: string;
  /** Cron fields in UTC: minute, hour, day, month, weekday; with six, seconds come first. */
  schedule: string;
  description: string;
  /**
   * @param signal - Aborted when another process may take over: stop writing.
   * @returns One sentence about what was done, for the history.
   */
  run(context: Context, signal: AbortSignal): Promise<string>;
}
