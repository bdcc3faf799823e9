import { setTimeout as sleep } from 'node:timers/promises';

import { SURVEYS } from '../common/config.ts';
import type { Survey } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import { describeError } from '../common/errors.ts';
import { selectStoredOffsets } from '../common/store/night-report.ts';
import { createStreamAdmin } from '../common/stream/admin.ts';
import type { StreamAdmin } from '../common/stream/admin.ts';

export interface PartitionLag {
  survey: Survey;
  topic: string;
  partitionId: number;
  nextOffset: bigint;
  updatedAt: Date;
  /** Messages not yet stored; null while Kafka does not say. */
  lag: bigint | null;
}

/** Surveys whose Kafka was asked: how it answered. */
export type KafkaState = 'reachable' | 'unreachable' | 'not configured';

export interface LagReader {
  /** Partitions read in the last days. Never waits for a Kafka that is away. */
  read(): Promise<{ partitions: PartitionLag[]; kafka: Record<Survey, KafkaState> }>;
  stop(): Promise<void>;
}

const FRESH_MS = 3_000;
const PATIENCE_MS = 800;
const DAYS_SHOWN = 3;
const DAY_MS = 86_400_000;

interface Ends {
  offsets: Map<string, bigint>;
  state: KafkaState;
}

interface Cache {
  asked: number;
  wasAnswered: boolean;
  ends: Ends;
  pending?: Promise<void>;
}
const NOT_ASKED: Ends = { offsets: new Map(), state: 'unreachable' };

export function createLagReader(context: Context): LagReader {
  const admins = new Map<string, StreamAdmin>();
  const caches = new Map<Survey, Cache>();

  const adminOf = (survey: Survey): StreamAdmin | undefined => {
    const settings = context.config.surveyKafka[survey];
    if (settings.brokers === undefined || settings.brokers.length === 0) return undefined;
    const key = JSON.stringify(settings);
    const admin = admins.get(key) ?? createStreamAdmin(settings, context.log);
    admins.set(key, admin);
    return admin;
  };

  const ask = async (survey: Survey, topics: string[]): Promise<Ends> => {
    const admin = adminOf(survey);
    if (admin === undefined) return { offsets: new Map(), state: 'not configured' };
    try {
      const offsets = new Map<string, bigint>();
      for (const [topic, partitions] of await admin.endOffsets(topics)) {
        for (const { partition, high } of partitions) offsets.set(`${topic}/${partition}`, high);
      }
      return { offsets, state: 'reachable' };
    } catch (err) {
      // The page is as good without: it says that Kafka does not answer.
      context.log.debug(`no lag of ${survey}: ${describeError(err)}`);
      return { offsets: new Map(), state: 'unreachable' };
    }
  };

  const endsOf = async (survey: Survey, topics: string[]): Promise<Ends> => {
    const cache: Cache = caches.get(survey) ?? { asked: 0, wasAnswered: false, ends: NOT_ASKED };
    caches.set(survey, cache);
    if (cache.pending === undefined && Date.now() - cache.asked > FRESH_MS) {
      cache.asked = Date.now();
      cache.pending = ask(survey, topics).then((ends) => {
        cache.ends = ends;
        cache.asked = Date.now();
        cache.wasAnswered = true;
        cache.pending = undefined;
      });
    }
    const isKnownAway = cache.wasAnswered && cache.ends.state === 'unreachable';
    if (cache.pending && !isKnownAway)
      await Promise.race([cache.pending, sleep(PATIENCE_MS, undefined, { ref: false })]);
    return cache.ends;
  };

  return {
    async read() {
      const since = new Date(context.now().getTime() - DAYS_SHOWN * DAY_MS);
      const stored = await selectStoredOffsets(context.db, since);
      const ends = await Promise.all(
        SURVEYS.map(async (survey) => {
          const own = stored.filter((row) => row.survey === survey);
          return [survey, await endsOf(survey, [...new Set(own.map((row) => row.topic))])] as const;
        }),
      );
      const bySurvey = Object.fromEntries(ends) as Record<Survey, Ends>;
      const partitions = stored.map((row) => {
        const end = bySurvey[row.survey].offsets.get(`${row.topic}/${row.partitionId}`);
        const lag = end === undefined ? null : end > row.nextOffset ? end - row.nextOffset : 0n;
        return { ...row, lag };
      });
      const kafka = { ztf: bySurvey.ztf.state, lsst: bySurvey.lsst.state };
      return { partitions, kafka };
    },
    async stop() {
      await Promise.all([...admins.values()].map((admin) => admin.stop()));
    },
  };
}
