import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

import { describeError, PacketError, SetupError } from '../../common/errors.ts';
import { addHistogram } from '../../common/histogram.ts';
import type { Histogram } from '../../common/histogram.ts';
import type { Log } from '../../common/log.ts';
import { isRepeatable } from '../../common/store/database.ts';
import type { Alert } from '../surveys/survey.ts';
import type { DecodedPacket, Packet } from './packet.ts';
import { storeBatch } from './store-batch.ts';
import type { BatchOutcome, CutoutPlaces, StoreTools } from './store-batch.ts';

export interface LaneOptions {
  /** Packets a batch holds at the most. */
  batchSize: number;
  /** Longest that a packet waits for others, milliseconds. */
  batchMs: number;
  /** Bytes of packets that may be in memory. */
  bufferBytes: number;
  log: Log;
  /** Called after each commit with the packets that are now stored. */
  onStored?: (packets: readonly Packet[], outcome: BatchOutcome) => void;
  /** Called when the lane gives up: something that no repeating will mend. */
  onFatal: (err: unknown) => void;
}

export interface LaneStats {
  received: number;
  stored: number;
  known: number;
  deadLettered: number;
  batches: number;
  bufferedBytes: number;
  delays: Histogram;
  /** Why it waits, when the database or the disk does not take more. */
  waitingFor: string | null;
}

/** The way of one survey's packets into the database: batches, decoded while the last one is stored. */
export interface Lane {
  /** Takes packets, in order; resolves when there is room for more. */
  deliver(packets: readonly Packet[]): Promise<void>;
  /** Resolves when all that was delivered is stored. */
  flush(): Promise<void>;
  /** Ends after the batch that is being stored; what waits behind it is dropped (Kafka has it). */
  stop(): Promise<void>;
  stats(): LaneStats;
}

/** A batch is closed early when nothing is being stored: waiting would only add delay. */
const IDLE_LINGER_MS = 40;
/** A batch of large packets is closed at this size. */
const MAX_BATCH_BYTES = 64 << 20;
/** The decoder lets others have their turn after this long, milliseconds. */
const TURN_MS = 4;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** More refusals by the database in one batch than this are no fault of the packets. */
const MAX_REFUSALS = 20;

