import { describeError } from '../../common/errors.ts';
import { lightCurvePng } from '../../common/figures/light-curve-png.ts';
import { nightOfDate } from '../../common/astro/time.ts';
import type { Match } from '../../common/filters/filter.ts';
import { selectLightCurve } from '../../common/store/light-curves.ts';
import { noteProblem, recordDigest } from '../../common/store/outbox-progress.ts';
import { selectBacklog, selectWaitingMatches } from '../../common/store/outbox.ts';
import type { DueOutput, DueOutputOf } from '../../common/store/outbox.ts';
import { limitLog } from '../../common/stream/limit-log.ts';
import { pauseAfter } from './backoff.ts';
import type { DeliveryChannel, DeliveryServices } from './delivery.ts';
import { createDigestMail, isRefusal } from './digest-mail.ts';
import { writeDigest } from './digest.ts';
import { failOutput } from './fail-output.ts';
import { digestTime } from './mail-times.ts';

type MailOutput = DueOutputOf<'mail'>;

const MOST_LISTED = 200;
const MOST_PICTURES = 8;
const MOST_AT_ONCE = 2;
const LONGEST_PAUSE_MS = 300_000;
const LOOK_MS = 60_000;

/** Sends digests of what filters passed: at 18:05 UTC, or as soon as the gap between two allows. */
export function createMailChannel(services: DeliveryServices): DeliveryChannel {
  const { context, onStage, siteUrl } = services;
  const { config, db, log, now } = context;
  const transport = createDigestMail(config, log);
  const warnings = limitLog(log);
  const underWay = new Map<number, Promise<void>>();
  /** When an output is looked at again: `due` by the clock, which may be set, and now and then before. */
  const notBefore = new Map<number, { due: Date; lookAt: number }>();
  let isStopped = false;
  let failures = 0;
  let pausedUntil = 0;

  const deliver = async (output: MailOutput): Promise<void> => {
    const { queryId, fromSeq, endSeq } = output;
    const { matches: total, oldestAt } = await selectBacklog(db, output);
    const nid = nightOfDate(now());
    const counted = { ...output, nid, bytes: nid === output.nid ? output.bytes : 0 };
    if (oldestAt === null) {
      // All of them were kept too long to be sent.
      await recordDigest(db, counted, { outcome: 'dropped', place: 'too old' }, now());
      return;
    }
    const at = now();
    const due = digestTime(output, oldestAt, at);
    if (due > at) {
      notBefore.set(queryId, { due, lookAt: performance.now() + LOOK_MS });
      return;
    }
    const beginning = endSeq - fromSeq > MOST_LISTED ? endSeq - BigInt(MOST_LISTED) : fromSeq;
    const listed = await selectWaitingMatches(
      db,
      [{ queryId, fromSeq: beginning, endSeq }],
      MOST_LISTED,
    );
    const matches = listed.reverse();
    const pictures = await picturesOf(matches);
    const unsubscribeUrl = `${siteUrl}/api/v1/filters/${queryId}/unsubscribe?key=${output.secret}`;
    const digest = writeDigest({
      filter: { id: queryId, name: output.name },
      siteUrl,
      matches,
      total,
      unsubscribeUrl,
      pictures: new Map(pictures.map(({ objectId, name }) => [objectId, name])),
    });
    await onStage('read', 'mail');
    let answer: string;
    try {
      answer = output.isDisabled
        ? 'not sent: the account is disabled'
        : await transport.send({
            ...digest,
            to: output.email,
            messageId: `<glint.${queryId}.${fromSeq}-${endSeq}@${new URL(siteUrl).hostname}>`,
            unsubscribeUrl,
            pictures,
          });
    } catch (err) {
      await noteFailure(output, err);
      return;
    }
    failures = 0;
    await onStage('sent', 'mail');
    const isSent = transport.isConfigured && !output.isDisabled;
    const bytes = counted.bytes + digest.text.length + digest.html.length;
    const outcome = isSent ? 'sent' : 'dropped';
    await recordDigest(db, { ...counted, bytes }, { outcome, place: answer }, now());
    await onStage('recorded', 'mail');
  };

  const isEarly = (queryId: number): boolean => {
    const { due, lookAt } = notBefore.get(queryId) ?? { due: new Date(0), lookAt: 0 };
    return now() < due && performance.now() < lookAt;
  };

  const noteFailure = async (output: MailOutput, err: unknown): Promise<void> => {
    const problem = describeError(err);
    if (isRefusal(err)) {
      await failOutput(services, output, `the mail server refused ${output.email}: ${problem}`);
      return;
    }
    // The server is away: everybody waits, nobody's failure is counted.
    failures += 1;
    pausedUntil = performance.now() + pauseAfter(failures, LONGEST_PAUSE_MS);
    warnings.warn(`digests wait for the mail server: ${problem}`);
    await noteProblem(db, 'mail', `the mail server does not answer: ${problem}`);
  };

  const picturesOf = async (matches: Match[]) => {
    const ids = [...new Set(matches.map(({ objectId }) => objectId))].slice(0, MOST_PICTURES);
    const pictures: { objectId: string; name: string; png: Buffer }[] = [];
    for (const objectId of ids) {
      const survey = matches[0].survey;
      const curve = await selectLightCurve(db, survey, objectId);
      if (curve.detections.length === 0) continue;
      pictures.push({ objectId, name: `${objectId}.png`, png: await lightCurvePng(curve) });
    }
    return pictures;
  };

  return {
    name: 'mail',
    offer(outputs) {
      for (const output of outputs.filter(isMail)) {
        const { queryId } = output;
        if (isStopped || performance.now() < pausedUntil || underWay.size >= MOST_AT_ONCE) return;
        if (underWay.has(queryId) || isEarly(queryId)) continue;
        notBefore.delete(queryId);
        const work = deliver(output)
          .catch((err: unknown) => {
            warnings.warn(`a digest was not sent: ${describeError(err)}`, { err });
            return failOutput(services, output, describeError(err));
          })
          .catch(() => undefined)
          .finally(() => underWay.delete(queryId));
        underWay.set(queryId, work);
      }
    },
    underWay: () => underWay.keys(),
    async stop() {
      isStopped = true;
      await Promise.all(underWay.values());
      transport.close();
    },
  };
}

function isMail(output: DueOutput): output is MailOutput {
  return output.channel === 'mail';
}
