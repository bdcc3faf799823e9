import { availableParallelism } from 'node:os';

import { startWorker } from '../../common/start-worker.ts';
import { MJD_OF_NIGHT_ZERO } from './options.ts';
import type { NightOptions } from './options.ts';
import type { PacketBatch, PacketOrder } from './packet-order.ts';
import type { NightPlan, Plan } from './plan.ts';

export interface SimulatedPacket {
  bytes: Buffer;
  /** The survey's id of the alert: `candid` or `diaSourceId`. */
  id: bigint;
  objectId: string;
  /** Number of the source that caused it, for the truth. */
  source: number;
  /** Middle of the exposure, MJD (UTC), and the night it belongs to. */
  mjd: number;
  night: number;
}

/** Batches that a thread may be ahead of the reader. */
const AHEAD = 3;

/**
 * The packets of a plan, in its order, written by threads. What comes out does not depend on how
 * many there are.
 *
 * @param night - A part of the plan, or `joinParts` of it.
 */
export async function* simulatePackets(
  options: NightOptions,
  plan: Plan,
  night: NightPlan = plan.measured,
  threads = Math.max(1, Math.min(8, availableParallelism())),
): AsyncGenerator<SimulatedPacket> {
  const writers = Array.from({ length: threads }, (_, n) =>
    startWriter(orderFor(options, plan, night, n, threads)),
  );
  try {
    for (let n = 0; n < night.source.length; n++) {
      const writer = writers[night.channel[n] % threads];
      const { bytes, id, objectId } = writer.ready() ?? (await writer.next());
      const mjd = night.mjd[n];
      const nightNumber = Math.floor(mjd - MJD_OF_NIGHT_ZERO);
      yield { bytes, id, objectId, source: night.source[n], mjd, night: nightNumber };
    }
  } finally {
    await Promise.all(writers.map((writer) => writer.stop()));
  }
}

function orderFor(
  options: NightOptions,
  plan: Plan,
  night: NightPlan,
  thread: number,
  threads: number,
): PacketOrder {
  const isOwn = (_: number, n: number) => night.channel[n] % threads === thread;
  return {
    options,
    ordinals: plan.ordinals,
    source: night.source.filter(isOwn),
    look: night.look.filter(isOwn),
  };
}

interface Writer {
  /** The next packet if it is there. */
  ready(): Written | undefined;
  next(): Promise<Written>;
  stop(): Promise<void>;
}
type Written = Pick<SimulatedPacket, 'bytes' | 'id' | 'objectId'>;

function startWriter(order: PacketOrder): Writer {
  const worker = startWorker('ingest/simulate/packet-worker', order);
  const batches: PacketBatch[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  let at = 0;
  let offset = 0;
  worker.on('message', (batch: PacketBatch) => {
    batches.push(batch);
    wake?.();
  });
  worker.on('error', (err) => {
    failure = err instanceof Error ? err : new Error(String(err));
    wake?.();
  });
  for (let n = 0; n < AHEAD; n++) worker.postMessage('more');

  const ready = (): Written | undefined => {
    const batch = batches[0];
    if (batch === undefined) return undefined;
    const length = batch.lengths[at];
    const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset + offset, length);
    const written = { bytes, id: batch.ids[at], objectId: batch.objectIds[at] };
    at++;
    offset += length;
    if (at === batch.lengths.length) {
      batches.shift();
      worker.postMessage('more');
      [at, offset] = [0, 0];
    }
    return written;
  };
  return {
    ready,
    async next() {
      for (;;) {
        const written = ready();
        if (written !== undefined) return written;
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async stop() {
      await worker.terminate();
    },
  };
}
