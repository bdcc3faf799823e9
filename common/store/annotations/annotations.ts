import { z } from 'zod';

import type { Annotation } from '../../annotations/annotation.ts';
import { SURVEYS } from '../../config.ts';
import type { Survey } from '../../config.ts';
import {
  deleteAnnotatorRow,
  lockAnnotators,
  selectOwnAnnotator,
  updateAnnotator,
} from './annotators.ts';
import { insertBatch } from '../batches.ts';
import type { Database, Queries, Transaction } from '../database.ts';
import { selectWaitsOfObjects } from '../filter-waits.ts';
import { repeatTransaction } from '../repeat.ts';
import { loadSql } from '../sql-blocks.ts';
import { forSurvey, keyValues } from '../survey-keys.ts';

const sql = loadSql('annotations.sql', [
  'selectNewest',
  'insertHistory',
  'selectNumbers',
  'replaceNewest',
  'selectKnownObjects',
  'deleteSome',
  'deleteSomeHistory',
]);

/** The same again within this time is a repeat: a client that did not hear the answer. */
const REPEAT_MS = 10 * 60_000;
/** Letters of texts in one statement. */
const STATEMENT_LETTERS = 1 << 20;
/** Rows that one statement deletes: others need not wait long. */
const DELETED_AT_ONCE = 5_000;

const NewestRow = z.strictObject({
  topic: z.string(),
  objectId: z.string(),
  annotationID: z.string(),
  version: z.string(),
  classification: z.string(),
  explanation: z.string(),
  classdict: z.string(),
  url: z.string(),
  timestamp: z.date(),
});
const NumberRow = z.strictObject({ objectId: z.string(), annotationID: z.string() });
const ObjectRow = z.strictObject({ objectId: z.string() });

/** An annotation that came, in the order of arrival. */
export interface Arrival {
  annotation: Annotation;
  /** When it came or Kafka took it: Unix time, milliseconds. */
  arrivedAtMs: number;
}

/** What became of an annotation. */
export interface Stored {
  annotationId: string;
  /** The same was said within the last minutes: nothing was stored, nobody is told. */
  isRepeat: boolean;
  /** Whether the survey's object is in the database already. */
  isKnown: boolean;
}

/**
 * Stores annotations: all of them in the history, the last to come of each annotator and object as the
 * newest, and a batch that filters run on. A thousand take a handful of statements.
 *
 * @param tx - The rows of their annotators must be locked in it (`lockAnnotators`): so annotations of
 *   one annotator are stored one call after the other.
 * @returns What became of each, in the order given.
 */
export async function storeAnnotations(
  tx: Transaction,
  survey: Survey,
  arrivals: readonly Arrival[],
  now: Date,
): Promise<Stored[]> {
  const known = await selectKnownObjects(tx, survey, objectsOf(arrivals));
  // An alert that waits wants to hear it again, if it came after it was said.
  const wanted = new Map<string, Date>();
  for (const { objectId, since } of await selectWaitsOfObjects(tx, survey, objectsOf(arrivals)))
    if (since > (wanted.get(objectId) ?? new Date(0))) wanted.set(objectId, since);
  const outcomes = new Map<Arrival, { annotationId: string; isRepeat: boolean }>();
  const fresh: Arrival[] = [];
  for (const [topic, ofTopic] of byTopic(arrivals)) {
    const objects = objectsOf(ofTopic);
    const rows = await tx.rows(NewestRow, forSurvey(sql.selectNewest, survey), {
      topic,
      objects: keyValues(survey, objects),
    });
    const newest = new Map(rows.map((row) => [row.objectId, row]));
    const last = new Map<string, Arrival>();
    const repeats: [arrival: Arrival, original: Arrival][] = [];
    const toStore: Arrival[] = [];
    for (const arrival of ofTopic) {
      const { annotation } = arrival;
      const before = last.get(annotation.objectId);
      const stored = newest.get(annotation.objectId);
      if (before !== undefined && isSame(before.annotation, annotation)) {
        repeats.push([arrival, before]);
      } else if (
        before === undefined &&
        stored !== undefined &&
        isSame(stored, annotation) &&
        Math.abs(now.getTime() - stored.timestamp.getTime()) < REPEAT_MS &&
        (wanted.get(annotation.objectId) ?? stored.timestamp) <= stored.timestamp
      ) {
        outcomes.set(arrival, { annotationId: stored.annotationID, isRepeat: true });
      } else {
        toStore.push(arrival);
        last.set(annotation.objectId, arrival);
      }
    }
    for (const chunk of chunksOf(toStore)) {
      const numbers = await writeChunk(tx, survey, topic, chunk, now);
      chunk.forEach((arrival, i) =>
        outcomes.set(arrival, { annotationId: numbers[i], isRepeat: false }),
      );
    }
    for (const [arrival, original] of repeats) {
      outcomes.set(arrival, {
        annotationId: outcomes.get(original)?.annotationId ?? '',
        isRepeat: true,
      });
    }
    fresh.push(...toStore);
  }
  const stored = arrivals.map((arrival) => ({
    ...(outcomes.get(arrival) ?? { annotationId: '', isRepeat: true }),
    isKnown: known.has(arrival.annotation.objectId),
  }));
  if (fresh.length > 0) {
    const annotations = fresh.map((arrival) => ({
      objectId: arrival.annotation.objectId,
      annotationId: outcomes.get(arrival)?.annotationId ?? '',
      topic: arrival.annotation.topic,
      arrivedAtMs: arrival.arrivedAtMs,
    }));
    await insertBatch(tx, {
      survey,
      entries: { cause: 'annotation', annotations },
      createdAt: now,
    });
  }
  return stored;
}

