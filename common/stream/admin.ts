import { setTimeout as sleep } from 'node:timers/promises';

import kafkajs from 'kafkajs';
import type { AclResourceTypes, Admin, ResourcePatternTypes } from 'kafkajs';

import type { KafkaSettings } from '../config.ts';
import { UpstreamError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createKafka } from './kafka.ts';
import type { KafkaClient } from './kafka.ts';

const CALL_TIMEOUT_MS = 15_000;
/** Waiting for a broker that is starting is the callers' business: they know how long. */
const RETRIES = 1;
const STOP_TIMEOUT_MS = 1_000;
const { TOPIC, GROUP } = kafkajs.AclResourceTypes;
const { LITERAL, PREFIXED } = kafkajs.ResourcePatternTypes;

/** What a partition holds: offsets from `low` to `high`, which is the next to be written. */
export interface PartitionOffsets {
  partition: number;
  low: bigint;
  high: bigint;
}

export interface StreamAdmin {
  listTopics(): Promise<string[]>;
  /**
   * Makes the topic, or gives it more partitions; never fewer. `config` is for a new one.
   *
   * @returns Whether it was made now: never true for one that somebody else made.
   */
  ensureTopic(topic: string, partitions: number, config?: Record<string, string>): Promise<boolean>;
  /** A topic that is not there is no error. */
  deleteTopic(topic: string): Promise<void>;
  /** Lets these read a topic, and nobody else; needs a Kafka with an authorizer. */
  setReaders(topic: string, principals: readonly string[]): Promise<void>;
  /** Lets these write to a topic, and nobody else; needs a Kafka with an authorizer. */
  setWriters(topic: string, principals: readonly string[]): Promise<void>;
  /** Lets somebody use consumer groups whose names begin so. */
  allowGroups(prefix: string, principal: string): Promise<void>;
  /** Takes all that somebody was allowed. */
  forgetReader(principal: string): Promise<void>;
  /** Topics that are not there are missing from the answer. */
  endOffsets(topics: string[]): Promise<Map<string, PartitionOffsets[]>>;
  stop(): Promise<void>;
}

/**
 * Asks and changes what a Kafka holds, over one connection made when it is first needed and made
 * anew after a failure.
 *
 * Every method throws {UpstreamError} when Kafka does not answer or refuses.
 *
 * @throws {SetupError} if the settings cannot be used.
 */
