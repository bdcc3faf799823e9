import { z } from 'zod';

import { canBeTopic } from '../../annotations/topic.ts';
import { SURVEYS } from '../../config.ts';
import type { Survey } from '../../config.ts';
import type { Queries } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';
import { forSurvey, keyValues } from '../survey-keys.ts';

const sql = loadSql('annotation-lists.sql', [
  'selectObjectNewest',
  'selectHistory',
  'selectNewestList',
  'countDays',
  'countHistory',
]);

/** No account has this number. */
const NOBODY = -1;
/** Annotators shown with an object, at the most. */
const MOST_OF_OBJECT = 200;

const AnnotationRow = z.strictObject({
  annotationID: z.string(),
  topic: z.string(),
  objectId: z.string(),
  version: z.string(),
  timestamp: z.date(),
  classification: z.string(),
  explanation: z.string(),
  classdict: z.string(),
  url: z.string(),
});
/** An annotation as it is kept. */
export type AnnotationRow = z.infer<typeof AnnotationRow>;

const DayRow = z.strictObject({ day: z.string(), count: z.coerce.number() });
const CountRow = z.strictObject({ count: z.coerce.number() });

/** The newest annotation of each annotator about an object, as far as the reader may see them. */
export async function selectObjectAnnotations(
  db: Queries,
  survey: Survey,
  objectId: string,
  readerId: number | undefined,
): Promise<AnnotationRow[]> {
  const [key] = keyValues(survey, [objectId]);
  return db.rows(AnnotationRow, forSurvey(sql.selectObjectNewest, survey), {
    objectId: key,
    readerId: readerId ?? NOBODY,
    limit: MOST_OF_OBJECT,
  });
}

export interface AnnotationSelection {
  survey: Survey;
  readerId: number | undefined;
  topic?: string | undefined;
  objectId?: string | undefined;
  /** Only those stored since. */
  since?: Date | undefined;
  /** Only those with a smaller number. */
  before?: bigint | undefined;
  limit: number;
}

/** Annotations that were ever written, the newest first, as far as the reader may see them. */
export function selectAnnotationHistory(
  db: Queries,
  selection: AnnotationSelection,
): Promise<AnnotationRow[]> {
  return select(db, sql.selectHistory, selection);
}

/** The newest annotation of each annotator about each object, the newest first, as far as the reader may see them. */
export function selectNewestAnnotations(
  db: Queries,
  selection: AnnotationSelection,
): Promise<AnnotationRow[]> {
  return select(db, sql.selectNewestList, selection);
}

async function select(
  db: Queries,
  statement: string,
  selection: AnnotationSelection,
): Promise<AnnotationRow[]> {
  if (!canBeTopic(selection.topic ?? 'any')) return [];
  return db.rows(AnnotationRow, forSurvey(statement, selection.survey), parametersOf(selection));
}

/** How many annotations an annotator wrote on each day (UTC) since; days without any are not there. */
export async function countAnnotationDays(
  db: Queries,
  topic: string,
  since: Date,
): Promise<Map<string, Record<Survey, number>>> {
  const days = new Map<string, Record<Survey, number>>();
  for (const survey of SURVEYS) {
    for (const { day, count } of await db.rows(DayRow, forSurvey(sql.countDays, survey), {
      topic,
      since,
    })) {
      const counts = days.get(day) ?? { ztf: 0, lsst: 0 };
      days.set(day, { ...counts, [survey]: count });
    }
  }
  return days;
}

/** How many annotations an annotator has written altogether. */
export async function countAnnotations(db: Queries, topic: string): Promise<number> {
  const counts = await Promise.all(
    SURVEYS.map((survey) => db.rows(CountRow, forSurvey(sql.countHistory, survey), { topic })),
  );
  return counts.flat().reduce((sum, { count }) => sum + count, 0);
}

function parametersOf(selection: AnnotationSelection) {
  const { survey, readerId, topic, objectId, since, before, limit } = selection;
  return {
    readerId: readerId ?? NOBODY,
    topic: topic ?? null,
    objectId: objectId === undefined ? null : keyValues(survey, [objectId])[0],
    since: since ?? null,
    before: before ?? null,
    limit,
  };
}
