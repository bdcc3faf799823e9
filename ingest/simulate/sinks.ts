import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { KafkaSettings, Survey } from '../../common/config.ts';
import type { Log } from '../../common/log.ts';
import { createStreamAdmin } from '../../common/stream/admin.ts';
import { createProducer } from '../../common/stream/producer.ts';
import type { Feed } from '../feed.ts';
import { topicOf } from './options.ts';
import type { SimulatedPacket } from './packets.ts';

/** Where simulated packets go. */
export interface PacketSink {
  write(packets: readonly SimulatedPacket[]): Promise<void>;
  /** Resolves when all of them have arrived. */
  finish(): Promise<void>;
}

const PARTITIONS = 4;
const FILES_AT_ONCE = 32;

/**
 * Into Kafka, each night to the topic that the survey would use, made where it is not there.
 * @param topic - Another topic for all of them.
 * @throws {UpstreamError} when no broker answers.
 */
export async function kafkaSink(
  settings: KafkaSettings,
  log: Log,
  survey: Survey,
  topic?: string,
): Promise<PacketSink> {
  const admin = createStreamAdmin(settings, log);
  const producer = await createProducer(settings, log);
  const ready = new Set<string>();
  const send = async (to: string, packets: readonly SimulatedPacket[]) => {
    if (!ready.has(to)) await admin.ensureTopic(to, PARTITIONS);
    ready.add(to);
    const messages = packets.map(({ bytes, objectId }) => ({ key: objectId, value: bytes }));
    await producer.send(to, messages);
  };
  return {
    async write(packets) {
      const byTopic = new Map<string, SimulatedPacket[]>();
      for (const packet of packets) {
        const to = topic ?? topicOf(survey, packet.night);
        byTopic.set(to, [...(byTopic.get(to) ?? []), packet]);
      }
      for (const [to, its] of byTopic) await send(to, its);
    },
    async finish() {
      await producer.stop();
      await admin.stop();
    },
  };
}

/** One file per packet, named by the alert's id, as survey archives have them. */
export async function filesSink(folder: string): Promise<PacketSink> {
  await mkdir(folder, { recursive: true });
  return {
    async write(packets) {
      for (let n = 0; n < packets.length; n += FILES_AT_ONCE) {
        const some = packets.slice(n, n + FILES_AT_ONCE);
        await Promise.all(
          some.map(({ id, bytes }) => writeFile(join(folder, `${id}.avro`), bytes)),
        );
      }
    },
    finish: () => Promise.resolve(),
  };
}

/** Into the pipeline of this process. */
export function feedSink(feed: Feed): PacketSink {
  return {
    write: (packets) => feed.push(packets.map(({ bytes }) => bytes)),
    async finish() {
      await feed.finish();
    },
  };
}
