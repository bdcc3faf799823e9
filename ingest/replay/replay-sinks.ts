import { SURVEYS } from '../../common/config.ts';
import type { Config, KafkaSettings, Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import type { Log } from '../../common/log.ts';
import { createStreamAdmin } from '../../common/stream/admin.ts';
import type { StreamAdmin } from '../../common/stream/admin.ts';
import { createProducer } from '../../common/stream/producer.ts';
import type { OutgoingMessage, StreamProducer } from '../../common/stream/producer.ts';
import { openFeed } from '../feed.ts';
import type { Feed } from '../feed.ts';
import type { LaneStats } from '../pipeline/lane.ts';
import { openReader } from '../surveys/surveys.ts';
import type { ReplaySink } from './replay.ts';
import { createTopicNamer } from './topic-of-packet.ts';

/** What became of the alerts, by survey. */
export type PipelineOutcome = Partial<
  Record<Survey, Pick<LaneStats, 'received' | 'stored' | 'known' | 'deadLettered'>>
>;

/** Packets by topic. */
export type KafkaOutcome = Record<string, number>;

const PARTITIONS = 4;

/** Into the pipeline of this process. */
export function pipelineSink(context: Context): ReplaySink<PipelineOutcome> {
  const feeds = new Map<Survey, Feed>();
  return {
    async write(survey, packets) {
      let feed = feeds.get(survey);
      if (feed === undefined) feeds.set(survey, (feed = openFeed(context, survey)));
      await feed.push(packets);
    },
    async finish() {
      const finished = await Promise.allSettled([...feeds.values()].map((feed) => feed.finish()));
      for (const result of finished) if (result.status === 'rejected') throw result.reason;
      return Object.fromEntries(
        [...feeds].map(([survey, feed]) => {
          const { received, stored, known, deadLettered } = feed.stats();
          return [survey, { received, stored, known, deadLettered }];
        }),
      );
    },
  };
}

interface Producing {
  admin: StreamAdmin;
  producer: StreamProducer;
}

/**
 * Into Kafka, to the topics that the surveys would have used that night, made where they are not
 * there. What cannot be read is sent as well: to find that out is the reader's business.
 *
 * @param topic - One topic for all instead.
 * @throws {UpstreamError} from `write` when Kafka does not answer.
 */
export function kafkaSink(
  config: Config,
  settingsOf: (survey: Survey) => KafkaSettings,
  log: Log,
  topic?: string,
): ReplaySink<KafkaOutcome> {
  const namers = new Map(
    SURVEYS.map((survey) => [survey, createTopicNamer(survey, openReader(survey, config, log))]),
  );
  const connections = new Map<Survey, Producing>();
  const sent: KafkaOutcome = {};
  return {
    async write(survey, packets) {
      let connection = connections.get(survey);
      if (connection === undefined) {
        const settings = settingsOf(survey);
        const producer = await createProducer(settings, log);
        connection = { producer, admin: createStreamAdmin(settings, log) };
        connections.set(survey, connection);
      }
      const byTopic = new Map<string, OutgoingMessage[]>();
      for (const value of packets) {
        const named = await namers.get(survey)?.(value);
        const to = topic ?? named?.topic ?? '';
        byTopic.set(to, [...(byTopic.get(to) ?? []), { key: named?.key, value }]);
      }
      for (const [to, messages] of byTopic) {
        if (!(to in sent)) await connection.admin.ensureTopic(to, PARTITIONS);
        await connection.producer.send(to, messages);
        sent[to] = (sent[to] ?? 0) + messages.length;
      }
    },
    async finish() {
      for (const { admin, producer } of connections.values()) {
        await producer.stop();
        await admin.stop();
      }
      return sent;
    },
  };
}
