import { UpstreamError, describeError } from '../../common/errors.ts';
import type { Match } from '../../common/filters/filter.ts';
import { isRepeatable } from '../../common/store/database.ts';
import { noteProblem, recordProgress } from '../../common/store/outbox-progress.ts';
import type { FilterTopic } from '../../common/store/filter-topics.ts';
import { selectWaitingMatches } from '../../common/store/outbox.ts';
import type { DueOutput, DueOutputOf } from '../../common/store/outbox.ts';
import type { Sandbox } from '../../common/store/sandbox/sandbox.ts';
import { createStreamAdmin } from '../../common/stream/admin.ts';
import { limitLog } from '../../common/stream/limit-log.ts';
import { createProducer, refusalOf } from '../../common/stream/producer.ts';
import type { StreamProducer } from '../../common/stream/producer.ts';
import type { DeliveryChannel, DeliveryServices } from './delivery.ts';
import { failOutput } from './fail-output.ts';
import { firstOf, makeBatch, progressOf, withoutMessage } from './kafka-batch.ts';
import type { KafkaBatch } from './kafka-batch.ts';
import { claimFilterTopic, openTopic, tendTopics } from '../../common/delivery/kafka-topics.ts';
import { openNumberColumns } from './number-columns.ts';

type KafkaOutput = DueOutputOf<'kafka'>;

/** Matches of one output that are looked at in one go: those with a light curve cost reading it. */
const MOST_RECORDS = 500;
const MOST_ALERTS = 20;
/** Outputs with light curves or alerts that are made up at once. */
const MOST_ALERT_FLOWS = 4;
/** Topics that are looked for, or made, at once. */
const MOST_TOPICS = 16;
/** Outputs, and bytes, that go to Kafka in one request. */
const MOST_TOGETHER = 100;
const MAX_REQUEST_BYTES = 16_000_000;
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
/** A topic that cannot be made is no fault of its owner: tried again and again. */
const LONGEST_TOPIC_PAUSE_MS = 30_000;
const PRODUCER_RETRIES = 2;
const NO_KAFKA =
  'this installation has no Kafka (GLINT_KAFKA_BROKERS): matches wait until it has one';

/**
 * Sends records to Kafka. Outputs of selected columns go together, one request for all of them; those
 * with light curves or alerts each by itself, so that reading these delays nobody.
 */
