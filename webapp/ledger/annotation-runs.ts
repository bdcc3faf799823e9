import type { Survey } from '../../common/config.ts';
import { findVerdicts } from '../../common/filters/verdicts.ts';
import { selectAnnotationHistory } from '../../common/store/annotation-lists.ts';
import { selectAnnotationBatches, selectPackedVerdicts } from '../../common/store/batches.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectNamesOf } from '../../common/store/filter-report.ts';
import type { NamedVerdict } from './ledger.ts';

/** Annotations of an object whose runs are shown. */
const MOST_ANNOTATIONS = 20;

/** What filters said when something new was written about an object. */
export interface AnnotationRun {
  batchId: bigint;
  /** Annotators that wrote, as far as the reader may see them. */
  topics: string[];
  writtenAt: Date;
  /** When all filters had run on it; null before. */
  doneAt: Date | null;
  verdicts: NamedVerdict[];
}

/** Runs that annotations of an object caused, the newest first, as far as they are kept. */
export async function annotationRuns(
  db: Queries,
  survey: Survey,
  objectId: string,
  readerId: number | undefined,
): Promise<AnnotationRun[]> {
  const limit = MOST_ANNOTATIONS;
  const written = await selectAnnotationHistory(db, { survey, readerId, objectId, limit });
  // An annotation and the batch of its transaction have one moment.
  const moments = [...new Set(written.map(({ timestamp }) => timestamp.getTime()))];
  const batches = await selectAnnotationBatches(
    db,
    survey,
    moments.map((moment) => new Date(moment)),
  );
  const runs: AnnotationRun[] = [];
  for (const { batchId, createdAt, doneAt } of batches) {
    const packed = await selectPackedVerdicts(db, batchId);
    const verdicts = packed === null ? [] : findVerdicts(packed, objectId);
    const ids = [...new Set(verdicts.map(({ queryId }) => queryId))];
    const names = await selectNamesOf(db, ids, readerId);
    const named = verdicts.flatMap((verdict) => {
      const name = names.get(verdict.queryId);
      return name === undefined ? [] : [{ ...verdict, name }];
    });
    if (named.length === 0) continue;
    const own = written.filter(({ timestamp }) => timestamp.getTime() === createdAt.getTime());
    const topics = [...new Set(own.map(({ topic }) => topic))];
    runs.push({ batchId, topics, writtenAt: createdAt, doneAt, verdicts: named });
  }
  return runs;
}
