import { deleteOldDeadLetters } from '../common/store/dead-letters.ts';
import type { DeadLetterState } from '../common/store/dead-letters.ts';
import { deleteOldBatches, deleteOldJobRuns } from '../common/store/jobs.ts';
import { deleteStaleProcesses } from '../common/store/processes.ts';
import type { Job } from './job.ts';

const DAY_MS = 86_400_000;
const KEEP_HISTORY_DAYS = 30;
const KEEP_SILENT_PROCESSES_MS = 3_600_000;

/** Forgets what only the status page shows, when it is old: batches and runs of jobs. */
export const pruneHistory: Job = {
  name: 'prune-history',
  schedule: '17 * * * *',
  description: `forget batches and runs of jobs older than ${KEEP_HISTORY_DAYS} days`,
  async run({ db, now }, signal) {
    const before = new Date(now().getTime() - KEEP_HISTORY_DAYS * DAY_MS);
    const jobRunCount = await deleteOldJobRuns(db, before);
    let batchCount = 0;
    while (!signal.aborted) {
      const count = await deleteOldBatches(db, before);
      batchCount += count;
      if (count === 0) break;
    }
    return `${batchCount} batches and ${jobRunCount} runs of jobs forgotten`;
  },
};

/** Forgets packets that could not be stored: soon where a later try stored them, else when they are old. */
export const pruneDeadLetters: Job = {
  name: 'prune-dead-letters',
  schedule: '27 * * * *',
  description: `forget dead letters after the configured days, those stored since after ${KEEP_HISTORY_DAYS}`,
  async run({ config: { deadLetterDays: days }, db, now }, signal) {
    const forget = async (state: DeadLetterState, keepDays: number) => {
      const before = new Date(now().getTime() - keepDays * DAY_MS);
      let letters = 0;
      while (!signal.aborted) {
        const count = await deleteOldDeadLetters(db, state, before);
        letters += count;
        if (count === 0) break;
      }
      return letters;
    };
    const retried = await forget('retried', Math.min(days || KEEP_HISTORY_DAYS, KEEP_HISTORY_DAYS));
    const waiting = days === 0 ? 0 : await forget('waiting', days);
    return `${retried} dead letters forgotten that were stored since, and ${waiting} that were not`;
  },
};

/** Forgets processes that ended without a word. */
export const pruneProcesses: Job = {
  name: 'prune-processes',
  schedule: '*/10 * * * *',
  description: 'forget processes that have been silent for an hour',
  async run({ db, now }) {
    const before = new Date(now().getTime() - KEEP_SILENT_PROCESSES_MS);
    return `${await deleteStaleProcesses(db, before)} silent processes forgotten`;
  },
};
