import type { DueOutputOf } from '../../common/store/outbox.ts';

/** When daily digests go, UTC: by day in California and in Chile. */
const DAILY_HOUR = 18;
const DAILY_MINUTE = 5;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The last moment at which daily digests went, now or before. */
export function lastDigestTime(now: Date): Date {
  const today = Date.UTC(
    now.getUTCFullYear(),
    now.getUTCMonth(),
    now.getUTCDate(),
    DAILY_HOUR,
    DAILY_MINUTE,
  );
  return new Date(today <= now.getTime() ? today : today - DAY_MS);
}

/**
 * When a digest may go at the earliest. Moments still to come were noted by a clock that has been put
 * back since: no mail waits for them.
 *
 * @param passedAt - When the first match that waits was passed.
 */
export function digestTime(
  { settings, lastSentAt: noted }: Pick<DueOutputOf<'mail'>, 'settings' | 'lastSentAt'>,
  passedAt: Date,
  now: Date,
): Date {
  const oldestAt = passedAt < now ? passedAt : now;
  const lastSentAt = noted === null || noted > now ? null : noted;
  if (settings.every === 'soon') {
    const gap = settings.gapMinutes * MINUTE_MS;
    return new Date(Math.max(oldestAt.getTime(), (lastSentAt?.getTime() ?? 0) + gap));
  }
  const before = lastDigestTime(oldestAt).getTime();
  const due = before === oldestAt.getTime() ? before : before + DAY_MS;
  if (lastSentAt === null) return new Date(due);
  return new Date(Math.max(due, lastDigestTime(lastSentAt).getTime() + DAY_MS));
}
