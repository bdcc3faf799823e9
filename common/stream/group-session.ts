import { setTimeout as sleep } from 'node:timers/promises';

import type { Consumer, EachBatchPayload } from 'kafkajs';

import type { KafkaSettings } from '../config.ts';
import { UpstreamError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createKafka } from './kafka.ts';
import { untilAborted } from './waiting.ts';

const HEARTBEAT_MS = 2_000;
const REBALANCE_TIMEOUT_MS = 20_000;
/** A broker answers as soon as there is a message: this is how often it says that there is none. */
const MAX_FETCH_WAIT_MS = 500;
/** Longest silence of kafkajs, which beats and fetches all the time, before it is given up. */
const MAX_SILENCE_MS = 90_000;
const STOP_MS = 2_000;
const PARTITIONS_AT_ONCE = 64;

/** Membership of a consumer group, for as long as it lasts. */
export interface GroupSession {
  /** The next fetch of the partition begins there. */
  seek(partition: number, offset: bigint): void;
  /** @throws whatever kafkajs does. */
  commit(offsets: Map<number, bigint>): Promise<void>;
}

export interface SessionOptions {
  kafka: KafkaSettings;
  log: Log;
  topic: string;
  groupId: string;
  maxBytesPerPartition: number;
  maxBytes: number;
  sessionTimeoutMs: number;
  /** How soon new partitions are noticed. */
  metadataMaxAgeMs: number;
}

export interface SessionEvents {
  /** These partitions are ours until `revoked` or the next `assigned`. */
  assigned(session: GroupSession, partitions: number[]): void;
  revoked(): void;
  /** Resolving without `resolveOffset` has the same messages fetched again. */
  batch(session: GroupSession, payload: EachBatchPayload): Promise<void>;
  /** Nothing but control records or aborted transactions below this offset: passed over. */
  passed(partition: number, nextOffset: bigint): void;
  /** Last call before the group is left in good order. */
  leaving(session: GroupSession): Promise<void>;
}

/**
 * One consumer of kafkajs from its birth to its end. It is never restarted by itself: after any
 * crash the caller opens the next session, in one way for every cause.
 *
 * @returns why it ended; undefined when it was told to stop, within 3 s.
 */
export async function runGroupSession(
  options: SessionOptions,
  on: SessionEvents,
  stop: AbortSignal,
): Promise<unknown> {
  const { topic } = options;
  const client = createKafka(options.kafka, options.log, 'glint');
  const consumer = client.kafka.consumer({
    groupId: options.groupId,
    sessionTimeout: options.sessionTimeoutMs,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    metadataMaxAge: options.metadataMaxAgeMs,
    allowAutoTopicCreation: false,
    minBytes: 1,
    maxWaitTimeInMs: MAX_FETCH_WAIT_MS,
    maxBytesPerPartition: options.maxBytesPerPartition,
    maxBytes: options.maxBytes,
    retry: {
      retries: 4,
      initialRetryTime: 200,
      maxRetryTime: 2_000,
      restartOnFailure: () => Promise.resolve(false),
    },
  });
  const session: GroupSession = {
    seek: (partition, offset) => consumer.seek({ topic, partition, offset: String(offset) }),
    commit: (offsets) =>
      consumer.commitOffsets(
        [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) })),
      ),
  };
  let isOver = false;
  let lastSign = Date.now();
  const { events } = consumer;
  for (const event of [events.FETCH, events.HEARTBEAT, events.REBALANCING, events.GROUP_JOIN]) {
    listen(consumer, event, () => {
      lastSign = Date.now();
    });
  }
  consumer.on(events.REBALANCING, () => {
    if (!isOver) on.revoked();
  });
  consumer.on(events.GROUP_JOIN, ({ payload }) => {
    if (!stop.aborted && !isOver) on.assigned(session, payload.memberAssignment[topic] ?? []);
  });
  consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
    if (payload.batchSize > 0 || isOver) return;
    on.passed(payload.partition, BigInt(payload.lastOffset) + 1n);
  });
  const crashed = new Promise<unknown>((resolve) => {
    consumer.on(events.CRASH, ({ payload }) => resolve(payload.error));
    startConsumer(consumer, topic, async (payload) => {
      if (!isOver) await on.batch(session, payload);
    }).catch(resolve);
  });
  let watchdog: NodeJS.Timeout | undefined;
  const silent = new Promise<unknown>((resolve) => {
    watchdog = setInterval(() => {
      if (Date.now() - lastSign > MAX_SILENCE_MS) resolve(new UpstreamError('Kafka is silent'));
    }, MAX_SILENCE_MS / 10).unref();
  });
  try {
    return await untilAborted(Promise.race([crashed, silent]), stop);
  } finally {
    clearInterval(watchdog);
    if (stop.aborted) await withTimeLimit(on.leaving(session), STOP_MS / 4);
    isOver = true;
    on.revoked();
    await withTimeLimit(consumer.disconnect(), STOP_MS);
    client.cutConnections();
  }
}

async function startConsumer(
  consumer: Consumer,
  topic: string,
  eachBatch: (payload: EachBatchPayload) => Promise<void>,
): Promise<void> {
  await consumer.connect();
  // Should a fetch ask for what retention has removed, kafkajs goes on at the earliest message.
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
    eachBatch,
  });
}

/** The overloads of `on` take one event name each, never one of several. */
function listen(
  consumer: Consumer,
  event: Consumer['events'][keyof Consumer['events']],
  listener: () => void,
): void {
  (consumer.on as (event: string, listener: () => void) => unknown)(event, listener);
}

/** Leaving in good order is a courtesy: neither its failure nor its length may hold up the end. */
async function withTimeLimit(work: Promise<void>, timeoutMs: number): Promise<void> {
  await Promise.race([work.catch(() => undefined), sleep(timeoutMs, undefined, { ref: false })]);
}
