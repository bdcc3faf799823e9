import { isIPv6 } from 'node:net';

/** How often something may be tried before every further try has to wait, twice as long each time. */
export interface AttemptLimit {
  /** Names the count. */
  kind: string;
  /** Failures without any wait. */
  free: number;
  firstWaitMs: number;
  longestWaitMs: number;
  /** The count begins anew when nothing was tried for so long. */
  forgetMs: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Wrong passwords for one account from one address. */
export const LOGIN_PAIR: AttemptLimit = {
  kind: 'login-pair',
  free: 5,
  firstWaitMs: 5 * SECOND_MS,
  longestWaitMs: 15 * MINUTE_MS,
  forgetMs: DAY_MS,
};

/**
 * Wrong passwords for one account from anywhere. Addresses from which its owner has logged in are
 * exempt, so that nobody elsewhere can keep the owner out.
 */
export const LOGIN_ACCOUNT: AttemptLimit = {
  kind: 'login-account',
  free: 30,
  firstWaitMs: 5 * SECOND_MS,
  longestWaitMs: 5 * MINUTE_MS,
  forgetMs: DAY_MS,
};

/** Wrong passwords from one address for any account: an institute may stand behind it. */
export const LOGIN_ADDRESS: AttemptLimit = {
  kind: 'login-address',
  free: 60,
  firstWaitMs: 5 * SECOND_MS,
  longestWaitMs: 15 * MINUTE_MS,
  forgetMs: HOUR_MS,
};

/** Mails that strangers can cause, by whom they go to. */
export const MAIL_TO: AttemptLimit = {
  kind: 'mail-to',
  free: 3,
  firstWaitMs: MINUTE_MS,
  longestWaitMs: HOUR_MS,
  forgetMs: DAY_MS,
};

/** Mails that strangers can cause, by who causes them: a workshop may stand behind it. */
export const MAIL_FROM: AttemptLimit = {
  kind: 'mail-from',
  free: 40,
  firstWaitMs: 10 * SECOND_MS,
  longestWaitMs: HOUR_MS,
  forgetMs: HOUR_MS,
};

/** Tests of webhooks and logins in Kafka that an account asks for: each is work of somebody else's. */
export const DELIVERY_TRY: AttemptLimit = {
  kind: 'delivery-try',
  free: 10,
  firstWaitMs: 10 * SECOND_MS,
  longestWaitMs: HOUR_MS,
  forgetMs: HOUR_MS,
};

/** For how long after a failure the next try is refused. @param failures - This one included. */
export function waitMs(limit: AttemptLimit, failures: number): number {
  if (failures < limit.free) return 0;
  // Beyond some doublings the longest wait holds anyway, and 2 ** n stays finite.
  const doublings = Math.min(failures - limit.free, 30);
  return Math.min(limit.firstWaitMs * 2 ** doublings, limit.longestWaitMs);
}

/**
 * What an address counts as: IPv4 itself, IPv6 its /64, for whoever has one address of such a network
 * has them all.
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1];
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return bare;
  const [head, tail = ''] = bare.toLowerCase().split('::');
  const words = head.split(':').filter((word) => word !== '');
  const behind = tail.split(':').filter((word) => word !== '');
  while (words.length + behind.length < 8) words.push('0');
  return [...words, ...behind]
    .slice(0, 4)
    .map((word) => word.replace(/^0+(?=.)/, ''))
    .join(':');
}

/** A wait for people: `40 seconds`, `6 minutes`. */
export function describeWait(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
