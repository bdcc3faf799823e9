import { setTimeout as sleep } from 'node:timers/promises';

import { kafkaTopicOf } from '../../common/annotations/topic.ts';
import type { Context } from '../../common/context.ts';
import { describeError } from '../../common/errors.ts';
import { kafkaLogin } from '../../common/filters/topic-name.ts';
import { selectActiveTopics } from '../../common/store/annotations/annotators.ts';
import { createStreamAdmin } from '../../common/stream/admin.ts';
import type { StreamAdmin } from '../../common/stream/admin.ts';
import { principalOf } from '../../common/stream/kafka-users.ts';
import { limitLog } from '../../common/stream/limit-log.ts';

const DEFAULT_POLL_SECONDS = 20;

/**
 * Makes the Kafka topics of annotators as these are made, until stopped. Where Kafka asks its writers
 * who they are, it is told that the owner may write there, and nobody else.
 */
export function openTopics(
  { config, db, log }: Context,
  { pollSeconds = DEFAULT_POLL_SECONDS }: { pollSeconds?: number } = {},
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const complaints = limitLog(log);
  const admin = createStreamAdmin(config.kafka, log);
  /** Who may write, by topic, as Kafka was told. */
  const told = new Map<string, number>();
  const look = async () => {
    for (const { topic, userId } of await selectActiveTopics(db)) {
      if (stopping.signal.aborted) return;
      if (told.get(topic) === userId) continue;
      await open(admin, kafkaTopicOf(config, topic), userId);
      told.set(topic, userId);
    }
  };
  const open = async (streamAdmin: StreamAdmin, kafkaTopic: string, userId: number) => {
    await streamAdmin.ensureTopic(kafkaTopic, 1);
    if (!config.kafkaAccounts) return;
    const { name } = kafkaLogin(config.filterTopicPrefix, userId);
    await streamAdmin.setWriters(kafkaTopic, [principalOf(name)]);
  };
  const watch = async () => {
    while (!stopping.signal.aborted) {
      await look().catch((err: unknown) => {
        if (stopping.signal.aborted) return;
        complaints.warn(`topics of annotators cannot be made now: ${describeError(err)}`);
      });
      await sleep(pollSeconds * 1_000, undefined, { signal: stopping.signal, ref: false }).catch(
        () => undefined,
      );
    }
  };
  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await Promise.all([watching, admin.stop()]);
    },
  };
}
