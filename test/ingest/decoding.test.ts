import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { readStamp } from '../../common/fits/image.ts';
import { silentLog } from '../../common/log.ts';
import { MPCORB_COLUMNS } from '../../common/schema/lsst/mpc-orbits.ts';
import { selectCutoutLocation } from '../../common/store/cutout-locations.ts';
import { CUTOUT_KINDS, readCutout } from '../../common/store/cutouts.ts';
import { listDeadLetters, offsetOfBytes } from '../../common/store/dead-letters.ts';
import { pipelineSink } from '../../ingest/replay/replay-sinks.ts';
import type { PipelineOutcome } from '../../ingest/replay/replay-sinks.ts';
import { replay } from '../../ingest/replay/replay.ts';
import { requireReference } from '../common/astro/reference.ts';
import { decodeWithAvsc } from '../common/avro/avsc-oracle.ts';
import { freshDatabase, testFolder } from '../servers.ts';
import { readAlertReference } from './alert-reference.ts';
import type { AlertReference } from './alert-reference.ts';
import { compareColumns, storedRows } from './stored-rows.ts';
import type { StoredRow } from './stored-rows.ts';

type Values = Record<string, unknown>;

/** A sound alert: its file, what the reference says, and what another Avro implementation reads. */
interface KnownAlert {
  path: string;
  survey: Survey;
  reference: AlertReference;
  packet: Values;
}

/** Made-up alerts of successive schema versions that share ids: the first to come is stored. */
const FAKE = /\/(container_fake|wire_minimal)\//;

