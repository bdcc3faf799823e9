import { deleteAllRetries } from '../../common/store/filter-retries.ts';
import { deleteAllWaits } from '../../common/store/filter-waits.ts';
import { pauseFilter } from '../../common/store/filters.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import { insertOwnerLetter } from '../../common/store/owner-letters.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import { selectOptionalQuery } from '../../common/store/saved-queries.ts';
import type { FilterTools } from './filter-tools.ts';

/** Pauses a filter, and has its owner told why: once, whoever else finds the same. */
export async function pauseWithReason(
  { db, log, now }: Pick<FilterTools, 'db' | 'log' | 'now'>,
  { queryId, userId }: Pick<StoredFilter, 'queryId' | 'userId'>,
  reason: string,
): Promise<void> {
  const isPaused = await repeatTransaction(db, async (tx) => {
    if (!(await pauseFilter(tx, queryId, reason, now()))) return false;
    // What it has not run on is not made up for: its owner may ask for a backfill.
    await deleteAllRetries(tx, queryId);
    await deleteAllWaits(tx, queryId);
    const name = (await selectOptionalQuery(tx, queryId))?.name ?? `number ${queryId}`;
    const at = now().toISOString().slice(0, 16).replace('T', ' ');
    const paragraphs = [
      `Your filter “${name}” was paused at ${at} UTC: ${reason}.`,
      'Until it is switched on again it is not run on new alerts. What it missed meanwhile can be had by a backfill, on the page of the filter.',
    ];
    const subject = `Your filter ${name} is paused`;
    await insertOwnerLetter(tx, { queryId, userId, subject, paragraphs }, now());
    return true;
  });
  if (isPaused) log.warn(`filter ${queryId} is paused: ${reason}`, { queryId });
}
