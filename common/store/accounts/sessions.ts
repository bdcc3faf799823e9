import { z } from 'zod';

import { hashSecret, newSecret } from '../../accounts/secrets.ts';
import type { Queries } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';
import { ROLES } from './users.ts';

const sql = loadSql('sessions.sql', [
  'insertSession',
  'selectSessionAccount',
  'touchSession',
  'selectSessions',
  'deleteSession',
  'deleteOtherSessions',
  'deleteSessionsOf',
  'deleteOldSessions',
  'selectSurplusSessions',
  'deleteSessions',
]);

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A session ends when nobody has used it for so long, and in any case after `LONGEST_MS`. */
const IDLE_MS = 14 * DAY_MS;
const LONGEST_MS = 60 * DAY_MS;
/** Of more than so many at once, those that were used last are kept: each can be seen and ended. */
const MOST_SESSIONS = 50;

const SessionAccountRow = z
  .strictObject({
    session_id: z.int(),
    user_id: z.int(),
    seen_at: z.date(),
    name: z.string(),
    role: z.enum(ROLES),
  })
  .transform((row) => ({
    sessionId: row.session_id,
    userId: row.user_id,
    seenAt: row.seen_at,
    name: row.name,
    role: row.role,
  }));
export type SessionAccount = z.infer<typeof SessionAccountRow>;

const SessionRow = z
  .strictObject({
    session_id: z.int(),
    created_at: z.date(),
    seen_at: z.date(),
    expires_at: z.date(),
    address: z.string(),
    agent: z.string(),
  })
  .transform((row) => ({
    sessionId: row.session_id,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    address: row.address,
    agent: row.agent,
  }));
export type Session = z.infer<typeof SessionRow>;

export interface SessionOrigin {
  /** Address that logs in. */
  address: string;
  /** What the browser says that it is. */
  agent: string;
}

/**
 * Begins a session; the one of the account that was used longest ago ends when there are too many.
 *
 * @returns The secret for the cookie, of which only the hash is kept, and when it ends.
 */
export async function insertSession(
  db: Queries,
  userId: number,
  origin: SessionOrigin,
  now: Date,
): Promise<{ secret: string; expiresAt: Date }> {
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + LONGEST_MS);
  await db.execute(sql.insertSession, {
    sessionHash: hashSecret(secret),
    userId,
    now,
    expiresAt,
    // Whatever a client says of itself fits into its column.
    address: origin.address.replace(/[^\x21-\x7e]/g, '').slice(0, 64),
    agent: origin.agent.replace(/\p{Cc}/gu, ' ').slice(0, 255),
  });
  const surplus = await db.arrays(sql.selectSurplusSessions, { userId, most: MOST_SESSIONS });
  const sessionIds = surplus.map(([sessionId]) => Number(sessionId));
  if (sessionIds.length > 0) await db.execute(sql.deleteSessions, { sessionIds });
  return { secret, expiresAt };
}

/** Whose session this secret opens; undefined when it has ended or its account is disabled. */
export async function selectSessionAccount(
  db: Queries,
  secret: string,
  now: Date,
): Promise<SessionAccount | undefined> {
  const [found] = await db.rows(SessionAccountRow, sql.selectSessionAccount, {
    sessionHash: hashSecret(secret),
    now,
    idleSince: idleSince(now),
  });
  return found;
}

/** Notes that a session is used, at most once a minute. */
export async function touchSession(
  db: Queries,
  session: Pick<SessionAccount, 'sessionId' | 'seenAt'>,
  now: Date,
): Promise<void> {
  if (now.getTime() - session.seenAt.getTime() < MINUTE_MS) return;
  await db.execute(sql.touchSession, { sessionId: session.sessionId, now });
}

/** Sessions of an account that have not ended, the one used last first. */
export async function selectSessions(db: Queries, userId: number, now: Date): Promise<Session[]> {
  return db.rows(SessionRow, sql.selectSessions, { userId, now, idleSince: idleSince(now) });
}

/** Ends one session of an account. */
export async function deleteSession(db: Queries, userId: number, sessionId: number) {
  await db.execute(sql.deleteSession, { userId, sessionId });
}

/** Ends the sessions of an account, but for one. @returns How many. */
export async function deleteOtherSessions(
  db: Queries,
  userId: number,
  sessionId: number,
): Promise<number> {
  return (await db.execute(sql.deleteOtherSessions, { userId, sessionId })).affectedRows;
}

/** Ends all sessions of an account. */
export async function deleteSessionsOf(db: Queries, userId: number): Promise<void> {
  await db.execute(sql.deleteSessionsOf, { userId });
}

/** Forgets sessions that have ended. @returns How many. */
export async function deleteOldSessions(db: Queries, now: Date): Promise<number> {
  return (await db.execute(sql.deleteOldSessions, { now, idleSince: idleSince(now) })).affectedRows;
}

function idleSince(now: Date): Date {
  return new Date(now.getTime() - IDLE_MS);
}
