import { deleteOldLinks } from '../common/store/accounts/account-links.ts';
import { deleteOldAttempts } from '../common/store/accounts/attempts.ts';
import { deleteOldSessions } from '../common/store/accounts/sessions.ts';
import type { Job } from './job.ts';

/** Forgets what has ended about accounts: sessions, links and counts of attempts. */
export const pruneAccounts: Job = {
  name: 'prune-accounts',
  schedule: '43 * * * *',
  description: 'forget sessions and links that have ended, and old failed logins',
  async run({ db, now }) {
    const sessions = await deleteOldSessions(db, now());
    const links = await deleteOldLinks(db, now());
    const attempts = await deleteOldAttempts(db, now());
    return `${sessions} sessions, ${links} links and ${attempts} counts of attempts forgotten`;
  },
};
