import { z } from 'zod';

import type { Survey } from '../config.ts';
import { tableName } from '../schema/ddl.ts';
import { tableOf } from '../schema/tables.ts';
import { bulkUpsert } from './bulk.ts';
import type { Queries, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';
import { forSurvey, keyValues, OBJECT_KEYS } from './survey-keys.ts';

const sql = loadSql('comments.sql', [
  'selectComments',
  'selectByTopic',
  'deleteByTopic',
  'selectNow',
]);

/** Stands in `user` for the broker itself. */
const ROBOT = 0;
const MAX_CONTENT_LENGTH = 4_096;
/** A comment of the broker itself: an object has one of each topic. */
export interface RobotComment {
  objectId: string;
  topic: string;
  /** Plain text. */
  content: string;
}

const CommentRow = z
  .strictObject({
    comment_id: z.coerce.string(),
    user: z.int(),
    name: z.string().nullable(),
    content: z.string(),
    time: z.date(),
    topic: z.string().nullable(),
  })
  .transform((row) => ({
    commentId: row.comment_id,
    /** Login name; null for the broker itself, and for accounts that are gone. */
    author: row.name,
    isRobot: row.user === ROBOT,
    /** Plain text, not HTML. */
    content: row.content,
    time: row.time,
    topic: row.topic,
  }));
export type Comment = z.infer<typeof CommentRow>;

/** Comments on an object, the oldest first. */
export function selectComments(db: Queries, survey: Survey, objectId: string): Promise<Comment[]> {
  const [id] = keyValues(survey, [objectId]);
  return db.rows(CommentRow, forSurvey(sql.selectComments, survey), { id });
}

/** Writes comments of the broker, each in place of the one of its topic; same ones stay as they are. */
export async function replaceRobotComments(
  tx: Transaction,
  survey: Survey,
  comments: readonly RobotComment[],
): Promise<void> {
  if (comments.length === 0) return;
  const rows = await tx.arrays(forSurvey(sql.selectByTopic, survey), {
    ids: keyValues(survey, [...new Set(comments.map((comment) => comment.objectId))]),
    topics: [...new Set(comments.map((comment) => comment.topic))],
  });
  const before = new Map(rows.map(([id, topic, content]) => [keyOf(id, topic), content]));
  const changed = comments
    .map((comment) => ({ ...comment, content: comment.content.slice(0, MAX_CONTENT_LENGTH) }))
    .filter(({ objectId, topic, content }) => before.get(keyOf(objectId, topic)) !== content);
  if (changed.length === 0) return;
  const [[now]] = await tx.arrays(sql.selectNow);
  const target = {
    table: tableName(tableOf(survey, 'comments')),
    columns: ['user', OBJECT_KEYS[survey], 'topic', 'content', 'time'],
  };
  await bulkUpsert(
    tx,
    target,
    changed.map(({ objectId, topic, content }) => [
      ROBOT,
      ...keyValues(survey, [objectId]),
      topic,
      content,
      String(now),
    ]),
  );
}

/** Takes back comments of the broker. */
export async function deleteRobotComments(
  tx: Transaction,
  survey: Survey,
  comments: readonly Pick<RobotComment, 'objectId' | 'topic'>[],
): Promise<void> {
  if (comments.length === 0) return;
  await tx.execute(forSurvey(sql.deleteByTopic, survey), {
    ids: keyValues(survey, [...new Set(comments.map((comment) => comment.objectId))]),
    pairs: comments.map(({ objectId, topic }) => [...keyValues(survey, [objectId]), topic]),
  });
}

function keyOf(objectId: unknown, topic: unknown): string {
  return `${String(objectId)} ${String(topic)}`;
}
