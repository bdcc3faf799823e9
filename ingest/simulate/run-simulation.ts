import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { NightOptions } from './options.ts';
import { simulatePackets } from './packets.ts';
import type { SimulatedPacket } from './packets.ts';
import { planNights } from './plan.ts';
import type { PacketSink } from './sinks.ts';
import { createTruth } from './truth.ts';

export interface SimulationRun {
  /** Packets per second; as fast as they can be made where it is missing. */
  rate?: number;
  /** File for the truth, a JSON line per object. */
  truthFile: string;
  signal?: AbortSignal;
  progress?: (done: number, total: number) => void;
}

export interface SimulationReport {
  survey: NightOptions['survey'];
  packets: number;
  bytes: number;
  objects: number;
  seconds: number;
  truth: string;
}

const BATCH_PACKETS = 200;
const BATCH_BYTES = 8_000_000;
const PACE_MS = 50;

/**
 * Makes the nights and hands them on, all at once or at a pace; a stop that is asked for comes
 * after the packets at hand.
 */
export async function runSimulation(
  options: NightOptions,
  sink: PacketSink,
  run: SimulationRun,
): Promise<SimulationReport> {
  const startedAt = performance.now();
  const plan = planNights(options);
  const total = plan.measured.source.length;
  const tell = createTruth(options);
  mkdirSync(dirname(run.truthFile), { recursive: true });
  const truth = createWriteStream(run.truthFile);
  const report = { packets: 0, bytes: 0, objects: 0 };
  const most = run.rate === undefined ? BATCH_PACKETS : batchAt(run.rate);
  const pacedFrom = performance.now();
  let batch: SimulatedPacket[] = [];
  let size = 0;
  const flush = async () => {
    if (run.rate !== undefined) {
      const dueMs = pacedFrom + (1000 * report.packets) / run.rate - performance.now();
      if (dueMs > 0) await sleep(dueMs, undefined, { signal: run.signal }).catch(() => undefined);
    }
    await sink.write(batch);
    report.packets += batch.length;
    report.bytes += size;
    run.progress?.(report.packets, total);
    [batch, size] = [[], 0];
  };
  for await (const packet of simulatePackets(options, plan)) {
    if (run.signal?.aborted) break;
    batch.push(packet);
    size += packet.bytes.length;
    const line = tell(packet);
    if (line !== undefined) {
      truth.write(`${JSON.stringify(line)}\n`);
      report.objects++;
    }
    if (batch.length >= most || size >= BATCH_BYTES) await flush();
  }
  if (batch.length > 0) await flush();
  truth.end();
  await finished(truth);
  await sink.finish();
  const seconds = (performance.now() - startedAt) / 1000;
  return { survey: options.survey, ...report, seconds, truth: run.truthFile };
}

/** Few enough that a slow pace is even, many enough that a fast one is cheap. */
const batchAt = (rate: number) =>
  Math.max(1, Math.min(BATCH_PACKETS, Math.round((rate * PACE_MS) / 1000)));
