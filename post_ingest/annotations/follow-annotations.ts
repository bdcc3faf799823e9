import { setTimeout as sleep } from 'node:timers/promises';

import type { Context } from '../../common/context.ts';
import { describeError } from '../../common/errors.ts';
import { isRepeatable } from '../../common/store/database.ts';
import { resetOffset, selectOffset } from '../../common/store/ingest-records.ts';
import { consumeTopics } from '../../common/stream/consumer.ts';
import type { StreamMessage, TopicConsumption } from '../../common/stream/consumer.ts';
import { openTopics } from './open-topics.ts';
import { storeRecords } from './store-records.ts';

/** Records stored in one transaction. */
const AT_ONCE = 500;
const RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;

export interface AnnotationStream {
  stop(): Promise<void>;
}

/**
 * Follows the Kafka topics of annotators into the database until stopped, and makes the topics of
 * annotators that are new. Without a Kafka it does nothing. Any number of processes may do so at once:
 * they share the partitions.
 */
export function followAnnotations(
  context: Context,
  options: { pollSeconds?: number } = {},
): AnnotationStream {
  const { config, db, log, now } = context;
  if (config.kafka.brokers === undefined || config.kafka.brokers.length === 0) {
    return { stop: () => Promise.resolve() };
  }
  const stopping = new AbortController();
  const topics = openTopics(context, options);
  const reading: { stream?: TopicConsumption } = {};
  const deliver = async (messages: StreamMessage[], signal: AbortSignal) => {
    for (let from = 0; from < messages.length; from += AT_ONCE) {
      const portion = messages.slice(from, from + AT_ONCE);
      await storeWhenPossible(context, portion, AbortSignal.any([signal, stopping.signal]));
      if (signal.aborted || stopping.signal.aborted) return;
      const { topic, partition, offset } = portion[portion.length - 1];
      reading.stream?.committed(topic, partition, offset + 1n);
    }
  };
  const opening = consumeTopics({
    kafka: config.kafka,
    pattern: topicPattern(config.annotationTopicPrefix),
    from: 'earliest',
    pollSeconds: options.pollSeconds,
    log,
    readOffset: (topic, partition) => selectOffset(db, topic, partition),
    resetOffset: (topic, partition, next) =>
      resetOffset(db, 'glint', { topic, partition, next }, now()),
    deliver: (messages, { signal }) => deliver(messages, signal),
  }).then(
    (stream) => {
      reading.stream = stream;
    },
    (err: unknown) => {
      log.error(`annotations cannot be read from Kafka: ${describeError(err)}`, { err });
    },
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all([topics.stop(), opening.then(() => reading.stream?.stop())]);
    },
  };
}

/** Tries until the records are stored, or are no longer this process's to store. */
async function storeWhenPossible(
  context: Context,
  messages: readonly StreamMessage[],
  signal: AbortSignal,
): Promise<void> {
  for (let pauseMs = RETRY_MS; !signal.aborted; pauseMs = Math.min(2 * pauseMs, MAX_RETRY_MS)) {
    try {
      const { deadLettered } = await storeRecords(context, messages);
      if (deadLettered > 0) {
        const [{ topic }] = messages;
        context.log.warn(`${deadLettered} records of ${topic} went to the dead letters`, { topic });
      }
      return;
    } catch (err) {
      if (!isRepeatable(err)) throw err;
      context.log.warn(`annotations wait: ${describeError(err)}`);
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

function topicPattern(prefix: string): RegExp {
  return new RegExp(`^${prefix.replaceAll('.', '\\.')}[A-Za-z][\\w.-]*$`);
}
