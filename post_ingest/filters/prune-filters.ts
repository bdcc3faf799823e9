import { deleteOldBatches } from '../../common/store/batches.ts';
import { deleteUnwantedRetries } from '../../common/store/filter-retries.ts';
import { deleteOldDeliveries, deleteOldMatches } from '../../common/store/matches.ts';
import type { Job } from '../job.ts';

const DAY_MS = 86_400_000;
/** Filters run again on alerts of the last two days: what they told of these must be known. */
const LEAST_NIGHTS = 4;

/**
 * Forgets batches with their verdicts, matches and deliveries after the configured number of nights, in
 * small portions. What filters remember of objects, and how alerts came, stays.
 */
export const pruneFilters: Job = {
  name: 'prune-filters',
  schedule: '41 * * * *',
  description: 'forget batches, verdicts, matches and deliveries of filters that are old',
  async run({ config, db, now }, signal) {
    const before = new Date(now().getTime() - Math.max(LEAST_NIGHTS, config.filterNights) * DAY_MS);
    const count = async (portion: () => Promise<number>) => {
      let rows = 0;
      while (!signal.aborted) {
        const some = await portion();
        rows += some;
        if (some === 0) break;
      }
      return rows;
    };
    await deleteUnwantedRetries(db);
    const deliveries = await count(() => deleteOldDeliveries(db, before));
    const matches = await count(() => deleteOldMatches(db, before));
    const batches = await count(() => deleteOldBatches(db, before));
    return `${batches} batches, ${matches} matches and ${deliveries} deliveries forgotten`;
  },
};
