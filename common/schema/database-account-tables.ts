import { describeColumns } from './describe.ts';
import type { Table } from './types.ts';

/** What only this installation knows. Made before anything else: the lock of `migrate` hangs on it. */
export const SECRETS: Table = {
  database: 'glint',
  name: 'secrets',
  description:
    'What only this installation knows: the password of the account for SQL of users, and what makes the names of locks unguessable.',
  isPublic: false,
  primaryKey: ['name'],
  indexes: [],
  columns: describeColumns(`
    name! name(32) - meta.id;meta.main What it is for.
    value! name(255) - meta.code The secret.`),
};

/** Accounts of the database server that the broker makes. */
export const DATABASE_ACCOUNT_TABLES: Table[] = [
  SECRETS,
  {
    database: 'glint',
    name: 'notebook_accounts',
    description:
      'Accounts of the database server that users have for their notebooks; their passwords are with the server alone.',
    isPublic: false,
    primaryKey: ['user_id'],
    indexes: [],
    columns: describeColumns(`
      user_id! int - meta.id;meta.main Whose it is.
      created_at! timestamp - time.creation When it was made, UTC.
      renewed_at! timestamp - time.processing When its password was made, UTC.
      locked_at timestamp - time.processing When it was locked because it stood in the way of others,
        | UTC; NULL for those in use.`),
  },
];
