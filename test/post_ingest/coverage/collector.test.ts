import { expect } from 'chai';

import { nightOfMjdTai } from '../../../common/astro/time.ts';
import type { Survey } from '../../../common/config.ts';
import type { Database, Queries } from '../../../common/store/database.ts';
import { createCoverageCollector } from '../../../post_ingest/coverage/collector.ts';
import type { CoverageCollector } from '../../../post_ingest/coverage/collector.ts';
import { createExposureMemory } from '../../../post_ingest/coverage/exposure-memory.ts';
import { recountNights } from '../../../post_ingest/coverage/recount.ts';
import { requireReference } from '../../common/astro/reference.ts';
import { freshDatabase } from '../../servers.ts';
import { readLsstRecords, readZtfRecords } from './real-records.ts';
import type { PacketRecords } from './real-records.ts';

const EVER = [-100_000, 100_000] as const;

describe('what batches add to the coverage', () => {
  let db: Database;
  before(async () => ({ db } = await freshDatabase()));
  after(() => db.close());
  beforeEach(async () => {
    for (const table of ['candidates', 'noncandidates', 'exposures', 'coverage_changes'])
      await db.execute(`DELETE FROM ztf.${table}`);
    for (const table of ['diaSources', 'diaForcedSources', 'exposures', 'coverage_changes'])
      await db.execute(`DELETE FROM lsst.${table}`);
  });

  const exposures = (survey: Survey) =>
    db.arrays(`SELECT * FROM ${survey}.exposures ORDER BY 1, 2, 3, 4`);
  const changes = async (survey: Survey) =>
    (
      await db.arrays(`SELECT nid FROM ${survey}.coverage_changes WHERE ischanged = 1 ORDER BY nid`)
    ).flat();

  /** Stores packets in batches as ingest does: each row once, with what it adds to the coverage. */
  async function store(
    survey: Survey,
    packets: PacketRecords[],
    collectors: CoverageCollector[],
    batchSize: number,
  ): Promise<void> {
    const known = new Set<string>();
    for (let i = 0; i < packets.length; i += batchSize) {
      const collector = collectors[(i / batchSize) % collectors.length];
      collector.clear();
      const rows: Record<string, unknown>[] = [];
      for (const { objectId, detections, others } of packets.slice(i, i + batchSize)) {
        const isNew = (...key: unknown[]) => {
          const name = key.join(':');
          return !known.has(name) && known.add(name);
        };
        for (const record of detections) {
          if (!isNew('detection', record.candid ?? record.diaSourceId)) continue;
          collector.addDetection(record);
          rows.push({ isDetection: true, objectId, ...record });
        }
        for (const record of others) {
          if (!isNew('other', objectId, record.pid ?? record.diaForcedSourceId)) continue;
          collector.addOther(record);
          rows.push({ isDetection: false, objectId, ...record });
        }
      }
      await db.transaction(async (tx) => {
        for (const row of rows) await (survey === 'ztf' ? insertZtf : insertLsst)(tx, row);
        await collector.write(tx);
      });
      collector.committed();
    }
  }

  it('is what the stored rows say, for real packets of ZTF', async function () {
    this.timeout(120_000);
    const packets = readZtfRecords(requireReference(this, 'alerts/ztf'));
    // Two works take turns, and the memory is too small for all exposures.
    const memory = createExposureMemory(100);
    const works = [1, 2].map(() => createCoverageCollector('ztf', memory));
    await store('ztf', packets, works, 7);
    const added = await exposures('ztf');
    expect(added.length).to.be.above(900);
    const seen = added.reduce((sum, row) => sum + Number(row[4]), 0);
    const [[stored]] = await db.arrays('SELECT COUNT(*) FROM ztf.candidates');
    expect(seen).to.equal(Number(stored));
    const nights = await changes('ztf');
    expect(nights).to.deep.equal([...new Set(added.map(([nid]) => nid))]);
    await recountNights(db, 'ztf', ...EVER);
    expect(await exposures('ztf')).to.deep.equal(added);
    // A second time, and of some nights only.
    const middle = Number(nights[nights.length >> 1]);
    await recountNights(db, 'ztf', middle, middle + 3);
    expect(await exposures('ztf')).to.deep.equal(added);
  });

  it('is what the stored rows say, for real packets of Rubin', async function () {
    this.timeout(120_000);
    const folder = requireReference(this, 'alerts/lsst/wire_v10.0_20260310');
    const packets = await readLsstRecords(folder);
    const memory = createExposureMemory(300);
    const works = [1, 2].map(() => createCoverageCollector('lsst', memory));
    await store('lsst', packets, works, 5);
    const added = await exposures('lsst');
    expect(added.length).to.be.above(1_000);
    const seen = added.reduce((sum, row) => sum + Number(row[4]), 0);
    const [[stored]] = await db.arrays('SELECT COUNT(*) FROM lsst.diaSources');
    expect(seen).to.equal(Number(stored));
    await recountNights(db, 'lsst', ...EVER);
    expect(await exposures('lsst')).to.deep.equal(added);
  });

  it('counts nights of Rubin by the date on which they began, as its visits are numbered', async function () {
    const packets = await readLsstRecords(
      requireReference(this, 'alerts/lsst/wire_v10.0_20260310'),
    );
    for (const { visit, midpointMjdTai } of packets.flatMap(({ detections }) => detections)) {
      const day = /^(\d{4})(\d\d)(\d\d)\d{5}$/.exec(String(visit));
      const date = Date.UTC(Number(day?.[1]), Number(day?.[2]) - 1, Number(day?.[3]));
      const nights = (date - Date.UTC(2017, 0, 1)) / 86_400_000;
      expect(nightOfMjdTai(Number(midpointMjdTai))).to.equal(nights);
    }
  });

  const detection = { jd: 2_461_365.75, field: 789, fid: 1, nid: 3611, diffmaglim: 20.25 };

  it('counts detections, and takes the deepest limit of all', async () => {
    const collector = createCoverageCollector('ztf');
    for (let batch = 0; batch < 3; batch++) {
      collector.clear();
      collector.addDetection(detection);
      collector.addDetection(detection);
      collector.addOther({ ...detection, diffmaglim: 20.5 + batch / 4 });
      collector.addOther({ ...detection, diffmaglim: 19 });
      await db.transaction((tx) => collector.write(tx));
      collector.committed();
    }
    expect(await exposures('ztf')).to.deep.equal([[3611, 789, 1, 2_461_365.75, 6, 21]]);
  });

  it('writes nothing for non-detections in exposures that are known and no deeper', async () => {
    const collector = createCoverageCollector('ztf');
    const statements = async (...records: (typeof detection)[]) => {
      collector.clear();
      for (const record of records) collector.addOther(record);
      let count = 0;
      await db.transaction((tx) => {
        const counting: Queries = {
          ...tx,
          execute: (sql, parameters) => {
            count++;
            return tx.execute(sql, parameters);
          },
        };
        return collector.write(counting);
      });
      collector.committed();
      return count;
    };
    expect(await statements(detection)).to.equal(2);
    expect(await statements(detection, { ...detection, diffmaglim: 18 })).to.equal(0);
    expect(await statements({ ...detection, diffmaglim: 20.75 })).to.equal(2);
    expect(await statements({ ...detection, diffmaglim: 20.75 })).to.equal(0);
    // Another place, band or night at the same time is another exposure.
    expect(await statements({ ...detection, field: 790 }, { ...detection, fid: 2 })).to.equal(2);
    expect(await exposures('ztf')).to.have.length(3);
  });

  it('writes again what a transaction that failed had written', async () => {
    const collector = createCoverageCollector('ztf');
    collector.addOther(detection);
    const failed = await db
      .transaction(async (tx) => {
        await collector.write(tx);
        throw new Error('the disk is full');
      })
      .catch((err: unknown) => err);
    expect(failed).to.be.instanceOf(Error);
    expect(await exposures('ztf')).to.deep.equal([]);
    // Prepared anew, as after any failure.
    collector.clear();
    collector.addOther(detection);
    await db.transaction((tx) => collector.write(tx));
    expect(await exposures('ztf')).to.have.length(1);
  });

  it('keeps times to the last bit, so that an exposure is one row', async () => {
    const collector = createCoverageCollector('ztf');
    const times = Array.from({ length: 500 }, (_, i) => 2_458_000 + Math.sqrt(i) * 97.123456789);
    for (let batch = 0; batch < 2; batch++) {
      collector.clear();
      for (const jd of times) collector.addDetection({ ...detection, jd });
      await db.transaction((tx) => collector.write(tx));
    }
    const rows = await exposures('ztf');
    expect(rows.map((row) => row[3])).to.deep.equal(times);
    expect(new Set(rows.map((row) => row[4]))).to.deep.equal(new Set([2]));
  });

  it('passes over records that name no exposure, however they are made', async () => {
    const ztf = createCoverageCollector('ztf');
    const nothings: Record<string, unknown>[] = [
      { field: null },
      { field: -1 },
      { field: 1.5 },
      { field: 2 ** 31 },
      { field: '789' },
      { fid: null },
      { fid: 300 },
      { jd: null, nid: null },
      { jd: NaN },
      { jd: Infinity, nid: null },
      { jd: 1e12, nid: null },
      { nid: 2_000_000_000 },
      { nid: 0.5 },
    ];
    for (const nothing of nothings) ztf.addDetection({ ...detection, ...nothing });
    for (const diffmaglim of [null, undefined, NaN, -999, 0, 99, Infinity]) {
      ztf.addOther({ ...detection, diffmaglim });
    }
    await db.transaction((tx) => ztf.write(tx));
    expect(await exposures('ztf')).to.deep.equal([[3611, 789, 1, 2_461_365.75, 0, null]]);

    const lsst = createCoverageCollector('lsst');
    const source = {
      visit: 2026030900026n,
      band: 'z',
      midpointMjdTai: 61109.14,
      ra: 150,
      dec: 2,
      psfFluxErr: 100,
    };
    for (const nothing of [
      { visit: null },
      { visit: undefined },
      { visit: -3n },
      { visit: 2n ** 60n },
      { band: null },
      { band: 'zz' },
      { band: "'" },
      { band: '' },
      { midpointMjdTai: 1_480_360_995 },
      { midpointMjdTai: NaN },
      { ra: NaN },
      { dec: 91 },
      { dec: null },
    ]) {
      lsst.addDetection({ ...source, ...nothing });
    }
    for (const psfFluxErr of [null, NaN, 0, -4, Infinity]) lsst.addOther({ ...source, psfFluxErr });
    await db.transaction((tx) => lsst.write(tx));
    const rows = await exposures('lsst');
    expect(rows).to.deep.equal([[3354, rows[0][1], 'z', '2026030900026', 0, null]]);
  });

  it('loses nothing when nights are counted anew while batches are stored', async function () {
    this.timeout(60_000);
    const rounds = 40;
    const ingest = async (objectId: string, first: bigint) => {
      const collector = createCoverageCollector('ztf');
      for (let i = 0; i < rounds; i++) {
        collector.clear();
        const record = { ...detection, jd: detection.jd + i / 1_000, candid: first + BigInt(i) };
        collector.addDetection(record);
        await db.transaction(async (tx) => {
          await insertZtf(tx, { isDetection: true, objectId, ...record });
          await collector.write(tx);
        });
        collector.committed();
      }
    };
    const recount = async () => {
      for (let i = 0; i < 10; i++) await recountNights(db, 'ztf', 3605, 3615);
    };
    await Promise.all([ingest('ZTF26aaaaaaa', 1_000n), ingest('ZTF26aaaaaab', 2_000n), recount()]);
    const added = await exposures('ztf');
    expect(added).to.have.length(rounds);
    expect(new Set(added.map((row) => row[4]))).to.deep.equal(new Set([2]));
  });
});

