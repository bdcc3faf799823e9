import { setTimeout as sleep } from 'node:timers/promises';

import type { Batch, Consumer, EachBatchPayload } from 'kafkajs';

import { UpstreamError, describeError } from '../errors.ts';
import type { PartitionOffsets, StreamAdmin } from './admin.ts';
import type { ConsumeOptions, StreamMessage } from './consumer.ts';
import { createKafka } from './kafka.ts';
import { limitLog } from './limit-log.ts';
import { chooseStart } from './start-offset.ts';
import { untilAborted, whileBeating } from './waiting.ts';

const HEARTBEAT_MS = 2_000;
const REBALANCE_TIMEOUT_MS = 20_000;
/** The broker answers as soon as there is a message: this is only how often an idle one is asked. */
const MAX_FETCH_WAIT_MS = 500;
const COMMIT_EVERY_MS = 5_000;
const RETRY_MS = 500;
const MAX_RETRY_MS = 5_000;
/** Longest silence of kafkajs, which beats and fetches all the time, before it is made anew. */
const MAX_SILENCE_MS = 90_000;
const STOP_MS = 2_000;
const PARTITIONS_AT_ONCE = 64;

export interface PartitionStats {
  topic: string;
  partition: number;
  /** Whether this process reads it now. */
  isAssigned: boolean;
  /** Next offset to be delivered; undefined before the first assignment. */
  position: bigint | undefined;
  /** Offset that the next message will get, as of the last look. */
  highWatermark: bigint | undefined;
  /** Messages that Kafka removed before this process could read them. */
  lost: bigint;
}

export type TopicOptions = Omit<ConsumeOptions, 'pattern' | 'pollSeconds'> & {
  topic: string;
  admin: StreamAdmin;
  maxBytesPerPartition: number;
  maxBytes: number;
  sessionTimeoutMs: number;
  /** How soon new partitions are noticed. */
  metadataMaxAgeMs: number;
};

export interface TopicConsumer {
  committed(partition: number, nextOffset: bigint): void;
  /** Newest offsets of the topic, for the statistics. */
  noteOffsets(offsets: PartitionOffsets[]): void;
  stats(): PartitionStats[];
  stop(): Promise<void>;
}

/** The partitions that one join of the group gave to this process. */
interface Share {
  revoked: AbortController;
  /** Next offset to deliver; complete when `located` resolves. */
  next: Map<number, bigint>;
  located: Promise<void>;
}

/** What is known of a partition across joins. */
interface PartitionRecord {
  /** Where reading begins while nothing is stored. */
  origin: bigint;
  position?: bigint;
  highWatermark: bigint;
  lost: bigint;
  /** Losses below this offset are counted already. */
  lostBelow: bigint;
}