/**
 * Deletes an annotator with all that it wrote, in small portions: first it is switched off, so that
 * nothing is added meanwhile. Broken off, it is off, and can be deleted again.
 *
 * @throws {NotFoundError | ForbiddenError} as `selectOwnAnnotator`.
 */
export async function deleteWithAnnotations(
  db: Database,
  topic: string,
  userId: number,
  now: Date,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { description, isPublic } = await selectOwnAnnotator(tx, topic, userId);
    await updateAnnotator(tx, topic, userId, { description, isPublic, isActive: false }, now);
  });
  for (const survey of SURVEYS) {
    for (const statement of [sql.deleteSome, sql.deleteSomeHistory]) {
      const portion = { topic, most: DELETED_AT_ONCE };
      let deleted: number;
      do {
        deleted = await repeatTransaction(
          db,
          async (tx) => (await tx.execute(forSurvey(statement, survey), portion)).affectedRows,
        );
      } while (deleted === DELETED_AT_ONCE);
    }
  }
  await repeatTransaction(db, async (tx) => {
    await lockAnnotators(tx, [topic]);
    // What came because it was switched on again meanwhile.
    for (const survey of SURVEYS) {
      for (const statement of [sql.deleteSome, sql.deleteSomeHistory]) {
        await tx.execute(forSurvey(statement, survey), { topic, most: DELETED_AT_ONCE });
      }
    }
    await deleteAnnotatorRow(tx, topic);
  });
}

/** Those of these objects that are in the database. */
export async function selectKnownObjects(
  db: Queries,
  survey: Survey,
  objectIds: readonly string[],
): Promise<Set<string>> {
  if (objectIds.length === 0) return new Set();
  const rows = await db.rows(ObjectRow, forSurvey(sql.selectKnownObjects, survey), {
    objects: keyValues(survey, objectIds),
  });
  return new Set(rows.map((row) => row.objectId));
}

/** Writes annotations of one annotator. @returns Their numbers, in the order given. */
async function writeChunk(
  tx: Transaction,
  survey: Survey,
  topic: string,
  chunk: readonly Arrival[],
  now: Date,
): Promise<string[]> {
  const rows = chunk.map(({ annotation }) => rowOf(survey, annotation, now));
  const { insertId } = await tx.execute(forSurvey(sql.insertHistory, survey), { rows });
  // Numbers of one statement rise from its first; servers in a cluster leave gaps between them.
  const found = await tx.rows(NumberRow, forSurvey(sql.selectNumbers, survey), {
    topic,
    objects: keyValues(survey, objectsOf(chunk)),
    first: insertId,
  });
  const queues = new Map<string, string[]>();
  for (const { objectId, annotationID } of found) {
    const queue = queues.get(objectId) ?? [];
    queues.set(objectId, queue);
    queue.push(annotationID);
  }
  const numbers = chunk.map(({ annotation: { objectId } }) => {
    const number = queues.get(objectId)?.shift();
    if (number === undefined) throw new Error('an annotation that was stored cannot be found');
    return number;
  });
  // Of several about one object the last stays.
  const newest = new Map(chunk.map(({ annotation: { objectId } }, i) => [objectId, i]));
  await tx.execute(forSurvey(sql.replaceNewest, survey), {
    rows: [...newest.values()].map((i) => [BigInt(numbers[i]), ...rows[i]]),
  });
  return numbers;
}

function rowOf(survey: Survey, annotation: Annotation, now: Date) {
  const { objectId, topic, version, classification, explanation, classdict, url } = annotation;
  const [key] = keyValues(survey, [objectId]);
  return [key, topic, version, now, classification, explanation, classdict, url];
}

function objectsOf(arrivals: readonly Arrival[]): string[] {
  return [...new Set(arrivals.map(({ annotation }) => annotation.objectId))];
}

function byTopic(arrivals: readonly Arrival[]): Map<string, Arrival[]> {
  const groups = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const { topic } = arrival.annotation;
    const group = groups.get(topic) ?? [];
    groups.set(topic, group);
    group.push(arrival);
  }
  return groups;
}

/** Portions whose texts fit into one statement of any server. */
function* chunksOf(arrivals: readonly Arrival[]): Generator<Arrival[]> {
  let chunk: Arrival[] = [];
  let letters = 0;
  for (const arrival of arrivals) {
    const { classdict, explanation, url } = arrival.annotation;
    letters += classdict.length + explanation.length + url.length + 500;
    chunk.push(arrival);
    if (letters < STATEMENT_LETTERS) continue;
    yield chunk;
    chunk = [];
    letters = 0;
  }
  if (chunk.length > 0) yield chunk;
}

function isSame(
  a: Omit<Annotation, 'topic' | 'objectId'>,
  b: Omit<Annotation, 'topic' | 'objectId'>,
): boolean {
  return (
    a.classification === b.classification &&
    a.version === b.version &&
    a.explanation === b.explanation &&
    a.classdict === b.classdict &&
    a.url === b.url
  );
}
