import { describeColumns } from './describe.ts';
import type { Table } from './types.ts';

/** Who uses the site, and how they prove it. */
export const ACCOUNT_TABLES: Table[] = [
  {
    database: 'glint',
    name: 'users',
    description: 'Accounts.',
    isPublic: false,
    primaryKey: ['user_id'],
    indexes: [
      { columns: ['name'], unique: true },
      { columns: ['email'], unique: true },
    ],
    columns: [
      {
        name: 'user_id',
        type: 'int',
        required: true,
        autoIncrement: true,
        description: 'Number of the account.',
      },
      ...describeColumns(`
        name! name(64) - meta.id Login name.
        email! text(255) - meta.email Mail address.
        role! name(8) - meta.code user, power or staff.
        created_at! timestamp - time.creation When the account was made, UTC.`),
    ],
  },
  {
    database: 'glint',
    name: 'api_tokens',
    description: 'API tokens, stored as SHA-256 of the token: the token itself is shown once.',
    isPublic: false,
    primaryKey: ['token_id'],
    indexes: [{ columns: ['token_hash'], unique: true }, { columns: ['user_id'] }],
    columns: [
      {
        name: 'token_id',
        type: 'int',
        required: true,
        autoIncrement: true,
        description: 'Number of the token.',
      },
      ...describeColumns(`
        user_id! int - meta.id.parent Whose it is.
        name! text(64) - meta.id What its owner calls it.
        token_hash! name(64) - meta.code SHA-256 of the token in hexadecimal.
        created_at! timestamp - time.creation When it was made, UTC.
        last_used_at timestamp - time.processing When it was last used, UTC.`),
    ],
  },
];
