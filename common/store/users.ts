import { createHash, randomBytes } from 'node:crypto';

import { z } from 'zod';

import { InvalidInputError } from '../errors.ts';
import type { Database, Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('users.sql', ['insertUser', 'selectUsers', 'insertApiToken']);

export const ROLES = ['user', 'power', 'staff'] as const;
export type Role = (typeof ROLES)[number];

const TOKEN_BYTES = 20;

const NewUserSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
    error: 'a name has 1 to 64 letters, digits, dots, dashes or underscores',
  }),
  email: z.email({ error: 'that is not a mail address' }).max(255),
  role: z.enum(ROLES),
});
export type NewUser = z.input<typeof NewUserSchema>;

const UserRow = z
  .strictObject({
    user_id: z.coerce.number(),
    name: z.string(),
    email: z.string(),
    role: z.enum(ROLES),
    created_at: z.date(),
  })
  .transform(({ user_id, created_at, ...row }) => ({
    userId: user_id,
    ...row,
    createdAt: created_at,
  }));
export type User = z.infer<typeof UserRow>;

/**
 * Makes an account.
 *
 * @returns Its number.
 * @throws {InvalidInputError} if a value cannot be used, or the name or address has an account.
 */
export async function insertUser(db: Queries, user: NewUser, now: Date): Promise<number> {
  const parsed = NewUserSchema.safeParse(user);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => issue.message);
    throw new InvalidInputError(`the account cannot be made: ${problems.join('; ')}`);
  }
  try {
    const { insertId } = await db.execute(sql.insertUser, { ...parsed.data, createdAt: now });
    return Number(insertId);
  } catch (err) {
    if ((err as { code?: string }).code !== 'ER_DUP_ENTRY') throw err;
    throw new InvalidInputError(
      `there is an account of the name ${user.name} or the address ${user.email} already`,
      { cause: err },
    );
  }
}

/** All accounts by name. */
export async function selectUsers(db: Database): Promise<User[]> {
  return db.rows(UserRow, sql.selectUsers);
}

/**
 * Gives an account a new API token.
 *
 * @param name - What its owner calls it.
 * @returns The token, 40 hexadecimal digits: only its SHA-256 is kept, so it can never be shown again.
 */
export async function insertApiToken(
  db: Queries,
  userId: number,
  name: string,
  now: Date,
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  await db.execute(sql.insertApiToken, {
    userId,
    name,
    tokenHash: hashToken(token),
    createdAt: now,
  });
  return token;
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
