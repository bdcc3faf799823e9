import { describeError } from '../../common/errors.ts';
import { recordFailure, stopOutput } from '../../common/store/outbox-progress.ts';
import type { DueOutput } from '../../common/store/outbox.ts';
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
  { context, mail, siteUrl }: DeliveryServices,
  output: DueOutput,
  problem: string,
): Promise<void> {
  const { db, log } = context;
  const { queryId, channel, name, email } = output;
  const wasActive = await stopOutput(db, output, { failures: output.failures, problem });
  if (!wasActive) return;
  log.warn(`filter ${queryId}: ${channel} is ended: ${problem}`, { queryId, channel });
  try {
    await mail.send({
      to: email,
      subject: `Glint sends nothing more to ${CHANNEL_NAMES[channel]} from “${name}”`,
      paragraphs: [
        `Your filter “${name}” goes on, but nothing more is sent from it to ${CHANNEL_NAMES[channel]}: ${problem}.`,
        'Its matches are kept and shown on its page. Set the output anew there when it can be reached again.',
      ],
      link: { url: `${siteUrl}/filters/${queryId}/`, label: 'To the filter' },
    });
  } catch (err) {
    log.warn(`the owner of filter ${queryId} could not be told: ${describeError(err)}`);
  }
}
