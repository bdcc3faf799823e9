import { setTimeout as sleep } from 'node:timers/promises';

import type { KafkaSettings } from '../config.ts';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createStreamAdmin } from './admin.ts';
import { limitLog } from './limit-log.ts';
import { consumeTopic } from './topic-consumer.ts';
import type { PartitionStats, TopicConsumer } from './topic-consumer.ts';

const DEFAULT_POLL_SECONDS = 20;
/** Between looks for new topics: the first alerts of a night wait for this. */
const LOOK_SECONDS = 2;
const DEFAULT_SESSION_TIMEOUT_MS = 10_000;
const MIB = 2 ** 20;
/** How long the caller waits for the first look at Kafka; later looks go on behind it. */
const FIRST_LOOK_MS = 10_000;

export interface StreamMessage {
  topic: string;
  partition: number;
  offset: bigint;
  /** Milliseconds since 1970, set by the producer or the broker. */
  timestampMs: number;
  /** A view into the fetched bytes: copy what must live long. */
  value: Buffer | null;
  /** Headers by name in lower case, of several of one name the last; absent where there are none. */
  headers?: ReadonlyMap<string, string>;
}

export interface StreamControl {
  /**
   * Aborted when the messages are no longer this process's to store: its share of the partitions
   * changed or the stream stops. They come again, to whoever has the partition then.
   */
  signal: AbortSignal;
}

export interface ConsumeOptions {
  kafka: KafkaSettings;
  /** Which topics; looked for again every 2 s. */
  pattern: RegExp;
  log: Log;
  /** The next offset to read, as stored with the data; undefined where nothing is stored. */
  readOffset(topic: string, partition: number): Promise<bigint | undefined>;
  /**
   * The stored offset lies beyond the end of the partition: the topic was made anew. Its offsets
   * start again at `nextOffset`, and what is stored must follow or the messages look known.
   */
  resetOffset?(topic: string, partition: number, nextOffset: bigint): Promise<void>;
  /**
   * Takes messages of one partition in the order of their offsets, and resolves when there is
   * room for more. Not resolving is the way to slow the stream; rejecting has the messages come
   * again. Calls for different partitions overlap.
   */
  deliver(messages: StreamMessage[], control: StreamControl): Promise<void>;
  /** Where to begin with a topic of which nothing is stored. Topics that appear later begin at
   * their earliest message in any case. */
  from: 'earliest' | 'latest';
  /**
   * Seconds between looks at what is dearer to ask: ends and new partitions of the topics that are read.
   * A topic that is not listed for so long is gone. New topics are looked for at least as often.
   */
  pollSeconds?: number;
  /** Size of a fetch, bytes: what is held before `deliver` sees it. */
  maxBytesPerPartition?: number;
  maxBytes?: number;
  /** How soon the partitions of a process that died go to the others. Brokers allow 6 s or more. */
  sessionTimeoutMs?: number;
}

export interface TopicConsumption {
  /** What is stored, for Kafka's own lag monitors: sent now and then, and never relied upon. */
  committed(topic: string, partition: number, nextOffset: bigint): void;
  stats(): PartitionStats[];
  /** Ends everything within 3 s. */
  stop(): Promise<void>;
}

/**
 * Reads every topic that matches a pattern, each in a consumer group of its own,
 * `<group>.<topic>`, so that a new topic does not disturb the others. The offsets stored with the
 * data are the truth; those in Kafka only inform. It outlives any absence of the brokers.
 *
 * @returns once it has looked for topics, or the brokers did not answer for some seconds.
 * @throws {SetupError} if the Kafka settings cannot be used.
 */
export async function consumeTopics(options: ConsumeOptions): Promise<TopicConsumption> {
  const { log, pattern, pollSeconds = DEFAULT_POLL_SECONDS } = options;
  const admin = createStreamAdmin(options.kafka, log);
  const consumers = new Map<string, TopicConsumer>();
  /** Topics that are read and were not listed lately: since when, by the clock of `performance`. */
  const missing = new Map<string, number>();
  const pollMs = pollSeconds * 1_000;
  const lookMs = Math.min(pollSeconds, LOOK_SECONDS) * 1_000;
  const complaints = limitLog(log);
  const stopping = new AbortController();
  let isFirstLook = true;

  const look = async () => {
    const topics = (await admin.listTopics()).filter((topic) => pattern.test(topic));
    if (stopping.signal.aborted) return;
    for (const topic of topics) {
      missing.delete(topic);
      if (consumers.has(topic)) continue;
      log.info(`reading the topic ${topic}`, { topic });
      consumers.set(
        topic,
        consumeTopic({
          ...options,
          topic,
          admin,
          from: isFirstLook ? options.from : 'earliest',
          maxBytesPerPartition: options.maxBytesPerPartition ?? 4 * MIB,
          maxBytes: options.maxBytes ?? 16 * MIB,
          sessionTimeoutMs: options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS,
          metadataMaxAgeMs: pollMs,
        }),
      );
    }
    isFirstLook = false;
    for (const [topic, consumer] of consumers) {
      if (topics.includes(topic)) continue;
      // A broker that has just started may not know all of its topics yet: it is given time.
      const since = missing.get(topic) ?? performance.now();
      missing.set(topic, since);
      if (performance.now() - since < pollMs) continue;
      missing.delete(topic);
      consumers.delete(topic);
      log.info(`the topic ${topic} is gone`, { topic });
      await consumer.stop();
    }
  };

  const noteOffsets = async () => {
    for (const [topic, offsets] of await admin.endOffsets([...consumers.keys()])) {
      consumers.get(topic)?.noteOffsets(offsets);
    }
  };

  const watch = async (looked: () => void) => {
    let notedAt = -Infinity;
    while (!stopping.signal.aborted) {
      try {
        await look();
        if (performance.now() - notedAt >= pollMs) {
          await noteOffsets();
          notedAt = performance.now();
        }
      } catch (err) {
        if (stopping.signal.aborted) return;
        complaints.warn(`Kafka does not answer: ${describeError(err)}`);
      }
      looked();
      await sleep(lookMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const firstLook = new Promise<void>((resolve) => void watch(resolve));
  await Promise.race([firstLook, sleep(FIRST_LOOK_MS, undefined, { ref: false })]);

  return {
    committed: (topic, partition, nextOffset) =>
      consumers.get(topic)?.committed(partition, nextOffset),
    stats: () => [...consumers.values()].flatMap((consumer) => consumer.stats()),
    async stop() {
      stopping.abort();
      await Promise.all([admin.stop(), ...[...consumers.values()].map((one) => one.stop())]);
      consumers.clear();
    },
  };
}
