import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { UpstreamError } from '../errors.ts';
import type { Queries } from './database.ts';
import { PRIVATE } from './saved-queries.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('filter-topics.sql', [
  'selectTopic',
  'selectAlike',
  'insertTopic',
  'selectTopicsToOpen',
  'selectTopicsToEnd',
  'markMade',
  'updateReaders',
  'deleteTopic',
  'saveAccount',
  'selectAccount',
  'selectAccountsToEnd',
  'deleteAccount',
]);

const TopicColumns = { mq_id: z.int(), topic: z.string(), readers: z.string() };
const TopicRow = z
  .strictObject(TopicColumns)
  .transform((row) => ({ queryId: row.mq_id, topic: row.topic, readers: row.readers }));
/** The topic of one filter; `readers` is the principal that Kafka lets read it, blank for not told yet. */
export type FilterTopic = z.infer<typeof TopicRow>;

const OwnedTopicRow = z
  .strictObject({ ...TopicColumns, user_id: z.int(), public: z.int() })
  .transform((row) => ({
    queryId: row.mq_id,
    topic: row.topic,
    userId: row.user_id,
    isPrivate: row.public === PRIVATE,
  }));

const EndedTopicRow = z
  .strictObject({ ...TopicColumns, made: z.int() })
  .transform((row) => ({ queryId: row.mq_id, topic: row.topic, isOurs: row.made === 1 }));
/** The topic of a filter that is gone; `isOurs` where Kafka made it for Glint, and nobody else had it. */
export type EndedTopic = z.infer<typeof EndedTopicRow>;

const AccountRow = z
  .strictObject({ owner_id: z.int(), name: z.string(), created_at: z.date() })
  .transform((row) => ({ userId: row.owner_id, name: row.name, createdAt: row.created_at }));
/** A login in Kafka that reads private topics. */
export type KafkaAccount = z.infer<typeof AccountRow>;

/** The topic that a filter has; undefined before it was sent there. */
export async function selectOptionalTopic(
  db: Queries,
  queryId: number,
): Promise<FilterTopic | undefined> {
  const [row] = await db.rows(TopicRow, sql.selectTopic, { queryId });
  return row;
}

/**
 * Gives a filter a topic for good: it stays when the filter is called otherwise, for programs read it.
 * Where another filter has the name, or one that Kafka takes for the same, the filter's number is added;
 * so it is where Kafka holds such a topic already, which is somebody else's.
 *
 * @param name - What it is to be called.
 * @param inKafka - Topics that Kafka holds; asked for a filter that has none yet.
 * @throws {UpstreamError} if others take its names at this very moment: it is tried again.
 */
export async function claimTopic(
  db: Queries,
  queryId: number,
  name: string,
  now: Date,
  inKafka: () => Promise<readonly string[]>,
): Promise<FilterTopic> {
  const known = await selectOptionalTopic(db, queryId);
  if (known !== undefined) return known;
  const taken = new Set((await inKafka()).map(toKafka));
  const numbered = `${name}_${queryId}`;
  // Others may have both, by accident or to be in the way: nobody has the last one.
  for (const topic of [name, numbered, `${numbered}_${randomBytes(4).toString('hex')}`]) {
    if (taken.has(toKafka(topic))) continue;
    const alike = await db.rows(TopicRow, sql.selectAlike, { queryId, topic });
    if (alike.length > 0) continue;
    await db.execute(sql.insertTopic, { queryId, topic, now });
    const claimed = await selectOptionalTopic(db, queryId);
    // Undefined where another filter took the name at this very moment.
    if (claimed !== undefined) return claimed;
  }
  throw new UpstreamError(`no topic for filter ${queryId} now: ${name} was taken at this moment`);
}

/** Kafka has one name for the numbers that it keeps of topics that differ by dots and underscores. */
function toKafka(topic: string): string {
  return topic.replaceAll('.', '_');
}

/** Notes that Kafka made the topic for this filter: it may be deleted when the filter is gone. */
export async function markTopicMade(
  db: Queries,
  { queryId, topic }: Pick<FilterTopic, 'queryId' | 'topic'>,
  now: Date,
): Promise<void> {
  await db.execute(sql.markMade, { queryId, topic, now });
}

/** Topics of which Kafka does not know yet who may read them. @param prefix - Of logins in Kafka. */
export function selectTopicsToOpen(
  db: Queries,
  prefix: string,
): Promise<z.infer<typeof OwnedTopicRow>[]> {
  return db.rows(OwnedTopicRow, sql.selectTopicsToOpen, { prefix });
}

/** Topics of filters that are gone. */
export function selectTopicsToEnd(db: Queries): Promise<EndedTopic[]> {
  return db.rows(EndedTopicRow, sql.selectTopicsToEnd);
}

export async function updateReaders(
  db: Queries,
  { queryId, topic, readers }: FilterTopic,
): Promise<void> {
  await db.execute(sql.updateReaders, { queryId, topic, readers });
}

export async function deleteTopicRow(
  db: Queries,
  { queryId, topic }: Pick<FilterTopic, 'queryId' | 'topic'>,
): Promise<void> {
  await db.execute(sql.deleteTopic, { queryId, topic });
}

export async function saveKafkaAccount(
  db: Queries,
  { userId, name }: Pick<KafkaAccount, 'userId' | 'name'>,
  now: Date,
): Promise<void> {
  await db.execute(sql.saveAccount, { userId, name, now });
}

export async function selectKafkaAccount(
  db: Queries,
  userId: number,
): Promise<KafkaAccount | undefined> {
  const [row] = await db.rows(AccountRow, sql.selectAccount, { userId });
  return row;
}

/** Logins of accounts that are disabled or gone. */
export function selectKafkaAccountsToEnd(db: Queries): Promise<KafkaAccount[]> {
  return db.rows(AccountRow, sql.selectAccountsToEnd);
}

export async function deleteKafkaAccount(
  db: Queries,
  { userId, name }: Pick<KafkaAccount, 'userId' | 'name'>,
): Promise<void> {
  await db.execute(sql.deleteAccount, { userId, name });
}
