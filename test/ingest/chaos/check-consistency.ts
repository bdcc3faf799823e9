import { expect } from 'chai';

import type { Survey } from '../../../common/config.ts';
import { unpackLsstHistory } from '../../../common/history/lsst-history.ts';
import { HAS_ALERT, unpackZtfHistory, ZTF_DETECTION } from '../../../common/history/ztf-history.ts';
import type { Section } from '../../../common/history/packed-section.ts';
import { readCutout, CUTOUT_KINDS } from '../../../common/store/cutouts.ts';
import { tableOf } from '../../../common/schema/tables.ts';
import type { Database, Queries } from '../../../common/store/database.ts';
import type { StreamAdmin } from '../../../common/stream/admin.ts';
import { recountNights } from '../../../post_ingest/coverage/recount.ts';
import { checkArrivals } from './check-arrivals.ts';
import type { NightPacket } from './night.ts';

/** What was sent to a topic: all its packets, and how many others that cannot be stored. */
export interface SentTopic {
  topic: string;
  packets: readonly NightPacket[];
  poison?: number;
}

/**
 * Everything that must hold when all that was sent is stored, whatever died meanwhile.
 *
 * @param topics - All topics that the database was ever fed from, in the order of feeding.
 */
export async function checkNight(
  db: Database,
  admin: StreamAdmin,
  cutoutFolder: string,
  topics: readonly SentTopic[],
): Promise<void> {
  await checkLedger(db, admin, topics);
  const packets = topics.flatMap((topic) => topic.packets);
  await checkZtfRows(db, packets);
  await checkZtfCutouts(db, cutoutFolder, packets);
  await checkZtfHistories(db);
  await checkArrivals(db, 'ztf');
  await checkCoverage(db, 'ztf');
}

/** The exposures that were added up batch by batch are those that the rows tell of, exactly. */
export async function checkCoverage(db: Database, survey: Survey): Promise<void> {
  const exposures = async () => {
    const { columns, primaryKey } = tableOf(survey, 'exposures');
    const list = columns.map(({ name, type }) =>
      type === 'float' ? `CAST(${name} AS DOUBLE)` : name,
    );
    const rows = await db.arrays(
      `SELECT ${list.join(', ')} FROM ${survey}.exposures ORDER BY ${primaryKey.join(', ')}`,
    );
    return new Map(rows.map((row) => [row.slice(0, primaryKey.length).join(' '), row.join(' ')]));
  };
  const added = await exposures();
  const nights = (await db.arrays(`SELECT nid FROM ${survey}.coverage_changes ORDER BY nid`)).map(
    ([nid]) => Number(nid),
  );
  expect(nights, 'nights').not.to.deep.equal([]);
  await recountNights(db, survey, nights[0], nights[nights.length - 1]);
  expectEqual(added, await exposures(), 'exposures');
}

/**
 * Messages in are packets stored, known or dead, by partition, and the offsets stand at the ends.
 *
 * @returns Sums of stored, known, dead-lettered by topic.
 */
export async function checkOffsets(
  db: Queries,
  admin: StreamAdmin,
  topics: readonly string[],
): Promise<Map<string, number[]>> {
  const ends = await admin.endOffsets([...topics]);
  const rows = await db.arrays(
    `SELECT topic, partition_id, next_offset, SUM(received), SUM(stored), SUM(known),
       SUM(dead_lettered)
     FROM glint.stream_offsets LEFT JOIN glint.ledger USING (topic, partition_id)
     GROUP BY topic, partition_id, next_offset`,
  );
  const ledger = new Map(
    rows.map(([topic, partition, ...counts]) => [
      `${String(topic)}/${String(partition)}`,
      counts.map(Number),
    ]),
  );
  const totals = new Map<string, number[]>();
  for (const topic of topics) {
    const sums = [0, 0, 0];
    for (const { partition, low, high } of ends.get(topic) ?? []) {
      if (low === high) continue;
      const place = `${topic}/${partition}`;
      const [next, received, ...outcomes] = ledger.get(place) ?? [];
      expect(next, `${place}: offset`).to.equal(Number(high));
      expect(received, `${place}: received`).to.equal(Number(high - low));
      const accounted = outcomes.reduce((sum, count) => sum + count, 0);
      expect(accounted, `${place}: stored + known + dead-lettered`).to.equal(received);
      outcomes.forEach((count, i) => (sums[i] += count));
    }
    totals.set(topic, sums);
  }
  return totals;
}