export function createStreamAdmin(settings: KafkaSettings, log: Log): StreamAdmin {
  // Settings that cannot be used are an error now, not at the first call.
  createKafka(settings, log, 'glint-admin');
  let current: Promise<Connection> | undefined;

  const connect = async (): Promise<Connection> => {
    const client = createKafka(settings, log, 'glint-admin', RETRIES);
    const admin = client.kafka.admin();
    try {
      await admin.connect();
    } catch (err) {
      client.cutConnections();
      throw err;
    }
    return { client, admin };
  };

  const once = async <T>(work: (admin: Admin) => Promise<T>): Promise<T> => {
    current ??= connect();
    const used = current;
    try {
      return await within(
        CALL_TIMEOUT_MS,
        used.then(({ admin }) => work(admin)),
      );
    } catch (err) {
      if (current === used) current = undefined;
      void used.then(close).catch(() => undefined);
      throw err;
    }
  };

  /** Twice where needed: an old connection may know topics and brokers that are gone. */
  const withAdmin = async <T>(what: string, work: (admin: Admin) => Promise<T>): Promise<T> => {
    const isFresh = current === undefined;
    try {
      return await once(work).catch((err: unknown) => {
        if (isFresh) throw err;
        return once(work);
      });
    } catch (err) {
      throw new UpstreamError(`Kafka: ${what} failed`, { cause: err });
    }
  };

  return {
    listTopics: () => withAdmin('listing the topics', (admin) => admin.listTopics()),

    ensureTopic: (topic, partitions, config = {}) =>
      withAdmin(`making the topic ${topic}`, async (admin) => {
        const isNew =
          !(await admin.listTopics()).includes(topic) &&
          (await admin.createTopics({
            waitForLeaders: true,
            topics: [
              {
                topic,
                numPartitions: partitions,
                replicationFactor: -1,
                configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
              },
            ],
          }));
        if (isNew) return true;
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        if ((topics[0]?.partitions.length ?? partitions) < partitions) {
          await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] });
        }
        return false;
      }),

    deleteTopic: (topic) =>
      withAdmin(`deleting the topic ${topic}`, async (admin) => {
        if (!(await admin.listTopics()).includes(topic)) return;
        await admin.deleteTopics({ topics: [topic] });
      }),

    setReaders: (topic, principals) =>
      withAdmin(`saying who may read ${topic}`, (admin) =>
        setAllowed(admin, readRule(TOPIC, LITERAL, topic), principals),
      ),

    setWriters: (topic, principals) =>
      withAdmin(`saying who may write to ${topic}`, (admin) => {
        const operation = kafkajs.AclOperationTypes.WRITE;
        return setAllowed(admin, { ...readRule(TOPIC, LITERAL, topic), operation }, principals);
      }),

    allowGroups: (prefix, principal) =>
      withAdmin(`allowing groups of ${principal}`, async (admin) => {
        await admin.createAcls({ acl: [{ ...readRule(GROUP, PREFIXED, prefix), principal }] });
      }),

    forgetReader: (principal) =>
      withAdmin(`forgetting ${principal}`, async (admin) => {
        await admin.deleteAcls({
          filters: [
            {
              resourceType: kafkajs.AclResourceTypes.ANY,
              resourcePatternType: kafkajs.ResourcePatternTypes.ANY,
              operation: kafkajs.AclOperationTypes.ANY,
              permissionType: kafkajs.AclPermissionTypes.ANY,
              principal,
            },
          ],
        });
      }),

    endOffsets: (topics) =>
      withAdmin('reading the offsets', async (admin) => {
        const present = new Set(await admin.listTopics());
        const found = topics.filter((topic) => present.has(topic));
        return new Map(
          await Promise.all(
            found.map(async (topic) => [topic, await readOffsets(admin, topic)] as const),
          ),
        );
      }),

    async stop() {
      const used = current;
      current = undefined;
      await used?.then(close).catch(() => undefined);
    },
  };
}

interface Connection {
  client: KafkaClient;
  admin: Admin;
}

/** That somebody may read from any host. */
function readRule(
  resourceType: AclResourceTypes,
  resourcePatternType: ResourcePatternTypes,
  resourceName: string,
) {
  return {
    resourceType,
    resourceName,
    resourcePatternType,
    host: '*',
    operation: kafkajs.AclOperationTypes.READ,
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
  };
}

/** Allows what the rule says to these, and takes it from all others. */
async function setAllowed(
  admin: Admin,
  rule: ReturnType<typeof readRule>,
  principals: readonly string[],
): Promise<void> {
  if (principals.length > 0) {
    await admin.createAcls({ acl: principals.map((principal) => ({ ...rule, principal })) });
  }
  const { resources } = await admin.describeAcls(rule);
  const others = resources
    .flatMap(({ acls }) => acls)
    .filter(({ principal }) => !principals.includes(principal))
    .map(({ principal }) => ({ ...rule, principal }));
  if (others.length > 0) await admin.deleteAcls({ filters: others });
}

async function readOffsets(admin: Admin, topic: string): Promise<PartitionOffsets[]> {
  const [metadata, offsets] = await Promise.all([
    admin.fetchTopicMetadata({ topics: [topic] }),
    admin.fetchTopicOffsets(topic),
  ]);
  // The connection asks for the partitions that it learned of at first.
  if (metadata.topics[0]?.partitions.length !== offsets.length) {
    throw new UpstreamError(`the partitions of ${topic} have changed`);
  }
  return offsets
    .map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }))
    .sort((a, b) => a.partition - b.partition);
}

async function close({ client, admin }: Connection): Promise<void> {
  await Promise.race([
    admin.disconnect().catch(() => undefined),
    sleep(STOP_TIMEOUT_MS, undefined, { ref: false }),
  ]);
  client.cutConnections();
}

/** @throws {UpstreamError} when the work takes longer. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      work,
      sleep(timeoutMs, undefined, { signal: timer.signal }).then((): never => {
        throw new UpstreamError(`no answer within ${timeoutMs / 1_000} s`);
      }),
    ]);
  } finally {
    timer.abort();
  }
}