/** Why packets of a folder cannot be stored, and which survey's reader said so. */
const FAULTS: [folder: RegExp, fault: string, reason: RegExp][] = [
  [/^alerts\/ztf\/corrupt\//, 'damaged', /damaged/],
  [/^alerts\/other_surveys\//, 'other_survey', /schema is (atlas|desirt|pgir|turbo|winter)\.alert/],
  [/^alerts\/lsst\/elasticc\//, 'other_survey', /schema is elasticc\.v0_9\.alert/],
  [/^alerts\/lsst\/json_lasair\//, 'not_avro', /no Avro container/],
  [/^alerts\/lsst\/container_fake\/v[3-6]\./, 'unsupported_schema', /schema [3-6]\.\d; 7.0 and/],
];

describe('the alerts of the surveys, from file to database', () => {
  let context: Context;
  let outcome: PipelineOutcome;
  let root = '';
  let files: string[] = [];
  const alerts: KnownAlert[] = [];
  const tables = new Map<string, Map<string, StoredRow>>();

  before(async function () {
    this.timeout(120_000);
    root = join(requireReference(this, 'alerts'), '..');
    const references = readAlertReference(
      requireReference(this, 'reference/generated/alerts.json'),
    );
    const { db, url } = await freshDatabase();
    const home = join(testFolder(), 'decoding');
    const config = parseConfig({ GLINT_HOME: home, GLINT_DATABASE_URL: url });
    context = { config, db, log: silentLog, now: () => new Date() };
    const report = await replay([join(root, 'alerts')], pipelineSink(context));
    expect(report.failure).to.equal(undefined);
    outcome = report.outcome;
    files = readdirSync(join(root, 'alerts'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    expect(report.packets).to.equal(files.length);
    for (const path of files.filter((each) => faultOf(each) === undefined)) {
      const packets = await decodeWithAvsc(readFileSync(join(root, path)));
      const told = references.get(path) ?? [];
      expect(told.length, path).to.equal(packets.length);
      for (const [i, packet] of packets.entries()) {
        const survey = path.startsWith('alerts/ztf') ? 'ztf' : 'lsst';
        alerts.push({ path, survey, reference: told[i], packet });
      }
    }
    const read = async (survey: Survey, table: string, ...keys: string[]) =>
      tables.set(table, await storedRows(db, survey, table, keys));
    await read('ztf', 'candidates', 'candid');
    await read('ztf', 'noncandidates', 'objectId', 'pid');
    await read('ztf', 'forcedphot', 'objectId', 'pid');
    await read('lsst', 'diaSources', 'diaSourceId');
    await read('lsst', 'diaForcedSources', 'diaObjectId', 'diaForcedSourceId');
    await read('lsst', 'diaObjects', 'diaObjectId');
    await read('lsst', 'ssSources', 'diaSourceId');
    await read('lsst', 'mpc_orbits', 'designation');
  });
  after(() => context?.db.close());

  const faultOf = (path: string) => FAULTS.find(([folder]) => folder.test(path));
  const rowsOf = (table: string) => tables.get(table) ?? new Map<string, StoredRow>();
  const alertsOf = (survey: Survey) => alerts.filter((alert) => alert.survey === survey);

  it('stores each of them or keeps it with the reason', async () => {
    const { db } = context;
    const unsound = files.filter((path) => faultOf(path) !== undefined);
    expect(outcome.ztf).to.include({ stored: alertsOf('ztf').length, known: 0 });
    // Fakes of several versions share their ids: known after the first.
    const distinct = new Set(alertsOf('lsst').map(idOf)).size;
    expect(outcome.lsst).to.include({
      stored: distinct,
      known: alertsOf('lsst').length - distinct,
    });
    expect((outcome.ztf?.deadLettered ?? 0) + (outcome.lsst?.deadLettered ?? 0)).to.equal(
      unsound.length,
    );
    const letters = await listDeadLetters(db, { limit: 1_000 });
    expect(letters).to.have.length(unsound.length);
    const byOffset = new Map(letters.map((letter) => [letter.offset, letter]));
    for (const path of unsound) {
      const letter = byOffset.get(offsetOfBytes(readFileSync(join(root, path))));
      const [, fault, reason] = faultOf(path) ?? [];
      expect(letter?.fault, path).to.equal(fault);
      expect(letter?.reason, path).to.match(reason ?? /never/);
    }
    const ledger = await db.arrays(
      'SELECT survey, SUM(received), SUM(stored), SUM(known), SUM(dead_lettered) FROM glint.ledger GROUP BY survey ORDER BY survey',
    );
    expect(ledger.map((row) => [row[0], ...row.slice(1).map(Number)])).to.deep.equal(
      (['lsst', 'ztf'] as const).map((survey) => {
        const counts = outcome[survey];
        return [survey, counts?.received, counts?.stored, counts?.known, counts?.deadLettered];
      }),
    );
  });

  it('gives every alert the values of the reference', () => {
    let compared = 0;
    for (const { path, survey, reference, packet } of alerts) {
      if (isFake({ path })) continue;
      const table = survey === 'ztf' ? 'candidates' : 'diaSources';
      const row = rowsOf(table).get(idOf({ packet, survey }));
      if (row === undefined) expect.fail(`${path} is not stored`);
      expect(row.hasalert, path).to.equal(1);
      for (const [name, value] of Object.entries(reference)) {
        const column = name === 'dec' ? 'decl' : name;
        if (!(column in row)) continue;
        const stored = row[column];
        const isId = typeof stored === 'string' && typeof value === 'number';
        expect(stored, `${path} ${name}`).to.equal(isId ? String(value) : value);
        compared++;
      }
      if (survey === 'lsst') {
        const nulls = Object.keys(packet.diaSource as Values).filter(
          (name) => row[name === 'dec' ? 'decl' : name] === null,
        );
        const { diaSource_nan_fields: nans, diaSource_null_fields: empty } = reference;
        expect(nulls.length, `${path}: NULLs`).to.equal(Number(nans) + Number(empty));
      }
    }
    expect(compared).to.be.above(3_000);
  });

  it('gives every attribute of every alert its column, exactly', () => {
    let compared = 0;
    for (const { path, packet } of alertsOf('ztf')) {
      const candidate = packet.candidate as Values;
      const row = rowsOf('candidates').get(String(candidate.candid));
      compared += compareColumns('ztf', 'candidates', row, candidate, path);
      expect(row?.objectId, path).to.equal(packet.objectId);
      expect(row?.schemavsn, path).to.equal(packet.schemavsn ?? null);
    }
    for (const { path, packet } of alertsOf('lsst').filter((alert) => !isFake(alert))) {
      const source = packet.diaSource as Values;
      const id = String(source.diaSourceId);
      const row = rowsOf('diaSources').get(id);
      compared += compareColumns('lsst', 'diaSources', row, source, path);
      const { ssSource, mpc_orbits: orbit } = packet as Record<string, Values | null>;
      if (ssSource) {
        compared += compareColumns(
          'lsst',
          'ssSources',
          rowsOf('ssSources').get(id),
          ssSource,
          path,
        );
      }
      if (orbit) {
        const stored = rowsOf('mpc_orbits').get(String(orbit.designation));
        compared += compareColumns('lsst', 'mpc_orbits', stored, orbit, path, MPCORB_COLUMNS);
      }
    }
    for (const { path, packet } of newestByObject(alertsOf('lsst'))) {
      const object = packet.diaObject as Values;
      const row = rowsOf('diaObjects').get(String(object.diaObjectId));
      compared += compareColumns('lsst', 'diaObjects', row, object, path);
    }
    expect(compared).to.be.above(20_000);
  });

  it('stores the history of every ZTF alert, once', () => {
    const candids = new Set<string>();
    const limits = new Set<string>();
    const forced = new Set<string>();
    for (const { path, reference, packet } of alertsOf('ztf')) {
      const objectId = String(packet.objectId);
      const previous = (packet.prv_candidates ?? []) as Values[];
      const detections = previous.filter(({ candid }) => candid !== null);
      expect(detections.length, path).to.equal(reference.n_prv_detections ?? detections.length);
      candids.add(String((packet.candidate as Values).candid));
      for (const record of detections) {
        const id = String(record.candid);
        candids.add(id);
        const row = rowsOf('candidates').get(id);
        expect(row?.objectId, `${path} ${id}`).to.equal(objectId);
        const own = row?.hasalert === 1;
        if (!own) expect(row?.jd, `${path} ${id}`).to.equal(record.jd);
      }
      for (const record of previous.filter(({ candid }) => candid === null)) {
        const id = `${objectId}/${String(record.pid)}`;
        limits.add(id);
        const row = rowsOf('noncandidates').get(id);
        expect([row?.jd, row?.fid, row?.diffmaglim], `${path} ${id}`).to.deep.equal([
          record.jd,
          record.fid,
          record.diffmaglim,
        ]);
      }
      const points = (packet.fp_hists ?? []) as Values[];
      if (reference.n_fp_hists !== undefined)
        expect(points.length, path).to.equal(reference.n_fp_hists ?? 0);
      for (const record of points) {
        const id = `${objectId}/${String(record.pid)}`;
        forced.add(id);
        compareColumns('ztf', 'forcedphot', rowsOf('forcedphot').get(id), record, `${path} ${id}`);
      }
    }
    expect([...rowsOf('candidates').keys()].sort()).to.deep.equal([...candids].sort());
    expect([...rowsOf('noncandidates').keys()].sort()).to.deep.equal([...limits].sort());
    expect([...rowsOf('forcedphot').keys()].sort()).to.deep.equal([...forced].sort());
  });

  it('stores the history of every Rubin alert, once', () => {
    const sources = new Set<string>();
    const forced = new Set<string>();
    let compared = 0;
    for (const { path, reference, packet } of alertsOf('lsst')) {
      const source = packet.diaSource as Values;
      const previous = (packet.prvDiaSources ?? []) as Values[];
      const points = (packet.prvDiaForcedSources ?? []) as Values[];
      expect(previous.length, path).to.equal(reference.n_prvDiaSources ?? 0);
      expect(points.length, path).to.equal(reference.n_prvDiaForcedSources ?? 0);
      sources.add(String(source.diaSourceId));
      for (const record of previous) {
        const id = String(record.diaSourceId);
        sources.add(id);
        const row = rowsOf('diaSources').get(id);
        if (row?.hasalert === 1 || isFake({ path })) continue;
        compared += compareColumns('lsst', 'diaSources', row, record, `${path} ${id}`);
      }
      for (const record of points) {
        const id = `${String(record.diaObjectId)}/${String(record.diaForcedSourceId)}`;
        forced.add(id);
        const row = rowsOf('diaForcedSources').get(id);
        if (isFake({ path })) continue;
        compared += compareColumns('lsst', 'diaForcedSources', row, record, `${path} ${id}`);
      }
    }
    expect(compared).to.be.above(500_000);
    expect([...rowsOf('diaSources').keys()].sort()).to.deep.equal([...sources].sort());
    expect([...rowsOf('diaForcedSources').keys()].sort()).to.deep.equal([...forced].sort());
  });

  it('counts what it knows of each object', async () => {
    const expected = new Map<string, [Set<string>, Set<string>, Set<string>]>();
    for (const { packet } of alertsOf('ztf')) {
      const objectId = String(packet.objectId);
      const [all, positive, limits] = expected.get(objectId) ?? [new Set(), new Set(), new Set()];
      expected.set(objectId, [all, positive, limits]);
      for (const record of [packet.candidate, ...((packet.prv_candidates ?? []) as Values[])]) {
        const { candid, isdiffpos, pid } = record as Record<string, bigint | string | null>;
        if (candid === null) limits.add(String(pid));
        else {
          all.add(String(candid));
          if (isdiffpos === 't' || isdiffpos === '1') positive.add(String(candid));
        }
      }
    }
    const rows = await context.db.arrays(
      'SELECT objectId, ncand, ncandpos, nnoncand FROM ztf.objects ORDER BY objectId',
    );
    expect(rows).to.deep.equal(
      [...expected]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([objectId, sets]) => [objectId, ...sets.map((set) => set.size)]),
    );
  });

  it('keeps every cutout byte by byte, readable by the id', async () => {
    let read = 0;
    for (const { path, survey, reference, packet } of alerts) {
      if (isFake({ path })) continue;
      const id = BigInt(idOf({ packet, survey }));
      const stamps = Object.values(reference.stamps ?? {}).filter((stamp) => stamp !== null);
      const location = await selectCutoutLocation(context.db, survey, id).catch(() => undefined);
      expect(location === undefined, path).to.equal(stamps.length === 0);
      if (location === undefined) continue;
      for (const kind of CUTOUT_KINDS) {
        const name = `cutout${kind[0].toUpperCase()}${kind.slice(1)}`;
        const told = reference.stamps?.[name];
        const sent = survey === 'ztf' ? (packet[name] as Values | null)?.stampData : packet[name];
        if (!told) continue;
        const bytes = await readCutout(context.config.cutoutDir, location, kind);
        expect(bytes.equals(sent as Buffer), `${path} ${name}`).to.equal(true);
        expect(bytes.length, `${path} ${name}`).to.equal(told.bytes);
        const { width, height } = readStamp(bytes);
        expect([width, height], `${path} ${name}`).to.deep.equal([told.naxis1, told.naxis2]);
        read++;
      }
    }
    expect(read).to.be.above(550);
  });

  it('changes no row when they come again', async () => {
    const { db } = context;
    const sums = async () => {
      const names = await db.arrays(
        "SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables WHERE table_schema IN ('ztf', 'lsst') ORDER BY 1",
      );
      return db.arrays(`CHECKSUM TABLE ${names.map(([name]) => String(name)).join(', ')}`);
    };
    const before = await sums();
    const again = await replay([join(root, 'alerts')], pipelineSink(context));
    expect(again.outcome.ztf).to.include({ stored: 0, known: outcome.ztf?.stored });
    expect(again.outcome.lsst?.stored).to.equal(0);
    expect(await sums()).to.deep.equal(before);
    expect(await listDeadLetters(db, { limit: 1_000 })).to.have.length(
      files.filter((path) => faultOf(path) !== undefined).length,
    );
  });
});

function idOf({ packet, survey }: Pick<KnownAlert, 'packet' | 'survey'>): string {
  const record = (survey === 'ztf' ? packet.candidate : packet.diaSource) as Values;
  const id = survey === 'ztf' ? record.candid : record.diaSourceId;
  return String(id);
}

function isFake({ path }: Pick<KnownAlert, 'path'>): boolean {
  return FAKE.test(path);
}

/** Of several alerts of one object, that which says last what Rubin knows of it. */
function newestByObject(alerts: KnownAlert[]): KnownAlert[] {
  const newest = new Map<string, KnownAlert>();
  const mjdOf = ({ packet }: KnownAlert) => (packet.diaSource as Values).midpointMjdTai as number;
  for (const alert of alerts) {
    const object = alert.packet.diaObject as Values | null;
    if (!object || isFake(alert)) continue;
    const id = String(object.diaObjectId);
    const other = newest.get(id);
    if (other === undefined || mjdOf(alert) >= mjdOf(other)) newest.set(id, alert);
  }
  return [...newest.values()];
}
