import { setTimeout as sleep } from 'node:timers/promises';

import type { Context } from '../../common/context.ts';
import { describeError } from '../../common/errors.ts';
import { siteUrlOf } from '../../common/filters/site-url.ts';
import { createMail } from '../../common/mail.ts';
import { withNamedLock } from '../../common/store/locks.ts';
import { selectDueOutputs } from '../../common/store/outbox.ts';
import { openSandbox } from '../../common/store/sandbox/open-sandbox.ts';
import { limitLog } from '../../common/stream/limit-log.ts';
import type { DeliveryChannel, DeliveryServices } from './delivery.ts';
import { createKafkaChannel } from './kafka-channel.ts';
import { createMailChannel } from './mail-channel.ts';
import { sendOwnerLetters } from './owner-letters.ts';
import { createWebhookChannel } from './webhook-channel.ts';

const LOCK = 'deliver';
const POLL_MS = 100;
const TEND_MS = 10_000;
/** Another process delivers, or the database is away: so long until the next look. */
const STANDBY_MS = 500;

export interface RunningDelivery {
  /** Ends what is under way, within some seconds. */
  stop(): Promise<void>;
  /** What the heartbeat tells: whether this process delivers, and how many outputs wait. */
  state(): { isDelivering: boolean; waiting: number };
}

export interface DeliveryOptions {
  onStage?: DeliveryServices['onStage'];
  pollMs?: number;
}

/**
 * Sends matches from the outbox to Kafka, mail and webhooks until stopped. Any number of processes may
 * run it: one delivers, under a lock of the database, and another takes over when it ends.
 *
 * At least once, in the order of the matches of each filter: matches are sent, then recorded as sent. A
 * process that dies between the two sends them again under the same ids.
 */
export function startDelivery(
  context: Context,
  { onStage = () => undefined, pollMs = POLL_MS }: DeliveryOptions = {},
): Promise<RunningDelivery> {
  const { config, db, log } = context;
  const warnings = limitLog(log);
  const stopped = new AbortController();
  const mail = createMail(config, log);
  const services: DeliveryServices = { context, mail, onStage, siteUrl: siteUrlOf(config) };
  let isDelivering = false;
  let waiting = 0;

  const pause = (milliseconds: number, ...signals: AbortSignal[]) =>
    sleep(milliseconds, undefined, {
      signal: AbortSignal.any([stopped.signal, ...signals]),
    }).catch(() => undefined);

  const deliver = async (lost: AbortSignal): Promise<void> => {
    const sandbox = openSandbox(context);
    const channels: DeliveryChannel[] = [
      createKafkaChannel(services, sandbox),
      createMailChannel(services),
      createWebhookChannel(services),
    ];
    isDelivering = true;
    const ended = new AbortController();
    const letters = sendOwnerLetters(services, ended.signal);
    let tended = -Infinity;
    let tending: Promise<void> | undefined;
    try {
      while (!stopped.signal.aborted && !lost.aborted) {
        try {
          // What ends while the outbox is read may be seen as it was before: it would be sent again.
          const underWay = channels.map((channel) => new Set(channel.underWay()));
          const due = await selectDueOutputs(db, context.now());
          waiting = due.length;
          for (const [i, channel] of channels.entries()) {
            const own = due.filter((output) => output.channel === channel.name);
            channel.offer(own.filter(({ queryId }) => !underWay[i].has(queryId)));
          }
        } catch (err) {
          // With the connection the lock may be gone: it is asked for again.
          warnings.warn(`the outbox cannot be read: ${describeError(err)}`);
          return;
        }
        if (tending === undefined && performance.now() - tended >= TEND_MS) {
          tended = performance.now();
          tending = Promise.all(channels.map((channel) => channel.tend?.() ?? Promise.resolve()))
            .then(() => undefined)
            .catch((err: unknown) => warnings.warn(`topics wait: ${describeError(err)}`))
            .finally(() => (tending = undefined));
        }
        await pause(pollMs, lost);
      }
    } finally {
      isDelivering = false;
      ended.abort();
      await Promise.all([letters, ...channels.map((channel) => channel.stop())]);
      await tending;
      await sandbox.close();
    }
  };

  const run = async () => {
    while (!stopped.signal.aborted) {
      try {
        await withNamedLock(db, LOCK, deliver);
      } catch (err) {
        warnings.warn(`delivery waits for the database: ${describeError(err)}`);
      }
      await pause(STANDBY_MS);
    }
  };
  const running = run();
  log.info('delivery has started');
  return Promise.resolve({
    state: () => ({ isDelivering, waiting }),
    async stop() {
      stopped.abort();
      await running;
      mail.close();
    },
  });
}
