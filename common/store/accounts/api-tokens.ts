import { z } from 'zod';

import { TOKEN_PATTERN, hashSecret, newApiToken } from '../../accounts/secrets.ts';
import { InvalidInputError } from '../../errors.ts';
import type { Queries, Transaction } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';
import { ROLES, lockUser } from './users.ts';

const sql = loadSql('api-tokens.sql', [
  'insertToken',
  'selectTokenAccount',
  'touchToken',
  'selectTokens',
  'deleteToken',
  'deleteTokenNamed',
]);

/** What a token may be used for. */
export const SCOPES = ['read', 'query', 'annotate', 'write'] as const;
export type Scope = (typeof SCOPES)[number];

const MINUTE_MS = 60_000;
const MOST_TOKENS = 50;
const MAX_NAME_LENGTH = 64;

const scopes = z
  .string()
  .transform((text) => text.split(',').filter((scope) => scope !== ''))
  .pipe(z.array(z.enum(SCOPES)));

const TokenAccountRow = z
  .strictObject({
    token_id: z.int(),
    user_id: z.int(),
    scopes,
    expires_at: z.date().nullable(),
    last_used_at: z.date().nullable(),
    name: z.string(),
    role: z.enum(ROLES),
    disabled_at: z.date().nullable(),
  })
  .transform((row) => ({
    tokenId: row.token_id,
    userId: row.user_id,
    scopes: row.scopes,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    name: row.name,
    role: row.role,
    isDisabled: row.disabled_at !== null,
  }));
export type TokenAccount = z.infer<typeof TokenAccountRow>;

const TokenRow = z
  .strictObject({
    token_id: z.int(),
    name: z.string(),
    created_at: z.date(),
    last_used_at: z.date().nullable(),
    scopes,
    expires_at: z.date().nullable(),
  })
  .transform((row) => ({
    tokenId: row.token_id,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    scopes: row.scopes,
    expiresAt: row.expires_at,
  }));
export type ApiToken = z.infer<typeof TokenRow>;

export interface NewToken {
  /** What its owner calls it. */
  name: string;
  scopes: readonly Scope[];
  /** null for never. */
  expiresAt: Date | null;
  /** Whether it takes the place of one of the same name, which then ends. */
  replaces?: boolean;
}

/**
 * Gives an account a new API token.
 *
 * @returns The token, 40 hexadecimal digits: only its SHA-256 is kept, so it can never be shown again.
 * @throws {InvalidInputError} if the name cannot be used or is taken, no scope is named, or there
 *   are too many.
 */
export async function insertApiToken(
  tx: Transaction,
  userId: number,
  wanted: NewToken,
  now: Date,
): Promise<string> {
  const name = wanted.name.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (name === '' || name.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(name)) {
    throw new InvalidInputError(`give the token a name of 1 to ${MAX_NAME_LENGTH} letters`);
  }
  if (wanted.scopes.length === 0) {
    throw new InvalidInputError('say what the token may be used for: choose one scope at least');
  }
  if (wanted.expiresAt !== null && wanted.expiresAt <= now) {
    throw new InvalidInputError('the day on which the token ends must lie ahead');
  }
  const token = newApiToken();
  await lockUser(tx, userId);
  if (wanted.replaces === true) await tx.execute(sql.deleteTokenNamed, { userId, name });
  const present = await selectApiTokens(tx, userId);
  if (present.some((each) => each.name === name)) {
    throw new InvalidInputError(
      `there is a token of the name ${name} already: revoke it, or choose another name`,
    );
  }
  if (present.length >= MOST_TOKENS) {
    throw new InvalidInputError(`an account has at most ${MOST_TOKENS} tokens: revoke some`);
  }
  await tx.execute(sql.insertToken, {
    userId,
    name,
    tokenHash: hashSecret(token),
    now,
    scopes: SCOPES.filter((scope) => wanted.scopes.includes(scope)).join(','),
    expiresAt: wanted.expiresAt,
  });
  return token;
}

/** Whose token this is; undefined when it is nobody's or has ended. Any text may be asked for. */
export async function selectTokenAccount(
  db: Queries,
  token: string,
  now: Date,
): Promise<TokenAccount | undefined> {
  if (!TOKEN_PATTERN.test(token)) return undefined;
  const [found] = await db.rows(TokenAccountRow, sql.selectTokenAccount, {
    tokenHash: hashSecret(token.toLowerCase()),
  });
  if (found === undefined) return undefined;
  return found.expiresAt !== null && found.expiresAt <= now ? undefined : found;
}

/** Notes that a token is used, at most once a minute. */
export async function touchToken(
  db: Queries,
  token: Pick<TokenAccount, 'tokenId' | 'lastUsedAt'>,
  now: Date,
): Promise<void> {
  if (token.lastUsedAt !== null && now.getTime() - token.lastUsedAt.getTime() < MINUTE_MS) return;
  await db.execute(sql.touchToken, { tokenId: token.tokenId, now });
}

/** An account's tokens, the oldest first; those that have ended among them. */
export async function selectApiTokens(db: Queries, userId: number): Promise<ApiToken[]> {
  return db.rows(TokenRow, sql.selectTokens, { userId });
}

/** Ends a token of an account at once. @returns Whether there was one. */
export async function deleteApiToken(
  db: Queries,
  userId: number,
  tokenId: number,
): Promise<boolean> {
  return (await db.execute(sql.deleteToken, { userId, tokenId })).affectedRows === 1;
}
