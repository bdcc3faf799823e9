import { activityProblem, storeAllowed } from '../../common/annotations/take-annotations.ts';
import type { Incoming } from '../../common/annotations/take-annotations.ts';
import type { Context } from '../../common/context.ts';
import { describeError } from '../../common/errors.ts';
import { lockAnnotators } from '../../common/store/annotations/annotators.ts';
import { selectKeyTopics } from '../../common/store/annotations/annotator-keys.ts';
import { isRepeatable } from '../../common/store/database.ts';
import { insertDeadLetters } from '../../common/store/dead-letters.ts';
import { lockOffsets, saveOffsets } from '../../common/store/ingest-records.ts';
import type { StreamMessage } from '../../common/stream/consumer.ts';
import { readRecord, withoutKey } from './read-record.ts';
import type { ReadRecord } from './read-record.ts';

/** Of a record that is refused so much is kept. */
const KEPT_BYTES = 64 << 10;

/** A record on its way into the database. */
interface Arrived {
  message: StreamMessage;
  topic: string;
  record: ReadRecord;
}

/** What became of some records. */
export interface RecordCounts {
  stored: number;
  deadLettered: number;
}

/**
 * Stores records of one partition with its offset in one transaction, so that each is stored exactly
 * once, whenever the process dies: annotations that their writers may write, and all else in the dead
 * letters with the reason. One that the database refuses goes there alone.
 *
 * @throws {UpstreamError} if it should be tried again.
 */
export async function storeRecords(
  context: Context,
  messages: readonly StreamMessage[],
): Promise<RecordCounts> {
  try {
    return await storeTogether(context, messages, undefined);
  } catch (err) {
    if (isRepeatable(err)) throw err;
    if (messages.length === 1) return storeTogether(context, messages, describeError(err));
    const half = Math.ceil(messages.length / 2);
    const first = await storeRecords(context, messages.slice(0, half));
    const second = await storeRecords(context, messages.slice(half));
    return {
      stored: first.stored + second.stored,
      deadLettered: first.deadLettered + second.deadLettered,
    };
  }
}

/** @param refusal - Why the database takes none of them, where it did not. */
async function storeTogether(
  { config, db, now }: Context,
  messages: readonly StreamMessage[],
  refusal: string | undefined,
): Promise<RecordCounts> {
  const moment = now();
  return db.transaction(async (tx) => {
    const offsets = await lockOffsets(tx, 'glint', messages, moment);
    const arrived = messages
      .filter(({ topic, partition, offset }) => {
        const next = offsets.get(`${topic}/${partition}`);
        return next === undefined || offset >= next;
      })
      .map((message): Arrived => {
        const topic = message.topic.slice(config.annotationTopicPrefix.length);
        return { message, topic, record: readRecord(message, topic) };
      });
    const rights = await lockAnnotators(
      tx,
      arrived.map(({ topic }) => topic),
    );
    const keyTopics = config.kafkaAccounts
      ? new Map<string, string>()
      : await selectKeyTopics(
          tx,
          arrived.flatMap(({ record: { key } }) => (key === undefined ? [] : [key])),
        );
    const problemOf = ({ topic, record }: Arrived) => {
      if (refusal !== undefined) return refusal;
      // Where Kafka asks its writers who they are, it lets nobody else write to the topic.
      const isAllowed = config.kafkaAccounts || keyTopics.get(record.key ?? '') === topic;
      if (!isAllowed) {
        return `no key of the annotator ${topic}, in the header Authorization or the field key`;
      }
      return (
        activityProblem(topic, rights.get(topic)) ??
        ('problem' in record ? record.problem : undefined)
      );
    };
    const bad: { arrived: Arrived; problem: string }[] = [];
    const good: Incoming[] = [];
    for (const one of arrived) {
      const problem = problemOf(one);
      if (problem === undefined && 'annotation' in one.record) {
        const { survey, annotation } = one.record;
        // Their writers say when that was: one of the future would let go all alerts that wait till then.
        const arrivedAtMs = Math.min(one.message.timestampMs, moment.getTime());
        good.push({ survey, annotation, arrivedAtMs });
      } else bad.push({ arrived: one, problem: problem ?? '' });
    }
    await storeAllowed(
      tx,
      good,
      good.map(() => undefined),
      moment,
    );
    await insertDeadLetters(
      tx,
      bad.map(({ arrived: { message, record }, problem }) => ({
        survey: 'survey' in record ? record.survey : 'ztf',
        topic: message.topic,
        partition: message.partition,
        offset: message.offset,
        recordNumber: 0,
        fault: 'invalid_annotation' as const,
        reason: problem,
        // Whoever reaches the broker may write here: enough to see what it was.
        packet: withoutKey(message.value).subarray(0, KEPT_BYTES),
        arrivedAt: new Date(message.timestampMs),
      })),
    );
    await saveOffsets(tx, messages, moment);
    return { stored: good.length, deadLettered: bad.length };
  });
}
