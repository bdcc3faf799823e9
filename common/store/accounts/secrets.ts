import { createHmac, randomBytes } from 'node:crypto';

import { z } from 'zod';

import { createTable } from '../../schema/ddl.ts';
import { SECRETS } from '../../schema/database-account-tables.ts';
import type { Queries } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('secrets.sql', ['insertSecret', 'replaceSecret', 'selectSecret']);

const SECRET_BYTES = 24;
/** What policies of servers ask for: small and capital letters, digits, and something else. */
const PASSWORD_BEGINNING = 'gL1-';
/** MySQL's names of locks are short. */
const LOCK_DIGITS = 40;

const SecretRow = z.strictObject({ value: z.string() });

/** A password that needs no quoting anywhere. */
export function newPassword(): string {
  return PASSWORD_BEGINNING + randomBytes(SECRET_BYTES).toString('hex');
}

export async function selectSecret(db: Queries, name: string): Promise<string | undefined> {
  const [row] = await db.rows(SecretRow, sql.selectSecret, { name });
  return row?.value;
}

export async function replaceSecret(db: Queries, name: string, value: string): Promise<void> {
  await db.execute(sql.replaceSecret, { name, value });
}

/** Makes the table and what all hosts must agree on before they can take turns. Needs no lock. */
export async function bringSecrets(db: Queries): Promise<void> {
  await db.execute(createTable(SECRETS));
  await db.execute(sql.insertSecret, { name: 'locks', value: newPassword() });
}

/**
 * How a named lock is called on the server. Everybody who may log in there may take any lock of any
 * name: nobody else may know ours.
 */
export async function lockName(db: Queries, name: string): Promise<string> {
  const secret = await selectSecret(db, 'locks');
  if (secret === undefined) throw new Error('the database has no secret for its locks: migrate it');
  const digits = createHmac('sha256', secret).update(name).digest('hex').slice(0, LOCK_DIGITS);
  return `glint.${digits}`;
}