/** Reads one topic in the group `<group>.<topic>` until it is stopped, whatever happens to Kafka. */
export function consumeTopic(options: TopicOptions): TopicConsumer {
  const { topic, admin, kafka: settings } = options;
  const groupId = `${settings.group}.${topic}`;
  const log = options.log.with({ topic });
  const complaints = limitLog(log);
  const stopping = new AbortController();
  const records = new Map<number, PartitionRecord>();
  const uncommitted = new Map<number, bigint>();
  let share: Share | undefined;
  let runningConsumer: Consumer | undefined;

  const revoke = () => {
    share?.revoked.abort();
    share = undefined;
  };

  const noteOffsets = (offsets: PartitionOffsets[]) => {
    // Partitions that are there at the first look existed before us; later ones are new.
    const origin = records.size === 0 ? options.from : 'earliest';
    for (const { partition, low, high } of offsets) {
      const known = records.get(partition);
      if (known) known.highWatermark = high;
      else {
        records.set(partition, {
          origin: origin === 'latest' ? high : low,
          highWatermark: high,
          lost: 0n,
          lostBelow: 0n,
        });
      }
    }
  };

  const recordOf = (partition: number): PartitionRecord => {
    const record = records.get(partition);
    if (!record) throw new UpstreamError(`partition ${partition} of ${topic} has no offsets yet`);
    return record;
  };

  const countLost = (partition: number, from: bigint, low: bigint) => {
    const record = recordOf(partition);
    const first = from > record.lostBelow ? from : record.lostBelow;
    if (low <= first) return;
    record.lost += low - first;
    record.lostBelow = low;
    log.warn(
      `Kafka removed ${low - first} messages of ${topic}/${partition} before they were read`,
      {
        partition,
        lost: low - first,
        firstOffset: first,
        nextOffset: low,
      },
    );
  };

  /** Offsets of the whole topic, noted on the way. */
  const lookUpOffsets = async (): Promise<Map<number, PartitionOffsets>> => {
    const offsets = (await admin.endOffsets([topic])).get(topic) ?? [];
    noteOffsets(offsets);
    return new Map(offsets.map((one) => [one.partition, one]));
  };

  const locatePartition = async (
    partition: number,
    bounds: PartitionOffsets | undefined,
    isCertain: boolean,
  ): Promise<bigint> => {
    if (!bounds) throw new UpstreamError(`partition ${partition} of ${topic} is not there yet`);
    const stored = await options.readOffset(topic, partition);
    const start = chooseStart(stored, recordOf(partition).origin, bounds);
    if (start.lost > 0n) countLost(partition, bounds.low - start.lost, bounds.low);
    if (start.isReset) {
      if (!isCertain) throw new UpstreamError(`${topic}/${partition} ends before what is stored`);
      log.warn(`${topic}/${partition} was made anew: reading it from its first message`, {
        partition,
        stored,
        highWatermark: bounds.high,
      });
      await options.resetOffset?.(topic, partition, start.next);
    }
    return start.next;
  };

  /** Finds where each partition goes on; repeated until both Kafka and the store answer. */
  const locate = async (consumer: Consumer, partitions: number[], target: Share) => {
    const { signal } = target.revoked;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        const bounds = await lookUpOffsets();
        // A leader that has just started may show an old end: believe it when it stays.
        const isCertain = attempt > 3;
        const starts = await Promise.all(
          partitions.map((one) => locatePartition(one, bounds.get(one), isCertain)),
        );
        if (signal.aborted) return;
        partitions.forEach((partition, index) => {
          const next = starts[index];
          if (next === undefined) return;
          target.next.set(partition, next);
          recordOf(partition).position = next;
          consumer.seek({ topic, partition, offset: String(next) });
        });
        return;
      } catch (err) {
        complaints.warn(`where to go on with ${topic} is not known: ${describeError(err)}`, {
          err,
        });
        await untilAborted(sleep(1_000, undefined, { ref: false }), signal);
      }
    }
  };

  const assign = (consumer: Consumer, partitions: number[]) => {
    revoke();
    const fresh: Share = {
      revoked: new AbortController(),
      next: new Map(),
      located: Promise.resolve(),
    };
    share = fresh;
    fresh.located = locate(consumer, partitions, fresh);
    log.debug(`reading partitions ${partitions.join(', ') || 'none'} of ${topic}`, { partitions });
  };

  /** kafkajs read past what was asked for: either nothing is there any more, or it strayed. */
  const followJump = async (consumer: Consumer, held: Share, partition: number, to: bigint) => {
    const next = held.next.get(partition) ?? to;
    const low = (await lookUpOffsets()).get(partition)?.low ?? next;
    if (low > next) countLost(partition, next, low);
    const target = low > next ? low : next;
    held.next.set(partition, target);
    consumer.seek({ topic, partition, offset: String(target) });
  };

  const onBatch = async (consumer: Consumer, payload: EachBatchPayload) => {
    const { batch } = payload;
    const { partition } = batch;
    const heartbeat = () => payload.heartbeat();
    const held = share;
    if (!held) return;
    const { signal } = held.revoked;
    await whileBeating(held.located, heartbeat, HEARTBEAT_MS / 2, signal);
    const next = held.next.get(partition);
    if (signal.aborted || payload.isStale() || !payload.isRunning() || next === undefined) return;
    recordOf(partition).highWatermark = BigInt(batch.highWatermark);
    const fetched = fetchedOffset(batch);
    if (fetched > next) {
      await whileBeating(
        followJump(consumer, held, partition, fetched),
        heartbeat,
        HEARTBEAT_MS / 2,
        signal,
      );
      return;
    }
    const messages = streamMessages(batch, next);
    if (messages.length > 0) {
      try {
        const delivered = options.deliver(messages, { signal });
        await whileBeating(delivered, heartbeat, HEARTBEAT_MS / 2, signal);
      } catch (err) {
        if (isKafkaError(err)) throw err;
        complaints.warn(`messages of ${topic} were not taken: ${describeError(err)}`, { err });
        await whileBeating(
          sleep(1_000, undefined, { ref: false }),
          heartbeat,
          HEARTBEAT_MS / 2,
          signal,
        );
        return;
      }
    }
    if (signal.aborted) return;
    advance(held, partition, BigInt(batch.lastOffset()) + 1n);
    payload.resolveOffset(batch.lastOffset());
  };

  const advance = (held: Share, partition: number, next: bigint) => {
    held.next.set(partition, next);
    recordOf(partition).position = next;
  };

  const flushCommits = async () => {
    const consumer = runningConsumer;
    if (!consumer || !share || uncommitted.size === 0) return;
    const offsets = [...uncommitted]
      .filter(([partition]) => share?.next.has(partition))
      .map(([partition, offset]) => ({ topic, partition, offset: String(offset) }));
    uncommitted.clear();
    if (offsets.length === 0) return;
    await consumer.commitOffsets(offsets).catch((err: unknown) => {
      log.debug('the offsets could not be sent to Kafka', { err });
    });
  };

  /** One consumer of kafkajs from birth to crash; returns why it ended. */
  const runConsumer = async (joined: () => void): Promise<unknown> => {
    const client = createKafka(settings, log, 'glint');
    const consumer = client.kafka.consumer({
      groupId,
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
        restartOnFailure: neverAgain,
      },
    });
    let lastSign = Date.now();
    const sign = () => {
      lastSign = Date.now();
    };
    const { events } = consumer;
    consumer.on(events.FETCH, sign);
    consumer.on(events.HEARTBEAT, sign);
    consumer.on(events.REBALANCING, () => {
      sign();
      revoke();
    });
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      sign();
      if (stopping.signal.aborted) return;
      joined();
      assign(consumer, payload.memberAssignment[topic] ?? []);
    });
    consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
      // Only control records or aborted transactions: kafkajs passes over them by itself.
      const next = share?.next.get(payload.partition);
      if (payload.batchSize > 0 || !share || next === undefined) return;
      const after = BigInt(payload.lastOffset) + 1n;
      if (after > next) advance(share, payload.partition, after);
    });
    const ended = new Promise<unknown>((resolve) => {
      consumer.on(events.CRASH, ({ payload }) => resolve(payload.error));
      const start = async () => {
        await consumer.connect();
        await consumer.subscribe({ topics: [topic], fromBeginning: true });
        await consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
          eachBatch: (payload) => onBatch(consumer, payload),
        });
      };
      start().catch(resolve);
    });
    let watchdog: NodeJS.Timeout | undefined;
    const silent = new Promise<unknown>((resolve) => {
      watchdog = setInterval(() => {
        if (Date.now() - lastSign > MAX_SILENCE_MS) resolve(new UpstreamError('Kafka is silent'));
      }, 5_000).unref();
    });
    runningConsumer = consumer;
    try {
      return await untilAborted(Promise.race([ended, silent]), stopping.signal);
    } finally {
      clearInterval(watchdog);
      if (stopping.signal.aborted) await timeLimited(flushCommits(), STOP_MS / 4);
      runningConsumer = undefined;
      revoke();
      await timeLimited(
        consumer.disconnect().catch(() => undefined),
        STOP_MS,
      );
      client.cutConnections();
    }
  };

  const supervise = async () => {
    let retryMs = RETRY_MS;
    while (!stopping.signal.aborted) {
      const reason = await runConsumer(() => {
        retryMs = RETRY_MS;
      }).catch((err: unknown) => err);
      if (stopping.signal.aborted) return;
      complaints.warn(`${topic} cannot be read now, trying again: ${describeError(reason)}`, {
        err: reason,
      });
      await untilAborted(sleep(retryMs, undefined, { ref: false }), stopping.signal);
      retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
    }
  };
  const supervised = supervise();
  const commitTimer = setInterval(() => void flushCommits(), COMMIT_EVERY_MS).unref();

  return {
    committed: (partition, nextOffset) => void uncommitted.set(partition, nextOffset),
    noteOffsets,
    stats: () =>
      [...records].map(([partition, { position, highWatermark, lost }]) => ({
        topic,
        partition,
        isAssigned: share?.next.has(partition) ?? false,
        position,
        highWatermark,
        lost,
      })),
    async stop() {
      clearInterval(commitTimer);
      stopping.abort();
      share?.revoked.abort();
      await supervised;
    },
  };
}

function streamMessages(batch: Batch, from: bigint): StreamMessage[] {
  const { topic, partition } = batch;
  const messages: StreamMessage[] = [];
  for (const { offset: offsetText, timestamp, value } of batch.messages) {
    const offset = BigInt(offsetText);
    if (offset < from) continue;
    messages.push({ topic, partition, offset, timestampMs: Number(timestamp), value });
  }
  return messages;
}

/** Where the fetch began: kafkajs keeps it in the batch without saying so in its types. */
function fetchedOffset(batch: Batch): bigint {
  const { fetchedOffset: offset } = batch as Batch & { fetchedOffset: string };
  return BigInt(offset);
}

/** Crashed consumers are made anew by us, in one way for every cause. */
function neverAgain(): Promise<boolean> {
  return Promise.resolve(false);
}

function isKafkaError(err: unknown): boolean {
  return err instanceof Error && err.name.startsWith('KafkaJS');
}

async function timeLimited(work: Promise<void>, timeoutMs: number): Promise<void> {
  await Promise.race([work, sleep(timeoutMs, undefined, { ref: false })]);
}
