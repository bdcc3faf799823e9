import { z } from 'zod';

import { hashSecret, newSecret } from '../../accounts/secrets.ts';
import type { Queries } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';
import { NewUserSchema } from './users.ts';

const sql = loadSql('account-links.sql', [
  'insertLink',
  'selectLink',
  'useLink',
  'deleteLink',
  'deleteLinksOf',
  'deleteOldLinks',
]);

const HOUR_MS = 3_600_000;
/** What a link is for, and how long it works. */
const LIFETIME_MS = { signup: 72 * HOUR_MS, password: 2 * HOUR_MS, email: 24 * HOUR_MS };
export type LinkPurpose = keyof typeof LIFETIME_MS;
/** Links that have ended are known for so long, to tell their owners what became of them. */
const REMEMBER_MS = 7 * 24 * HOUR_MS;

const PURPOSES = ['signup', 'password', 'email'] as const satisfies LinkPurpose[];

/** What an account is to be made of once its address is confirmed. */
const WantedAccount = NewUserSchema.pick({
  name: true,
  firstName: true,
  lastName: true,
  affiliation: true,
}).extend({ passwordHash: z.string() });
export type WantedAccount = z.infer<typeof WantedAccount>;

const LinkRow = z
  .strictObject({
    purpose: z.enum(PURPOSES),
    user_id: z.int().nullable(),
    email: z.string(),
    wanted: z.string().nullable(),
    expires_at: z.date(),
    used_at: z.date().nullable(),
  })
  .transform((row) => ({
    purpose: row.purpose,
    userId: row.user_id,
    email: row.email,
    wanted: row.wanted === null ? null : WantedAccount.parse(JSON.parse(row.wanted)),
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  }));
export type AccountLink = z.infer<typeof LinkRow>;

export interface NewLink {
  purpose: LinkPurpose;
  /** null before there is an account. */
  userId: number | null;
  /** Where the mail goes. */
  email: string;
  wanted?: WantedAccount;
}

/** Makes a link. @returns Its key, of which only the hash is kept. */
export async function insertLink(db: Queries, link: NewLink, now: Date): Promise<string> {
  const key = newSecret();
  await db.execute(sql.insertLink, {
    linkHash: hashSecret(key),
    purpose: link.purpose,
    userId: link.userId,
    email: link.email,
    wanted: link.wanted === undefined ? null : JSON.stringify(link.wanted),
    now,
    expiresAt: new Date(now.getTime() + LIFETIME_MS[link.purpose]),
  });
  return key;
}

/** What a link still does. Any text may be asked for. */
export type LinkState =
  { state: 'good'; link: AccountLink } | { state: 'used' | 'expired' | 'unknown' };

export async function selectLink(
  db: Queries,
  purpose: LinkPurpose,
  key: string,
  now: Date,
): Promise<LinkState> {
  const [link] = await db.rows(LinkRow, sql.selectLink, { linkHash: hashSecret(key) });
  if (link?.purpose !== purpose) return { state: 'unknown' };
  if (link.usedAt !== null) return { state: 'used' };
  return link.expiresAt <= now ? { state: 'expired' } : { state: 'good', link };
}

/** Uses a link up. @returns Whether it was still good: of many at once, one is told so. */
export async function useLink(db: Queries, key: string, now: Date): Promise<boolean> {
  const { affectedRows } = await db.execute(sql.useLink, { linkHash: hashSecret(key), now });
  return affectedRows === 1;
}

/** Takes back a link whose mail did not go. */
export async function deleteLink(db: Queries, key: string): Promise<void> {
  await db.execute(sql.deleteLink, { linkHash: hashSecret(key) });
}

/** Ends an account's links that were not used. */
export async function deleteLinksOf(
  db: Queries,
  userId: number,
  purposes: LinkPurpose[],
): Promise<void> {
  await db.execute(sql.deleteLinksOf, { userId, purposes });
}

/** Forgets links that ended a week ago. @returns How many. */
export async function deleteOldLinks(db: Queries, now: Date): Promise<number> {
  const before = new Date(now.getTime() - REMEMBER_MS);
  return (await db.execute(sql.deleteOldLinks, { before })).affectedRows;
}
