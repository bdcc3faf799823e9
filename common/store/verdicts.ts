import type { Survey } from '../config.ts';
import { findVerdicts } from '../filters/verdicts.ts';
import type { Verdict } from '../filters/verdicts.ts';
import { selectArrivals } from './arrivals.ts';
import { selectPackedVerdicts } from './batches.ts';
import type { Queries } from './database.ts';

/**
 * What each filter decided when this alert came, by number of the filter, and the values it went by.
 * Alerts of one object that came in one batch were decided together. Empty where filters have not run
 * yet, and for what is forgotten.
 *
 * @param alertId - candid or diaSourceId, in digits.
 */
export async function readVerdicts(
  db: Queries,
  survey: Survey,
  objectId: string,
  alertId: string,
): Promise<Verdict[]> {
  const arrival = (await selectArrivals(db, survey, [alertId])).get(alertId);
  if (arrival === undefined) return [];
  const packed = await selectPackedVerdicts(db, arrival.batchId);
  return packed === null ? [] : findVerdicts(packed, objectId);
}
