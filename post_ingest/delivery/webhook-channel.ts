import { postWebhook } from '../../common/delivery/post-webhook.ts';
import type { WebhookAnswer } from '../../common/delivery/post-webhook.ts';
import { webhookBody } from '../../common/delivery/webhook-body.ts';
import { nightOfDate } from '../../common/astro/time.ts';
import { describeError } from '../../common/errors.ts';
import { matchId } from '../../common/filters/filter.ts';
import type { Match } from '../../common/filters/filter.ts';
import { selectObjects } from '../../common/store/objects.ts';
import { recordProgress } from '../../common/store/outbox-progress.ts';
import { selectWaitingMatches } from '../../common/store/outbox.ts';
import type { DueOutput, DueOutputOf } from '../../common/store/outbox.ts';
import { limitLog } from '../../common/stream/limit-log.ts';
import type { DeliveryChannel, DeliveryServices } from './delivery.ts';
import { endOutput, failOutput } from './fail-output.ts';

type WebhookOutput = DueOutputOf<'webhook'>;

/** Matches of one output that are read at once. */
const MOST_MATCHES = 50;
/** Receivers that are spoken to at once: those that took the last match, and those that did not. */
const MOST_HEALTHY = 200;
const MOST_FAILING = 40;
/** A receiver that was asked has so long to answer when the process stops. */
const STOP_GRACE_MS = 2_000;

/**
 * Posts matches to webhooks, one after another for each, so that they come in order; a receiver that
 * does not answer holds up no other.
 */
export function createWebhookChannel(services: DeliveryServices): DeliveryChannel {
  const { context, onStage, siteUrl } = services;
  const { config, db, log, now } = context;
  const warnings = limitLog(log);
  const underWay = new Map<number, { isFailing: boolean; done: Promise<void> }>();
  const stopped = new AbortController();
  const cut = new AbortController();

  const deliver = async (output: WebhookOutput): Promise<void> => {
    const matches = await selectWaitingMatches(db, [output], MOST_MATCHES);
    const last = output.fromSeq + BigInt(MOST_MATCHES);
    const windowEnd = last < output.endSeq ? last : output.endSeq;
    const positions = await positionsOf(output, matches);
    let current = output;
    for (const match of matches) {
      if (stopped.signal.aborted) return;
      const next = await deliverOne(current, match, positions.get(match.objectId));
      if (next === undefined) return;
      current = next;
    }
    // What is missing at the end was kept too long to be sent.
    if (current.fromSeq < windowEnd) await record(current, windowEnd, []);
  };

  /** @returns The output after it, if the receiver took it. */
  const deliverOne = async (
    output: WebhookOutput,
    match: Match,
    position: { ra: number; dec: number } | undefined,
  ): Promise<WebhookOutput | undefined> => {
    const { url, body: form } = output.settings;
    const source = { filterName: output.name, siteUrl };
    const { body, contentType } = webhookBody(form, match, source, { position });
    await onStage('read', 'webhook');
    let answer: WebhookAnswer;
    try {
      answer = await postWebhook({
        url,
        secret: output.secret,
        id: matchId(match),
        body,
        contentType,
        now: now(),
        allowsPrivate: config.webhookPrivate,
        signal: cut.signal,
      });
    } catch (err) {
      if (!cut.signal.aborted) await failOutput(services, output, describeError(err));
      return undefined;
    }
    await onStage('sent', 'webhook');
    if (answer.isGone) {
      await endOutput(services, output, 'the receiver answered 410: it wants nothing more');
      return undefined;
    }
    if (!answer.isTaken) {
      const { retryAfterMs } = answer;
      await failOutput(services, output, problemOf(answer.status), { retryAfterMs });
      return undefined;
    }
    const place = `answered ${answer.status}`;
    const nid = nightOfDate(now());
    const bytes = (nid === output.nid ? output.bytes : 0) + Buffer.byteLength(body);
    const counted = { ...output, nid, bytes };
    const delivery = { seq: match.seq, outcome: 'sent' as const, place };
    const isMoved = await record(counted, match.seq + 1n, [delivery]);
    await onStage('recorded', 'webhook');
    return isMoved ? { ...counted, failures: 0, fromSeq: match.seq + 1n } : undefined;
  };

  const record = async (
    output: WebhookOutput,
    nextSeq: bigint,
    deliveries: { seq: bigint; outcome: 'sent'; place: string }[],
  ): Promise<boolean> => {
    const { queryId, fromSeq, nid, bytes, rejected } = output;
    const step = { queryId, channel: 'webhook' as const, fromSeq, nextSeq, nid, bytes, rejected };
    return (await recordProgress(db, [{ ...step, deliveries }], now())).length > 0;
  };

  const positionsOf = async (output: WebhookOutput, matches: Match[]) => {
    if (output.settings.body !== 'voevent') return new Map<string, never>();
    const ids = [...new Set(matches.map(({ objectId }) => objectId))];
    const objects = await selectObjects(db, output.survey, ids);
    return new Map(objects.map(({ id, ra, dec }) => [id, { ra, dec }]));
  };

  const countOf = (isFailing: boolean) =>
    [...underWay.values()].filter((each) => each.isFailing === isFailing).length;

  return {
    name: 'webhook',
    offer(outputs) {
      for (const output of outputs.filter(isWebhook)) {
        const isFailing = output.failures > 0;
        if (stopped.signal.aborted || underWay.has(output.queryId)) continue;
        if (countOf(isFailing) >= (isFailing ? MOST_FAILING : MOST_HEALTHY)) continue;
        const done = deliver(output)
          .catch((err: unknown) => {
            warnings.warn(`webhooks were not sent: ${describeError(err)}`, { err });
            return failOutput(services, output, describeError(err));
          })
          .catch(() => undefined)
          .finally(() => underWay.delete(output.queryId));
        underWay.set(output.queryId, { isFailing, done });
      }
    },
    underWay: () => underWay.keys(),
    async stop() {
      stopped.abort();
      const timer = setTimeout(() => cut.abort(), STOP_GRACE_MS);
      await Promise.all([...underWay.values()].map(({ done }) => done));
      clearTimeout(timer);
    },
  };
}

function problemOf(status: number): string {
  if (status >= 300 && status < 400) {
    return `the receiver answered ${status}: redirects are not followed, so give the address it leads to`;
  }
  return `the receiver answered ${status}`;
}

function isWebhook(output: DueOutput): output is WebhookOutput {
  return output.channel === 'webhook';
}
