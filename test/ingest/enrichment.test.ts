import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { parseConfig, SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { silentLog } from '../../common/log.ts';
import { bulkLoad } from '../../common/store/bulk.ts';
import { createRowBuffer } from '../../common/store/row-buffer.ts';
import { openDatabase } from '../../common/store/database.ts';
import type { Database } from '../../common/store/database.ts';
import { beginRebuild, selectRebuilds } from '../../common/store/rebuilds.ts';
import { countStale } from '../../common/store/stale-objects.ts';
import { openFeed } from '../../ingest/feed.ts';
import { contextStep } from '../../post_ingest/context/context-step.ts';
import { ALL_STEPS } from '../../post_ingest/steps/all-steps.ts';
import { withRefreshTools } from '../../post_ingest/steps/object-features.ts';
import { runRebuilds } from '../../post_ingest/steps/rebuild.ts';
import type { Step } from '../../post_ingest/steps/step.ts';
import { workOffStale } from '../../post_ingest/steps/work-off-stale.ts';
import { makeCatalogue } from '../post_ingest/context/make-catalogue.ts';
import { fakeStep } from '../post_ingest/steps/fake-steps.ts';
import { freshDatabase, testFolder } from '../servers.ts';
import { makeNight, random32 } from './chaos/night.ts';
import { derivedRows, expectSameRows } from './derived-rows.ts';
import type { DerivedRows } from './derived-rows.ts';
import { makePackets } from './simulate/make-packets.ts';
import { loadSurroundings, storedPlaces, storeNames, storeOtherObjects } from './sky-around.ts';
import type { SkyPlace } from './sky-around.ts';
import { smallZtfPacket } from './surveys/ztf/small-packet.ts';

const NIGHT = new Date('2026-11-20T06:00:00Z');
const never = new AbortController().signal;
/** When a row was written last. */
const WRITTEN_AT = 'objects.timestamp';
/** Columns that depend on which of its alerts an object was looked at with. */
const BY_ALERT = [
  ...['Mag', 'MagErr', 'separationArcsec', 'northSeparationArcsec', 'eastSeparationArcsec'],
  ...['objRa', 'objDecl', 'physical_separation_kpc', 'rankScore', 'annotation', 'description'],
].flatMap((column) => [`sherlock_classifications.${column}`, `sherlock_crossmatches.${column}`]);

describe('what ingest works out of the places of objects', () => {
  let db: Database;
  let url: string;
  let context: Context;
  let time = NIGHT;

  async function open(): Promise<void> {
    ({ db, url } = await freshDatabase());
    time = NIGHT;
    const GLINT_HOME = join(testFolder(), 'enrichment');
    const config = parseConfig({ GLINT_HOME, GLINT_BATCH_SIZE: '40' });
    context = { config, db, log: silentLog, now: () => time };
  }
  beforeEach(open);
  afterEach(() => db.close());

  async function reopen(): Promise<void> {
    await db.close();
    await open();
  }

  async function feed(survey: Survey, packets: Buffer[], steps: readonly Step[] = ALL_STEPS) {
    const lane = openFeed(context, survey, steps);
    await lane.push(packets);
    return lane.finish();
  }

  /** Does what waits, as often as it takes. */
  async function workOff(steps: readonly Step[] = ALL_STEPS): Promise<void> {
    for (let runs = 0; (await countStale(db)).length > 0; runs++) {
      expect(runs, 'runs of the job').to.be.lessThan(100);
      await withRefreshTools(context, (tools) =>
        workOffStale(tools, steps, never, time.getTime() + 60_000),
      );
      time = new Date(time.getTime() + 86_400_000);
    }
  }

  const rebuild = (on = context, onProgress?: () => void) =>
    withRefreshTools(on, (tools) => runRebuilds(tools, ALL_STEPS, never, onProgress));

  async function rebuildAll(): Promise<void> {
    for (const step of ['context', 'tns', 'other-survey'])
      for (const survey of SURVEYS)
        await beginRebuild(db, { survey, step, version: 'test', total: 0, now: time });
    await rebuild();
  }

  async function fillSky(places: Record<Survey, SkyPlace[]>): Promise<void> {
    const all = [...places.ztf, ...places.lsst];
    await loadSurroundings(db, all);
    await storeNames(db, all);
    await db.execute('DELETE FROM glint.rebuilds');
  }

  /** Places of the objects of some packets. */
  async function placesOf(packets: Record<Survey, Buffer[]>): Promise<Record<Survey, SkyPlace[]>> {
    for (const survey of SURVEYS) await feed(survey, packets[survey], []);
    const places = {
      ztf: await storedPlaces(db, 'ztf'),
      lsst: await storedPlaces(db, 'lsst'),
    };
    await reopen();
    return places;
  }

  /** About 500 packets of each survey. ZTF's objects stay where they are, so that all is exact. */
  function nights(): Record<Survey, Buffer[]> {
    const ztf = makeNight({ seed: 91, objects: 85, epochs: 9 }).map(({ bytes }) => bytes);
    const night = { alerts: 170, seed: 92, nights: 3, startNight: 3246 } as const;
    const { preload, measured } = makePackets({ survey: 'lsst', workload: 'night', ...night });
    return { ztf, lsst: [...preload, ...measured].map(({ bytes }) => bytes) };
  }

  async function classOf(id: string): Promise<unknown> {
    const rows = await db.arrays(
      'SELECT sherlock_classification FROM ztf.objects WHERE objectId = :id',
      { id },
    );
    return rows[0][0];
  }

  it('is the same in the end, whichever steps fail at whatever batches', async function () {
    this.timeout(240_000);
    const packets = nights();
    const places = await placesOf(packets);
    const store = async (steps: readonly Step[]): Promise<DerivedRows> => {
      await fillSky(places);
      await storeOtherObjects(db, 'ztf', places.ztf);
      for (const survey of SURVEYS) {
        const stats = await feed(survey, packets[survey], steps);
        expect(stats).to.include({ received: packets[survey].length, deadLettered: 0 });
      }
      await workOff();
      return derivedRows(db);
    };
    const sound = await store(ALL_STEPS);
    await rebuildAll();
    const soundRebuilt = await derivedRows(db);
    expect(sound.get('ztf.tns_matches')?.size).to.be.greaterThan(20);
    expect(sound.get('ztf.crossmatch_lsst')?.size).to.be.greaterThan(20);
    expect(sound.get('lsst.sherlock_crossmatches')?.size).to.be.greaterThan(50);
    for (const seed of [1, 2, 3]) {
      await reopen();
      const failures = { count: 0 };
      const broken = await store(ALL_STEPS.map((step, i) => flaky(step, seed * 10 + i, failures)));
      expect(failures.count).to.be.greaterThan(10);
      expectSameRows(broken, sound, [...BY_ALERT, WRITTEN_AT]);
      await rebuildAll();
      expectSameRows(await derivedRows(db), soundRebuilt, [WRITTEN_AT]);
    }
  });

  it('does not wait for a step that hangs, but once', async function () {
    this.timeout(60_000);
    let release: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (release = resolve));
    let asked = 0;
    const slow: Step = {
      name: 'tns',
      limitMs: 50,
      async find(_db, _survey, objects) {
        asked++;
        await hanging;
        return {
          facts: new Map(objects.map(({ id }) => [id, { tnsName: '2026x' }])),
          write: () => Promise.resolve(),
        };
      },
    };
    const sound = fakeStep('context', { facts: { classification: 'VS' } });
    const packets = makeNight({ seed: 5, objects: 120, epochs: 2 }).map(({ bytes }) => bytes);
    const stats = await feed('ztf', packets, [slow, sound]);
    expect(stats.received).to.equal(packets.length);
    expect(stats.batches).to.be.greaterThan(3);
    expect(asked).to.equal(1);
    const [[count, named]] = await db.arrays('SELECT COUNT(*), COUNT(tns_name) FROM ztf.objects');
    expect([Number(count), Number(named)]).to.deep.equal([120, 0]);
    const [{ step, objects }] = await countStale(db);
    expect([step, Number(objects)]).to.deep.equal(['tns', 120]);
    release();
    await sleep(0);
    await workOff([slow, sound]);
    const [[after]] = await db.arrays("SELECT COUNT(*) FROM ztf.objects WHERE tns_name = '2026x'");
    expect(Number(after)).to.equal(120);
  });

  it('repeats the batch when a step is the victim of a deadlock', async function () {
    this.timeout(60_000);
    const put = 'REPLACE INTO glint.job_progress (task, position, updated_at) VALUES ';
    const at = "'x', '2026-11-20'";
    await db.execute(`${put} ('a', ${at}), ('b', ${at})`);
    let tries = 0;
    let rival: Promise<void> | undefined;
    const step = fakeStep('context', {
      facts: { classification: 'SN' },
      async write(tx) {
        if (++tries > 1) return;
        const [isHeld, isWanted] = [signal(), signal()];
        // It has changed more than the batch: of the two the server gives up the lighter.
        rival = db.transaction(async (rivalTx) => {
          const rows = Array.from({ length: 5_000 }, (_, i) => `('rival ${i}', ${at})`);
          await rivalTx.execute(put + rows.join(','));
          await rivalTx.execute("UPDATE glint.job_progress SET position = 'y' WHERE task = 'a'");
          isHeld.give();
          await isWanted.given;
          await rivalTx.execute("UPDATE glint.job_progress SET position = 'y' WHERE task = 'b'");
        });
        await isHeld.given;
        await tx.execute("UPDATE glint.job_progress SET position = 'z' WHERE task = 'b'");
        isWanted.give();
        await tx.execute("UPDATE glint.job_progress SET position = 'z' WHERE task = 'a'");
        throw new Error('the batch was no victim');
      },
    });
    const stats = await feed('ztf', [smallZtfPacket()], [step]);
    await rival;
    expect(stats).to.include({ stored: 1, deadLettered: 0 });
    expect(tries).to.equal(2);
    expect(await countStale(db)).to.deep.equal([]);
    expect(await classOf('ZTF25abcdefg')).to.equal('SN');
  });

  it('stores the batch when a step loads rows that do not fit', async function () {
    this.timeout(60_000);
    const step = fakeStep('context', {
      async write(tx, server) {
        await tx.execute("INSERT INTO glint.job_progress VALUES ('a', 'half done', '2026-11-20')");
        const columns = ['objectId', 'tns_name', 'arcsec'];
        const rows = createRowBuffer();
        // Long enough to be still under way when the server has refused it.
        for (let i = 0; i < 100_000; i++) {
          for (const value of [`ZTF${i}`, '2026x', i === 5 ? 'far' : 1]) rows.value(value);
          rows.endRow();
        }
        await bulkLoad(tx, server, 'replace', { table: 'ztf.tns_matches', columns }, rows);
      },
    });
    const stamps: [Buffer, null, null] = [Buffer.from('stamp'), null, null];
    const stats = await feed('ztf', [smallZtfPacket({ cutouts: stamps })], [step]);
    expect(stats).to.include({ stored: 1, deadLettered: 0 });
    const counts = await db.arrays(
      'SELECT (SELECT COUNT(*) FROM ztf.cutouts), (SELECT COUNT(*) FROM glint.job_progress)',
    );
    expect(counts[0].map(Number)).to.deep.equal([1, 0]);
    expect((await countStale(db)).map((stale) => stale.step)).to.deep.equal(['context']);
  });

  it('is by a catalogue that is loaded amid the night as by one that was there before', async function () {
    this.timeout(240_000);
    const packets = makeNight({ seed: 93, objects: 120, epochs: 9 }).map(({ bytes }) => bytes);
    const places = await placesOf({ ztf: packets, lsst: [] });
    await fillSky(places);
    await feed('ztf', packets);
    const wanted = await derivedRows(db);
    await reopen();
    await storeNames(db, places.ztf);
    const lane = openFeed(context, 'ztf');
    const third = Math.ceil(packets.length / 3);
    await lane.push(packets.slice(0, third));
    let isFed = false;
    const feeding = (async () => {
      for (let i = third; i < packets.length; i += 10) {
        await lane.push(packets.slice(i, i + 10));
        await sleep(5);
      }
      await lane.finish();
      isFed = true;
    })();
    await loadSurroundings(db, places.ztf);
    // Rebuilds follow each other while the stream goes on: more than ever are at once.
    for (let runs = 0; !isFed; runs++) {
      if (runs > 0)
        await beginRebuild(db, {
          survey: 'ztf',
          step: 'context',
          version: `${runs}`,
          total: 0,
          now: time,
        });
      await rebuild();
    }
    await feeding;
    await workOff();
    expectSameRows(await derivedRows(db), wanted, [WRITTEN_AT]);
  });

  it('is by the new catalogue where one came while a batch was being prepared', async function () {
    this.timeout(60_000);
    let asked = 0;
    const step: Step = {
      name: 'context',
      async find(...about) {
        const found = await contextStep.find(...about);
        if (++asked === 1) {
          await makeCatalogue(db, 'stars', 'star', [{ ra: 10, decl: -3, G: 15 }]);
          expect(await rebuild()).to.equal(0);
        }
        return found;
      },
    };
    await feed('ztf', [smallZtfPacket()], [step]);
    expect(asked).to.equal(2);
    expect(await classOf('ZTF25abcdefg')).to.equal('VS');
  });

  it('has a rebuild wait for the batches that are being stored', async function () {
    this.timeout(60_000);
    await feed('ztf', [smallZtfPacket()], []);
    const now = time;
    await beginRebuild(db, { survey: 'ztf', step: 'features', version: 'x', total: 1, now });
    const order: string[] = [];
    let rebuilding: Promise<unknown> | undefined;
    await db.transaction(async (tx) => {
      await tx.execute(
        "INSERT INTO glint.stream_offsets (topic, partition_id, survey, next_offset, updated_at) VALUES ('t', 0, 'ztf', 1, '2026-11-20')",
      );
      rebuilding = rebuild(context, () => order.push('rebuilt'));
      await sleep(300);
      order.push('stored');
    });
    await rebuilding;
    expect(order).to.deep.equal(['stored', 'rebuilt']);
  });

  it('is whole after a rebuild that was cut off and begun again', async function () {
    this.timeout(120_000);
    const packets = makeNight({ seed: 94, objects: 700, epochs: 1 }).map(({ bytes }) => bytes);
    await feed('ztf', packets, []);
    await loadSurroundings(db, await storedPlaces(db, 'ztf'));
    await rebuild();
    const wanted = await derivedRows(db);
    await db.execute('DELETE FROM ztf.sherlock_crossmatches');
    await db.execute('UPDATE ztf.objects SET sherlock_classification = NULL, maggmean = 99');
    await beginRebuild(db, { survey: 'ztf', step: 'context', version: 'x', total: 700, now: time });
    const doomed = openDatabase(url);
    const death = await rebuild({ ...context, db: doomed }, () => void doomed.close()).catch(
      (err: unknown) => err,
    );
    expect(death).to.be.instanceOf(Error);
    const [half] = (await selectRebuilds(db)).filter(({ version }) => version === 'x');
    expect(half).to.include({ done: 250, endedAt: null });
    expect(await rebuild()).to.equal(450);
    expectSameRows(await derivedRows(db), wanted);
  });

  it('follows an object that moves: class and name are those of its new place', async function () {
    this.timeout(60_000);
    const [from, to] = [10, 10 + 40 / 3600];
    await makeCatalogue(db, 'stars', 'star', [{ ra: from, decl: 0, G: 15 }]);
    await makeCatalogue(db, 'hosts', 'galaxy', [
      { ra: (from + to) / 2, decl: 3 / 3600, z: 0.03, R: 16 },
    ]);
    await db.execute('DELETE FROM glint.rebuilds');
    await storeNames(db, [{ ra: from, decl: 0 }]);
    const at = (ra: number, candid: bigint) =>
      smallZtfPacket({ candid, candidate: { ra, dec: 0, jd: 2_460_000 + Number(candid) } });
    const row = async () =>
      (await db.arrays('SELECT sherlock_classification, tns_name FROM ztf.objects'))[0];
    await feed('ztf', [at(from, 1n)]);
    expect(await row()).to.deep.equal(['VS', '2026a0']);
    await feed('ztf', [at(to, 2n)]);
    expect(await row()).to.deep.equal(['SN', null]);
    expect(await db.arrays('SELECT * FROM ztf.tns_matches')).to.deep.equal([]);
    expect(await db.arrays('SELECT * FROM ztf.comments')).to.deep.equal([]);
    // And back, in a batch that comes while the one before it is being stored.
    await feed(
      'ztf',
      [3, 4, 5].map((n) => at(2 * from - to, BigInt(n))).concat([at(2 * to - from, 6n)]),
    );
    const rebuilt = await derivedRows(db);
    await rebuildAll();
    expectSameRows(await derivedRows(db), rebuilt, BY_ALERT);
  });

  it('knows no seam at right ascension 0', async function () {
    this.timeout(60_000);
    const edge = 0.3 / 3600;
    await makeCatalogue(db, 'stars', 'star', [{ ra: 0, decl: 20, G: 15 }]);
    await storeNames(db, [{ ra: 359.99999, decl: 20 }]);
    await storeOtherObjects(db, 'ztf', [{ ra: 0, decl: 20 }]);
    const packets = [360 - edge, edge].map((ra, i) =>
      smallZtfPacket({ candid: BigInt(i + 1), candidate: { ra, dec: 20, jd: 2_460_000 + i } }),
    );
    await feed('ztf', packets);
    const [[ramean, ...names]] = await db.arrays(
      'SELECT ramean, sherlock_classification, tns_name FROM ztf.objects',
    );
    expect(Math.min(Number(ramean), 360 - Number(ramean))).to.be.lessThan(1e-9);
    expect(names).to.deep.equal(['VS', '2026a0']);
    const [[links]] = await db.arrays('SELECT COUNT(*) FROM ztf.crossmatch_lsst');
    expect(Number(links)).to.equal(2);
  });

  it('links no body of the solar system, and forgets its name with the next alert', async function () {
    this.timeout(60_000);
    await storeOtherObjects(db, 'ztf', [{ ra: 10, decl: -3 }]);
    const at = (candid: bigint, ssnamenr: string) => {
      const jd = 2_460_000 + Number(candid) / 100;
      return smallZtfPacket({ candid, candidate: { jd, jdstarthist: jd, ssnamenr, ssdistnr: 1 } });
    };
    await feed('ztf', [at(1n, 'Ceres')]);
    const stored = async () => [
      (await db.arrays('SELECT ssnamenr FROM ztf.objects'))[0][0],
      Number((await db.arrays('SELECT COUNT(*) FROM ztf.crossmatch_lsst'))[0][0]),
    ];
    expect(await stored()).to.deep.equal(['Ceres', 0]);
    await feed('ztf', [at(2n, 'null')]);
    expect((await stored())[0]).to.equal(null);
  });

  it('takes objects of which no position is worth anything', async function () {
    this.timeout(60_000);
    const packets = [
      smallZtfPacket({ objectId: 'ZTF25aaaaaaa', candid: 1n, candidate: { ra: NaN } }),
      smallZtfPacket({
        objectId: 'ZTF25aaaaaab',
        candid: 2n,
        history: [{ candid: 3n, pid: 3n, jd: 2_460_000, ra: null, dec: null }],
      }),
      smallZtfPacket({ objectId: 'ZTF25aaaaaac', candid: 4n }),
    ];
    const stats = await feed('ztf', packets);
    expect(stats.received).to.equal(3);
    expect(stats.stored + stats.deadLettered).to.equal(3);
    expect(await classOf('ZTF25aaaaaac')).not.to.equal(undefined);
    await workOff();
    const stored = await derivedRows(db);
    await rebuildAll();
    expectSameRows(await derivedRows(db), stored);
  });

  it('says of the last alert what is near, however alerts come in batches', async function () {
    this.timeout(60_000);
    const packets = [0.25, -999, 0.75, -999].map((sgscore1, i) =>
      smallZtfPacket({ candid: BigInt(i + 1), candidate: { sgscore1, jd: 2_460_000 + i } }),
    );
    const score = async () => (await db.arrays('SELECT sgscore1 FROM ztf.objects'))[0][0];
    await feed('ztf', packets, []);
    expect(await score()).to.equal(0.75);
    await reopen();
    for (const packet of packets) await feed('ztf', [packet], []);
    expect(await score()).to.equal(0.75);
    await beginRebuild(db, { survey: 'ztf', step: 'features', version: 'x', total: 1, now: time });
    await rebuild();
    expect(await score()).to.equal(0.75);
  });
});

/** A promise to be kept from elsewhere. */
function signal(): { given: Promise<void>; give: () => void } {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}

/** A step that fails now and then: when it looks, after it has written, or by taking too long. */
function flaky(step: Step, seed: number, failures: { count: number }): Step {
  const random = random32(seed);
  return {
    ...step,
    limitMs: 1_000,
    async find(...about) {
      const dice = random();
      if (dice < 0.3) failures.count++;
      if (dice < 0.15) throw new Error('it cannot look');
      if (dice < 0.18) await sleep(1_500);
      const found = await step.find(...about);
      if (dice >= 0.3 || dice < 0.18) return found;
      return {
        ...found,
        async write(tx, server) {
          await found.write(tx, server);
          await tx.execute('SELECT no_such_column FROM glint.jobs');
        },
      };
    },
  };
}
