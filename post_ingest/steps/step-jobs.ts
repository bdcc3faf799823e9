import { FEATURES_VERSION } from '../../common/features/features-version.ts';
import { RULES_VERSION } from '../context/rules.ts';
import type { Job } from '../job.ts';
import { ALL_STEPS } from './all-steps.ts';
import { withRefreshTools } from './object-features.ts';
import { askForNewVersions, runRebuilds } from './rebuild.ts';
import { workOffStale } from './work-off-stale.ts';

const LONGEST_RUN_MS = 50_000;

/** Does again what failed, what was put off, and what a change made stale. */
export const workOffStaleObjects: Job = {
  name: 'work-off-stale',
  schedule: '* * * * *',
  description: 'do again what failed or was put off for single objects, longest waiting first',
  async run(context, signal) {
    const endsAt = context.now().getTime() + LONGEST_RUN_MS;
    const { done, failed } = await withRefreshTools(context, (tools) =>
      workOffStale(tools, ALL_STEPS, signal, endsAt),
    );
    return `${done} objects done, ${failed} failed again`;
  },
};

/** Works all objects out anew after a change of definitions, rules or catalogues. */
export const rebuildObjects: Job = {
  name: 'rebuild',
  schedule: '30 * * * * *',
  description: 'work all objects out anew after a new catalogue, new rules or new definitions',
  async run(context, signal) {
    const objects = await withRefreshTools(context, async (tools) => {
      await askForNewVersions(tools, { features: FEATURES_VERSION, rules: RULES_VERSION });
      return runRebuilds(tools, ALL_STEPS, signal);
    });
    return `${objects} objects worked out anew`;
  },
};
