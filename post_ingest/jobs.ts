import { coverage } from './coverage/coverage-job.ts';
import { backfillFilters } from './filters/backfill.ts';
import { endAccounts } from './end-accounts.ts';
import { expireFilters } from './filters/expire.ts';
import type { Job } from './job.ts';
import { pruneFilters } from './filters/prune-filters.ts';
import { linkSurveys } from './other-survey/link-surveys.ts';
import { rebuildObjects, workOffStaleObjects } from './steps/step-jobs.ts';
import { pruneAccounts } from './prune-accounts.ts';
import { pruneDeadLetters, pruneHistory, pruneProcesses } from './prune.ts';
import { pruneStamps } from './stamps/prune-stamps.ts';
import { renderStamps } from './stamps/render-stamps.ts';
import { followTns } from './tns/follow-tns.ts';
import { pruneDrafts } from './watchlists/prune-drafts.ts';

/** Every job there is. */
export const ALL_JOBS: Job[] = [
  followTns,
  workOffStaleObjects,
  rebuildObjects,
  linkSurveys,
  coverage,
  renderStamps,
  pruneStamps,
  backfillFilters,
  expireFilters,
  pruneHistory,
  pruneDeadLetters,
  pruneProcesses,
  pruneAccounts,
  endAccounts,
  pruneFilters,
  pruneDrafts,
];
