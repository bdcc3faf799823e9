import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { QueryContentSchema } from '../queries/saved-query-content.ts';
import type { Queries } from './database.ts';
import { JsonText } from './json-text.ts';
import { likePattern } from './like-pattern.ts';
import { loadSql } from './sql-blocks.ts';
import type { Role } from './accounts/users.ts';

const sql = loadSql('saved-queries.sql', [
  'selectQuery',
  'listQueries',
  'selectSystemQueries',
  'selectVersions',
  'selectVersion',
]);

/** Owner of what comes with the program. */
export const BROKER = 0;
/** Who may see a query: its owner, everybody, everybody and on the streams page. */
export const LEVELS = [0, 1, 2] as const;
export type Level = (typeof LEVELS)[number];
export const PRIVATE: Level = 0;
export const PUBLIC: Level = 1;
export const SYSTEM: Level = 2;

/** Whoever wants something done with a query. */
export interface Actor {
  userId: number;
  role: Role;
}

/** The columns that all lists and versions have. */
const HeadColumns = {
  mq_id: z.int(),
  user_id: z.int(),
  name: z.string(),
  description: z.string(),
  survey: z.enum(SURVEYS),
  version: z.int(),
  created_at: z.date(),
};
const ContentColumns = {
  source: JsonText.pipe(QueryContentSchema.shape.source),
  fields: JsonText.pipe(QueryContentSchema.shape.fields),
};
const LevelSchema = z.literal(LEVELS);

const QueryRow = z
  .strictObject({
    ...HeadColumns,
    ...ContentColumns,
    owner: z.string().nullable(),
    public: LevelSchema,
    updated_at: z.date(),
    system_key: z.string().nullable(),
  })
  .transform((row) => ({
    ...headOf(row),
    /** Login name of the owner; null for the broker itself. */
    owner: row.owner,
    source: row.source,
    fields: row.fields,
    level: row.public,
    updatedAt: row.updated_at,
    /** Its name in the program, for what comes with it. */
    systemKey: row.system_key,
  }));
/** A query that somebody keeps, in its newest version. */
export type SavedQuery = z.infer<typeof QueryRow>;

const ListedRow = z
  .strictObject({
    ...HeadColumns,
    owner: z.string().nullable(),
    beginning: z.string(),
    public: LevelSchema,
    updated_at: z.date(),
  })
  .transform((row) => ({
    ...headOf(row),
    owner: row.owner,
    /** The first line that is not blank. */
    firstLine: row.beginning.trim().split('\n', 1)[0],
    level: row.public,
    updatedAt: row.updated_at,
  }));
/** A query as lists show it. */
export type ListedQuery = z.infer<typeof ListedRow>;

const VersionColumns = {
  mq_id: z.int(),
  version: z.int(),
  user_id: z.int(),
  author: z.string().nullable(),
  created_at: z.date(),
  note: z.string(),
};
const VersionRow = z.strictObject(VersionColumns).transform(versionOf);
/** Who wrote a version, and when. */
export type QueryVersion = z.infer<typeof VersionRow>;

const WholeVersionRow = z
  .strictObject({ ...VersionColumns, ...QueryContentSchema.shape, ...ContentColumns })
  .transform(({ name, description, survey, source, fields, ...row }) => ({
    ...versionOf(row),
    content: { name, description, survey, source, fields },
  }));
/** A version with what it holds. */
export type WholeVersion = z.infer<typeof WholeVersionRow>;

export interface QueryListOrder {
  /** Whose queries, whatever their level. */
  ownerId?: number;
  /** Levels that are listed whoever owns them. */
  levels?: Level[];
  /** What name, description or owner's name must hold; everything without. */
  find?: string;
  byName?: boolean;
  limit: number;
  offset?: number;
}

/**
 * Whether somebody may know that a query exists: the one rule about private queries. They are their
 * owner's alone; staff is no exception.
 */
