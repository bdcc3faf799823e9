import type { Survey } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import { SetupError } from '../common/errors.ts';
import { resetOffset, selectOffset } from '../common/store/ingest-records.ts';
import { consumeTopics } from '../common/stream/consumer.ts';
import type { StreamMessage, TopicConsumption } from '../common/stream/consumer.ts';
import { openLane } from './open-lane.ts';
import type { Lane, LaneStats } from './pipeline/lane.ts';
import type { Packet } from './pipeline/packet.ts';
import type { StoreTools } from './pipeline/store-batch.ts';

export interface Ingest {
  /** Ends after the batches that are being stored. */
  stop(): Promise<void>;
  stats(): Record<Survey, LaneStats | undefined>;
  /** For the status page: counts since the start, and what it waits for. */
  state(): Record<string, number | string>;
  /** Resolves if ingest gives up by itself: with the reason. */
  failed: Promise<unknown>;
}

const EMPTY = Buffer.alloc(0);

/**
 * Follows the streams of these surveys into the database until stopped.
 *
 * @throws {SetupError} if a survey has no Kafka to read from.
 */
export async function startIngest(
  context: Context,
  options: { surveys: readonly Survey[]; onStage?: StoreTools['onStage']; pollSeconds?: number },
): Promise<Ingest> {
  const lanes = new Map<Survey, Lane>();
  const consumptions: TopicConsumption[] = [];
  let fail: (reason: unknown) => void = () => undefined;
  const failed = new Promise<unknown>((resolve) => (fail = resolve));
  for (const survey of options.surveys) {
    const kafka = context.config.surveyKafka[survey];
    if (kafka.brokers === undefined || kafka.brokers.length === 0) {
      throw new SetupError(
        `no Kafka is named for ${survey}: set GLINT_KAFKA_BROKERS (or GLINT_${survey.toUpperCase()}_KAFKA_BROKERS)`,
      );
    }
    const reading: { stream?: TopicConsumption } = {};
    const lane = openLane(context, survey, {
      onFatal: fail,
      onStage: options.onStage,
      onStored(packets) {
        for (const [place, next] of nextOffsets(packets))
          reading.stream?.committed(place.topic, place.partition, next);
      },
    });
    lanes.set(survey, lane);
    reading.stream = await consumeTopics({
      kafka,
      pattern: context.config.topics[survey],
      from: kafka.from,
      pollSeconds: options.pollSeconds,
      log: context.log.with({ survey }),
      readOffset: (topic, partition) => selectOffset(context.db, topic, partition),
      resetOffset: (topic, partition, next) =>
        resetOffset(context.db, survey, { topic, partition, next }, context.now()),
      deliver: (messages, { signal }) => lane.deliver(messages.map(toPacket), signal),
    });
    consumptions.push(reading.stream);
    context.log.info(
      `following ${survey} topics that match ${context.config.topics[survey].source}`,
    );
  }
  return {
    failed,
    state: () => describeLanes(lanes),
    stats: () => ({ ztf: lanes.get('ztf')?.stats(), lsst: lanes.get('lsst')?.stats() }),
    async stop() {
      // The lanes end first: a consumer that waits for room in one would otherwise not let go.
      await Promise.all([
        ...[...lanes.values()].map((lane) => lane.stop()),
        ...consumptions.map((consumption) => consumption.stop()),
      ]);
    },
  };
}

function describeLanes(lanes: Map<Survey, Lane>): Record<string, number | string> {
  const stats = [...lanes].map(([survey, lane]) => ({ survey, ...lane.stats() }));
  const waiting = stats.filter((each) => each.waitingFor !== null);
  return {
    ...Object.fromEntries(stats.map((each) => [each.survey, each.received])),
    bufferedBytes: stats.reduce((sum, each) => sum + each.bufferedBytes, 0),
    ...(waiting.length > 0 ? { waiting: waiting.map((each) => each.waitingFor).join('; ') } : {}),
  };
}

function toPacket(message: StreamMessage): Packet {
  return { ...message, value: message.value ?? EMPTY };
}

function nextOffsets(
  packets: readonly Packet[],
): Map<{ topic: string; partition: number }, bigint> {
  const last = new Map<string, Packet>();
  for (const packet of packets) last.set(`${packet.topic}/${packet.partition}`, packet);
  return new Map([...last.values()].map((packet) => [packet, (packet.offset ?? 0n) + 1n]));
}
