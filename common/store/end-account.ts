import { quoteName, tableName } from '../schema/ddl.ts';
import { ALL_TABLES } from '../schema/tables.ts';
import type { Table } from '../schema/types.ts';
import type { Database } from './database.ts';
import { pauseFiltersOf } from './filters.ts';
import { LIST_KINDS, raiseGeneration } from './list-generations.ts';
import { deleteOrphanedMatches } from './list-matches.ts';
import { revokeNotebookAccount, selectNotebookAccount } from './notebook-accounts.ts';
import { repeatTransaction } from './repeat.ts';
import { deleteQueriesOf } from './save-query.ts';
import { deleteSessionsOf } from './sessions.ts';
import { deleteUserRow, lockUser, updateDisabled } from './users.ts';

/** Tables whose rows go by rules of their own. */
const BY_OWN_RULES = new Set([
  'users',
  'queries',
  'query_versions',
  'filters',
  'notebook_accounts',
]);

/**
 * Deletes an account with all that belongs to it: every row of `glint` that names it in `user_id`, and
 * what matched or was written for its lists. Its saved queries go too, but for those on the streams
 * page; its comments on objects stay, without a name.
 *
 * @throws {NotFoundError} if there is no such account.
 */
export async function deleteAccount(db: Database, userId: number, now: Date): Promise<void> {
  await endNotebookAccount(db, userId, now);
  await repeatTransaction(db, async (tx) => {
    await lockUser(tx, userId);
    for (const statement of DELETIONS) await tx.execute(statement, { userId });
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

/** First what hangs on the lists, then the lists and all else. */
const DELETIONS = [
  ...ALL_TABLES.filter((table) => table.ownedBy !== undefined && !hasOwner(table)).map(
    deleteByList,
  ),
  ...ALL_TABLES.filter((table) => hasOwner(table) && !BY_OWN_RULES.has(table.name)).map(
    (table) => `DELETE FROM ${tableName(table)} WHERE user_id = :userId`,
  ),
];

function hasOwner(table: Table): boolean {
  return table.database === 'glint' && table.columns.some((column) => column.name === 'user_id');
}

function deleteByList(table: Table): string {
  const { list, key } = table.ownedBy ?? { list: '', key: '' };
  const lists = tableName({ database: 'glint', name: list });
  const column = quoteName(key);
  return `DELETE FROM ${tableName(table)} WHERE ${column} IN (SELECT ${column} FROM ${lists} WHERE user_id = :userId)`;
}
