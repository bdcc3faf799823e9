import type { Context } from '../context.ts';
import type { KafkaContent, Match } from '../filters/filter.ts';
import { createStreamAdmin } from '../stream/admin.ts';
import { createProducer } from '../stream/producer.ts';
import { alertText } from './alert-text.ts';
import { prepareTopic } from './kafka-topics.ts';
import { recordText } from './record-text.ts';

const MOST_SAMPLES = 10;

export interface SampleRequest {
  filter: Pick<Match, 'queryId' | 'survey' | 'version'> & {
    userId: number;
    name: string;
    isPrivate: boolean;
  };
  content: KafkaContent;
  /** Rows of a dry run; ten at the most are sent. */
  samples: { objectId: string; record: Record<string, unknown> }[];
  /** Columns of the record that are 64-bit numbers kept as strings. */
  numbers: ReadonlySet<string>;
}

/**
 * Writes some records to the topic of a filter, so that its owner can try a consumer at once. They are
 * marked: header `sample`, and `"sample": true` in the record.
 *
 * @returns The topic, which is there now even where nothing passes.
 * @throws {SetupError} without a Kafka.
 * @throws {UpstreamError} if Kafka does not take them.
 */
export async function sendSamples(
  context: Context,
  { filter, content, samples, numbers }: SampleRequest,
): Promise<string> {
  const { config, db, log, now } = context;
  const admin = createStreamAdmin(config.kafka, log);
  let topic: string;
  try {
    topic = await prepareTopic(context, admin, filter);
  } finally {
    await admin.stop();
  }
  const messages = [];
  for (const [i, { objectId, record }] of samples.slice(0, MOST_SAMPLES).entries()) {
    const match: Match = {
      ...filter,
      seq: 0n,
      objectId,
      cause: 'sample',
      rowNumber: i,
      kind: 'alert',
      alertId: null,
      observedAt: null,
      arrivedAt: null,
      matchedAt: now(),
      record: { ...record, sample: true },
    };
    const alert = content === 'columns' ? undefined : await alertText(db, match, content);
    const value = Buffer.from(recordText(match, numbers, alert));
    messages.push({ key: objectId, value, headers: { sample: 'true' } });
  }
  if (messages.length === 0) return topic;
  const producer = await createProducer(config.kafka, log, { makesTopics: false });
  try {
    await producer.send(topic, messages);
  } finally {
    await producer.stop();
  }
  return topic;
}
