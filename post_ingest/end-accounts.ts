import { NotFoundError } from '../common/errors.ts';
import { finishDeletion } from '../common/store/accounts/end-account.ts';
import { selectEndedUsers } from '../common/store/accounts/users.ts';
import type { Job } from './job.ts';

/** Goes on where the deletion of an account was broken off. */
export const endAccounts: Job = {
  name: 'end-accounts',
  schedule: '*/5 * * * *',
  description: 'delete the rest of accounts whose deletion was broken off',
  async run({ db, now }, signal) {
    let ended = 0;
    for (const userId of await selectEndedUsers(db)) {
      if (signal.aborted) break;
      try {
        await finishDeletion(db, userId, now());
        ended++;
      } catch (err) {
        // Whoever began it has ended it just now.
        if (!(err instanceof NotFoundError)) throw err;
      }
    }
    return `${ended} accounts deleted`;
  },
};
