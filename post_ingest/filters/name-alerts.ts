import type { Survey } from '../../common/config.ts';
import type { Transaction } from '../../common/store/database.ts';
import type { NewMatch } from '../../common/store/matches.ts';
import { selectLastAlerts } from '../../common/store/past-alerts.ts';

/** The last year that DATETIME holds. */
const LATEST_MS = Date.UTC(9999, 0);

/**
 * Matches that annotations caused, with the newest alert that their object has: what receivers take for
 * the alert that the match is of, and up to which light curves are sent.
 */
export async function nameAlerts(
  tx: Transaction,
  survey: Survey,
  matches: readonly NewMatch[],
): Promise<NewMatch[]> {
  const nameless = matches.filter(({ alertId }) => alertId === null);
  const ids = [...new Set(nameless.map(({ objectId }) => objectId))];
  const alerts = await selectLastAlerts(tx, survey, ids);
  return matches.map((match) => {
    const alert = match.alertId === null ? alerts.get(match.objectId) : undefined;
    if (alert === undefined) return match;
    const { alertId, observedAtMs } = alert;
    // Test streams carry times that no column holds.
    const isTime = observedAtMs > 0 && observedAtMs < LATEST_MS;
    return { ...match, alertId, observedAt: isTime ? new Date(observedAtMs) : null };
  });
}
