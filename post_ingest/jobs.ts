import type { Job } from './job.ts';
import { pruneHistory, pruneProcesses } from './prune.ts';

/** Every job there is. */
export const ALL_JOBS: Job[] = [pruneHistory, pruneProcesses];