export function startLane<A extends Alert>(tools: StoreTools<A>, options: LaneOptions): Lane {
  const { log } = options;
  const queue: Packet[] = [];
  let queuedAt = 0;
  let queuedBytes = 0;
  let bufferedBytes = 0;
  let isStopped = false;
  let isFlushing = false;
  let storing: Promise<void> = Promise.resolve();
  let isStoring = false;
  let wake: () => void = () => undefined;
  let failure: { reason: unknown } | undefined;
  const waiters = new Set<() => void>();
  const stats: LaneStats = {
    received: 0,
    stored: 0,
    known: 0,
    deadLettered: 0,
    batches: 0,
    bufferedBytes: 0,
    delays: {},
    waitingFor: null,
  };
  const running = run().catch((err: unknown) => {
    failure = { reason: err };
    isStopped = true;
    releaseWaiters();
    options.onFatal(err);
  });

  return {
    async deliver(packets) {
      for (const packet of packets) {
        if (queue.length === 0) queuedAt = performance.now();
        queue.push(packet);
        queuedBytes += packet.value.length;
        bufferedBytes += packet.value.length;
      }
      wake();
      while (bufferedBytes > options.bufferBytes && !isStopped) await changed();
      if (failure !== undefined) throw failure.reason;
    },
    async flush() {
      isFlushing = true;
      wake();
      while (bufferedBytes > 0 && !isStopped) await changed();
      isFlushing = false;
      if (failure !== undefined) throw failure.reason;
    },
    async stop() {
      isStopped = true;
      wake();
      releaseWaiters();
      await running;
      await storing.catch(() => undefined);
      await tools.packs.close();
    },
    stats: () => ({ ...stats, bufferedBytes }),
  };

  async function run(): Promise<void> {
    while (!isStopped) {
      await fillBatch();
      const packets = takeBatch();
      if (packets.length === 0) continue;
      const decoded = await decodeAll(packets);
      await storing;
      if (isStopped) return;
      isStoring = true;
      storing = store(decoded).finally(() => {
        isStoring = false;
        wake();
      });
      storing.catch(() => {
        isStopped = true;
        wake();
      });
    }
    await storing;
  }

  /** Waits until there is a batch worth storing. */
  async function fillBatch(): Promise<void> {
    while (!isStopped) {
      const waited = performance.now() - queuedAt;
      const isFull = queue.length >= options.batchSize || queuedBytes >= MAX_BATCH_BYTES;
      if (
        queue.length > 0 &&
        (isFull ||
          isFlushing ||
          waited >= options.batchMs ||
          (!isStoring && waited >= IDLE_LINGER_MS))
      )
        return;
      const limit = isStoring ? options.batchMs : Math.min(IDLE_LINGER_MS, options.batchMs);
      await new Promise<void>((resolve) => {
        const timer =
          queue.length > 0 ? setTimeout(resolve, Math.max(1, limit - waited)) : undefined;
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  function takeBatch(): Packet[] {
    let bytes = 0;
    let count = 0;
    while (
      count < queue.length &&
      count < options.batchSize &&
      (count === 0 || bytes < MAX_BATCH_BYTES)
    )
      bytes += queue[count++].value.length;
    queuedBytes -= bytes;
    queuedAt = performance.now();
    return queue.splice(0, count);
  }

  async function decodeAll(packets: Packet[]): Promise<DecodedPacket<A>[]> {
    const decoded: DecodedPacket<A>[] = [];
    let turnEnds = performance.now() + TURN_MS;
    for (const packet of packets) {
      decoded.push({ packet, ...(await readPatiently(packet)) });
      if (performance.now() > turnEnds) {
        await nextTurn();
        turnEnds = performance.now() + TURN_MS;
      }
    }
    return decoded;
  }

  /** A registry that does not answer holds the stream up; a packet that cannot be read does not. */
  async function readPatiently(packet: Packet) {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      try {
        const reading = tools.survey.read(packet.value);
        return reading instanceof Promise ? await reading : reading;
      } catch (err) {
        if (!isRepeatable(err) || isStopped) throw err;
        await waitFor(describeError(err), waitMs);
      }
    }
  }

  /** Stores a batch, however long the database is away; isolates packets that it refuses. */
  async function store(decoded: DecodedPacket<A>[]): Promise<void> {
    const places: CutoutPlaces = new Map();
    const refusals = { count: 0 };
    await storeOrSplit(decoded, places, refusals);
    bufferedBytes -= decoded.reduce((sum, { packet }) => sum + packet.value.length, 0);
    releaseWaiters();
  }

  async function storeOrSplit(
    decoded: DecodedPacket<A>[],
    places: CutoutPlaces,
    refusals: { count: number },
  ): Promise<void> {
    try {
      const outcome = await storePatiently(decoded, places);
      if (outcome !== undefined) note(decoded, outcome);
    } catch (err) {
      if (isStopped) throw err;
      if (err instanceof SetupError || refusals.count >= MAX_REFUSALS) throw err;
      if (decoded.length > 1) {
        // One of these is poison: halves keep the order within each partition.
        const middle = decoded.length >> 1;
        await storeOrSplit(decoded.slice(0, middle), places, refusals);
        await storeOrSplit(decoded.slice(middle), places, refusals);
        return;
      }
      const [{ packet, fault }] = decoded;
      if (fault?.fault === 'invalid_alert') throw err;
      refusals.count++;
      log.warn('a packet was refused by the database and goes to the dead letters', {
        topic: packet.topic,
        offset: packet.offset?.toString(),
        err,
      });
      const refused = new PacketError(
        'invalid_alert',
        `the database refuses it: ${describeError(err)}`,
        { cause: err },
      );
      await storeOrSplit([{ packet, alerts: [], fault: refused }], places, refusals);
    }
  }

  async function storePatiently(
    decoded: DecodedPacket<A>[],
    places: CutoutPlaces,
  ): Promise<BatchOutcome | undefined> {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      try {
        const outcome = await storeBatch(tools, decoded, places);
        if (stats.waitingFor !== null) log.info('storing again');
        stats.waitingFor = null;
        return outcome;
      } catch (err) {
        if (!isRepeatable(err) || isStopped) throw err;
        await waitFor(describeError(err), waitMs);
        if (isStopped) throw err;
      }
    }
  }

  async function waitFor(what: string, waitMs: number): Promise<void> {
    if (stats.waitingFor !== what && waitMs > FIRST_WAIT_MS) log.warn(`waiting: ${what}`);
    if (waitMs > FIRST_WAIT_MS) stats.waitingFor = what;
    await sleep(waitMs);
  }

  function note(decoded: DecodedPacket<A>[], outcome: BatchOutcome): void {
    stats.received += outcome.received;
    stats.stored += outcome.stored;
    stats.known += outcome.known;
    stats.deadLettered += outcome.deadLettered;
    stats.batches++;
    addHistogram(stats.delays, outcome.delays);
    options.onStored?.(
      decoded.map(({ packet }) => packet),
      outcome,
    );
  }

  function changed(): Promise<void> {
    return new Promise((resolve) => waiters.add(resolve));
  }

  function releaseWaiters(): void {
    for (const resolve of waiters) resolve();
    waiters.clear();
  }
}
