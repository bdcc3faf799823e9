import { nightOfDate } from '../../common/astro/time.ts';
import type { Survey } from '../../common/config.ts';
import { addDuration } from '../../common/histogram.ts';
import type { Histogram } from '../../common/histogram.ts';
import type { CutoutPacks } from '../../common/store/cutouts.ts';
import type { Database, Queries } from '../../common/store/database.ts';
import { insertDeadLetters } from '../../common/store/dead-letters.ts';
import { addToLedger, lockOffsets, saveOffsets } from '../../common/store/ingest-records.ts';
import type { BatchReport, PartitionCounts } from '../../common/store/ingest-records.ts';
import { createPause } from '../surveys/pause.ts';
import type { Alert, BatchWork } from '../surveys/survey.ts';
import { finishCutouts, writeCutoutRows } from './batch-cutouts.ts';
import type { BatchCutouts } from './batch-cutouts.ts';
import type { ArrivalNotes, NewAlert } from './note-arrivals.ts';
import type { DecodedPacket, Packet } from './packet.ts';

/** What a lane works with. */
export interface StoreTools {
  db: Database;
  survey: Survey;
  packs: CutoutPacks;
  arrivals: ArrivalNotes;
  /** `host:pid` of this process, for the records. */
  processName: string;
  now: () => Date;
  /** Called as each stage is reached: tests end the process there. */
  onStage?: (stage: StoreStage) => void;
}

/** Where a batch may be when the process dies. */
export const STORE_STAGES = [
  'decoded',
  'prepared',
  'locked',
  'cutouts',
  'rows',
  'records',
  'committed',
  'reported',
] as const;
export type StoreStage = (typeof STORE_STAGES)[number];

/** A batch that is ready to be stored: what is new of it was worked out against what is known. */
export interface PreparedBatch<A extends Alert> {
  packets: readonly DecodedPacket<A>[];
  work: BatchWork<A>;
  counts: PartitionCounts[];
  /** Newly stored alerts. */
  fresh: NewAlert<A>[];
  /** Those of them that have cutouts. */
  withCutouts: A[];
  prepareMs: number;
  /** Part of it: surroundings and features. */
  enrichMs: number;
  /** False for a batch that has to be prepared when it is stored. */
  isPrepared: boolean;
}

/**
 * Works out what is new in these packets.
 *
 * @param before - The work on the batch that is being stored meanwhile.
 */
export async function prepareBatch<A extends Alert>(
  db: Queries,
  work: BatchWork<A>,
  packets: readonly DecodedPacket<A>[],
  options: { before?: BatchWork<A>; isLocking?: boolean },
): Promise<PreparedBatch<A>> {
  const startedAt = performance.now();
  await work.read(
    db,
    packets.flatMap((packet) => packet.alerts),
    options,
  );
  const counts = new Map<string, PartitionCounts>();
  const fresh: NewAlert<A>[] = [];
  const pause = createPause();
  for (const decoded of packets) {
    const count = countsOf(counts, decoded.packet);
    for (const alert of decoded.alerts) {
      const result = work.absorb(alert);
      count[result]++;
      if (result === 'stored') fresh.push({ alert, packet: decoded.packet });
    }
    if (decoded.fault !== undefined) count.deadLettered++;
    await pause();
  }
  const enrichedFrom = performance.now();
  await work.enrich();
  return {
    packets,
    work,
    counts: [...counts.values()],
    fresh,
    withCutouts: fresh.flatMap(({ alert }) =>
      alert.cutouts.some((cutout) => cutout !== null) ? [alert] : [],
    ),
    prepareMs: performance.now() - startedAt,
    enrichMs: performance.now() - enrichedFrom,
    isPrepared: true,
  };
}

/**
 * Stores a batch in one transaction: rows, histories, ledger, dead letters and offsets, all or
 * nothing. Packets below the stored offset were stored by somebody else and are passed over, so a
 * repeat, a rebalance or a rival process cannot double anything. Cutouts reach the disk first.
 *
 * @param prepared - As prepared; prepared anew under locks where it no longer holds.
 * @param isTrusted - False if something went wrong since it was prepared.
 * @param cutouts - Filled with the places of cutouts; hand in the same when the batch is tried again.
 * @returns What became of the packets (delays and timings include the commit), and whether the
 *   batch was stored as it had been prepared.
 * @throws {UpstreamError} if it should be tried again, untrusted.
 */
