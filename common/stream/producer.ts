import kafkajs from 'kafkajs';
import type { CompressionTypes } from 'kafkajs';

import type { KafkaSettings } from '../config.ts';
import { UpstreamError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createKafka } from './kafka.ts';

export interface OutgoingMessage {
  key?: string | Buffer;
  /** Null is a message without a value, as Kafka has them. */
  value: Buffer | null;
  timestampMs?: number;
}

export interface StreamProducer {
  /**
   * Resolves when every replica that must has the messages. Messages without a key go round the
   * partitions.
   *
   * @throws {UpstreamError} when Kafka did not take them; some may be there nevertheless.
   */
  send(topic: string, messages: OutgoingMessage[]): Promise<void>;
  stop(): Promise<void>;
}

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/**
 * @param options.compression - Of the batches. Default none: packets with stamps are compressed
 *   already. zstd needs Node 22.15.
 * @throws {UpstreamError} when no broker answers.
 */
export async function createProducer(
  settings: KafkaSettings,
  log: Log,
  options: { compression?: Compression } = {},
): Promise<StreamProducer> {
  const client = createKafka(settings, log, 'glint');
  const producer = client.kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    retry: { retries: 8, initialRetryTime: 200, maxRetryTime: 5_000 },
  });
  try {
    await producer.connect();
  } catch (err) {
    client.cutConnections();
    throw new UpstreamError('Kafka does not answer', { cause: err });
  }
  return {
    async send(topic, messages) {
      if (messages.length === 0) return;
      try {
        await producer.send({
          topic,
          acks: -1,
          compression: compressionType(options.compression ?? 'none'),
          messages: messages.map(({ key, value, timestampMs }) => ({
            key,
            value,
            ...(timestampMs !== undefined && { timestamp: String(timestampMs) }),
          })),
        });
      } catch (err) {
        throw new UpstreamError(`Kafka did not take ${messages.length} messages for ${topic}`, {
          cause: err,
        });
      }
    },
    async stop() {
      await producer.disconnect();
      client.cutConnections();
    },
  };
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
