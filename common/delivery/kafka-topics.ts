import type { Context } from '../context.ts';
import { filterTopicName, kafkaLogin } from '../filters/topic-name.ts';
import {
  claimTopic,
  deleteKafkaAccount,
  deleteTopicRow,
  markTopicMade,
  selectKafkaAccountsToEnd,
  selectTopicsToEnd,
  selectTopicsToOpen,
  updateReaders,
} from '../store/filter-topics.ts';
import type { FilterTopic } from '../store/filter-topics.ts';
import type { DueOutputOf } from '../store/outbox.ts';
import type { StreamAdmin } from '../stream/admin.ts';
import { EVERYBODY, deleteKafkaUser, principalOf } from '../stream/kafka-users.ts';

/** One is enough for what one filter may send, and keeps all of it in order. */
const PARTITIONS = 1;
/** Longest record that is sent, as Lasair's. */
export const MAX_MESSAGE_BYTES = 10_000_000;
const RETENTION_DAYS = 7;
const TOPIC_CONFIG = {
  'retention.ms': String(RETENTION_DAYS * 86_400_000),
  'max.message.bytes': String(MAX_MESSAGE_BYTES + 500_000),
  'cleanup.policy': 'delete',
};

type TopicOwner = Pick<DueOutputOf<'kafka'>, 'queryId' | 'userId' | 'name' | 'isPrivate'>;

type Tools = Pick<Context, 'config' | 'db' | 'now'>;

/**
 * The topic of a filter, made where it is not there, and readable by whom it is for. A topic that Kafka
 * held before is nobody's of ours: another name is taken.
 *
 * @throws {UpstreamError} if Kafka does not answer or refuses.
 */
export async function prepareTopic(
  tools: Tools,
  admin: StreamAdmin,
  owner: TopicOwner,
): Promise<string> {
  const claimed = await claimFilterTopic(tools, admin, owner);
  await openTopic(tools, admin, owner, claimed);
  return claimed.topic;
}

/** The name that a filter has for good: one filter after the other, for two may want the same. */
export function claimFilterTopic(
  { config, db, now }: Tools,
  admin: StreamAdmin,
  { queryId, userId, name }: TopicOwner,
): Promise<FilterTopic> {
  const wanted = filterTopicName(config.filterTopicPrefix, userId, name);
  return claimTopic(db, queryId, wanted, now(), () => admin.listTopics());
}

/** Has Kafka make a topic that was claimed, and let those read it whom it is for. */
export async function openTopic(
  { config, db, now }: Tools,
  admin: StreamAdmin,
  owner: TopicOwner,
  claimed: FilterTopic,
): Promise<void> {
  if (config.kafkaAccounts) {
    // Before there is a topic, so that nobody reads what they may not.
    const readers = readersOf(config.filterTopicPrefix, owner);
    if (claimed.readers !== readers) {
      await admin.setReaders(claimed.topic, [readers]);
      await updateReaders(db, { ...claimed, readers });
    }
  }
  const isNew = await admin.ensureTopic(claimed.topic, PARTITIONS, TOPIC_CONFIG);
  if (isNew) await markTopicMade(db, claimed, now());
}

/**
 * Brings Kafka in line with what changed meanwhile: filters made private or public, filters and accounts
 * that are gone. Of topics only those are deleted that Kafka made for Glint: what begins with the same
 * prefix may be the operator's.
 *
 * @throws {UpstreamError} if Kafka does not answer.
 */
export async function tendTopics({ config, db, log }: Context, admin: StreamAdmin): Promise<void> {
  const { filterTopicPrefix: prefix } = config;
  for (const ended of await selectTopicsToEnd(db)) {
    if (ended.isOurs) {
      await admin.deleteTopic(ended.topic);
      if (config.kafkaAccounts) await admin.setReaders(ended.topic, []);
    } else {
      log.warn(`the topic ${ended.topic} stays in Kafka: it is not certain that Glint made it`);
    }
    await deleteTopicRow(db, ended);
  }
  if (!config.kafkaAccounts) return;
  for (const { queryId, topic, userId, isPrivate } of await selectTopicsToOpen(db, prefix)) {
    const readers = readersOf(prefix, { userId, isPrivate });
    await admin.setReaders(topic, [readers]);
    await updateReaders(db, { queryId, topic, readers });
  }
  for (const account of await selectKafkaAccountsToEnd(db)) {
    await deleteKafkaUser(config.kafka, account.name);
    await admin.forgetReader(principalOf(account.name));
    await deleteKafkaAccount(db, account);
  }
}

function readersOf(
  prefix: string,
  { userId, isPrivate }: Pick<TopicOwner, 'userId' | 'isPrivate'>,
): string {
  return isPrivate ? principalOf(kafkaLogin(prefix, userId).name) : EVERYBODY;
}