export async function storeBatch<A extends Alert>(
  tools: StoreTools,
  prepared: PreparedBatch<A>,
  isTrusted: boolean,
  cutouts: BatchCutouts,
): Promise<{ report: BatchReport; isStraight: boolean }> {
  const { db, survey } = tools;
  const server = await db.server();
  const stages = stopwatch();
  const outcome = await db.transaction(async (tx) => {
    const offsets = await lockOffsets(
      tx,
      survey,
      prepared.packets.map(({ packet }) => packet),
      tools.now(),
    );
    const fresh = prepared.packets.filter(({ packet }) => isNext(offsets, packet));
    const isStraight =
      isTrusted &&
      prepared.isPrepared &&
      fresh.length === prepared.packets.length &&
      (await prepared.work.lock(tx));
    const batch = isStraight
      ? prepared
      : await prepareBatch(tx, prepared.work, fresh, { isLocking: true });
    stages.lap('lock');
    tools.onStage?.('locked');
    // Cutouts go to the disk while the database takes the rows; both must be done before the commit.
    const night = nightOfDate(tools.now());
    const [written, appended] = await Promise.allSettled([
      batch.work.write(tx, server),
      finishCutouts(tools, batch.withCutouts, cutouts).then(() => tools.onStage?.('cutouts')),
    ]);
    if (written.status === 'rejected') throw written.reason;
    if (appended.status === 'rejected') throw appended.reason;
    stages.lap('write');
    tools.onStage?.('rows');
    await writeCutoutRows(tx, server, survey, batch.withCutouts, cutouts);
    await tools.arrivals.write(tx, server, batch.fresh, batch.work.stepReports(), tools.now());
    await insertDeadLetters(
      tx,
      fresh.flatMap((decoded) => deadLetterOf(survey, decoded, tools.now())),
    );
    await saveOffsets(
      tx,
      fresh.map(({ packet }) => packet),
      tools.now(),
    );
    await batch.work.writeLast(tx);
    await addToLedger(tx, survey, night, batch.counts);
    stages.lap('records');
    tools.onStage?.('records');
    return { batch, isStraight };
  });
  stages.lap('commit');
  tools.onStage?.('committed');
  const { batch, isStraight } = outcome;
  batch.work.committed();
  return {
    report: reportOf(tools, batch, {
      prepare: batch.prepareMs,
      enrich: batch.enrichMs,
      ...stages.laps,
    }),
    isStraight,
  };
}

/** Whether a packet is not behind these offsets, which it moves: a batch may hold one twice too. */
function isNext(offsets: Map<string, bigint>, packet: Packet): boolean {
  if (packet.offset === null) return true;
  if (packet.offset < (offsets.get(placeOf(packet)) ?? 0n)) return false;
  offsets.set(placeOf(packet), packet.offset + 1n);
  return true;
}

function reportOf<A extends Alert>(
  tools: StoreTools,
  batch: PreparedBatch<A>,
  timings: Record<string, number>,
): BatchReport {
  const committedAt = tools.now();
  const delays: Histogram = {};
  for (const { packet } of batch.packets)
    addDuration(delays, committedAt.getTime() - packet.timestampMs);
  return {
    survey: tools.survey,
    process: tools.processName,
    committedAt,
    ...sumCounts(batch.counts),
    packetBytes: batch.packets.reduce((sum, { packet }) => sum + packet.value.length, 0),
    observationDelayS: medianDelayS(
      batch.packets.flatMap((packet) => packet.alerts),
      committedAt,
    ),
    delays,
    timings,
  };
}

/** Milliseconds from lap to lap. */
function stopwatch() {
  let last = performance.now();
  const laps: Record<string, number> = {};
  return {
    laps,
    lap(name: string) {
      const now = performance.now();
      laps[name] = now - last;
      last = now;
    },
  };
}

function placeOf(packet: { topic: string; partition: number }): string {
  return `${packet.topic}/${packet.partition}`;
}

function countsOf(
  counts: Map<string, PartitionCounts>,
  packet: { topic: string; partition: number },
): PartitionCounts {
  const place = placeOf(packet);
  let count = counts.get(place);
  if (count === undefined) {
    count = {
      topic: packet.topic,
      partition: packet.partition,
      stored: 0,
      known: 0,
      deadLettered: 0,
    };
    counts.set(place, count);
  }
  return count;
}

function sumCounts(counts: PartitionCounts[]) {
  const sum = (pick: (count: PartitionCounts) => number) =>
    counts.reduce((total, count) => total + pick(count), 0);
  const stored = sum((count) => count.stored);
  const known = sum((count) => count.known);
  const deadLettered = sum((count) => count.deadLettered);
  return { received: stored + known + deadLettered, stored, known, deadLettered };
}

function deadLetterOf<A extends Alert>(survey: Survey, decoded: DecodedPacket<A>, arrivedAt: Date) {
  const { packet, fault, alerts } = decoded;
  if (fault === undefined) return [];
  return [
    {
      survey,
      topic: packet.topic,
      partition: packet.partition,
      offset: packet.offset,
      recordNumber: alerts.length,
      fault: fault.fault,
      reason: fault.message,
      packet: packet.value,
      arrivedAt,
    },
  ];
}

function medianDelayS(alerts: readonly Alert[], at: Date): number | null {
  if (alerts.length === 0) return null;
  const delays = alerts
    .map((alert) => (at.getTime() - alert.observedAtMs) / 1000)
    .sort((a, b) => a - b);
  return delays[delays.length >> 1];
}
