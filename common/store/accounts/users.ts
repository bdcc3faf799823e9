import { z } from 'zod';

import { InvalidInputError, NotFoundError } from '../../errors.ts';
import type { Queries, Transaction } from '../database.ts';
import { likePattern } from '../like-pattern.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('users.sql', [
  'insertUser',
  'selectUsers',
  'selectUser',
  'selectByName',
  'selectByEmail',
  'selectPasswordHash',
  'lockUser',
  'updateProfile',
  'updateEmail',
  'updatePassword',
  'replacePasswordHash',
  'updateRole',
  'updateDisabled',
  'markEnded',
  'selectEnded',
  'updateLastLogin',
  'countActiveStaff',
  'deleteUser',
]);

export const ROLES = ['user', 'power', 'staff'] as const;
export type Role = (typeof ROLES)[number];

const MAX_NAME_LENGTH = 64;

/** A login name: kept in small letters, so that no two differ by capitals only. */
export const UserName = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
    error: 'a name has 1 to 64 letters a to z, digits, dots, dashes or underscores',
  })
  .max(MAX_NAME_LENGTH, { error: `a name has at most ${MAX_NAME_LENGTH} letters` })
  .toLowerCase();

export const Email = z
  .string()
  .trim()
  .max(255, { error: 'that mail address is too long' })
  .pipe(z.email({ error: 'that is not a mail address' }));

/** A line of text of a person: no control characters, nothing that turns the writing round. */
function line(most: number, what: string) {
  return z
    .string()
    .transform((text) => text.normalize('NFC').replace(/\s+/gu, ' ').trim())
    .pipe(
      z
        .string()
        .max(most, { error: `${what} has at most ${most} letters` })
        .regex(/^[^\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]*$/u, {
          error: `${what} holds characters that cannot be shown`,
        }),
    );
}

/** What a person says of themselves. */
export const ProfileSchema = z.strictObject({
  firstName: line(100, 'the first name').default(''),
  lastName: line(100, 'the last name').default(''),
  affiliation: line(200, 'the affiliation').default(''),
});
export type Profile = z.infer<typeof ProfileSchema>;

export const NewUserSchema = z.strictObject({
  name: UserName,
  email: Email,
  role: z.enum(ROLES),
  ...ProfileSchema.shape,
  /** From `hashPassword`; null for accounts that choose one later. */
  passwordHash: z.string().nullable().default(null),
});
export type NewUser = z.input<typeof NewUserSchema>;

const UserRow = z
  .strictObject({
    user_id: z.coerce.number(),
    name: z.string(),
    email: z.string(),
    role: z.enum(ROLES),
    created_at: z.date(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    affiliation: z.string().nullable(),
    last_login_at: z.date().nullable(),
    disabled_at: z.date().nullable(),
    has_password: z.coerce.number(),
  })
  .transform((row) => ({
    userId: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    createdAt: row.created_at,
    firstName: row.first_name ?? '',
    lastName: row.last_name ?? '',
    affiliation: row.affiliation ?? '',
    lastLoginAt: row.last_login_at,
    disabledAt: row.disabled_at,
    hasPassword: row.has_password === 1,
  }));
export type User = z.infer<typeof UserRow>;

const HashRow = z.strictObject({ password_hash: z.string().nullable() });
const CountRow = z.strictObject({ count: z.coerce.number() });

/** A name or a mail address has an account already; which of them, `details.taken` says. */
export class TakenError extends InvalidInputError {
  readonly taken: 'name' | 'email';

  constructor(taken: 'name' | 'email', value: string, cause?: unknown) {
    const what = taken === 'name' ? 'name' : 'address';
    super(`there is an account of the ${what} ${value} already`, { cause });
    this.taken = taken;
  }
}

/**
 * Makes an account.
 *
 * @returns Its number.
 * @throws {InvalidInputError} if a value cannot be used.
 * @throws {TakenError} if the name or the address has an account.
 */
export async function insertUser(db: Queries, user: NewUser, now: Date): Promise<number> {
  const parsed = NewUserSchema.safeParse(user);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => issue.message);
    throw new InvalidInputError(`the account cannot be made: ${problems.join('; ')}`);
  }
  const { name, email } = parsed.data;
  try {
    const { insertId } = await db.execute(sql.insertUser, { ...parsed.data, createdAt: now });
    return Number(insertId);
  } catch (err) {
    throw takenError(err, { name, email });
  }
}

/** Accounts by name. @param find - Part of a name or an address; empty for all. */
export async function selectUsers(
  db: Queries,
  { find = '', limit = 1_000_000, offset = 0 } = {},
): Promise<User[]> {
  const pattern = find === '' ? '' : likePattern(find);
  return db.rows(UserRow, sql.selectUsers, { pattern, limit, offset });
}

