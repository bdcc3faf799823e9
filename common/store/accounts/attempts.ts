import { createHash } from 'node:crypto';

import { z } from 'zod';

import { addressGroup, describeWait, waitMs } from '../../accounts/attempt-limits.ts';
import {
  DELIVERY_TRY,
  LOGIN_ACCOUNT,
  LOGIN_ADDRESS,
  LOGIN_PAIR,
  MAIL_FROM,
  MAIL_TO,
} from '../../accounts/attempt-limits.ts';
import type { AttemptLimit } from '../../accounts/attempt-limits.ts';
import { RateLimitError } from '../../errors.ts';
import type { Database, Queries } from '../database.ts';
import { repeatTransaction } from '../repeat.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('attempts.sql', [
  'selectAttempts',
  'ensureAttempts',
  'lockAttempts',
  'countFailure',
  'forgive',
  'takeBack',
  'deleteOldAttempts',
]);

const DAY_MS = 86_400_000;
/** An address counts as its owner's for so long after a login from it. */
const KNOWN_MS = 90 * DAY_MS;

const AttemptRow = z
  .strictObject({
    attempt_key: z.string(),
    failures: z.int(),
    last_at: z.date(),
    blocked_until: z.date().nullable(),
    succeeded_at: z.date().nullable(),
  })
  .transform((row) => ({
    key: row.attempt_key,
    failures: row.failures,
    lastAt: row.last_at,
    blockedUntil: row.blocked_until,
    succeededAt: row.succeeded_at,
  }));
type AttemptState = z.infer<typeof AttemptRow>;

/** One thing that is counted. */
interface Count {
  limit: AttemptLimit;
  key: string;
}

/** A try that has begun: it counts as failed until somebody says otherwise. */
export interface LoginAttempt {
  /** The password was right: the account's counts end, and the address is one of its owner's. */
  succeeded(now: Date): Promise<void>;
}

/**
 * Counts a try at a password before it is checked, so that a hundred at once are a hundred.
 *
 * @param subject - The account: its number, or what was typed where there is none.
 * @throws {RateLimitError} if it has to wait.
 */
export async function beginLogin(
  db: Database,
  { subject, address }: { subject: string; address: string },
  now: Date,
): Promise<LoginAttempt> {
  const group = addressGroup(address);
  const pair = countOf(LOGIN_PAIR, `${subject} ${group}`);
  const account = countOf(LOGIN_ACCOUNT, subject);
  const all = countOf(LOGIN_ADDRESS, group);
  await begin(db, [pair, account, all], now, (count, states) => {
    const knownSince = states.get(pair.key)?.succeededAt?.getTime() ?? -Infinity;
    return count === account && now.getTime() - knownSince < KNOWN_MS;
  });
  return {
    async succeeded(then) {
      await db.execute(sql.forgive, { keys: [pair.key, account.key], now: then });
      await db.execute(sql.takeBack, { keys: [all.key] });
    },
  };
}

/**
 * Counts a mail that somebody without an account can cause.
 *
 * @throws {RateLimitError} if too many went to that address, or came from there.
 */
export async function countMail(
  db: Database,
  { email, address }: { email: string; address: string },
  now: Date,
): Promise<void> {
  const counts = [countOf(MAIL_TO, email.toLowerCase()), countOf(MAIL_FROM, addressGroup(address))];
  await begin(db, counts, now, () => false);
}

/**
 * Counts a test of a webhook, or a login in Kafka that somebody asks for.
 *
 * @throws {RateLimitError} if there were too many of late.
 */
export async function countDeliveryTry(db: Database, userId: number, now: Date): Promise<void> {
  await begin(db, [countOf(DELIVERY_TRY, String(userId))], now, () => false);
}

/** Forgets counts that no longer hold anybody back. @returns How many. */
export async function deleteOldAttempts(db: Queries, now: Date): Promise<number> {
  const { affectedRows } = await db.execute(sql.deleteOldAttempts, {
    before: new Date(now.getTime() - DAY_MS),
    knownBefore: new Date(now.getTime() - KNOWN_MS),
  });
  return affectedRows;
}

async function begin(
  db: Database,
  counts: Count[],
  now: Date,
  isExempt: (count: Count, states: Map<string, AttemptState>) => boolean,
): Promise<void> {
  // Always in the same order, so that two tries cannot wait for each other.
  const keys = counts.map((count) => count.key).sort();
  const look = async (on: Queries, statement: string) => {
    const rows = await on.rows(AttemptRow, statement, { keys });
    const states = new Map(rows.map((state) => [state.key, state]));
    const counted = counts.filter((count) => !isExempt(count, states));
    refuseBlocked(
      counted.map(({ key }) => states.get(key)),
      now,
    );
    return { states, counted };
  };
  // Whoever has to wait anyway makes no rows and no locks, whatever they try.
  await look(db, sql.selectAttempts);
  // By itself: the lock that it takes on a row that is there would be in the way of the next one's.
  await db.execute(sql.ensureAttempts, { rows: keys.map((key) => [key, 0, now]) });
  await repeatTransaction(db, async (tx) => {
    const { states, counted } = await look(tx, sql.lockAttempts);
    for (const { limit, key } of counted) {
      const state = states.get(key);
      const isOld = state === undefined || now.getTime() - state.lastAt.getTime() > limit.forgetMs;
      const failures = (isOld ? 0 : state.failures) + 1;
      const wait = waitMs(limit, failures);
      const blockedUntil = wait === 0 ? null : new Date(now.getTime() + wait);
      await tx.execute(sql.countFailure, { key, failures, now, blockedUntil });
    }
  });
}

/** @throws {RateLimitError} if any of them is blocked; one that is refused counts as nothing. */
function refuseBlocked(states: (AttemptState | undefined)[], now: Date): void {
  const until = Math.max(...states.map((state) => state?.blockedUntil?.getTime() ?? 0));
  if (until <= now.getTime()) return;
  const seconds = Math.ceil((until - now.getTime()) / 1_000);
  throw new RateLimitError(`There were too many tries. Wait ${describeWait(seconds)}.`, {
    details: { retryAfterSeconds: seconds },
  });
}

function countOf(limit: AttemptLimit, subject: string): Count {
  // What was typed as a name may be a password: only its hash is kept.
  const digest = createHash('sha256').update(subject.normalize('NFKC')).digest('hex');
  return { limit, key: `${limit.kind}:${digest}` };
}
