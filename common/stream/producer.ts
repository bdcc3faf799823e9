import kafkajs from 'kafkajs';

import type { KafkaSettings } from '../config.ts';
import { UpstreamError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createKafka } from './kafka.ts';

export interface OutgoingMessage {
  key?: string | Buffer;
  value: Buffer;
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

/** @throws {UpstreamError} when no broker answers. */
export async function createProducer(settings: KafkaSettings, log: Log): Promise<StreamProducer> {
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
