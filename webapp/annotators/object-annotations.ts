import type { Survey } from '../../common/config.ts';
import {
  selectAnnotationHistory,
  selectObjectAnnotations,
} from '../../common/store/annotations/annotation-lists.ts';
import type { Queries } from '../../common/store/database.ts';
import { annotationView } from './annotation-view.ts';

/** Annotations of a page of the history. */
const PAGE_ROWS = 50;

/** The newest annotation of each annotator about an object, for its page. */
export async function objectAnnotations(
  db: Queries,
  survey: Survey,
  objectId: string,
  readerId: number | undefined,
) {
  const rows = await selectObjectAnnotations(db, survey, objectId, readerId);
  return rows.map((row) => annotationView(survey, row));
}

/** All that annotators ever said about an object, the newest first, in pages. */
export async function annotationHistoryPage(
  db: Queries,
  { survey, id }: { survey: Survey; id: string },
  readerId: number | undefined,
  { topic, before }: { topic?: string | undefined; before?: bigint | undefined },
) {
  const rows = await selectAnnotationHistory(db, {
    ...{ survey, objectId: id, readerId, topic, before },
    limit: PAGE_ROWS + 1,
  });
  const annotations = rows.slice(0, PAGE_ROWS).map((row) => annotationView(survey, row));
  const last = annotations.at(-1);
  const query = new URLSearchParams({
    ...(topic !== undefined && { topic }),
    ...(last !== undefined && { before: last.annotationID }),
  });
  return {
    title: `Annotations of ${id}`,
    isHistory: true,
    objectId: id,
    survey,
    topic,
    annotations,
    older: rows.length > PAGE_ROWS ? `/object/${id}/annotations/?${query.toString()}` : undefined,
  };
}
