import type { Survey } from '../../common/config.ts';
import { selectArrivals } from '../../common/store/arrivals.ts';
import { insertBatch } from '../../common/store/batches.ts';
import type { Transaction } from '../../common/store/database.ts';
import { selectLastAlerts } from '../../common/store/past-alerts.ts';
import type { DueObject } from '../../common/store/stale-objects.ts';

/** An alert that was stored longer ago is no news any more. */
const RECENT_MS = 2 * 86_400_000;

/**
 * Has filters run again on the newest alerts of objects that they saw without what a step finds, now
 * that it is found: in the transaction that writes it. Alerts that were stored more than two days ago
 * are left alone, as are objects whose alerts all came after the step was done.
 */
export async function askFiltersAgain(
  tx: Transaction,
  survey: Survey,
  done: readonly DueObject[],
  now: Date,
): Promise<void> {
  const since = now.getTime() - RECENT_MS;
  const ids = done
    .filter(({ alertedAt }) => alertedAt !== null && alertedAt.getTime() >= since)
    .map(({ id }) => id);
  const newest = [...(await selectLastAlerts(tx, survey, ids)).values()];
  const arrivals = await selectArrivals(
    tx,
    survey,
    newest.map(({ alertId }) => alertId),
  );
  const alerts = newest.flatMap(({ objectId, alertId, observedAtMs, arrivedAtMs }) => {
    const storedAtMs = arrivals.get(alertId)?.storedAt.getTime() ?? -Infinity;
    return storedAtMs < since ? [] : [{ objectId, alertId, observedAtMs, arrivedAtMs, storedAtMs }];
  });
  if (alerts.length > 0)
    await insertBatch(tx, { survey, entries: { cause: 'refreshed', alerts }, createdAt: now });
}
