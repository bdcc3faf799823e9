import { quoteName, tableName } from '../../schema/ddl.ts';
import { ALL_TABLES } from '../../schema/tables.ts';
import type { Table } from '../../schema/types.ts';
import type { Database, Queries, Transaction } from '../database.ts';
import { pauseFiltersOf } from '../filters.ts';
import { LIST_KINDS, raiseGeneration } from '../lists/list-generations.ts';
import { deleteOrphanedMatches } from '../lists/list-matches.ts';
import { revokeNotebookAccount, selectNotebookAccount } from './notebook-accounts.ts';
import { repeatTransaction } from '../repeat.ts';
import { deleteQueriesOf } from '../save-query.ts';
import { deleteSessionsOf } from './sessions.ts';
import { deleteUserRow, lockUser, markEnded, updateDisabled } from './users.ts';

/** Tables whose rows go by rules of their own. */
const BY_OWN_RULES = new Set([
  'users',
  'queries',
  'query_versions',
  'filters',
  'notebook_accounts',
]);
/** What a filter may have a million rows of. */
const OF_FILTERS = new Set(['deliveries', 'matches', 'filter_memory']);
/** Rows deleted in one transaction: others wait for it. */
const PORTION = 5_000;

/**
 * Deletes an account with all that belongs to it: every row of `glint` that names it in `user_id`, and
 * what matched or was written for its lists. Its saved queries go too, but for those on the streams
 * page; its comments on objects stay, without a name.
 *
 * From the first moment the account cannot be used. What may be large goes in small portions, the rest
 * in one transaction. Broken off, the job `end-accounts` goes on.
 *
 * @throws {NotFoundError} if there is no such account.
 */
export async function deleteAccount(db: Database, userId: number, now: Date): Promise<void> {
  await repeatTransaction(db, (tx) => markEnded(tx, userId, now));
  await finishDeletion(db, userId, now);
}

/**
 * Deletes what is left of an account whose deletion has begun.
 *
 * @throws {NotFoundError} if it is gone.
 */
export async function finishDeletion(db: Database, userId: number, now: Date): Promise<void> {
  await deleteSessionsOf(db, userId);
  await endNotebookAccount(db, userId, now);
  await pauseFiltersOf(db, userId, 'The account is being deleted.', now);
  await repeatTransaction(db, async (tx) => {
    // So that nothing is added meanwhile.
    for (const { table } of LISTS) {
      const statement = `UPDATE ${tableName(table)} SET active = 0 WHERE user_id = :userId`;
      await tx.execute(statement, { userId });
    }
    for (const kind of LIST_KINDS) await raiseGeneration(tx, kind);
  });
  for (const deletion of await deletionsOf(db, userId)) {
    let deleted: number;
    do {
      deleted = await repeatTransaction(db, (tx) => execute(tx, deletion, ` LIMIT ${PORTION}`));
    } while (deleted === PORTION);
  }
  await repeatTransaction(db, async (tx) => {
    await lockUser(tx, userId);
    for (const deletion of await deletionsOf(tx, userId)) await execute(tx, deletion);
    for (const statement of OWNED) await tx.execute(statement, { userId });
    await deleteQueriesOf(tx, userId);
    await deleteUserRow(tx, userId);
    await deleteOrphanedMatches(tx);
    // Last: whoever matches lists in memory must know that these are gone.
    for (const kind of LIST_KINDS) await raiseGeneration(tx, kind);
  });
}

/**
 * Keeps an account from being used, with all it has: sessions end, tokens are refused, filters are
 * paused, the account of the database is revoked. Enabling it again brings the tokens back, and nothing
 * else.
 */
export async function disableAccount(db: Database, userId: number, now: Date): Promise<void> {
  await updateDisabled(db, userId, now);
  await deleteSessionsOf(db, userId);
  await pauseFiltersOf(db, userId, 'The account was disabled.', now);
  await endNotebookAccount(db, userId, now);
}

/** One that is made at this very moment is found and ended by those who look after notebooks. */
async function endNotebookAccount(db: Database, userId: number, now: Date): Promise<void> {
  const account = await selectNotebookAccount(db, userId);
  if (account !== undefined) await revokeNotebookAccount(db, userId, now);
}

/** Rows of one table that hang on one list or filter. */
interface Deletion {
  table: Table;
  column: string;
  value: string;
}

/** What hangs on the lists and filters of an account: by their numbers, which indexes begin with. */
async function deletionsOf(db: Queries, userId: number): Promise<Deletion[]> {
  const deletions: Deletion[] = [];
  for (const { table, key, dependants } of [...LISTS, FILTERS]) {
    const owned = await db.arrays(
      `SELECT ${quoteName(key)} FROM ${tableName(table)} WHERE user_id = :userId`,
      { userId },
    );
    for (const dependant of dependants) {
      for (const [value] of owned) {
        deletions.push({ table: dependant, column: key, value: String(value) });
      }
    }
  }
  return deletions;
}

async function execute(
  tx: Transaction,
  { table, column, value }: Deletion,
  limit = '',
): Promise<number> {
  const statement = `DELETE FROM ${tableName(table)} WHERE ${quoteName(column)} = :value${limit}`;
  return (await tx.execute(statement, { value })).affectedRows;
}

/** The lists that an account may have, with the tables of what hangs on them. */
const LISTS = ALL_TABLES.flatMap((table) => {
  if (table.ownedBy?.list !== table.name || !hasOwner(table)) return [];
  const { list, key } = table.ownedBy;
  const dependants = ALL_TABLES.filter((each) => each.ownedBy?.list === list && !hasOwner(each));
  return [{ table, key, dependants }];
});
const FILTERS = {
  table: { database: 'glint', name: 'filters' } as const,
  key: 'mq_id',
  dependants: ALL_TABLES.filter(({ name }) => OF_FILTERS.has(name)),
};

const OWNED = ALL_TABLES.filter((table) => hasOwner(table) && !BY_OWN_RULES.has(table.name)).map(
  (table) => `DELETE FROM ${tableName(table)} WHERE user_id = :userId`,
);

function hasOwner(table: Table): boolean {
  return table.database === 'glint' && table.columns.some((column) => column.name === 'user_id');
}
