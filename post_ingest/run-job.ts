import type { Context } from '../common/context.ts';
import { describeError } from '../common/errors.ts';
import { endJobRun, hasJobRunSince, insertJobRun } from '../common/store/jobs.ts';
import { withNamedLock } from '../common/store/locks.ts';
import { processName } from '../common/store/processes.ts';
import type { Job } from './job.ts';

/** What became of one call: it ran, or another process ran or runs it. */
export type JobOutcome =
  { state: 'done'; outcome: string } | { state: 'failed'; error: unknown } | { state: 'elsewhere' };

/**
 * Runs a job once, unless another process runs it now or, for a scheduled run, began it since it
 * was due. The run is kept in the history; a failure is logged and returned, not thrown.
 *
 * @param dueAt - When the schedule asked for it; absent when a person did.
 * @throws {UpstreamError} if the database does not answer.
 */
export async function runJob(context: Context, job: Job, dueAt?: Date): Promise<JobOutcome> {
  const { db, now } = context;
  const log = context.log.with({ job: job.name });
  const locked = await withNamedLock(db, `job.${job.name}`, async (signal): Promise<JobOutcome> => {
    if (dueAt !== undefined && (await hasJobRunSince(db, job.name, dueAt))) {
      return { state: 'elsewhere' };
    }
    const startedAt = now();
    const runId = await insertJobRun(db, { job: job.name, process: processName(), startedAt });
    try {
      const outcome = await job.run(context, signal);
      await endJobRun(db, runId, { endedAt: now(), outcome, succeeded: true });
      log.info(`job ${job.name}: ${outcome}`);
      return { state: 'done', outcome };
    } catch (err) {
      log.error(`job ${job.name} failed: ${describeError(err)}`, { err });
      await endJobRun(db, runId, {
        endedAt: now(),
        outcome: describeError(err),
        succeeded: false,
      });
      return { state: 'failed', error: err };
    }
  });
  return locked?.result ?? { state: 'elsewhere' };
}
