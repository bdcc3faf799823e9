import { z } from 'zod';

import { kafkaTopicOf } from '../../common/annotations/topic.ts';
import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import {
  countAnnotationDays,
  selectNewestAnnotations,
} from '../../common/store/annotations/annotation-lists.ts';
import type { AnnotationRow } from '../../common/store/annotations/annotation-lists.ts';
import { selectKnownObjects } from '../../common/store/annotations/annotations.ts';
import { selectAnnotatorKey } from '../../common/store/annotations/annotator-keys.ts';
import type { Annotator } from '../../common/store/annotations/annotators.ts';
import type { Queries } from '../../common/store/database.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import type { Services } from '../services.ts';
import { annotationView } from './annotation-view.ts';
import { SHOWN_DAYS, dayBars, firstShownDay } from './day-bars.ts';

/** Annotations of a page. */
const PAGE_ROWS = 50;

/** Which annotations: of both surveys, or of one in pages. */
export const AnnotatorPageInput = z.object({
  survey: z.enum(SURVEYS).optional(),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt)
    .optional(),
});

/** What the page of an annotator shows. */
export async function annotatorPage(
  services: Services,
  annotator: Annotator,
  input: z.output<typeof AnnotatorPageInput>,
  readerId: number | undefined,
  newKey?: string,
) {
  const { db, now, config } = services.context;
  const { topic } = annotator;
  const isOwn = annotator.userId === readerId;
  const [days, lists, key] = await Promise.all([
    countAnnotationDays(db, topic, firstShownDay(now())),
    Promise.all(
      SURVEYS.filter((survey) => input.survey === undefined || input.survey === survey).map(
        (survey) => listOf(db, survey, topic, readerId, input.before),
      ),
    ),
    isOwn ? selectAnnotatorKey(db, topic) : undefined,
  ]);
  const shown = lists
    .flatMap((list) => list.views)
    .sort((a, b) => b.timestamp.getTime() - a.timestamp.getTime())
    .slice(0, PAGE_ROWS);
  const hasMore =
    lists.some((list) => list.hasMore) || lists.flatMap((list) => list.views).length > shown.length;
  const last = shown.at(-1);
  return {
    title: topic,
    isAnnotators: true,
    annotator,
    isOwn,
    now: now(),
    paragraphs: annotator.description.split(/\n{2,}/).filter((text) => text.trim() !== ''),
    annotations: shown,
    hasMore: hasMore && input.survey === undefined,
    surveys: SURVEYS.map((survey) => ({
      survey,
      name: SURVEY_NAMES[survey],
      isShown: input.survey === survey,
    })),
    isOfBoth: input.survey === undefined,
    older:
      hasMore && input.survey !== undefined && last !== undefined
        ? `/annotators/${topic}/?survey=${input.survey}&before=${last.annotationID}`
        : undefined,
    days: [...days.values()].reduce((sum, { ztf, lsst }) => sum + ztf + lsst, 0),
    shownDays: SHOWN_DAYS,
    figure: dayBars(days, now()),
    sql: exampleQuery(topic),
    key,
    newKey,
    examples: isOwn && {
      site: services.siteUrl(),
      key: newKey ?? 'KEY',
      kafka: config.publicKafka ?? config.kafka.brokers?.join(','),
      kafkaTopic: kafkaTopicOf(config, topic),
      hasKafkaLogins: config.kafkaAccounts,
    },
  };
}

async function listOf(
  db: Queries,
  survey: Survey,
  topic: string,
  readerId: number | undefined,
  before: bigint | undefined,
) {
  const rows: AnnotationRow[] = await selectNewestAnnotations(db, {
    ...{ survey, topic, readerId, before },
    limit: PAGE_ROWS + 1,
  });
  const known = await selectKnownObjects(
    db,
    survey,
    rows.map(({ objectId }) => objectId),
  );
  return {
    views: rows.slice(0, PAGE_ROWS).map((row) => ({
      ...annotationView(survey, row),
      isKnown: known.has(row.objectId),
    })),
    hasMore: rows.length > PAGE_ROWS,
  };
}

/** A query of what the annotator says, for the query page. */
function exampleQuery(topic: string) {
  const text = `SELECT a.objectId, a.classification, a.classdict, a.timestamp, o.gmag, o.rmag
FROM annotations AS a JOIN objects AS o ON o.objectId = a.objectId
WHERE a.topic = '${topic}'
ORDER BY a.timestamp DESC`;
  return `/query/?${new URLSearchParams({ survey: 'ztf', sql: text }).toString()}`;
}