/** The ledger agrees with Kafka's partitions, with what was sent, and with the dead letters. */
async function checkLedger(
  db: Queries,
  admin: StreamAdmin,
  topics: readonly SentTopic[],
): Promise<void> {
  const totals = await checkOffsets(
    db,
    admin,
    topics.map(({ topic }) => topic),
  );
  let [stored, known, dead] = [0, 0, 0];
  for (const { topic, packets, poison = 0 } of topics) {
    const [storedHere, knownHere, deadHere] = totals.get(topic) ?? [];
    expect(storedHere + knownHere, `${topic}: packets`).to.equal(packets.length);
    expect(deadHere, `${topic}: poison`).to.equal(poison);
    [stored, known, dead] = [stored + storedHere, known + knownHere, dead + deadHere];
  }
  const packets = topics.flatMap((topic) => topic.packets);
  const distinct = new Set(packets.map(({ candid }) => candid)).size;
  expect([stored, known], 'stored and known').to.deep.equal([distinct, packets.length - distinct]);
  const [[letters]] = await db.arrays('SELECT COUNT(*) FROM glint.dead_letters');
  expect(Number(letters), 'dead letters').to.equal(dead);
}

/** Every row that the packets tell of is there once, as they tell it, and no other row. */
async function checkZtfRows(db: Queries, packets: readonly NightPacket[]): Promise<void> {
  const detections = new Map<string, string>();
  const limits = new Map<string, string>();
  const forced = new Map<string, string>();
  for (const { objectId, tells } of packets) {
    for (const { candid, jd, mag } of tells.detections)
      detections.set(String(candid), describe(objectId, jd, mag, false));
    for (const { pid, jd } of tells.limits) limits.set(`${objectId} ${pid}`, String(jd));
    for (const { pid, jd, mag } of tells.forced)
      forced.set(`${objectId} ${pid}`, `${jd} ${mag * 10}`);
  }
  for (const { objectId, own } of packets)
    detections.set(String(own.candid), describe(objectId, own.jd, own.mag, true));
  const rows = async (sql: string) =>
    new Map((await db.arrays(sql)).map(([key, ...rest]) => [String(key), rest.join(' ')]));
  expectEqual(
    await rows('SELECT candid, objectId, jd, magpsf + 0e0, hasalert FROM ztf.candidates'),
    detections,
    'candidates',
  );
  expectEqual(
    await rows("SELECT CONCAT(objectId, ' ', pid), jd FROM ztf.noncandidates"),
    limits,
    'noncandidates',
  );
  expectEqual(
    await rows("SELECT CONCAT(objectId, ' ', pid), jd, forcediffimflux + 0e0 FROM ztf.forcedphot"),
    forced,
    'forcedphot',
  );
}

/** Every cutout of every stored alert is there, byte for byte. */
async function checkZtfCutouts(
  db: Queries,
  folder: string,
  packets: readonly NightPacket[],
): Promise<void> {
  const sent = new Map(packets.map((packet) => [String(packet.candid), packet.cutouts]));
  const rows = await db.arrays(
    'SELECT candid, pack, position, science, template, difference FROM ztf.cutouts',
  );
  const withCutouts = [...sent.values()].filter((cutouts) => cutouts.some((one) => one !== null));
  expect(rows.length, 'cutout rows').to.equal(withCutouts.length);
  for (const [candid, pack, position, ...lengths] of rows) {
    const cutouts = sent.get(String(candid)) ?? [];
    const [science, template, difference] = lengths as [number, number, number];
    const location = {
      pack: String(pack),
      position: Number(position),
      lengths: [science, template, difference] as const,
    };
    for (const [i, kind] of CUTOUT_KINDS.entries()) {
      const cutout = cutouts[i];
      expect(location.lengths[i], `${String(candid)}: ${kind}`).to.equal(cutout?.length ?? 0);
      if (!cutout) continue;
      const stored = await readCutout(folder, location, kind);
      expect(stored.equals(cutout), `${String(candid)}: bytes of ${kind}`).to.equal(true);
    }
  }
}

/** What is remembered of each object, and its row, agree with the rows of its points. */
async function checkZtfHistories(db: Queries): Promise<void> {
  const counted = await countsByObject(db, {
    candidates: 'COUNT(*), SUM(hasalert), SUM(isdiffpos = "t"), MIN(jd), MAX(jd), SUM(fid = 2)',
    noncandidates: 'COUNT(*)',
    forcedphot: 'COUNT(*)',
  });
  const objects = new Map(
    (
      await db.arrays(
        `SELECT objectId, ncand, ncandpos, jdmin, jdmax, ncandr, nnoncand, nforced, ramean, hpx29
           FROM ztf.objects`,
      )
    ).map(([id, ...rest]) => [String(id), rest.map(Number)]),
  );
  const histories = await db.arrays('SELECT objectId, version, points FROM ztf.histories');
  expect(histories.length, 'histories').to.equal(counted.size);
  expect(objects.size, 'objects').to.equal(counted.size);
  for (const [key, version, points] of histories) {
    const id = String(key);
    const { detections, nonDetections, forced } = unpackZtfHistory(points as Buffer);
    const rows = counted.get(id);
    const [[count, alerts, positive, jdmin, jdmax, inR], [limits], [forcedRows]] = [
      rows?.candidates ?? [],
      rows?.noncandidates ?? [0],
      rows?.forcedphot ?? [0],
    ];
    expect(Number(version), `${id}: version`).to.be.greaterThan(0);
    expect(
      [detections.count, nonDetections.count, forced.count],
      `${id}: points remembered`,
    ).to.deep.equal([count, limits, forcedRows]);
    for (const section of [detections, nonDetections, forced]) expectDistinctKeys(section, id);
    expect(alertsIn(detections), `${id}: alerts remembered`).to.equal(alerts);
    const [ramean, hpx] = objects.get(id)?.slice(-2) ?? [];
    expect(objects.get(id)?.slice(0, -2), `${id}: its row in objects`).to.deep.equal([
      count,
      positive,
      jdmin,
      jdmax,
      inR,
      limits,
      forcedRows,
    ]);
    expect(ramean >= 0 && ramean < 360 && hpx >= 0, `${id}: position`).to.equal(true);
  }
}

