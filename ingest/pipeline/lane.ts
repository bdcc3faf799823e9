import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

import { describeError, PacketError, SetupError } from '../../common/errors.ts';
import { addHistogram } from '../../common/histogram.ts';
import type { Histogram } from '../../common/histogram.ts';
import type { Log } from '../../common/log.ts';
import { isRepeatable, isValueRefusal } from '../../common/store/database.ts';
import type { BatchReport } from '../../common/store/ingest-records.ts';
import type { Alert, BatchWork, SurveyIngest } from '../surveys/survey.ts';
import { beginCutouts } from './batch-cutouts.ts';
import type { BatchCutouts } from './batch-cutouts.ts';
import { openBatchReporter } from './batch-reporter.ts';
import type { DecodedPacket, Packet } from './packet.ts';
import { prepareBatch, storeBatch } from './store-batch.ts';
import type { PreparedBatch, StoreTools } from './store-batch.ts';

export interface LaneOptions {
  /** Packets a batch holds at the most. */
  batchSize: number;
  /** Longest that a packet waits for others, milliseconds. */
  batchMs: number;
  /** Bytes of packets that may be in memory. */
  bufferBytes: number;
  log: Log;
  /** Called after each commit with the packets that are now stored. */
  onStored?: (packets: readonly Packet[], outcome: BatchReport) => void;
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
  /**
   * Takes packets, in order; resolves when there is room for more.
   *
   * @param signal - Aborted when the packets are no longer ours: those still queued are let go.
   */
  deliver(packets: readonly Packet[], signal?: AbortSignal): Promise<void>;
  /** Resolves when all that was delivered is stored. */
  flush(): Promise<void>;
  /** Ends after the batch that is being stored; what waits behind it is dropped (Kafka has it). */
  stop(): Promise<void>;
  stats(): LaneStats;
}

/** A batch is closed early when nothing is being stored: waiting would only add delay. */
const IDLE_LINGER_MS = 40;
/** A batch of large packets is closed at this size. */
const MAX_BATCH_BYTES = 32 << 20;
/** The decoder lets others have their turn after this long, milliseconds. */
const TURN_MS = 4;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** More refusals in one batch than this, other than of values, are no fault of the packets. */
const MAX_REFUSALS = 20;

