import { describeError } from '../../common/errors.ts';
import { deleteAllRetries } from '../../common/store/filter-retries.ts';
import { deleteAllWaits } from '../../common/store/filter-waits.ts';
import { pauseFilter } from '../../common/store/filters.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import { selectOptionalQuery } from '../../common/store/saved-queries.ts';
import { selectUser } from '../../common/store/users.ts';
import type { FilterTools } from './filter-tools.ts';

/** Pauses a filter, and tells its owner why: once, whoever else finds the same. */
export async function pauseWithReason(
  tools: FilterTools,
  filter: Pick<StoredFilter, 'queryId' | 'userId'>,
  reason: string,
): Promise<void> {
  const { db, log, now } = tools;
  const { queryId } = filter;
  const isPaused = await repeatTransaction(db, async (tx) => {
    if (!(await pauseFilter(tx, queryId, reason, now()))) return false;
    // What it has not run on is not made up for: its owner may ask for a backfill.
    await deleteAllRetries(tx, queryId);
    await deleteAllWaits(tx, queryId);
    return true;
  });
  if (!isPaused) return;
  log.warn(`filter ${queryId} is paused: ${reason}`, { queryId });
  try {
    await tellOwner(tools, filter, reason);
  } catch (err) {
    // The page of the filter says it too.
    log.error(`the owner of filter ${queryId} could not be told: ${describeError(err)}`, {
      queryId,
    });
  }
}

async function tellOwner(
  { db, mail, config, now }: FilterTools,
  { queryId, userId }: Pick<StoredFilter, 'queryId' | 'userId'>,
  reason: string,
): Promise<void> {
  const user = await selectUser(db, userId);
  const query = await selectOptionalQuery(db, queryId);
  const name = query?.name ?? `number ${queryId}`;
  const at = now().toISOString().slice(0, 16).replace('T', ' ');
  await mail.send({
    to: user.email,
    subject: `Your filter ${name} is paused`,
    paragraphs: [
      `Your filter "${name}" was paused at ${at} UTC: ${reason}.`,
      'Until it is switched on again it is not run on new alerts. What it missed meanwhile can be had by a backfill, on the page of the filter.',
    ],
    ...(config.webUrl !== undefined && {
      link: { url: new URL(`/filters/${queryId}/`, config.webUrl).href, label: 'The filter' },
    }),
  });
}
