import type { Database, Transaction } from './database.ts';
import { lockName } from './accounts/secrets.ts';

const PING_MS = 15_000;

/**
 * Runs `work` while holding a named lock of the database server, so that one process of many does
 * it. The lock belongs to one connection and ends with it.
 *
 * @param work - Is given a signal that is aborted when the lock is lost: it must then stop writing.
 * @returns undefined if another process holds the lock.
 */
export async function withNamedLock<Result>(
  db: Database,
  name: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<{ result: Result } | undefined> {
  // The transaction only keeps one connection of the pool to itself: no table is read in it.
  return db.transaction(async (connection) => {
    const lock = await lockName(connection, name);
    const [[isOurs]] = await connection.arrays('SELECT GET_LOCK(:lock, 0)', { lock });
    if (String(isOurs) !== '1') return undefined;
    const lost = new AbortController();
    const ping = setInterval(() => void abortIfLost(connection, lock, lost), PING_MS);
    try {
      return { result: await work(lost.signal) };
    } finally {
      clearInterval(ping);
      // If the connection is gone, so is the lock.
      await connection.arrays('SELECT RELEASE_LOCK(:lock)', { lock }).catch(() => undefined);
    }
  });
}

async function abortIfLost(
  connection: Transaction,
  lock: string,
  lost: AbortController,
): Promise<void> {
  try {
    const [[holds]] = await connection.arrays('SELECT IS_USED_LOCK(:lock) = CONNECTION_ID()', {
      lock,
    });
    if (String(holds) !== '1') lost.abort();
  } catch (err) {
    lost.abort(err);
  }
}
