import type { Survey } from '../../common/config.ts';
import { selectAnnotationHistory } from '../../common/store/annotations/annotation-lists.ts';
import { selectArrivals } from '../../common/store/arrivals.ts';
import { selectAnnotationBatches } from '../../common/store/batches.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectNewestAlerts } from '../../common/store/past-alerts.ts';

/** A batch in which there was something new about an object. */
export interface ObjectBatch {
  batchId: bigint;
  cause: 'alert' | 'annotation';
  /** When it was stored. */
  cameAt: Date;
  /** Alerts of the object in it, the newest first; candid or diaSourceId. */
  alertIds: string[];
  /** Annotators that wrote, as far as the reader may see them. */
  topics: string[];
  /** When all filters had run on it, as far as that is read; null before. */
  doneAt?: Date | null;
}

/** The batches that the newest alerts of an object came in, each once. */
export async function alertBatches(
  db: Queries,
  survey: Survey,
  objectId: string,
  limit: number,
): Promise<ObjectBatch[]> {
  const alerts = await selectNewestAlerts(db, survey, objectId, { limit });
  const ids = alerts.map(({ alertId }) => alertId);
  const arrivals = await selectArrivals(db, survey, ids);
  const batches = new Map<bigint, ObjectBatch>();
  for (const alertId of ids) {
    const arrival = arrivals.get(alertId);
    if (arrival === undefined) continue;
    const { batchId, storedAt } = arrival;
    const batch = batches.get(batchId);
    if (batch !== undefined) batch.alertIds.push(alertId);
    else
      batches.set(batchId, {
        batchId,
        cause: 'alert',
        cameAt: storedAt,
        alertIds: [alertId],
        topics: [],
      });
  }
  return [...batches.values()];
}

/** The batches of the newest annotations of an object that the reader may see. */
export async function annotationBatches(
  db: Queries,
  survey: Survey,
  objectId: string,
  readerId: number | undefined,
  limit: number,
): Promise<ObjectBatch[]> {
  const written = await selectAnnotationHistory(db, { survey, readerId, objectId, limit });
  // An annotation and the batch of its transaction have one moment.
  const moments = [...new Set(written.map(({ timestamp }) => timestamp.getTime()))];
  const batches = await selectAnnotationBatches(
    db,
    survey,
    moments.map((moment) => new Date(moment)),
  );
  return batches.map(({ batchId, createdAt, doneAt }) => {
    const own = written.filter(({ timestamp }) => timestamp.getTime() === createdAt.getTime());
    const topics = [...new Set(own.map(({ topic }) => topic))];
    return { batchId, cause: 'annotation', cameAt: createdAt, doneAt, alertIds: [], topics };
  });
}
