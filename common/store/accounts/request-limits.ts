import { z } from 'zod';

import { RateLimitError } from '../../errors.ts';
import type { Queries } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';
import type { Role } from './users.ts';

const sql = loadSql('request-limits.sql', [
  'countRequest',
  'uncountRequest',
  'selectEarlierRequests',
]);

/** What programs may ask in any 60 minutes; Lasair allows 100, and 10,000 to power users. */
export const REQUESTS_PER_HOUR: Record<Role, number> = {
  user: 1_000,
  power: 100_000,
  staff: 100_000,
};

const WINDOW_MINUTES = 60;
/** Rows an account has: more than the window has minutes. */
const SLOTS = 64;
const MINUTE_MS = 60_000;

const CountRow = z.strictObject({ minute: z.int(), requests: z.int() });

/**
 * Counts one request of an account. All hosts count in the same rows; a minute that has begun counts
 * until it is an hour old as a whole. What is refused is not counted.
 *
 * @param limit - Requests in any 60 minutes.
 * @throws {RateLimitError} if that is one too many; `details.retryAfterSeconds` says when the next may
 *   come.
 */
export async function countRequest(
  db: Queries,
  userId: number,
  limit: number,
  now: Date,
): Promise<void> {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  const place = { userId, slot: minute % SLOTS, minute };
  // Counted before it is looked at: of many at once each learns which one of the minute it is.
  const { insertId } = await db.execute(sql.countRequest, place);
  const earlier = await db.rows(CountRow, sql.selectEarlierRequests, {
    userId,
    minute,
    after: minute - WINDOW_MINUTES,
  });
  const counts = [...earlier, { minute, requests: Number(insertId) - 1 }];
  if (sumOf(counts) < limit) return;
  await db.execute(sql.uncountRequest, place);
  const free = freeMinute(counts, limit);
  const retryAfterSeconds = Math.max(1, Math.ceil((free * MINUTE_MS - now.getTime()) / 1000));
  throw new RateLimitError(
    `You have made ${limit} requests within an hour, which is what your account may; the next may come in ${duration(retryAfterSeconds)}.`,
    { details: { retryAfterSeconds, requestsPerHour: limit } },
  );
}

/** The minute with which so many old requests leave the window that there is room for one. */
function freeMinute(counts: z.infer<typeof CountRow>[], limit: number): number {
  let left = sumOf(counts);
  for (const { minute, requests } of counts) {
    left -= requests;
    if (left < limit) return minute + WINDOW_MINUTES;
  }
  throw new Error('no requests, and yet too many');
}

function sumOf(counts: { requests: number }[]): number {
  return counts.reduce((sum, { requests }) => sum + requests, 0);
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
