import { z } from 'zod';

import { InvalidInputError } from '../../errors.ts';
import { freeName } from '../../lists/free-name.ts';
import { MAX_LIST_NAME_LENGTH, MAX_LISTS, listNameKey } from '../../lists/list-settings.ts';
import type { Transaction } from '../database.ts';
import { raiseGeneration } from './list-generations.ts';
import type { ListKind } from './list-generations.ts';
import { askForDeletion } from './list-matches.ts';
import { selectOwnList } from './owned-lists.ts';
import type { ListTable, OwnedList } from './owned-lists.ts';
import { lockUser } from '../accounts/users.ts';

const NameRow = z.strictObject({ list_id: z.int(), name: z.string() });

/** Who changes a list, and when. */
export interface ListEditor {
  userId: number;
  now: Date;
}

/**
 * A list that stays as it is until the transaction ends. One list of an owner is changed at a time, so
 * that limits and names hold.
 *
 * @throws {NotFoundError} and {ForbiddenError} if the list is not this editor's.
 */
export async function lockOwnList<List extends OwnedList>(
  tx: Transaction,
  table: ListTable<List>,
  { userId }: ListEditor,
  listId: number,
): Promise<List> {
  await lockUser(tx, userId);
  await tx.arrays(table.lock, { listId });
  return selectOwnList(tx, table, listId, userId);
}

/**
 * Makes sure that an owner may have a new list of this name.
 *
 * @throws {InvalidInputError} if they have one of the name, or as many as they may.
 */
export async function checkNewList(
  tx: Transaction,
  table: Pick<ListTable<OwnedList>, 'noun' | 'names'>,
  { userId }: ListEditor,
  name: string,
): Promise<void> {
  await lockUser(tx, userId);
  const taken = await tx.rows(NameRow, table.names, { userId });
  if (taken.length >= MAX_LISTS) {
    throw new InvalidInputError(
      `You keep ${taken.length} ${table.noun}s, as many as an account may: delete one that you no longer need.`,
    );
  }
  refuseTaken(table.noun, name, taken);
}

/** @throws {InvalidInputError} if the owner has another list of this name. */
export async function checkNewName(
  tx: Transaction,
  table: Pick<ListTable<OwnedList>, 'noun' | 'names'>,
  { userId }: ListEditor,
  listId: number,
  name: string,
): Promise<void> {
  const taken = await tx.rows(NameRow, table.names, { userId });
  refuseTaken(
    table.noun,
    name,
    taken.filter((row) => row.list_id !== listId),
  );
}

function refuseTaken(noun: string, name: string, taken: readonly { name: string }[]): void {
  if (taken.some((row) => listNameKey(row.name) === listNameKey(name))) {
    throw new InvalidInputError(
      `There is a ${noun} called “${name}” among yours: choose another name.`,
    );
  }
}

/** What a copy is called: as the original, with a number behind it where the owner has one of the name. */
export async function nameOfCopy(
  tx: Transaction,
  table: Pick<ListTable<OwnedList>, 'names'>,
  { userId }: ListEditor,
  original: string,
): Promise<string> {
  const taken = await tx.rows(NameRow, table.names, { userId });
  return freeName(
    original,
    taken.map(({ name }) => name),
    { keyOf: listNameKey, maxLength: MAX_LIST_NAME_LENGTH },
  );
}

/** Everything as it was before, but for what is changed; what is undefined is not. */
export function withChanges<Before extends object, Changes extends object>(
  before: Before,
  changes: Changes,
): Before & Changes {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...before, ...(Object.fromEntries(given) as Changes) };
}

/** What the deletion of a list ends with: what it matched goes by and by. */
export async function forgetList(
  tx: Transaction,
  kind: ListKind,
  { now }: ListEditor,
  listId: number,
): Promise<void> {
  await askForDeletion(tx, kind, listId, now);
  await raiseGeneration(tx, kind);
}
