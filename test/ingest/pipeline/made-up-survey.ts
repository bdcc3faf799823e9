import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { silentLog } from '../../../common/log.ts';
import { openCutoutPacks } from '../../../common/store/cutouts.ts';
import type { Database } from '../../../common/store/database.ts';
import { startLane } from '../../../ingest/pipeline/lane.ts';
import type { Lane, LaneOptions } from '../../../ingest/pipeline/lane.ts';
import { createArrivalNotes } from '../../../ingest/pipeline/note-arrivals.ts';
import type { Packet } from '../../../ingest/pipeline/packet.ts';
import type { Alert, BatchWork, SurveyIngest } from '../../../ingest/surveys/survey.ts';
import { testFolder } from '../../servers.ts';

/** A lane on the real database whose survey has no tables: what it stores is counts and offsets. */
export interface TestLane {
  lane: Lane;
  /** Number of packets of each stored batch. */
  batches: number[];
  fatal: unknown[];
  /** Resolves when this many batches have been prepared. */
  prepared: (count: number) => Promise<void>;
}

/** @param write - Runs in the place of the survey's own writing. */
export function startTestLane(
  db: Database,
  options: Partial<LaneOptions> = {},
  write: () => Promise<void> = () => Promise.resolve(),
): TestLane {
  const batches: number[] = [];
  const fatal: unknown[] = [];
  let preparedCount = 0;
  const lane = startLane(
    {
      db,
      survey: 'ztf',
      packs: openCutoutPacks(join(testFolder(), 'lane-packs'), 'ztf', 'test'),
      arrivals: createArrivalNotes(db, 'ztf'),
      processName: 'test:1',
      now: () => new Date(),
      onStage(stage) {
        if (stage === 'prepared') preparedCount++;
      },
    },
    madeUpSurvey(write),
    {
      batchSize: 100,
      batchMs: 500,
      bufferBytes: 1_000_000,
      log: silentLog,
      onStored: (packets) => void batches.push(packets.length),
      onFatal: (err) => void fatal.push(err),
      ...options,
    },
  );
  return {
    lane,
    batches,
    fatal,
    async prepared(count) {
      while (preparedCount < count) await sleep(5);
    },
  };
}

/** Messages `from` to `to - 1` of partition 0 of a topic, each an alert of that number. */
export function messages(topic: string, from: number, to: number, bytes = 100): Packet[] {
  return Array.from({ length: to - from }, (_, i) => {
    const value = Buffer.alloc(bytes);
    value.writeUInt32BE(from + i);
    return { topic, partition: 0, offset: BigInt(from + i), timestampMs: Date.now(), value };
  });
}

function madeUpSurvey(write: () => Promise<void>): SurveyIngest {
  const known = new Set<bigint>();
  return {
    survey: 'ztf',
    read: (packet) => ({
      alerts: [{ id: BigInt(packet.readUInt32BE()), objectId: null, observedAtMs: 0, cutouts: [] }],
    }),
    createWork(): BatchWork<Alert> {
      let fresh: bigint[] = [];
      return {
        read() {
          fresh = [];
          return Promise.resolve();
        },
        absorb({ id }) {
          if (known.has(id)) return 'known';
          fresh.push(id);
          return 'stored';
        },
        enrich: () => Promise.resolve(),
        writeLast: () => Promise.resolve(),
        stepReports: () => [],
        committed: () => undefined,
        lock: () => Promise.resolve(true),
        async write() {
          await write();
          for (const id of fresh) known.add(id);
        },
      };
    },
  };
}
