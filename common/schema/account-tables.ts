import { describeColumns } from './describe.ts';
import type { Column, Table } from './types.ts';

/** Who uses the site, and how they prove it. Nothing here is the secret itself. */
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
      autoNumber('user_id', 'Number of the account.'),
      ...describeColumns(`
        name! name(64) - meta.id Login name, in small letters.
        email! text(255) - meta.email Mail address, confirmed.
        role! name(8) - meta.code user, power or staff.
        created_at! timestamp - time.creation When the account was made, UTC.
        first_name text(100) - meta.id.PI First name.
        last_name text(100) - meta.id.PI Last name.
        affiliation text(200) - meta.note Institute or observatory.
        password_hash name(255) - meta.code scrypt of the password with its parameters and salt; NULL
          | until one is chosen.
        password_changed_at timestamp - time.processing When the password was changed last, UTC.
        last_login_at timestamp - time.processing When its owner logged in last, UTC.
        disabled_at timestamp - time.processing When staff disabled the account, UTC; NULL for those in
          | use.
        ended_at timestamp - time.processing When its deletion began, UTC: what belongs to it is being
          | deleted, and the row with the last of it.`),
    ],
  },
  {
    database: 'glint',
    name: 'sessions',
    description: 'Browsers that are logged in.',
    isPublic: false,
    primaryKey: ['session_id'],
    indexes: [
      { columns: ['session_hash'], unique: true },
      { columns: ['user_id'] },
      { columns: ['expires_at'] },
    ],
    columns: [
      autoNumber('session_id', 'Number of the session.'),
      ...describeColumns(`
        session_hash! name(64) - meta.code SHA-256 of what the cookie holds, in hexadecimal.
        user_id! int - meta.id.parent Whose it is.
        created_at! timestamp - time.creation When its owner logged in, UTC.
        seen_at! timestamp - time.processing When it was used last, to a minute, UTC.
        expires_at! timestamp - time.end When it ends whatever happens, UTC.
        address! name(64) - meta.id Address that logged in.
        agent! text(255) - meta.note What the browser says that it is.`),
    ],
  },
  {
    database: 'glint',
    name: 'account_links',
    description:
      'Links sent by mail that confirm an address or set a password: each works once, for a while.',
    isPublic: false,
    primaryKey: ['link_hash'],
    indexes: [{ columns: ['user_id'] }, { columns: ['expires_at'] }],
    columns: describeColumns(`
      link_hash! name(64) - meta.code SHA-256 of the key in the link, in hexadecimal.
      purpose! name(16) - meta.code signup, password or email.
      user_id int - meta.id.parent Whose it is; NULL before there is an account.
      email! text(255) - meta.email Address that it was sent to.
      wanted json - meta.record What an account is to be made of, for signup.
      created_at! timestamp - time.creation When it was made, UTC.
      expires_at! timestamp - time.end When it ends, UTC.
      used_at timestamp - time.processing When it was used, UTC.`),
  },
  {
    database: 'glint',
    name: 'attempts',
    description:
      'Failed logins and mails asked for, counted by what is protected, so that guessing gets slower.',
    isPublic: false,
    primaryKey: ['attempt_key'],
    indexes: [{ columns: ['last_at'] }],
    columns: describeColumns(`
      attempt_key! name(96) - meta.id Kind of count, and SHA-256 of the account or address.
      failures! int - meta.number Failures since the last success, or since they were forgotten.
      last_at! timestamp - time.processing When the last attempt was, UTC.
      blocked_until timestamp - time.end Until when further attempts are refused, UTC.
      succeeded_at timestamp - time.processing When an attempt last succeeded, UTC.`),
  },
  {
    database: 'glint',
    name: 'api_tokens',
    description: 'API tokens, stored as SHA-256 of the token: the token itself is shown once.',
    isPublic: false,
    primaryKey: ['token_id'],
    indexes: [{ columns: ['token_hash'], unique: true }, { columns: ['user_id'] }],
    columns: [
      autoNumber('token_id', 'Number of the token.'),
      ...describeColumns(`
        user_id! int - meta.id.parent Whose it is.
        name! text(64) - meta.id What its owner calls it.
        token_hash! name(64) - meta.code SHA-256 of the token in hexadecimal.
        created_at! timestamp - time.creation When it was made, UTC.
        last_used_at timestamp - time.processing When it was last used, to a minute, UTC.`),
      {
        name: 'scopes',
        type: { name: 64 },
        required: true,
        default: "'read,query'",
        description: 'What it may be used for, between commas: read, query, annotate, write.',
      },
      ...describeColumns('expires_at timestamp - time.end When it ends, UTC; NULL for never.'),
    ],
  },
];

function autoNumber(name: string, description: string): Column {
  return { name, type: 'int', required: true, autoIncrement: true, description };
}
