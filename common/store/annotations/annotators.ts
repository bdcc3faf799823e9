import { z } from 'zod';

import { TopicSchema, canBeTopic } from '../../annotations/topic.ts';
import { ForbiddenError, InvalidInputError, NotFoundError } from '../../errors.ts';
import { deleteAnnotatorKeys, replaceAnnotatorKey } from './annotator-keys.ts';
import type { Queries, Transaction } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';
import { lockUser } from '../accounts/users.ts';

const sql = loadSql('annotators.sql', [
  'selectAnnotator',
  'listAnnotators',
  'lockAnnotators',
  'selectAlike',
  'countOwn',
  'insertAnnotator',
  'updateAnnotator',
  'deleteAnnotator',
  'selectActiveTopics',
]);

/** Annotators that one account may have. */
const MOST_ANNOTATORS = 100;
/** No account has this number. */
const NOBODY = -1;

const flag = z.coerce.number().transform((value) => value === 1);
const AnnotatorRow = z
  .strictObject({
    topic: z.string(),
    user_id: z.int(),
    owner: z.string().nullable(),
    description: z.string(),
    active: flag,
    public: flag,
    created_at: z.date(),
    updated_at: z.date(),
  })
  .transform((row) => ({
    topic: row.topic,
    userId: row.user_id,
    /** Login name of the owner; null for an account that is gone. */
    owner: row.owner,
    description: row.description,
    isActive: row.active,
    isPublic: row.public,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
export type Annotator = z.infer<typeof AnnotatorRow>;

const LockedRow = z
  .strictObject({ topic: z.string(), user_id: z.int(), active: flag, public: flag })
  .transform((row) => ({
    topic: row.topic,
    userId: row.user_id,
    isActive: row.active,
    isPublic: row.public,
  }));
/** What decides who may write as an annotator. */
export type AnnotatorRights = z.infer<typeof LockedRow>;

const TopicRow = z.strictObject({ topic: z.string() });
const ActiveRow = z
  .strictObject({ topic: z.string(), user_id: z.int() })
  .transform((row) => ({ topic: row.topic, userId: row.user_id }));
const CountRow = z.strictObject({ count: z.coerce.number() });

/** What the owner of an annotator may change. */
export interface AnnotatorSettings {
  description: string;
  isActive: boolean;
  isPublic: boolean;
}

const Description = z
  .string()
  .trim()
  .max(4_096, 'the description has at most 4096 letters')
  .regex(/^[^\0\p{Surrogate}]*$/u, 'the description has characters that cannot be kept');

/**
 * An annotator that the reader may see: a public one or their own.
 *
 * @param readerId - Undefined for a visitor.
 * @throws {NotFoundError} if there is none, as far as the reader may know.
 */
export async function selectReadableAnnotator(
  db: Queries,
  topic: string,
  readerId: number | undefined,
): Promise<Annotator> {
  const [annotator] = canBeTopic(topic)
    ? await db.rows(AnnotatorRow, sql.selectAnnotator, { topic })
    : [];
  if (annotator !== undefined && (annotator.isPublic || annotator.userId === readerId)) {
    return annotator;
  }
  throw new NotFoundError(
    `There is no annotator “${topic.slice(0, 100)}”. /annotators/ lists them.`,
  );
}

/**
 * An annotator that this account owns.
 *
 * @throws {NotFoundError} if there is none, as far as it may know.
 * @throws {ForbiddenError} if it is somebody else's.
 */
export async function selectOwnAnnotator(
  db: Queries,
  topic: string,
  userId: number,
): Promise<Annotator> {
  const annotator = await selectReadableAnnotator(db, topic, userId);
  if (annotator.userId === userId) return annotator;
  throw new ForbiddenError(`The annotator ${topic} belongs to ${annotator.owner ?? 'nobody'}.`);
}

export interface AnnotatorSelection {
  readerId: number | undefined;
  /** Only those of the reader. */
  isOwn: boolean;
  /** Text in the topic or the description; empty for all. */
  find: string;
  limit: number;
  offset: number;
}

/** Annotators that the reader may see, their own first, by topic. */
export async function listAnnotators(
  db: Queries,
  { readerId, isOwn, find, limit, offset }: AnnotatorSelection,
): Promise<Annotator[]> {
  return db.rows(AnnotatorRow, sql.listAnnotators, {
    readerId: readerId ?? NOBODY,
    isOwn,
    find: find.trim().toLowerCase(),
    limit,
    offset,
  });
}

/** The annotators that may write, and whose they are. */
export async function selectActiveTopics(
  db: Queries,
): Promise<{ topic: string; userId: number }[]> {
  return db.rows(ActiveRow, sql.selectActiveTopics);
}

/** Locks annotators until the transaction ends: nobody else writes, changes or deletes them meanwhile. */
export async function lockAnnotators(
  tx: Transaction,
  topics: Iterable<string>,
): Promise<Map<string, AnnotatorRights>> {
  const wanted = [...new Set(topics)].filter(canBeTopic);
  if (wanted.length === 0) return new Map();
  const rows = await tx.rows(LockedRow, sql.lockAnnotators, { topics: wanted });
  return new Map(rows.map((row) => [row.topic, row]));
}

/**
 * Makes an annotator with a key of its own.
 *
 * @returns The key, which is never shown again.
 * @throws {InvalidInputError} if the topic cannot be used or is taken, or the account has too many.
 */
export async function insertAnnotator(
  tx: Transaction,
  userId: number,
  topic: string,
  settings: AnnotatorSettings,
  now: Date,
): Promise<string> {
  const name = checked(TopicSchema, topic);
  const description = checked(Description, settings.description);
  await lockUser(tx, userId);
  const [alike] = await tx.rows(TopicRow, sql.selectAlike, { topic: name });
  if (alike !== undefined) throw taken(name);
  const [{ count }] = await tx.rows(CountRow, sql.countOwn, { userId });
  if (count >= MOST_ANNOTATORS) {
    throw new InvalidInputError(
      `an account has at most ${MOST_ANNOTATORS} annotators: delete some`,
    );
  }
  try {
    await tx.execute(sql.insertAnnotator, {
      ...settings,
      topic: name,
      description,
      userId,
      now,
    });
  } catch (err) {
    // Somebody else made it in this very moment.
    if ((err as { code?: string }).code === 'ER_DUP_ENTRY') throw taken(name);
    throw err;
  }
  return replaceAnnotatorKey(tx, name, now);
}

/** @throws as `selectOwnAnnotator`, and {InvalidInputError} for a description that cannot be kept. */
export async function updateAnnotator(
  tx: Transaction,
  topic: string,
  userId: number,
  settings: AnnotatorSettings,
  now: Date,
): Promise<void> {
  await selectOwnAnnotator(tx, topic, userId);
  const description = checked(Description, settings.description);
  await tx.execute(sql.updateAnnotator, { ...settings, description, topic, now });
}

/** Only the row and its key: `deleteWithAnnotations` takes what it wrote. */
export async function deleteAnnotatorRow(tx: Transaction, topic: string): Promise<void> {
  await deleteAnnotatorKeys(tx, topic);
  await tx.execute(sql.deleteAnnotator, { topic });
}

function checked(schema: z.ZodType<string>, value: string): string {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(parsed.error.issues.map(({ message }) => message).join('; '));
}

function taken(topic: string): InvalidInputError {
  return new InvalidInputError(
    `there is an annotator ${topic} already, perhaps with other capitals: choose another topic`,
  );
}
