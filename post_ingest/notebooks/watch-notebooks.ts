import type { Context } from '../../common/context.ts';
import { describeError } from '../../common/errors.ts';
import {
  lockNotebookAccount,
  revokeNotebookAccount,
  selectNotebookAccounts,
  selectOrphanedAccounts,
} from '../../common/store/accounts/notebook-accounts.ts';
import {
  selectNotebookActivity,
  selectServerPressure,
} from '../../common/store/accounts/notebook-activity.ts';
import { isRefusal, killConnection } from '../../common/store/accounts/server-accounts.ts';
import { keepLooking } from '../keep-looking.ts';
import { judgeActivity } from './judge-activity.ts';

const EVERY_MS = 2_000;
/** An account that has to be stopped so often within so long is locked. */
const OFFENCES = 3;
const OFFENCES_WITHIN_MS = 10 * 60_000;

export interface NotebookWatch {
  /** One look at all notebooks. @returns How many connections were ended. */
  look(): Promise<number>;
}

/** Looks after the database accounts of notebooks, remembering who stood in the way of others. */
export function createNotebookWatch({ config, db, log, now }: Context): NotebookWatch {
  const offences = new Map<number, number[]>();

  async function countOffence(userId: number): Promise<void> {
    const at = now().getTime();
    const recent = (offences.get(userId) ?? []).filter((time) => at - time < OFFENCES_WITHIN_MS);
    recent.push(at);
    offences.set(userId, recent);
    if (recent.length < OFFENCES) return;
    offences.delete(userId);
    await lockNotebookAccount(db, userId, now());
    log.error(`the notebook account of user ${userId} is locked: it held locks again and again`);
  }

  return {
    async look() {
      // Nobody has to be looked after, and nothing asked for, where there is no account.
      if ((await selectNotebookAccounts(db)).length === 0) return 0;
      for (const { userId } of await selectOrphanedAccounts(db, now())) {
        await revokeNotebookAccount(db, userId, now());
        log.info(`the notebook account of user ${userId} is revoked: the user is gone`);
      }
      const activity = await selectNotebookActivity(db);
      if (activity.length === 0) return 0;
      const pressure = await selectServerPressure(db);
      const verdicts = judgeActivity(activity, pressure, config.notebookTimeoutMs);
      for (const { connection, reason, isOffence } of verdicts) {
        await killConnection(db, connection.id);
        log.warn(`a connection of user ${connection.userId}'s notebook was ended: ${reason}`);
        if (isOffence) await countOffence(connection.userId);
      }
      return verdicts.length;
    },
  };
}

/**
 * Looks after notebooks every few seconds until stopped. Every process of jobs does: two that end
 * the same connection do no harm, and no lock can keep them from it.
 */
export function startNotebookWatch(context: Context, everyMs = EVERY_MS) {
  const watch = createNotebookWatch(context);
  return keepLooking(everyMs, () => watch.look(), {
    log: context.log,
    describe: (err) =>
      isRefusal(err)
        ? 'notebooks cannot be looked after: the account of the broker needs the rights PROCESS and CONNECTION ADMIN (SUPER in older servers)'
        : `notebooks could not be looked after: ${describeError(err)}`,
  });
}
