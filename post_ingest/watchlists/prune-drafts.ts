import { deleteOldDrafts } from '../../common/store/lists/watchlist-drafts.ts';
import type { Job } from '../job.ts';

const KEEP_MS = 86_400_000;

/** Forgets lists that were sent, looked at, and not saved within a day. */
export const pruneDrafts: Job = {
  name: 'prune-drafts',
  schedule: '51 * * * *',
  description: 'forget previews of watchlists that were not saved within a day',
  async run({ db, now }) {
    const before = new Date(now().getTime() - KEEP_MS);
    return `${await deleteOldDrafts(db, before)} previews of watchlists forgotten`;
  },
};
