import { z } from 'zod';

import { ForbiddenError, SetupError } from '../../errors.ts';
import { NOTEBOOK_PREFIX } from '../../schema/views.ts';
import type { Database, Queries } from '../database.ts';
import { newPassword } from './secrets.ts';
import {
  accountStatements,
  dropAccount,
  isRefusal,
  killConnection,
  makeAccount,
  userRights,
} from './server-accounts.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('notebook-accounts.sql', [
  'upsertAccount',
  'lockAccount',
  'deleteAccount',
  'selectAccount',
  'selectAccounts',
  'selectOrphans',
  'selectConnections',
]);

const MAX_CONNECTIONS = 3;
/** So long a locked account stays locked. */
const LOCKED_MS = 24 * 3_600_000;

const AccountRow = z
  .strictObject({
    user_id: z.int(),
    created_at: z.date(),
    renewed_at: z.date(),
    locked_at: z.date().nullable(),
  })
  .transform((row) => ({
    userId: row.user_id,
    name: notebookUser(row.user_id),
    createdAt: row.created_at,
    renewedAt: row.renewed_at,
    /** When it was locked because it stood in the way of others; it cannot log in since. */
    lockedAt: row.locked_at,
  }));
export type NotebookAccount = z.output<typeof AccountRow>;
const IdRow = z.strictObject({ id: z.coerce.string() });

/** What a user's account of the database is called: the views know by it whose rows it may see. */
export function notebookUser(userId: number): string {
  return `${NOTEBOOK_PREFIX}${userId}`;
}

/**
 * Makes a user's account of the database, or gives the one that is there a new password and ends
 * what runs under the old one.
 *
 * @param timeoutMs - How long a statement may run.
 * @returns Its name and password, which nobody can ever read again.
 * @throws {ForbiddenError} if it was locked less than a day ago.
 * @throws {SetupError} saying what an administrator has to run, where the broker may not.
 */
export async function issueNotebookAccount(
  db: Database,
  userId: number,
  { timeoutMs, now }: { timeoutMs: number; now: Date },
): Promise<{ name: string; password: string }> {
  const existing = await selectNotebookAccount(db, userId);
  const lockedAt = existing?.lockedAt?.getTime() ?? -Infinity;
  if (now.getTime() - lockedAt < LOCKED_MS) throw lockedError(lockedAt + LOCKED_MS);
  const server = await db.server();
  const account = {
    name: notebookUser(userId),
    rights: userRights(server),
    password: newPassword(),
    maxConnections: MAX_CONNECTIONS,
    maxStatementMs: timeoutMs,
  };
  // First the note: an account that nobody knows of could never be revoked.
  await db.execute(sql.upsertAccount, { userId, now });
  try {
    await makeAccount(db, server, account);
    await killConnections(db, account.name);
  } catch (err) {
    if (existing === undefined) await db.execute(sql.deleteAccount, { userId });
    if (!isRefusal(err)) throw err;
    const statements = accountStatements(server, { ...account, password: 'PASSWORD' });
    throw new SetupError(
      `the broker's account of the database may not make accounts; an administrator can run, with a password for PASSWORD: ${statements.join('; ')}`,
      { cause: err },
    );
  }
  return { name: account.name, password: account.password };
}

/** Ends a user's account and what runs under it; again and again if need be. */
export async function revokeNotebookAccount(db: Queries, userId: number, now: Date): Promise<void> {
  const account = await selectNotebookAccount(db, userId);
  await endAccount(db, userId);
  // Who was locked out gets no new account in exchange for the old one.
  const lockedAt = account?.lockedAt?.getTime() ?? -Infinity;
  if (now.getTime() - lockedAt >= LOCKED_MS) await db.execute(sql.deleteAccount, { userId });
}

/** Ends an account that stands in the way of others, for a day. */
export async function lockNotebookAccount(db: Queries, userId: number, now: Date): Promise<void> {
  await db.execute(sql.lockAccount, { userId, now });
  await endAccount(db, userId);
}

export async function selectNotebookAccount(
  db: Queries,
  userId: number,
): Promise<NotebookAccount | undefined> {
  const [account] = await db.rows(AccountRow, sql.selectAccount, { userId });
  return account;
}

/** All of them, by user. */
export function selectNotebookAccounts(db: Queries): Promise<NotebookAccount[]> {
  return db.rows(AccountRow, sql.selectAccounts);
}

/** Those whose user is gone or disabled, but for the locked: they are ended already. */
export function selectOrphanedAccounts(db: Queries, now: Date): Promise<NotebookAccount[]> {
  const before = new Date(now.getTime() - LOCKED_MS);
  return db.rows(AccountRow, sql.selectOrphans, { before });
}

async function endAccount(db: Queries, userId: number): Promise<void> {
  await dropAccount(db, notebookUser(userId));
  await killConnections(db, notebookUser(userId));
}

async function killConnections(db: Queries, name: string): Promise<void> {
  for (const { id } of await db.rows(IdRow, sql.selectConnections, { name })) {
    await killConnection(db, id);
  }
}

function lockedError(until: number): ForbiddenError {
  return new ForbiddenError(
    `your notebook account held up the database again and again, and is locked until ${new Date(until).toISOString().slice(0, 16)} UTC; an idle transaction with locks does that: let SELECTs be, without FOR UPDATE or SERIALIZABLE`,
  );
}
