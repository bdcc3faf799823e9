import type { Survey } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import type { Step } from '../post_ingest/steps/step.ts';
import { openLane } from './open-lane.ts';
import type { LaneStats } from './pipeline/lane.ts';
import { directTopic } from './pipeline/packet.ts';

/** Packets into the pipeline without Kafka: for replays, simulated nights and machines without one. */
export interface Feed {
  /** Takes packets, in order; resolves when there is room for more. */
  push(packets: readonly Buffer[]): Promise<void>;
  /** Resolves when all that was pushed is stored; says what became of it. */
  finish(): Promise<LaneStats>;
  stats(): LaneStats;
}

/**
 * @param steps - What is worked out of the objects' places; all there is without.
 * @throws whatever the pipeline gave up for, from `push` or `finish`.
 */
export function openFeed(context: Context, survey: Survey, steps?: readonly Step[]): Feed {
  const lane = openLane(context, survey, { onFatal: () => undefined }, steps);
  const topic = directTopic(survey);
  return {
    push: (packets) =>
      lane.deliver(
        packets.map((value) => ({
          topic,
          partition: 0,
          offset: null,
          timestampMs: context.now().getTime(),
          value,
        })),
      ),
    async finish() {
      try {
        await lane.flush();
      } finally {
        await lane.stop();
      }
      return lane.stats();
    },
    stats: () => lane.stats(),
  };
}
