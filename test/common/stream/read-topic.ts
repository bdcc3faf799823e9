import { setTimeout as sleep } from 'node:timers/promises';

import type { KafkaSettings } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { consumeTopics } from '../../../common/stream/consumer.ts';
import type {
  ConsumeOptions,
  StreamControl,
  StreamMessage,
  TopicConsumption,
} from '../../../common/stream/consumer.ts';

export function settingsOf(brokers: string[], changes: Partial<KafkaSettings> = {}): KafkaSettings {
  return { brokers, tls: false, group: 'glint-test', from: 'earliest', ...changes };
}

/** A stream under test, with what was delivered so far. */
export interface Reader {
  consumption: TopicConsumption;
  messages: StreamMessage[];
}

/** Consumes with settings that suit a test, nothing stored and everything taken at once. */
export async function readTopics(
  kafka: KafkaSettings,
  pattern: RegExp,
  changes: Partial<ConsumeOptions> = {},
): Promise<Reader> {
  const messages: StreamMessage[] = [];
  const consumption = await consumeTopics({
    kafka,
    pattern,
    log: silentLog,
    from: kafka.from,
    pollSeconds: 1,
    sessionTimeoutMs: 6_000,
    readOffset: () => Promise.resolve(undefined),
    deliver(delivered) {
      messages.push(...delivered);
      return Promise.resolve();
    },
    ...changes,
  });
  return { consumption, messages };
}

/** Waits for what must come to be; the test's own time limit is the only one. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

/** All messages of a topic, once there are as many as expected. */
export async function readAll(
  kafka: KafkaSettings,
  topic: string,
  count: number,
): Promise<StreamMessage[]> {
  const reader = await readTopics(kafka, new RegExp(`^${topic}$`));
  await until(() => reader.messages.length >= count);
  await reader.consumption.stop();
  return reader.messages;
}

/** What a database would be to the stream: messages, and the offsets behind the last of them. */
export interface Store {
  messages: StreamMessage[];
  /** Partitions that were told to begin again. */
  resets: string[];
  /** Next offset of `<topic>/<partition>`. */
  position(key: string): bigint | undefined;
  readOffset(topic: string, partition: number): Promise<bigint | undefined>;
  resetOffset(topic: string, partition: number, nextOffset: bigint): Promise<void>;
  deliver(messages: StreamMessage[], control: StreamControl): Promise<void>;
}

export function openStore(stored: [key: string, next: bigint][] = []): Store {
  const offsets = new Map(stored);
  const messages: StreamMessage[] = [];
  const resets: string[] = [];
  return {
    messages,
    resets,
    position: (key) => offsets.get(key),
    readOffset: (topic, partition) => Promise.resolve(offsets.get(`${topic}/${partition}`)),
    resetOffset(topic, partition, nextOffset) {
      offsets.set(`${topic}/${partition}`, nextOffset);
      resets.push(`${topic}/${partition} to ${nextOffset}`);
      return Promise.resolve();
    },
    async deliver(delivered, { signal }) {
      // As long as a commit takes, which is when memberships like to change.
      await sleep(5);
      if (signal.aborted) return;
      for (const message of delivered) {
        messages.push(message);
        offsets.set(`${message.topic}/${message.partition}`, message.offset + 1n);
      }
    },
  };
}

export function texts(messages: StreamMessage[]): string[] {
  return messages.map(({ value }) => String(value));
}
