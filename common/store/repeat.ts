import { setTimeout as pause } from 'node:timers/promises';

import type { Database, Transaction } from './database.ts';
import { isRepeatable } from './database.ts';

const TRIES = 5;
const PAUSE_MS = 200;

/**
 * A transaction that is run again when another one was in its way, or the server away for a moment.
 *
 * @throws {UpstreamError} if it failed five times within some seconds.
 */
export async function repeatTransaction<Result>(
  db: Database,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction(work);
    } catch (err) {
      if (!isRepeatable(err) || tries === TRIES) throw err;
      await pause(PAUSE_MS * tries);
    }
  }
}