export function createKafkaChannel(services: DeliveryServices, sandbox: Sandbox): DeliveryChannel {
  const { context, onStage } = services;
  const { config, db, log, now } = context;
  const hasKafka = (config.kafka.brokers ?? []).length > 0;
  const admin = hasKafka ? createStreamAdmin(config.kafka, log) : undefined;
  const numbers = openNumberColumns(context, sandbox);
  const warnings = limitLog(log);
  const topics = new Map<number, string>();
  const busy = new Set<number>();
  const flows = new Set<Promise<void>>();
  const stopped = new AbortController();
  let alertFlows = 0;
  let isRoundUnderWay = false;
  let producer: Promise<StreamProducer> | undefined;
  let failures = 0;
  let pausedUntil = 0;
  let hasSaid = false;

  const dropProducer = () => {
    const old = producer;
    producer = undefined;
    topics.clear();
    void old?.then((each) => each.stop()).catch(() => undefined);
  };
  const connected = () => {
    producer ??= createProducer(config.kafka, log, {
      retries: PRODUCER_RETRIES,
      makesTopics: false,
    });
    return producer;
  };

  /** Kafka is away: everybody waits, nobody's failure is counted. */
  const pauseAll = async (err: unknown) => {
    failures += 1;
    pausedUntil = performance.now() + Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** (failures - 1));
    dropProducer();
    if (stopped.signal.aborted) return;
    warnings.warn(`records wait for Kafka: ${describeError(err)}`);
    await noteProblem(db, 'kafka', `Kafka does not answer: ${describeError(err)}`);
  };

  /** @returns undefined where it failed, and its owner's output waits. */
  const orFail = async <Result>(output: KafkaOutput, work: () => Promise<Result>) => {
    try {
      return await work();
    } catch (err) {
      if (!(err instanceof UpstreamError)) throw err;
      const problem = `its topic could not be made: ${describeError(err)}`;
      await failOutput(services, output, problem, { longestMs: LONGEST_TOPIC_PAUSE_MS });
      return undefined;
    }
  };

  /** Those whose topics are there. */
  const prepare = async (outputs: KafkaOutput[]): Promise<KafkaOutput[]> => {
    if (admin === undefined) return [];
    const claims: { output: KafkaOutput; claimed: FilterTopic }[] = [];
    for (const output of outputs) {
      if (topics.has(output.queryId)) continue;
      const claimed = await orFail(output, () => claimFilterTopic(context, admin, output));
      if (claimed !== undefined) claims.push({ output, claimed });
    }
    for (let at = 0; at < claims.length; at += MOST_TOPICS) {
      const some = claims.slice(at, at + MOST_TOPICS);
      await Promise.all(
        some.map(({ output, claimed }) =>
          orFail(output, async () => {
            await openTopic(context, admin, output, claimed);
            topics.set(output.queryId, claimed.topic);
          }),
        ),
      );
    }
    return outputs.filter(({ queryId }) => topics.has(queryId));
  };

  const make = async (output: KafkaOutput, matches: Match[], most: number) => {
    const topic = topics.get(output.queryId);
    if (topic === undefined) return undefined;
    const last = output.fromSeq + BigInt(most);
    const windowEnd = last < output.endSeq ? last : output.endSeq;
    try {
      return await makeBatch(context, numbers, output, topic, { matches, windowEnd });
    } catch (err) {
      if (isRepeatable(err)) throw err;
      // What is wrong with one filter's record is nothing to the others.
      await failOutput(services, output, `its record cannot be made: ${describeError(err)}`);
      return undefined;
    }
  };

  const deliver = async (offered: KafkaOutput[], most: number): Promise<void> => {
    const outputs = await prepare(offered);
    for (let at = 0; at < outputs.length; at += MOST_TOGETHER) {
      const some = outputs.slice(at, at + MOST_TOGETHER);
      const byFilter = groupByFilter(await selectWaitingMatches(db, some, most));
      let batches: KafkaBatch[] = [];
      let bytes = 0;
      for (const output of some) {
        const batch = await make(output, byFilter.get(output.queryId) ?? [], most);
        if (batch === undefined) continue;
        const size = batch.messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
        if (bytes + size > MAX_REQUEST_BYTES) {
          await sendRead(batches);
          [batches, bytes] = [[], 0];
        }
        batches.push(batch);
        bytes += size;
      }
      await sendRead(batches);
      if (stopped.signal.aborted || performance.now() < pausedUntil) return;
    }
  };

  const sendRead = async (batches: KafkaBatch[]): Promise<void> => {
    if (batches.length === 0) return;
    await onStage('read', 'kafka');
    await send(batches);
  };

  const send = async (batches: KafkaBatch[]): Promise<void> => {
    let sent;
    try {
      sent = await (await connected()).sendMany(batches);
    } catch (err) {
      const refusal = refusalOf(err);
      if (refusal === undefined) await pauseAll(err);
      else if (batches.length > 1) for (const batch of batches) await send([batch]);
      else await sendRefused(batches[0], refusal, err);
      return;
    }
    failures = 0;
    await onStage('sent', 'kafka');
    const firsts = new Map(sent.map(({ topic, first }) => [topic, first]));
    const steps = batches.map((batch) => progressOf(batch, firsts.get(batch.topic)));
    await recordProgress(db, steps, now());
    await onStage('recorded', 'kafka');
  };

  const sendRefused = async (
    batch: KafkaBatch,
    refusal: NonNullable<ReturnType<typeof refusalOf>>,
    err: unknown,
  ): Promise<void> => {
    if (refusal === 'too-large') {
      // One that is too large makes Kafka refuse its neighbours too: one by one then.
      await send([batch.messages.length > 1 ? firstOf(batch, 1) : withoutMessage(batch, 0)]);
      return;
    }
    topics.delete(batch.output.queryId);
    await failOutput(services, batch.output, `Kafka refused: ${describeError(err)}`, {
      longestMs: LONGEST_TOPIC_PAUSE_MS,
    });
  };

  const start = (outputs: KafkaOutput[], most: number, done: () => void) => {
    for (const { queryId } of outputs) busy.add(queryId);
    const flow = deliver(outputs, most)
      .catch(async (err: unknown) => {
        warnings.warn(`records were not sent: ${describeError(err)}`, { err });
        // A record that cannot be made up must not be tried ten times a second.
        for (const output of outputs) await failOutput(services, output, describeError(err));
      })
      .catch(() => undefined)
      .finally(() => {
        for (const { queryId } of outputs) busy.delete(queryId);
        flows.delete(flow);
        done();
      });
    flows.add(flow);
  };

  return {
    name: 'kafka',
    offer(outputs) {
      if (admin === undefined) {
        if (outputs.length > 0 && !hasSaid) {
          hasSaid = true;
          warnings.warn(NO_KAFKA);
          void noteProblem(db, 'kafka', NO_KAFKA).catch(() => (hasSaid = false));
        }
        return;
      }
      if (stopped.signal.aborted || performance.now() < pausedUntil) return;
      const free = outputs.filter(isKafka).filter(({ queryId }) => !busy.has(queryId));
      const records = free.filter(({ settings }) => settings.content === 'columns');
      if (records.length > 0 && !isRoundUnderWay) {
        isRoundUnderWay = true;
        start(records, MOST_RECORDS, () => (isRoundUnderWay = false));
      }
      for (const output of free.filter(({ settings }) => settings.content !== 'columns')) {
        if (alertFlows >= MOST_ALERT_FLOWS) break;
        alertFlows += 1;
        start([output], MOST_ALERTS, () => (alertFlows -= 1));
      }
    },
    underWay: () => busy,
    async tend() {
      if (admin === undefined || performance.now() < pausedUntil) return;
      await tendTopics(context, admin);
    },
    async stop() {
      stopped.abort();
      if (flows.size > 0) {
        const done = Promise.all(flows);
        const timer = setTimeout(dropProducer, PAUSE_MS);
        await done;
        clearTimeout(timer);
      }
      await producer?.then((each) => each.stop()).catch(() => undefined);
      await admin?.stop();
    },
  };
}

function isKafka(output: DueOutput): output is KafkaOutput {
  return output.channel === 'kafka';
}

function groupByFilter(matches: Match[]): Map<number, Match[]> {
  const groups = new Map<number, Match[]>();
  for (const match of matches) {
    const group = groups.get(match.queryId);
    if (group === undefined) groups.set(match.queryId, [match]);
    else group.push(match);
  }
  return groups;
}