export function isReadable(
  query: Pick<SavedQuery, 'userId' | 'level'>,
  readerId: number | undefined,
): boolean {
  return query.level > PRIVATE || (readerId !== undefined && query.userId === readerId);
}

/** Whether somebody may change it: its owner; staff alone what is on the streams page. */
export function isEditable(
  query: Pick<SavedQuery, 'userId' | 'level'>,
  actor: Actor | undefined,
): boolean {
  if (actor === undefined) return false;
  if (query.level === SYSTEM || query.userId === BROKER) return actor.role === 'staff';
  return query.userId === actor.userId;
}

/**
 * A query, for somebody who may see it.
 *
 * @param readerId - Account of the reader; undefined for visitors.
 * @throws {NotFoundError} if there is none, and in the same words if it is another's private one.
 */
export async function selectReadableQuery(
  db: Queries,
  queryId: number,
  readerId: number | undefined,
): Promise<SavedQuery> {
  const query = await selectOptionalQuery(db, queryId);
  if (query === undefined || !isReadable(query, readerId)) {
    throw new NotFoundError(`There is no query ${queryId} here that you may see.`);
  }
  return query;
}

/** A query whoever asks: for the broker itself. Undefined if there is none. */
export async function selectOptionalQuery(
  db: Queries,
  queryId: number,
): Promise<SavedQuery | undefined> {
  const [query] = await db.rows(QueryRow, sql.selectQuery, { queryId });
  return query;
}

/**
 * A query, for somebody who may change it.
 *
 * @throws {NotFoundError} if they may not even see it.
 * @throws {ForbiddenError} if they may only see it.
 */
export async function selectEditableQuery(
  db: Queries,
  queryId: number,
  actor: Actor,
): Promise<SavedQuery> {
  const query = await selectReadableQuery(db, queryId, actor.userId);
  if (!isEditable(query, actor)) {
    throw new ForbiddenError(
      'This query is not yours to change: copy it, and change your own copy.',
    );
  }
  return query;
}

/** Queries, the last changed first or by name. */
export function listQueries(db: Queries, order: QueryListOrder): Promise<ListedQuery[]> {
  const { ownerId, levels = [], find = '', byName = false, limit, offset = 0 } = order;
  return db.rows(ListedRow, sql.listQueries, {
    ownerId: ownerId ?? null,
    levels: levels.length === 0 ? [-1] : levels,
    find: likePattern(find),
    byName,
    limit,
    offset,
  });
}

/** What the streams page shows, by name. */
export function selectSystemQueries(db: Queries): Promise<SavedQuery[]> {
  return db.rows(QueryRow, sql.selectSystemQueries);
}

/** All versions, the newest first. The caller has asked whether the query may be seen. */
export function selectVersions(db: Queries, queryId: number): Promise<QueryVersion[]> {
  return db.rows(VersionRow, sql.selectVersions, { queryId });
}

/** @throws {NotFoundError} if the query has no such version. */
export async function selectVersion(
  db: Queries,
  queryId: number,
  version: number,
): Promise<WholeVersion> {
  const [row] = await db.rows(WholeVersionRow, sql.selectVersion, { queryId, version });
  if (row === undefined) {
    throw new NotFoundError(`Query ${queryId} has no version ${version}: its versions are listed.`);
  }
  return row;
}

function headOf(row: z.infer<z.ZodObject<typeof HeadColumns>>) {
  return {
    queryId: row.mq_id,
    userId: row.user_id,
    name: row.name,
    description: row.description,
    survey: row.survey,
    version: row.version,
    createdAt: row.created_at,
  };
}

function versionOf(row: z.infer<z.ZodObject<typeof VersionColumns>>) {
  return {
    queryId: row.mq_id,
    version: row.version,
    userId: row.user_id,
    /** Login name; null for the broker itself, and for accounts that are gone. */
    author: row.author,
    createdAt: row.created_at,
    note: row.note,
  };
}
