import { nightOfDate } from '../../common/astro/time.ts';
import { addDuration } from '../../common/histogram.ts';
import type { Histogram } from '../../common/histogram.ts';
import { tableName } from '../../common/schema/ddl.ts';
import { bulkLoad, createRowBuffer } from '../../common/store/bulk.ts';
import type { CutoutPacks } from '../../common/store/cutouts.ts';
import type { Database, Transaction } from '../../common/store/database.ts';
import { insertDeadLetters } from '../../common/store/dead-letters.ts';
import {
  addToLedger,
  insertBatchReport,
  lockOffsets,
  saveOffsets,
} from '../../common/store/ingest-records.ts';
import type { PartitionCounts } from '../../common/store/ingest-records.ts';
import type { Alert, BatchWork, SurveyIngest } from '../surveys/survey.ts';
import type { DecodedPacket } from './packet.ts';

/** What a lane works with. */
export interface StoreTools<A extends Alert> {
  db: Database;
  survey: SurveyIngest<A>;
  work: BatchWork<A>;
  packs: CutoutPacks;
  /** `host:pid` of this process, for the records. */
  processName: string;
  now: () => Date;
}

export interface BatchOutcome {
  received: number;
  stored: number;
  known: number;
  deadLettered: number;
  /** Milliseconds from Kafka's timestamp to the commit. */
  delays: Histogram;
}

/** Where the cutouts of a candidate went, kept between tries of one batch. */
export type CutoutPlaces = Map<bigint, { pack: string; position: number }>;

/**
 * Stores decoded packets in one transaction: rows, histories, ledger, dead letters and offsets, all
 * or nothing. Packets below the stored offset were stored by somebody else and are passed over, so
 * a repeat, a rebalance or a rival process cannot double anything. Cutouts reach the disk first.
 *
 * @param places - Filled with the places of cutouts; hand in the same map when the batch is tried
 *   again, and they are not written twice.
 * @throws {UpstreamError} if it should be tried again as it is.
 */
export async function storeBatch<A extends Alert>(
  tools: StoreTools<A>,
  packets: readonly DecodedPacket<A>[],
  places: CutoutPlaces,
): Promise<BatchOutcome> {
  const { db, survey, work } = tools;
  const server = await db.server();
  const startedAt = performance.now();
  const timings: Record<string, number> = {};
  const outcome = await db.transaction(async (tx) => {
    const offsets = await lockOffsets(
      tx,
      survey.survey,
      packets.map(({ packet }) => packet),
      tools.now(),
    );
    const fresh = packets.filter(
      ({ packet }) =>
        packet.offset === null || packet.offset >= (offsets.get(placeOf(packet)) ?? 0n),
    );
    const alerts = fresh.flatMap((packet) => packet.alerts);
    await work.begin(tx, alerts);
    timings.read = performance.now() - startedAt;
    const night = nightOfDate(tools.now());
    const counts = new Map<string, PartitionCounts>();
    const withCutouts: A[] = [];
    for (const decoded of fresh) {
      const count = countsOf(counts, decoded.packet);
      for (const alert of decoded.alerts) {
        const result = work.absorb(alert);
        count[result]++;
        if (result === 'stored' && alert.cutouts.some((cutout) => cutout !== null))
          withCutouts.push(alert);
      }
      if (decoded.fault !== undefined) count.deadLettered++;
    }
    timings.absorb = performance.now() - startedAt - timings.read;
    // Cutouts go to the disk while the database takes the rows; both must be done before the commit.
    const [written, appended] = await Promise.allSettled([
      work.write(tx, server),
      appendCutouts(tools.packs, night, withCutouts, places),
    ]);
    if (written.status === 'rejected') throw written.reason;
    if (appended.status === 'rejected') throw appended.reason;
    timings.write = performance.now() - startedAt - timings.read - timings.absorb;
    await writeCutoutRows(tx, server, survey.survey, withCutouts, places);
    await insertDeadLetters(
      tx,
      fresh.flatMap((decoded) => deadLetterOf(survey.survey, decoded, tools.now())),
    );
    await saveOffsets(
      tx,
      fresh.map(({ packet }) => packet),
      tools.now(),
    );
    await addToLedger(tx, survey.survey, night, [...counts.values()]);
    const totals = sumCounts([...counts.values()]);
    const delays: Histogram = {};
    const committedAt = tools.now();
    for (const { packet } of fresh) addDuration(delays, committedAt.getTime() - packet.timestampMs);
    timings.rest = performance.now() - startedAt - timings.read - timings.absorb - timings.write;
    if (fresh.length > 0) {
      await insertBatchReport(tx, {
        survey: survey.survey,
        process: tools.processName,
        committedAt,
        ...totals,
        packetBytes: fresh.reduce((sum, { packet }) => sum + packet.value.length, 0),
        observationDelayS: medianDelayS(alerts, committedAt),
        delays,
        timings,
      });
    }
    return { ...totals, delays };
  });
  return outcome;
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

async function appendCutouts<A extends Alert>(
  packs: CutoutPacks,
  night: number,
  alerts: A[],
  places: CutoutPlaces,
): Promise<void> {
  const missing = alerts.filter((alert) => !places.has(alert.id));
  const buffers = missing.flatMap((alert) => alert.cutouts.filter((cutout) => cutout !== null));
  if (buffers.length === 0) return;
  const { pack, position } = await packs.append(night, buffers);
  let at = position;
  for (const alert of missing) {
    places.set(alert.id, { pack, position: at });
    for (const cutout of alert.cutouts) at += cutout?.length ?? 0;
  }
}

async function writeCutoutRows<A extends Alert>(
  tx: Transaction,
  server: Parameters<typeof bulkLoad>[1],
  survey: 'ztf' | 'lsst',
  alerts: A[],
  places: CutoutPlaces,
): Promise<void> {
  const rows = createRowBuffer();
  for (const alert of alerts) {
    const place = places.get(alert.id);
    if (place === undefined) throw new Error(`the cutouts of ${alert.id} were not written`);
    rows.value(alert.id);
    rows.text(place.pack);
    rows.number(place.position);
    for (const cutout of alert.cutouts) rows.number(cutout?.length ?? 0);
    rows.endRow();
  }
  const id = survey === 'ztf' ? 'candid' : 'diaSourceId';
  const target = {
    table: tableName({ database: survey, name: 'cutouts' }),
    columns: [id, 'pack', 'position', 'science', 'template', 'difference'],
  };
  await bulkLoad(tx, server, 'replace', target, rows);
}

function deadLetterOf<A extends Alert>(
  survey: 'ztf' | 'lsst',
  decoded: DecodedPacket<A>,
  arrivedAt: Date,
) {
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
