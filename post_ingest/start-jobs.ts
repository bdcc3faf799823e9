import cron from 'node-cron';

import type { Context } from '../common/context.ts';
import { describeError } from '../common/errors.ts';
import { followAnnotations } from './annotations/follow-annotations.ts';
import type { Job } from './job.ts';
import { ALL_JOBS } from './jobs.ts';
import { startNotebookWatch } from './notebooks/watch-notebooks.ts';
import { runJob } from './run-job.ts';
import { startPastMatching } from './watchlists/match-past.ts';
import { startWatchmapMatching } from './watchmaps/match-past.ts';

export interface RunningJobs {
  /** Starts nothing more and waits for what runs. */
  stop(): Promise<void>;
  /** What the heartbeat tells: the jobs that run now. */
  state(): { running: string[] };
}

/**
 * Runs every job on its schedule until stopped, looks after the accounts of notebooks, takes what
 * annotators send by Kafka,
 * and matches watchlists and watchmaps that are new with what is known. Any number of processes may do
 * so at once.
 */
export function startJobs(context: Context, jobs: Job[] = ALL_JOBS): Promise<RunningJobs> {
  const running = new Map<string, Promise<void>>();
  const tasks = jobs.map((job) =>
    cron.schedule(
      job.schedule,
      ({ date }) => {
        // A run that takes longer than its interval is not doubled.
        if (running.has(job.name)) return;
        const run = runJob(context, job, date)
          .then(() => undefined)
          .catch((err: unknown) => {
            // The database is away: the next time will do.
            context.log.warn(`job ${job.name} could not run: ${describeError(err)}`);
          })
          .finally(() => running.delete(job.name));
        running.set(job.name, run);
      },
      { name: job.name, timezone: 'Etc/UTC' },
    ),
  );
  const notebooks = startNotebookWatch(context);
  const annotations = followAnnotations(context);
  const watchlists = startPastMatching(context);
  const watchmaps = startWatchmapMatching(context);
  context.log.info(`${jobs.length} jobs are scheduled`);
  return Promise.resolve({
    state: () => ({ running: [...running.keys()] }),
    async stop() {
      for (const task of tasks) await task.destroy();
      await Promise.all([
        ...running.values(),
        notebooks.stop(),
        annotations.stop(),
        watchlists.stop(),
        watchmaps.stop(),
      ]);
    },
  });
}
