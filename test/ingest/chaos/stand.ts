import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { parseConfig } from '../../../common/config.ts';
import type { Survey } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { silentLog } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import { createStreamAdmin } from '../../../common/stream/admin.ts';
import type { StreamAdmin } from '../../../common/stream/admin.ts';
import { createProducer } from '../../../common/stream/producer.ts';
import type { StreamProducer } from '../../../common/stream/producer.ts';
import { freshDatabase, testFolder, testKafka } from '../../servers.ts';
import { startChild } from './run-child.ts';
import type { IngestChild } from './run-child.ts';
import type { ChildOptions } from './ingest-child.ts';

/** An empty database, a Kafka, and what it takes to run ingest between them. */
export interface Stand {
  db: Database;
  admin: StreamAdmin;
  producer: StreamProducer;
  context: Context;
  cutoutFolder: string;
  /** One life of ingest. Without a group it has one of its own: a dead member is waited for long. */
  start(options?: Partial<ChildOptions> & { group?: string }): Promise<IngestChild>;
  makeTopic(topic: string, partitions?: number): Promise<void>;
  send(topic: string, packets: readonly { bytes: Buffer }[]): Promise<void>;
  /** Waits until everything in these topics is stored. */
  drained(...topics: string[]): Promise<void>;
  /** Ends all lives and connections. */
  close(): Promise<void>;
}

export interface StandOptions {
  servers?: { db: Database; url: string; brokers: string[] };
  /** Topics that ingest follows. */
  pattern: string;
  survey?: Survey;
  /** Settings beside the usual ones. */
  environment?: Record<string, string>;
}

export async function openStand(options: StandOptions): Promise<Stand> {
  const { survey = 'ztf' } = options;
  const { db, url, brokers } = options.servers ?? (await sharedServers());
  const folder = mkdtempSync(join(testFolder(), 'chaos-'));
  const cutoutFolder = options.environment?.GLINT_CUTOUT_DIR ?? join(folder, 'cutouts');
  mkdirSync(cutoutFolder, { recursive: true });
  const environment: Record<string, string> = {
    GLINT_HOME: folder,
    GLINT_DATABASE_URL: url,
    GLINT_KAFKA_BROKERS: brokers.join(','),
    GLINT_LOG_LEVEL: 'info',
    GLINT_CUTOUT_DIR: cutoutFolder,
    GLINT_DATABASE_POOL_SIZE: '4',
    // Small batches have many boundaries.
    GLINT_BATCH_SIZE: '25',
    GLINT_BATCH_MS: '100',
    [`GLINT_${survey.toUpperCase()}_TOPICS`]: options.pattern,
    ...options.environment,
  };
  const config = parseConfig(environment);
  const context: Context = { config, db, log: silentLog, now: () => new Date() };
  const admin = createStreamAdmin(config.kafka, silentLog);
  const producer = await createProducer(config.kafka, silentLog);
  const lives: IngestChild[] = [];
  return {
    db,
    admin,
    producer,
    context,
    cutoutFolder,
    async start({ group, ...childOptions } = {}) {
      const GLINT_KAFKA_GROUP = group ?? `chaos-${process.pid}-${lives.length}`;
      const child = await startChild(
        { environment: { ...environment, GLINT_KAFKA_GROUP }, survey, ...childOptions },
        folder,
      );
      lives.push(child);
      return child;
    },
    makeTopic: async (topic, partitions = 4) => void (await admin.ensureTopic(topic, partitions)),
    async send(topic, packets) {
      for (let i = 0; i < packets.length; i += 200)
        await producer.send(
          topic,
          packets.slice(i, i + 200).map(({ bytes }) => ({ value: bytes })),
        );
    },
    async drained(...topics) {
      while (!(await isDrained(db, admin, topics))) {
        const dead = lives.find((life) => life.hasExited());
        if (lives.every((life) => life.hasExited()))
          throw new Error(`ingest has ended: ${dead?.log().slice(-2_000)}`);
        await sleep(50);
      }
    },
    async close() {
      await Promise.all(lives.map((life) => life.stop()));
      await producer.stop();
      await admin.stop();
      await db.close();
    },
  };
}

/** Whether the stored offsets stand at the ends of the topics. */
async function isDrained(db: Database, admin: StreamAdmin, topics: string[]): Promise<boolean> {
  const ends = await admin.endOffsets(topics);
  const rows = await db.arrays('SELECT topic, partition_id, next_offset FROM glint.stream_offsets');
  const stored = new Map(
    rows.map(([topic, partition, next]) => [
      `${String(topic)}/${String(partition)}`,
      BigInt(String(next)),
    ]),
  );
  return topics.every((topic) =>
    (ends.get(topic) ?? []).every(
      ({ partition, low, high }) =>
        low === high || (stored.get(`${topic}/${partition}`) ?? 0n) >= high,
    ),
  );
}

async function sharedServers() {
  const [{ db, url }, kafka] = await Promise.all([freshDatabase(), testKafka()]);
  return { db, url, brokers: kafka.brokers };
}
