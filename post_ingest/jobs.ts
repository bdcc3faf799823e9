import type { Job } from './job.ts';
import { linkSurveys } from './other-survey/link-surveys.ts';
import { rebuildObjects, workOffStaleObjects } from './steps/step-jobs.ts';
import { pruneHistory, pruneProcesses } from './prune.ts';

/** Every job there is. */
export const ALL_JOBS: Job[] = [
  workOffStaleObjects,
  rebuildObjects,
  linkSurveys,
  pruneHistory,
  pruneProcesses,
];
