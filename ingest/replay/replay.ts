import { setTimeout as sleep } from 'node:timers/promises';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { guessSurvey } from './guess-survey.ts';
import { readPackets } from './read-packets.ts';

/** Where replayed packets go. */
export interface ReplaySink<Outcome> {
  /** Takes packets of one survey, in order; resolves when there is room for more. */
  write(survey: Survey, packets: readonly Buffer[]): Promise<void>;
  /** Resolves when all of them have arrived; says what became of them. */
  finish(): Promise<Outcome>;
}

export interface ReplayOptions {
  /** Whose packets those are that do not say it themselves. */
  survey?: Survey;
  /** Packets per second; as fast as they are taken where it is missing. */
  rate?: number;
  /** Ends the replay after the packets at hand. */
  signal?: AbortSignal;
  /** Told of bytes read from the disk; they sum to what `measurePaths` says. */
  onBytes?: (count: number) => void;
  /** Told how many packets were handed on. */
  onPackets?: (count: number) => void;
}

export interface ReplayReport<Outcome> {
  packets: number;
  bytes: number;
  seconds: number;
  isStopped: boolean;
  outcome: Outcome;
  /** Why not everything was read: the packets before it were handed on. */
  failure?: InvalidInputError;
}

const BATCH_PACKETS = 200;
const BATCH_BYTES = 8_000_000;
const PACE_MS = 50;
/** Packets of unknown origin that wait until it shows what the others are. */
const HELD_PACKETS = 500;
const HELD_BYTES = 32_000_000;

/**
 * Hands the packets behind paths on, in order within each survey. Each goes to the survey whose it
 * is; one that does not show it goes to the survey named, or else to that of most packets, where it
 * ends in the dead letters with the reason.
 *
 * @throws whatever the sink threw, after it was finished.
 */
export async function replay<Outcome>(
  paths: readonly string[],
  sink: ReplaySink<Outcome>,
  options: ReplayOptions = {},
): Promise<ReplayReport<Outcome>> {
  const { rate, signal } = options;
  const startedAt = performance.now();
  const most = rate === undefined ? BATCH_PACKETS : batchAt(rate);
  const batches: Record<Survey, Batch> = { ztf: emptyBatch(), lsst: emptyBatch() };
  const counts: Record<Survey, number> = { ztf: 0, lsst: 0 };
  const held = emptyBatch();
  const report = { packets: 0, bytes: 0 };
  const isStopped = () => signal?.aborted === true;

  const flush = async (survey: Survey) => {
    const batch = batches[survey];
    if (batch.packets.length === 0) return;
    batches[survey] = emptyBatch();
    if (rate !== undefined) {
      const dueMs = startedAt + (1000 * report.packets) / rate - performance.now();
      if (dueMs > 0) await sleep(dueMs, undefined, { signal }).catch(() => undefined);
    }
    await sink.write(survey, batch.packets);
    report.packets += batch.packets.length;
    report.bytes += batch.bytes;
    options.onPackets?.(report.packets);
  };
  const take = async (survey: Survey, packet: Buffer) => {
    const batch = batches[survey];
    add(batch, packet);
    if (batch.packets.length >= most || batch.bytes >= BATCH_BYTES) await flush(survey);
  };
  const takeHeld = async () => {
    const survey = counts.lsst > counts.ztf ? 'lsst' : 'ztf';
    for (const packet of held.packets.splice(0)) if (!isStopped()) await take(survey, packet);
    held.bytes = 0;
  };

  let failure: InvalidInputError | undefined;
  try {
    for await (const { bytes } of readPackets(paths, options.onBytes)) {
      if (isStopped()) break;
      const own = guessSurvey(bytes);
      if (own !== undefined) counts[own]++;
      const survey = own ?? options.survey;
      if (survey !== undefined) await take(survey, bytes);
      else {
        add(held, bytes);
        if (held.packets.length >= HELD_PACKETS || held.bytes >= HELD_BYTES) await takeHeld();
      }
    }
  } catch (err) {
    if (!(err instanceof InvalidInputError)) {
      await sink.finish().catch(() => undefined);
      throw err;
    }
    failure = err;
  }
  let outcome: Outcome;
  try {
    await takeHeld();
    for (const survey of SURVEYS) if (!isStopped()) await flush(survey);
  } finally {
    outcome = await sink.finish();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return { ...report, seconds, isStopped: isStopped(), outcome, failure };
}

interface Batch {
  packets: Buffer[];
  bytes: number;
}

function emptyBatch(): Batch {
  return { packets: [], bytes: 0 };
}

function add(batch: Batch, packet: Buffer): void {
  batch.packets.push(packet);
  batch.bytes += packet.length;
}

/** Few enough that a slow pace is even, many enough that a fast one is cheap. */
function batchAt(rate: number): number {
  return Math.max(1, Math.min(BATCH_PACKETS, Math.round((rate * PACE_MS) / 1000)));
}
