import { recordFailure, stopOutput } from '../../common/store/outbox-progress.ts';
import type { DueOutput } from '../../common/store/outbox.ts';
import { insertOwnerLetter } from '../../common/store/owner-letters.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import { MAX_FAILURES, pauseAfter } from './backoff.ts';
import type { DeliveryServices } from './delivery.ts';

const CHANNEL_NAMES = { kafka: 'Kafka', mail: 'mail', webhook: 'the webhook' } as const;

/**
 * Has an output wait after a failure, longer each time. One that has failed for days is ended, and its
 * owner told.
 *
 * @param retryAfterMs - What the receiver asked for.
 */
export async function failOutput(
  services: DeliveryServices,
  output: DueOutput,
  problem: string,
  { longestMs, retryAfterMs = 0 }: { longestMs?: number; retryAfterMs?: number } = {},
): Promise<void> {
  const { context } = services;
  const failures = output.failures + 1;
  if (failures >= MAX_FAILURES && longestMs === undefined) {
    await endOutput(services, output, `it failed for days: ${problem}`);
    return;
  }
  const pause = Math.max(pauseAfter(failures, longestMs), Math.min(retryAfterMs, 3_600_000));
  const retryAt = new Date(context.now().getTime() + pause);
  await recordFailure(context.db, output, { failures, retryAt, problem });
}

/** Sends nothing more to an output, for a reason that its owner is told. */
export async function endOutput(
  { context: { db, log, now } }: DeliveryServices,
  output: DueOutput,
  problem: string,
): Promise<void> {
  const { queryId, userId, channel, name } = output;
  const wasActive = await repeatTransaction(db, async (tx) => {
    if (!(await stopOutput(tx, output, { failures: output.failures, problem }))) return false;
    const subject = `Glint sends nothing more to ${CHANNEL_NAMES[channel]} from “${name}”`;
    const paragraphs = [
      `Your filter “${name}” goes on, but nothing more is sent from it to ${CHANNEL_NAMES[channel]}: ${problem}.`,
      'Its matches are kept and shown on its page. Set the output anew there when it can be reached again.',
    ];
    await insertOwnerLetter(tx, { queryId, userId, subject, paragraphs }, now());
    return true;
  });
  if (wasActive)
    log.warn(`filter ${queryId}: ${channel} is ended: ${problem}`, { queryId, channel });
}