async function insertZtf(tx: Queries, row: Record<string, unknown>): Promise<void> {
  const table = row.isDetection === true ? 'candidates' : 'noncandidates';
  const columns = ['objectId', 'jd', 'fid', 'pid', 'nid', 'field', 'diffmaglim'];
  const own = row.isDetection === true ? ['candid', 'hasalert'] : [];
  await insert(tx, `ztf.${table}`, [...columns, ...own], { ...row, hasalert: 1 });
}

async function insertLsst(tx: Queries, row: Record<string, unknown>): Promise<void> {
  const columns = ['visit', 'band', 'midpointMjdTai', 'ra', 'decl', 'psfFluxErr'];
  const [table, ...own] =
    row.isDetection === true
      ? ['diaSources', 'diaSourceId', 'hasalert']
      : ['diaForcedSources', 'diaForcedSourceId', 'diaObjectId'];
  await insert(tx, `lsst.${table}`, [...columns, ...own], {
    ...row,
    decl: row.dec,
    diaObjectId: row.objectId,
    hasalert: 1,
  });
}

async function insert(
  tx: Queries,
  table: string,
  columns: string[],
  row: Record<string, unknown>,
): Promise<void> {
  const values = columns.map((column) => {
    const value = row[column] ?? null;
    return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  }) as (number | string | bigint | null)[];
  const parameters = Object.fromEntries(columns.map((column, i) => [column, values[i]]));
  await tx.execute(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `:${name}`).join(', ')})`,
    parameters,
  );
}
