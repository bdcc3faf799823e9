import kafkajs from 'kafkajs';
import type { CompressionTypes, RecordMetadata } from 'kafkajs';

import type { KafkaSettings } from '../config.ts';
import { UpstreamError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createKafka } from './kafka.ts';

export interface OutgoingMessage {
  key?: string | Buffer;
  /** Null is a message without a value, as Kafka has them. */
  value: Buffer | null;
  timestampMs?: number;
  headers?: Record<string, string>;
}

/** Messages of one topic, and where the first of them went. */
export interface SentMessages {
  topic: string;
  /** Of the first message; undefined where they went to several partitions. */
  first: { partition: number; offset: bigint } | undefined;
}

export interface StreamProducer {
  /**
   * Resolves when every replica that must has the messages. Messages without a key go round the
   * partitions.
   *
   * @throws {UpstreamError} when Kafka did not take them; some may be there nevertheless.
   */
  send(topic: string, messages: OutgoingMessage[]): Promise<void>;
  /** The same for several topics in one request. */
  sendMany(topics: { topic: string; messages: OutgoingMessage[] }[]): Promise<SentMessages[]>;
  stop(): Promise<void>;
}

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/**
 * @param options.compression - Of the batches. Default none: packets with stamps are compressed
 *   already. zstd needs Node 22.15.
 * @param options.retries - How often a request is repeated, over some seconds, until it counts as
 *   failed.
 * @param options.makesTopics - Whether a topic that is not there is made where the broker does so.
 * @throws {UpstreamError} when no broker answers.
 */
export async function createProducer(
  settings: KafkaSettings,
  log: Log,
  options: { compression?: Compression; retries?: number; makesTopics?: boolean } = {},
): Promise<StreamProducer> {
  const client = createKafka(settings, log, 'glint');
  const producer = client.kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    retry: { retries: options.retries ?? 8, initialRetryTime: 200, maxRetryTime: 5_000 },
    allowAutoTopicCreation: options.makesTopics ?? true,
  });
  const compression = compressionType(options.compression ?? 'none');
  try {
    await producer.connect();
  } catch (err) {
    client.cutConnections();
    throw new UpstreamError('Kafka does not answer', { cause: err });
  }
  const sendMany: StreamProducer['sendMany'] = async (topics) => {
    const wanted = topics.filter(({ messages }) => messages.length > 0);
    if (wanted.length === 0) return [];
    try {
      const sent = await producer.sendBatch({
        acks: -1,
        compression,
        topicMessages: wanted.map(({ topic, messages }) => ({
          topic,
          messages: messages.map(({ key, value, timestampMs, headers }) => ({
            key,
            value,
            ...(headers && { headers }),
            ...(timestampMs !== undefined && { timestamp: String(timestampMs) }),
          })),
        })),
      });
      return wanted.map(({ topic }) => ({ topic, first: firstOf(topic, sent) }));
    } catch (err) {
      const count = wanted.reduce((sum, { messages }) => sum + messages.length, 0);
      throw new UpstreamError(
        `Kafka did not take ${count} messages for ${wanted.map(({ topic }) => topic).join(', ')}`,
        { cause: err },
      );
    }
  };
  return {
    async send(topic, messages) {
      await sendMany([{ topic, messages }]);
    },
    sendMany,
    async stop() {
      await producer.disconnect();
      client.cutConnections();
    },
  };
}

function firstOf(topic: string, sent: RecordMetadata[]): SentMessages['first'] {
  const parts = sent.filter(({ topicName }) => topicName === topic);
  const [{ partition, baseOffset } = { partition: 0, baseOffset: undefined }] = parts;
  if (parts.length !== 1 || baseOffset === undefined) return undefined;
  return { partition, offset: BigInt(baseOffset) };
}

/** Why Kafka refuses what no repetition will make it take. */
export type KafkaRefusal = 'too-large' | 'unknown-topic' | 'not-allowed';

const REFUSALS: Record<string, KafkaRefusal> = {
  MESSAGE_TOO_LARGE: 'too-large',
  RECORD_LIST_TOO_LARGE: 'too-large',
  UNKNOWN_TOPIC_OR_PARTITION: 'unknown-topic',
  TOPIC_AUTHORIZATION_FAILED: 'not-allowed',
  CLUSTER_AUTHORIZATION_FAILED: 'not-allowed',
};

/** The refusal behind an error of the producer; undefined if Kafka was only away. */
export function refusalOf(err: unknown): KafkaRefusal | undefined {
  for (let each = err; each instanceof Error; each = each.cause) {
    const { type } = each as { type?: string };
    if (type !== undefined && type in REFUSALS) return REFUSALS[type];
  }
  return undefined;
}

function compressionType(compression: Compression): CompressionTypes {
  const { CompressionTypes: types } = kafkajs;
  const byName = {
    none: types.None,
    gzip: types.GZIP,
    snappy: types.Snappy,
    lz4: types.LZ4,
    zstd: types.ZSTD,
  };
  return byName[compression];
}
