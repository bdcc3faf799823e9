import type { Survey } from '../../common/config.ts';
import { findVerdicts } from '../../common/filters/verdicts.ts';
import { selectPackedVerdicts } from '../../common/store/batches.ts';
import type { Queries } from '../../common/store/database.ts';
import { nameVerdicts } from './named-verdict.ts';
import type { NamedVerdict } from './named-verdict.ts';
import { annotationBatches } from './object-batches.ts';

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
  const batches = await annotationBatches(db, survey, objectId, readerId, MOST_ANNOTATIONS);
  const runs: AnnotationRun[] = [];
  for (const { batchId, topics, cameAt, doneAt = null } of batches) {
    const packed = await selectPackedVerdicts(db, batchId);
    const found = packed === null ? [] : findVerdicts(packed, objectId);
    const verdicts = await nameVerdicts(db, found, readerId);
    if (verdicts.length > 0) runs.push({ batchId, topics, writtenAt: cameAt, doneAt, verdicts });
  }
  return runs;
}
