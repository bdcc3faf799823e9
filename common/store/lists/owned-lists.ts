import { z } from 'zod';

import { ForbiddenError, NotFoundError } from '../../errors.ts';
import type { ListNoun } from '../../lists/list-settings.ts';
import type { Queries } from '../database.ts';
import { likePattern } from '../like-pattern.ts';
import type { ListKind } from './list-generations.ts';

const Switch = z.coerce.number().transform((value) => value === 1);
/** The columns that lists of every kind have. */
export const LIST_COLUMNS = {
  user_id: z.int(),
  owner: z.string().nullable(),
  name: z.string(),
  description: z.string(),
  active: Switch,
  public: Switch,
  version: z.int(),
  created_at: z.date(),
  updated_at: z.date(),
};
type ListRow = { [Name in keyof typeof LIST_COLUMNS]: z.output<(typeof LIST_COLUMNS)[Name]> };

/** What lists of every kind have: whose they are, what they are called, and who may see them. */
export type OwnedList = ReturnType<typeof listOfRow>;

export function listOfRow(row: ListRow) {
  return {
    userId: row.user_id,
    /** Login name of the owner; null if the account is gone. */
    owner: row.owner,
    name: row.name,
    description: row.description,
    active: row.active,
    public: row.public,
    /** Raised by every change of what it matches. */
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Lists of one kind: how they are read, and what they are called. */
export interface ListTable<List extends OwnedList> {
  kind: ListKind;
  noun: ListNoun;
  row: z.ZodType<List>;
  /** Statements: a list, a page of them, how many those are, and a lock of one. */
  select: string;
  page: string;
  count: string;
  lock: string;
  /** Of an owner: `list_id` and `name`. */
  names: string;
}

const CountRow = z.strictObject({ count: z.coerce.number() });

export interface ListOrder {
  /** Whose lists, private ones too; undefined for nobody's in particular. */
  ownerId?: number;
  /** Whether public lists are listed whoever owns them. */
  withPublic?: boolean;
  /** What name, description or owner's name must hold; everything without. */
  find?: string;
  /** Those changed last, or the largest, first; by name without. */
  sort?: 'name' | 'updated' | 'size';
  limit: number;
  offset?: number;
}

/**
 * A list, for somebody who may see it: private ones are their owner's alone.
 *
 * @param readerId - Account of the reader; undefined for visitors.
 * @throws {NotFoundError} if there is none, and in the same words if it is another's private one.
 */
export async function selectReadableList<List extends OwnedList>(
  db: Queries,
  { noun, row, select }: ListTable<List>,
  listId: number,
  readerId: number | undefined,
): Promise<List> {
  const [list] = await db.rows(row, select, { listId });
  if (list !== undefined && (list.public || list.userId === readerId)) return list;
  throw new NotFoundError(`There is no ${noun} ${listId} here that you may see.`);
}

/**
 * A list, for its owner, who alone changes it; staff is no exception.
 *
 * @throws {NotFoundError} as above, {ForbiddenError} if it is another's public one.
 */
export async function selectOwnList<List extends OwnedList>(
  db: Queries,
  table: ListTable<List>,
  listId: number,
  userId: number,
): Promise<List> {
  const list = await selectReadableList(db, table, listId, userId);
  if (list.userId === userId) return list;
  throw new ForbiddenError(`This ${table.noun} is another’s: copy it, and change the copy.`);
}

/** Lists of an owner and, if asked for, everybody's public ones: the owner's first, then in the order asked for. */
export async function selectLists<List extends OwnedList>(
  db: Queries,
  { row, page, count }: ListTable<List>,
  order: ListOrder,
): Promise<{ lists: List[]; total: number }> {
  const values = {
    ownerId: order.ownerId ?? null,
    withPublic: order.withPublic === true ? 1 : 0,
    find: likePattern(order.find ?? ''),
    sort: order.sort ?? 'name',
    limit: order.limit,
    offset: order.offset ?? 0,
  };
  const lists = await db.rows(row, page, values);
  const [{ count: total }] = await db.rows(CountRow, count, values);
  return { lists, total };
}