/** The same for Rubin: by object, by solar-system object, and sources that belong to neither. */
export async function checkLsstHistories(db: Queries): Promise<void> {
  const keyed = async (sql: string) =>
    new Map((await db.arrays(sql)).map(([key, ...rest]) => [String(key), rest.map(Number)]));
  const sources = await keyed(
    `SELECT IF(diaObjectId <> 0, CONCAT('0:', diaObjectId),
         IF(ssObjectId <> 0, CONCAT('1:', ssObjectId), CONCAT('2:', diaSourceId))) AS owner,
       COUNT(*) FROM lsst.diaSources GROUP BY owner`,
  );
  const forced = await keyed(
    "SELECT CONCAT('0:', diaObjectId), COUNT(*) FROM lsst.diaForcedSources GROUP BY diaObjectId",
  );
  const objects = await keyed(
    "SELECT CONCAT('0:', diaObjectId), nDiaSources, nForcedSources FROM lsst.objects",
  );
  const histories = await db.arrays(
    "SELECT CONCAT(ownerKind, ':', ownerId), points FROM lsst.histories",
  );
  expect(histories.length, 'histories').to.equal(sources.size);
  for (const [key, points] of histories) {
    const owner = String(key);
    const history = unpackLsstHistory(points as Buffer);
    const counts = [sources.get(owner)?.[0] ?? 0, forced.get(owner)?.[0] ?? 0];
    expect([history.sources.count, history.forced.count], `${owner}: points`).to.deep.equal(counts);
    expectDistinctKeys(history.sources, owner);
    expectDistinctKeys(history.forced, owner);
    if (owner.startsWith('0:')) expect(objects.get(owner), `${owner}: row`).to.deep.equal(counts);
  }
}

/** One number for the rows of every table of a survey: equal numbers, equal rows. */
export async function surveyChecksums(db: Queries, survey: Survey): Promise<Map<string, string>> {
  const tables = await db.arrays(
    'SELECT table_name FROM information_schema.tables WHERE table_schema = :survey',
    { survey },
  );
  const names = tables.map(([name]) => `\`${survey}\`.\`${String(name)}\``);
  const sums = await db.arrays(`CHECKSUM TABLE ${names.join(', ')} EXTENDED`);
  return new Map(sums.map(([table, sum]) => [String(table), String(sum)]));
}

function describe(objectId: string, jd: number, mag: number, hasAlert: boolean): string {
  return `${objectId} ${jd} ${mag} ${hasAlert ? 1 : 0}`;
}

/** Large maps: the first differences say more than both in full. */
function expectEqual(actual: Map<string, string>, wanted: Map<string, string>, what: string): void {
  const keys = new Set([...actual.keys(), ...wanted.keys()]);
  const differences = [...keys]
    .filter((key) => actual.get(key) !== wanted.get(key))
    .map((key) => `${key}: ${actual.get(key) ?? 'missing'}, not ${wanted.get(key) ?? 'there'}`);
  expect(differences.slice(0, 10), `${what} (${differences.length} differ)`).to.deep.equal([]);
}

function expectDistinctKeys({ view, count, stride }: Section, id: string): void {
  const keys = Array.from({ length: count }, (_, i) => view.getBigInt64(i * stride, true));
  expect(new Set(keys).size, `${id}: distinct points`).to.equal(count);
}

function alertsIn({ view, count, stride }: Section): number {
  let alerts = 0;
  for (let i = 0; i < count; i++)
    if ((view.getUint8(i * stride + ZTF_DETECTION.offsets.flags) & HAS_ALERT) !== 0) alerts++;
  return alerts;
}

async function countsByObject(db: Queries, tables: Record<string, string>) {
  const counted = new Map<string, Record<string, number[]>>();
  for (const [table, what] of Object.entries(tables)) {
    const rows = await db.arrays(`SELECT objectId, ${what} FROM ztf.${table} GROUP BY objectId`);
    for (const [key, ...values] of rows) {
      const id = String(key);
      counted.set(id, { ...counted.get(id), [table]: values.map(Number) });
    }
  }
  return counted;
}