export function startLane<A extends Alert>(
  tools: StoreTools,
  survey: SurveyIngest<A>,
  options: LaneOptions,
): Lane {
  const { log } = options;
  const reporter = openBatchReporter(tools.db, log, () => tools.onStage?.('reported'));
  const queue: Packet[] = [];
  let queuedAt = 0;
  let queuedBytes = 0;
  let bufferedBytes = 0;
  /** Not stored yet; a packet may have no bytes. */
  let bufferedPackets = 0;
  let isStopped = false;
  let isFlushing = false;
  let storing: Promise<boolean> = Promise.resolve(true);
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
  let isStopAsked = false;
  const running = run().catch((err: unknown) => {
    giveUp(err);
    // A batch that could not be stored by the time of the stop comes again: no reason to complain.
    if (!isStopAsked) options.onFatal(err);
  });

  return {
    async deliver(packets, signal) {
      for (const packet of packets) {
        if (queue.length === 0) queuedAt = performance.now();
        queue.push(packet);
        queuedBytes += packet.value.length;
        bufferedBytes += packet.value.length;
      }
      bufferedPackets += packets.length;
      wake();
      signal?.addEventListener('abort', releaseWaiters, { once: true });
      while (bufferedBytes > options.bufferBytes && !isStopped && !signal?.aborted) await changed();
      signal?.removeEventListener('abort', releaseWaiters);
      if (signal?.aborted) letGo(new Set(packets));
      if (failure !== undefined) throw failure.reason;
    },
    async flush() {
      isFlushing = true;
      wake();
      while (bufferedPackets > 0 && !isStopped) await changed();
      isFlushing = false;
      if (failure !== undefined) throw failure.reason;
    },
    async stop() {
      isStopAsked = true;
      isStopped = true;
      wake();
      releaseWaiters();
      await running;
      await storing.catch(() => undefined);
      await reporter.close();
      await tools.packs.close();
    },
    stats: () => ({ ...stats, bufferedBytes }),
  };

  /**
   * Batch after batch: while one is being stored, the next is decoded and what is new in it worked
   * out, against what the one before will leave behind.
   */
  async function run(): Promise<void> {
    let [work, workBefore] = [survey.createWork(), survey.createWork()];
    while (!isStopped) {
      await fillBatch();
      const packets = takeBatch();
      if (packets.length === 0) continue;
      const decoded = await decodeAll(packets);
      tools.onStage?.('decoded');
      const before = isStoring ? workBefore : undefined;
      const prepared = await prepareAhead(work, decoded, before);
      const cutouts = beginCutouts(tools, prepared.withCutouts);
      tools.onStage?.('prepared');
      const isTrusted = await storing;
      if (isStopped) return;
      isStoring = true;
      storing = store(prepared, cutouts, isTrusted || before === undefined).finally(() => {
        isStoring = false;
        wake();
      });
      storing.catch(giveUp);
      [work, workBefore] = [workBefore, work];
    }
    await storing;
  }

  function giveUp(err: unknown): void {
    failure ??= { reason: err };
    isStopped = true;
    wake();
    releaseWaiters();
  }

  /** A database that does not answer is met again, patiently, when the batch is stored. */
  async function prepareAhead(
    work: BatchWork<A>,
    decoded: DecodedPacket<A>[],
    before?: BatchWork<A>,
  ): Promise<PreparedBatch<A>> {
    try {
      return await prepareBatch(tools.db, work, decoded, { before });
    } catch (err) {
      if (!isRepeatable(err)) log.debug('a batch could not be prepared ahead', { err });
      return unprepared(work, decoded);
    }
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

  function letGo(packets: Set<Packet>): void {
    for (let i = queue.length - 1; i >= 0; i--) {
      if (!packets.has(queue[i])) continue;
      queuedBytes -= queue[i].value.length;
      bufferedBytes -= queue[i].value.length;
      bufferedPackets--;
      queue.splice(i, 1);
    }
    releaseWaiters();
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
        const reading = survey.read(packet.value);
        return reading instanceof Promise ? await reading : reading;
      } catch (err) {
        if (!isRepeatable(err) || isStopped) throw err;
        await waitFor(describeError(err), waitMs);
      }
    }
  }

  /**
   * Stores a batch, however long the database is away; isolates packets that it refuses.
   *
   * @returns Whether the batch was stored just as it was prepared: then the next one, prepared
   *   against it, still holds.
   */
  async function store(
    prepared: PreparedBatch<A>,
    cutouts: BatchCutouts,
    isTrusted: boolean,
  ): Promise<boolean> {
    const isStraight = await storeOrSplit(prepared, isTrusted, cutouts, { count: 0 });
    bufferedBytes -= prepared.packets.reduce((sum, { packet }) => sum + packet.value.length, 0);
    bufferedPackets -= prepared.packets.length;
    releaseWaiters();
    return isStraight;
  }

  async function storeOrSplit(
    prepared: PreparedBatch<A>,
    isTrusted: boolean,
    cutouts: BatchCutouts,
    refusals: { count: number },
  ): Promise<boolean> {
    const { packets, work } = prepared;
    try {
      return await storePatiently(prepared, isTrusted, cutouts);
    } catch (err) {
      if (isStopped || err instanceof SetupError || refusals.count >= MAX_REFUSALS) throw err;
      if (packets.length > 1) {
        // One of these is poison: halves keep the order within each partition.
        const middle = packets.length >> 1;
        await storeOrSplit(unprepared(work, packets.slice(0, middle)), false, cutouts, refusals);
        await storeOrSplit(unprepared(work, packets.slice(middle)), false, cutouts, refusals);
        return false;
      }
      const [{ packet, alerts }] = packets;
      // Nothing can be left out any more: it is the dead letter that is not taken.
      if (alerts.length === 0) throw err;
      if (!(err instanceof PacketError || isValueRefusal(err))) refusals.count++;
      log.warn('a packet is refused and goes to the dead letters', {
        topic: packet.topic,
        offset: packet.offset?.toString(),
        err,
      });
      // Histories are read late: some damage shows only now.
      const refused =
        err instanceof PacketError
          ? err
          : new PacketError('invalid_alert', `it cannot be stored: ${describeError(err)}`, {
              cause: err,
            });
      await storeOrSplit(
        unprepared(work, [{ packet, alerts: [], fault: refused }]),
        false,
        cutouts,
        refusals,
      );
      return false;
    }
  }

  /** Tries again for as long as the failure is one that time may heal. */
  async function storePatiently(
    prepared: PreparedBatch<A>,
    isTrusted: boolean,
    cutouts: BatchCutouts,
  ): Promise<boolean> {
    for (
      let waitMs = FIRST_WAIT_MS, tries = 0;
      ;
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS), tries++
    ) {
      try {
        const { report, isStraight } = await storeBatch(
          tools,
          prepared,
          isTrusted && tries === 0,
          cutouts,
        );
        if (stats.waitingFor !== null) log.info('storing again');
        stats.waitingFor = null;
        note(prepared.packets, report);
        return isStraight;
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

  function note(packets: readonly DecodedPacket<A>[], outcome: BatchReport): void {
    stats.received += outcome.received;
    stats.stored += outcome.stored;
    stats.known += outcome.known;
    stats.deadLettered += outcome.deadLettered;
    stats.batches++;
    addHistogram(stats.delays, outcome.delays);
    if (outcome.received > 0) reporter.add(outcome);
    options.onStored?.(
      packets.map(({ packet }) => packet),
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

/** A batch that has to be prepared under locks, when it is stored. */
function unprepared<A extends Alert>(
  work: BatchWork<A>,
  packets: readonly DecodedPacket<A>[],
): PreparedBatch<A> {
  return {
    packets,
    work,
    counts: [],
    fresh: [],
    withCutouts: [],
    prepareMs: 0,
    enrichMs: 0,
    isPrepared: false,
  };
}
