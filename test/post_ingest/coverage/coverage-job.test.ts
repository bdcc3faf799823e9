import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { silentLog } from '../../../common/log.ts';
import { selectCoverage } from '../../../common/store/coverage.ts';
import type { Database } from '../../../common/store/database.ts';
import { addExposures } from '../../../common/store/exposures.ts';
import type { ExposureCount } from '../../../common/store/exposures.ts';
import { coverage } from '../../../post_ingest/coverage/coverage-job.ts';
import { freshDatabase } from '../../servers.ts';

const never = new AbortController().signal;
const NIGHT = 3611;
const JD = 2_457_754.5 + NIGHT + 0.3;

describe('the job that adds up coverage', () => {
  let db: Database;
  let context: Context;
  beforeEach(async () => {
    ({ db } = await freshDatabase());
    const now = () => new Date('2026-11-21T10:40:00Z');
    context = { db, log: silentLog, now, config: parseConfig({}) };
  });
  afterEach(() => db.close());

  const ztf = (change: Partial<ExposureCount>): ExposureCount => ({
    nid: NIGHT,
    place: 789,
    band: 1,
    key: JD,
    n: 1,
    depth: 20.5,
    ...change,
  });
  const run = () => coverage.run(context, never);
  const add = (counts: ExposureCount[]) => db.transaction((tx) => addExposures(tx, 'ztf', counts));
  const rows = (first = NIGHT, last = NIGHT) => selectCoverage(db, 'ztf', first, last);

  it('adds up a night by field and band, with the middle of the field', async () => {
    await run();
    await add([
      ztf({ n: 5 }),
      ztf({ key: JD + 0.01, n: 0, depth: 21 }),
      ztf({ band: 2, n: 3, depth: -Infinity }),
      ztf({ place: 9_999, n: 2 }),
    ]);
    expect(await run()).to.equal('ztf: 1 nights; lsst: 0 nights');
    const [g, r, offGrid] = await rows();
    expect(g).to.include({ place: 789, band: 'g', n: 5, exposures: 2, nights: 1, limitingMag: 21 });
    expect(g.ra).to.be.closeTo(180.53, 0.2);
    expect(g.decl).to.be.closeTo(54.95, 0.01);
    expect(r).to.include({ band: 'r', n: 3, exposures: 1, limitingMag: null });
    expect(offGrid).to.include({ place: 9_999, ra: null, decl: null, n: 2 });
  });

  it('does only what has changed, and adds later batches', async () => {
    await run();
    await add([ztf({ n: 5 })]);
    await run();
    expect(await run()).to.equal('ztf: 0 nights; lsst: 0 nights');
    await add([ztf({ n: 2 }), ztf({ nid: NIGHT - 1, key: JD - 1 })]);
    expect((await rows())[0].n).to.equal(5);
    expect(await run()).to.equal('ztf: 2 nights; lsst: 0 nights');
    expect((await rows())[0].n).to.equal(7);
    expect((await rows(NIGHT - 1, NIGHT))[0]).to.include({ n: 8, exposures: 2, nights: 2 });
  });

  it('knows Rubin’s cells, and limits from uncertainties', async () => {
    await run();
    const visit = { nid: NIGHT, place: 5_312, band: 3, key: 2_026_112_000_123, n: 4 };
    await db.transaction((tx) =>
      addExposures(tx, 'lsst', [
        { ...visit, depth: -100 },
        { ...visit, key: 2_026_112_000_124, n: 0, depth: -80 },
      ]),
    );
    expect(await run()).to.equal('ztf: 0 nights; lsst: 1 nights');
    const [row] = await selectCoverage(db, 'lsst', NIGHT, NIGHT);
    expect(row).to.include({ place: 5_312, band: 'i', n: 4, exposures: 2 });
    expect(row.limitingMag).to.be.closeTo(31.4 - 2.5 * Math.log10(400), 1e-6);
  });

  it('counts once what was stored before there was coverage', async () => {
    const candidate =
      "INSERT INTO ztf.candidates (candid, objectId, jd, fid, nid, field, diffmaglim, hasalert) VALUES (:candid, 'ZTF26aaaaaaa', :jd, 1, :nid, 789, 20.25, 1)";
    for (const candid of [1n, 2n, 3n]) {
      await db.execute(candidate, { candid, jd: JD, nid: NIGHT });
    }
    expect(await run()).to.equal('ztf: 1 nights, counted anew; lsst: 0 nights');
    expect(await rows()).to.have.length(1);
    expect((await rows())[0]).to.include({ n: 3, exposures: 1, limitingMag: 20.25 });
    expect(await run()).to.equal('ztf: 0 nights; lsst: 0 nights');
  });

  it('loses nothing that is added while it runs', async () => {
    await run();
    const batches = Array.from({ length: 60 }, (_, i) => [ztf({ key: JD + (i % 5) / 100 })]);
    const ingest = async () => {
      for (const batch of batches) await add(batch);
    };
    const job = async () => {
      for (let i = 0; i < 15; i++) await run();
    };
    await Promise.all([ingest(), ingest(), job()]);
    await run();
    expect((await rows())[0]).to.include({ n: 120, exposures: 5 });
  });

  it('stops between nights when it is told to, and goes on the next time', async () => {
    await run();
    await add([1, 2, 3].map((day) => ztf({ nid: NIGHT - day, key: JD - day })));
    const stopped = new AbortController();
    stopped.abort();
    expect(await coverage.run(context, stopped.signal)).to.equal('ztf: 0 nights; lsst: 0 nights');
    expect(await run()).to.equal('ztf: 3 nights; lsst: 0 nights');
  });
});
