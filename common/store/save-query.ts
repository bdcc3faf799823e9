import { z } from 'zod';

import { ForbiddenError, InvalidInputError } from '../errors.ts';
import { freeName } from '../lists/free-name.ts';
import {
  MAX_NAME_LENGTH,
  QueryContentSchema,
  contentDigest,
  nameKey,
} from '../queries/saved-query-content.ts';
import type { QueryContent } from '../queries/saved-query-content.ts';
import type { Database, Transaction } from './database.ts';
import { deleteFilter, deleteFiltersOf } from './filters.ts';
import { BROKER, PRIVATE, selectEditableQuery, selectReadableQuery } from './saved-queries.ts';
import type { Actor, Level, SavedQuery } from './saved-queries.ts';
import { loadSql } from './sql-blocks.ts';
import { lockUser } from './accounts/users.ts';

const sql = loadSql('save-query.sql', [
  'lockQuery',
  'countQueries',
  'countVersions',
  'selectNames',
  'insertQuery',
  'updateQuery',
  'insertVersion',
  'updatePublic',
  'deleteVersions',
  'deleteQuery',
  'handOverSystemQueries',
  'deleteVersionsOfOwner',
  'deleteQueriesOfOwner',
]);

export const MAX_QUERIES_OF_USER = 300;
export const MAX_VERSIONS = 300;
const MAX_NOTE_LENGTH = 256;

const CountRow = z.strictObject({ count: z.coerce.number() });
const NameRow = z.strictObject({ name: z.string() });

/** What became of an edit: `conflict` where somebody else saved first, and nothing was written. */
export type EditOutcome =
  | { kind: 'saved'; version: number }
  | { kind: 'unchanged'; version: number }
  | { kind: 'conflict'; current: SavedQuery };

export interface Edit {
  queryId: number;
  /** The version that the editor began from. */
  fromVersion: number;
  content: QueryContent;
  /** What the editor says of the change. */
  note: string;
  /** What else is to be done in the same transaction, where a version is saved. */
  alongside?: (tx: Transaction, version: number) => Promise<void>;
}

/**
 * Keeps a new query, private.
 *
 * @param ownerId - Account, or `BROKER` for what comes with the program.
 * @returns Its number.
 * @throws {InvalidInputError} if the owner has a query of this name, or as many as they may.
 * @throws {NotFoundError} if the account is gone.
 */
export async function insertQuery(
  tx: Transaction,
  ownerId: number,
  content: QueryContent,
  now: Date,
  { level = PRIVATE, note = '' }: { level?: Level; note?: string } = {},
): Promise<number> {
  if (ownerId !== BROKER) await lockOwner(tx, ownerId);
  const row = rowOf(content);
  const { insertId } = await uniqueName(content.name, () =>
    tx.execute(sql.insertQuery, { ...row, userId: ownerId, public: level, now }),
  );
  const queryId = Number(insertId);
  await insertVersion(tx, { queryId, version: 1, authorId: ownerId, now, note, content });
  return queryId;
}

/**
 * Makes an edit the newest version, unless there is a newer one than it began from.
 *
 * @throws {InvalidInputError} if the owner has another query of the new name, or the query has as many
 *   versions as it may.
 * @throws {NotFoundError} and {ForbiddenError} as `selectEditableQuery`.
 */
export async function editQuery(
  db: Database,
  actor: Actor,
  { queryId, fromVersion, content, note, alongside }: Edit,
  now: Date,
): Promise<EditOutcome> {
  return db.transaction(async (tx) => {
    const current = await lockEditable(tx, queryId, actor);
    if (contentDigest(contentOf(current)) === contentDigest(content)) {
      return { kind: 'unchanged', version: current.version };
    }
    if (current.version !== fromVersion) return { kind: 'conflict', current };
    const version = await writeVersion(tx, current, content, { authorId: actor.userId, note, now });
    await alongside?.(tx, version);
    return { kind: 'saved', version };
  });
}

/** Writes the next version of a query whose row is locked. @returns Its number. */
export async function writeVersion(
  tx: Transaction,
  current: SavedQuery,
  content: QueryContent,
  { authorId, note, now }: { authorId: number; note: string; now: Date },
): Promise<number> {
  const { queryId } = current;
  const [{ count }] = await tx.rows(CountRow, sql.countVersions, { queryId });
  if (count >= MAX_VERSIONS) {
    throw new InvalidInputError(
      `This query has ${count} versions, as many as are kept: copy it, and go on with the copy.`,
    );
  }
  const version = current.version + 1;
  await uniqueName(content.name, () =>
    tx.execute(sql.updateQuery, { ...rowOf(content), queryId, version, now }),
  );
  await insertVersion(tx, { queryId, version, authorId, now, note, content });
  return version;
}