/** @throws {NotFoundError} if there is no such account. */
export async function selectUser(db: Queries, userId: number): Promise<User> {
  const [user] = await db.rows(UserRow, sql.selectUser, { userId });
  if (user === undefined) throw new NotFoundError(`there is no account ${userId}`);
  return user;
}

/**
 * The account of a login name or a mail address, in any capitals; undefined if there is none. Any
 * text may be asked for.
 */
export async function selectUserByLogin(db: Queries, login: string): Promise<User | undefined> {
  if (login.includes('@')) {
    const [user] = await db.rows(UserRow, sql.selectByEmail, { email: login });
    return user;
  }
  const name = UserName.safeParse(login);
  if (!name.success) return undefined;
  const [user] = await db.rows(UserRow, sql.selectByName, { name: name.data });
  return user;
}

/** @throws {NotFoundError} if nobody has the name. */
export async function selectUserByName(db: Queries, name: string): Promise<User> {
  const user = name.includes('@') ? undefined : await selectUserByLogin(db, name);
  if (user === undefined) throw new NotFoundError(`there is no account ${name}`);
  return user;
}

/** Keeps others from changing the account, or its rows elsewhere, until the transaction ends. */
export async function lockUser(tx: Transaction, userId: number): Promise<void> {
  const rows = await tx.arrays(sql.lockUser, { userId });
  if (rows.length === 0) throw new NotFoundError(`there is no account ${userId}`);
}

/** What `hashPassword` made of the password; null where none was chosen, or there is no account. */
export async function selectPasswordHash(db: Queries, userId: number): Promise<string | null> {
  const [row] = await db.rows(HashRow, sql.selectPasswordHash, { userId });
  return row?.password_hash ?? null;
}

export async function updateProfile(db: Queries, userId: number, profile: Profile): Promise<void> {
  await db.execute(sql.updateProfile, { userId, ...profile });
}

/** @throws {TakenError} if the address has another account. */
export async function updateEmail(db: Queries, userId: number, email: string): Promise<void> {
  try {
    await db.execute(sql.updateEmail, { userId, email });
  } catch (err) {
    throw takenError(err, { name: '', email });
  }
}

/** Sets another password. */
export async function updatePassword(
  db: Queries,
  userId: number,
  passwordHash: string,
  now: Date,
): Promise<void> {
  await db.execute(sql.updatePassword, { userId, passwordHash, now });
}

/** Keeps the same password with other parameters, unless it was changed meanwhile. */
export async function replacePasswordHash(
  db: Queries,
  userId: number,
  hashes: { before: string; passwordHash: string },
): Promise<void> {
  await db.execute(sql.replacePasswordHash, { userId, ...hashes });
}

export async function updateRole(db: Queries, userId: number, role: Role): Promise<void> {
  await db.execute(sql.updateRole, { userId, role });
}

/** @param disabledAt - null to let it be used again. */
export async function updateDisabled(
  db: Queries,
  userId: number,
  disabledAt: Date | null,
): Promise<void> {
  await db.execute(sql.updateDisabled, { userId, disabledAt });
}

/** Notes that an account is being deleted: it is of no use from now on, and never will be again. */
export async function markEnded(tx: Transaction, userId: number, now: Date): Promise<void> {
  await lockUser(tx, userId);
  await tx.execute(sql.markEnded, { userId, now });
}

/** Accounts whose deletion was begun and has not ended. */
export async function selectEndedUsers(db: Queries): Promise<number[]> {
  return (await db.arrays(sql.selectEnded)).map(([userId]) => Number(userId));
}

export async function updateLastLogin(db: Queries, userId: number, now: Date): Promise<void> {
  await db.execute(sql.updateLastLogin, { userId, now });
}

/** How many accounts of staff are in use besides this one. */
export async function countOtherStaff(db: Queries, userId: number): Promise<number> {
  const [row] = await db.rows(CountRow, sql.countActiveStaff, { userId });
  return row.count;
}

/** Only the row itself: `deleteAccount` takes all that belongs to it. */
export async function deleteUserRow(tx: Transaction, userId: number): Promise<void> {
  await tx.execute(sql.deleteUser, { userId });
}

function takenError(err: unknown, { name, email }: { name: string; email: string }): unknown {
  const { code, message } = err as { code?: string; message?: string };
  if (code !== 'ER_DUP_ENTRY') return err;
  return message?.includes('users_email') === true
    ? new TakenError('email', email, err)
    : new TakenError('name', name, err);
}
