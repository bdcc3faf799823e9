import { setTimeout as sleep } from 'node:timers/promises';

import { describeError } from '../../common/errors.ts';
import {
  deleteOwnerLetter,
  postponeLetter,
  selectDueLetters,
} from '../../common/store/owner-letters.ts';
import type { DueLetter } from '../../common/store/owner-letters.ts';
import { limitLog } from '../../common/stream/limit-log.ts';
import { pauseAfter } from './backoff.ts';
import type { DeliveryServices } from './delivery.ts';
import { isRefusal } from './digest-mail.ts';

const LOOK_MS = 2_000;
const AT_ONCE = 100;
/** Longest pause while the mail server does not answer. */
const LONGEST_PAUSE_MS = 300_000;
const GIVE_UP_DAYS = 5;
const DAY_MS = 86_400_000;

/**
 * Sends what owners are to be told about their filters, until stopped: each letter until the mail server
 * takes it, with growing pauses, for five days. One that was sent is forgotten then; a process that dies
 * between the two has it sent again under the same Message-ID.
 */
export async function sendOwnerLetters(
  services: DeliveryServices,
  stop: AbortSignal,
): Promise<void> {
  const { db, log } = services.context;
  const warnings = limitLog(log);
  let failures = 0;
  while (!stop.aborted) {
    let pauseMs = LOOK_MS;
    try {
      failures = (await sendDue(services, stop)) ? 0 : failures + 1;
      // The server is away: all wait, and it is asked with one letter at a time.
      if (failures > 0) pauseMs = Math.max(LOOK_MS, pauseAfter(failures, LONGEST_PAUSE_MS));
    } catch (err) {
      warnings.warn(`letters to owners wait for the database: ${describeError(err)}`);
    }
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }

  /** @returns Whether the mail server answered, or there was nothing to ask it. */
  async function sendDue({ context }: DeliveryServices, signal: AbortSignal): Promise<boolean> {
    for (const letter of await selectDueLetters(db, context.now(), AT_ONCE)) {
      if (signal.aborted) break;
      const problem = await send(services, letter);
      if (problem === undefined) {
        await deleteOwnerLetter(db, letter.letterId);
        continue;
      }
      await putOff(services, letter, problem.words);
      warnings.warn(`a letter to the owner of filter ${letter.queryId} waits: ${problem.words}`);
      if (!problem.isRefusal) return false;
    }
    return true;
  }
}

/** @returns Why it was not sent, and whether the server refused this very letter; undefined if it was. */
async function send(
  { mail, siteUrl }: DeliveryServices,
  { letterId, queryId, email, subject, paragraphs }: DueLetter,
): Promise<{ words: string; isRefusal: boolean } | undefined> {
  if (email === null) return undefined;
  try {
    await mail.send({
      to: email,
      subject,
      paragraphs,
      link: { url: `${siteUrl}/filters/${queryId}/`, label: 'To the filter' },
      messageId: `<glint.letter.${letterId}@${new URL(siteUrl).hostname}>`,
    });
    return undefined;
  } catch (err) {
    const cause = err instanceof Error && err.cause !== undefined ? err.cause : err;
    return { words: describeError(cause), isRefusal: isRefusal(cause) };
  }
}

async function putOff(
  { context: { db, log, now } }: DeliveryServices,
  { letterId, queryId, subject, createdAt, tries }: DueLetter,
  problem: string,
): Promise<void> {
  if (now().getTime() - createdAt.getTime() > GIVE_UP_DAYS * DAY_MS) {
    log.error(
      `the owner of filter ${queryId} was not told “${subject}”: given up after ${GIVE_UP_DAYS} days: ${problem}`,
      { queryId },
    );
    await deleteOwnerLetter(db, letterId);
    return;
  }
  const dueAt = new Date(now().getTime() + pauseAfter(tries + 1));
  await postponeLetter(db, letterId, { dueAt, problem });
}