/**
 * Gives somebody a private copy of a query that they may see.
 *
 * @returns The number of the copy.
 * @throws {NotFoundError} if they may not see it.
 * @throws {InvalidInputError} if they have as many queries as they may.
 */
export async function copyQuery(
  db: Database,
  actor: Actor,
  queryId: number,
  now: Date,
): Promise<number> {
  return db.transaction(async (tx) => {
    const original = await selectReadableQuery(tx, queryId, actor.userId);
    await lockOwner(tx, actor.userId);
    const taken = await tx.rows(NameRow, sql.selectNames, { userId: actor.userId });
    const name = freeName(
      original.name,
      taken.map((row) => row.name),
      { keyOf: nameKey, maxLength: MAX_NAME_LENGTH },
    );
    const from = `${original.owner ?? 'Glint'}, version ${original.version}`;
    return insertQuery(tx, actor.userId, { ...contentOf(original), name }, now, {
      note: `copied from query ${queryId} of ${from}`,
    });
  });
}

/**
 * Says who may see a query.
 *
 * @throws {NotFoundError} and {ForbiddenError} as `selectEditableQuery`; the latter also where the level
 *   is not for this actor.
 * @throws {InvalidInputError} where it is not for this query.
 */
export async function setLevel(
  db: Database,
  actor: Actor,
  queryId: number,
  level: Level,
): Promise<void> {
  await db.transaction(async (tx) => {
    const query = await lockEditable(tx, queryId, actor);
    if (level > 1 && actor.role !== 'staff') {
      throw new ForbiddenError('Only staff puts queries on the streams page.');
    }
    if (level === PRIVATE && query.userId === BROKER) {
      throw new InvalidInputError(
        'This query belongs to nobody who could see it then: delete it instead.',
      );
    }
    await tx.execute(sql.updatePublic, { queryId, level });
  });
}

/** Deletes a query with its versions, and the filter that it is. @throws {NotFoundError} and {ForbiddenError} as above. */
export async function deleteQuery(db: Database, actor: Actor, queryId: number): Promise<void> {
  await db.transaction(async (tx) => {
    await lockEditable(tx, queryId, actor);
    await deleteFilter(tx, queryId);
    await tx.execute(sql.deleteVersions, { queryId });
    await tx.execute(sql.deleteQuery, { queryId });
  });
}

/**
 * Deletes the queries of an account that is being deleted, public ones too: copies that others made
 * stay theirs. What staff put on the streams page is handed over to the broker itself.
 */
export async function deleteQueriesOf(tx: Transaction, userId: number): Promise<void> {
  await deleteFiltersOf(tx, userId);
  await tx.execute(sql.handOverSystemQueries, { userId });
  await tx.execute(sql.deleteVersionsOfOwner, { userId });
  await tx.execute(sql.deleteQueriesOfOwner, { userId });
}

/** The content of the newest version. */
export function contentOf(query: SavedQuery): QueryContent {
  const { name, description, survey, source, fields } = query;
  return { name, description, survey, source, fields };
}

async function lockEditable(tx: Transaction, queryId: number, actor: Actor): Promise<SavedQuery> {
  await tx.arrays(sql.lockQuery, { queryId });
  return selectEditableQuery(tx, queryId, actor);
}

/** One query of an owner is made at a time, so that the limit holds. */
async function lockOwner(tx: Transaction, userId: number): Promise<void> {
  await lockUser(tx, userId);
  const [{ count }] = await tx.rows(CountRow, sql.countQueries, { userId });
  if (count >= MAX_QUERIES_OF_USER) {
    throw new InvalidInputError(
      `You keep ${count} queries, as many as an account may: delete one that you no longer need.`,
    );
  }
}

async function uniqueName<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (err) {
    if ((err as { code?: unknown }).code !== 'ER_DUP_ENTRY') throw err;
    throw new InvalidInputError(
      `There is a query called “${name}” among yours: choose another name.`,
      {
        cause: err,
      },
    );
  }
}

function rowOf(content: QueryContent) {
  const { name, description, survey, source, fields } = QueryContentSchema.parse(content);
  return {
    nameKey: nameKey(name),
    name,
    description,
    survey,
    source: JSON.stringify(source),
    fields: JSON.stringify(fields),
  };
}

async function insertVersion(
  tx: Transaction,
  version: {
    queryId: number;
    version: number;
    authorId: number;
    now: Date;
    note: string;
    content: QueryContent;
  },
): Promise<void> {
  const { content, note, ...rest } = version;
  await tx.execute(sql.insertVersion, {
    ...rest,
    ...rowOf(content),
    note: note.trim().slice(0, MAX_NOTE_LENGTH),
  });
}
