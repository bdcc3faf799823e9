import { expect } from 'chai';

import { QueryError } from '../../../../common/sql/query-error.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { openTextRunner, statement } from './run-text.ts';
import type { TextRunner } from './run-text.ts';
import * as sky from './small-sky.ts';

describe('light_curve()', () => {
  let db: Database;
  let runner: TextRunner;
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await sky.makeSmallSky(db);
    runner = await openTextRunner(db, fresh.url);
  });
  after(async () => {
    await runner?.close();
    await db?.close();
  });

  const rows = (text: string, survey: 'ztf' | 'lsst' = 'ztf') =>
    runner.rows(statement(text), { survey });
  const ids = async (condition: string, survey: 'ztf' | 'lsst' = 'ztf') =>
    (
      await rows(
        `SELECT ${survey === 'ztf' ? 'objectId' : 'diaObjectId'} FROM objects WHERE ${condition}`,
        survey,
      )
    )
      .map(([id]) => id)
      .sort();
  const valuesOf = async (id: string, values: string, survey: 'ztf' | 'lsst' = 'ztf') => {
    const key = survey === 'ztf' ? `objectId = '${id}'` : `diaObjectId = ${id}`;
    const [row] = await rows(`SELECT ${values} FROM objects WHERE ${key}`, survey);
    return row;
  };

  it('counts the detections of a band, brighter than a limit, within a time', async () => {
    // Of the supernova in r: 18.9375 four days ago, 18.5 two days ago, 18.75 a day ago.
    const inR = (limit: number, days: number) =>
      `light_curve(count(*) WHERE band = 'r' AND mag < ${limit} AND age < ${days})`;
    expect(
      await valuesOf(sky.SUPERNOVA, `${inR(19, 5)}, ${inR(18.875, 5)}, ${inR(19, 1.5)}`),
    ).to.deep.equal([3, 2, 1]);
    expect(await ids(`${inR(19, 5)} >= 3`)).to.deep.equal([sky.SUPERNOVA]);
    expect(await ids(`${inR(19, 5)} = 1`)).to.deep.equal([sky.DWARF_NOVA, sky.NUCLEAR].sort());
    // Objects without any detection have none: 0, not NULL.
    expect(await ids('light_curve(count(*)) = 0')).to.deep.equal(
      [sky.STAR, sky.NUCLEUS, sky.OLD_SUPERNOVA].sort(),
    );
  });

  it('gives extremes, means and scatter, and NULL where there is nothing to take them of', async () => {
    expect(
      await valuesOf(
        sky.NUCLEAR,
        `light_curve(min(mag)), light_curve(max(mag)), light_curve(avg(mag)),
         light_curve(count(distinct band)), light_curve(max(age)), light_curve(min(mag) WHERE band = 'i')`,
      ),
    ).to.deep.equal([18.25, 19, 18.6875, 2, 20, null]);
    // Of 19, 19, 18.25, 18.5: mean 18.6875, squares 0.09765625 (twice), 0.19140625, 0.03515625.
    const [population, sample] = await valuesOf(
      sky.NUCLEAR,
      'light_curve(stddev(mag)), light_curve(stddev_samp(mag))',
    );
    expect(population).to.be.closeTo(Math.sqrt(0.421875 / 4), 1e-12);
    expect(sample).to.be.closeTo(Math.sqrt(0.421875 / 3), 1e-12);
    expect(
      await ids(
        "light_curve(min(mag) WHERE band = 'g') - light_curve(min(mag) WHERE band = 'r') < -0.125 AND ncandgp > 0",
      ),
    ).to.deep.equal([sky.NUCLEAR, sky.SUPERNOVA].sort());
  });

  it('takes negative differences for what they are: light that went', async () => {
    expect(
      await valuesOf(
        sky.DWARF_NOVA,
        `light_curve(count(*)), light_curve(count(*) WHERE isPositive), light_curve(count(*) WHERE NOT isPositive),
         light_curve(min(mag) WHERE isPositive = 0), light_curve(count(*) WHERE flux < 0)`,
      ),
    ).to.deep.equal([4, 2, 2, 18, 2]);
    const [low, high] = await valuesOf(
      sky.DWARF_NOVA,
      'light_curve(min(flux)), light_curve(max(flux))',
    );
    // 18 mag and 13 mag in nJy: 10^(0.4 (31.4 - mag)).
    expect(low).to.be.closeTo(-(10 ** 5.36), 1e-3);
    expect(high).to.be.closeTo(10 ** 7.36, 0.1);
  });

  it('means the same with both surveys', async () => {
    // Of Rubin's supernova: 10000 (r), 60000 (g), 100000 (r), 120000 (g), 80000 (i), 90000 nJy (r).
    expect(
      await valuesOf(
        sky.RUBIN_SUPERNOVA,
        `light_curve(count(*)), light_curve(count(*) WHERE band = 'r' AND mag < 19.5 AND age < 5),
         light_curve(max(flux) WHERE band = 'g'), light_curve(max(snr)), light_curve(min(fluxerr)),
         light_curve(min(since_last)), light_curve(count(*) WHERE since_last < 5)`,
        'lsst',
      ),
    ).to.deep.equal([6, 2, 120_000, 120, 500, 0, 4]);
    const [brightest, error, oldest, first] = await valuesOf(
      sky.RUBIN_SUPERNOVA,
      `light_curve(min(mag)), light_curve(min(magerr) WHERE flux = 100000),
       light_curve(max(age)), light_curve(min(mjd))`,
      'lsst',
    );
    expect(brightest).to.be.closeTo(31.4 - 2.5 * Math.log10(120_000), 1e-9);
    expect(error).to.be.closeTo((2.5 / Math.LN10) * 0.01, 1e-9);
    // Both in TAI.
    expect(oldest).to.be.closeTo(12, 1e-9);
    expect(first).to.be.closeTo(sky.MJD_TAI - 12, 1e-9);
    expect(
      await valuesOf(
        sky.RUBIN_FADING,
        'light_curve(count(*) WHERE isPositive), light_curve(min(flux)), light_curve(max(mag))',
        'lsst',
      ),
    ).to.satisfy(
      ([positive, flux, mag]: number[]) =>
        positive === 0 && flux === -1_000 && Math.abs(mag - (31.4 - 2.5 * Math.log10(500))) < 1e-9,
    );
  });

  it('has times in the scale of the survey, and errors that belong to the magnitudes', async () => {
    const [mjd, last, error, snr, fluxerr] = await valuesOf(
      sky.NUCLEAR,
      `light_curve(min(mjd)), light_curve(max(since_last)), light_curve(max(magerr)),
       light_curve(max(snr)), light_curve(max(fluxerr) WHERE mag = 19)`,
    );
    expect(mjd).to.equal(sky.MJD - 20);
    expect(last).to.equal(18);
    expect(error).to.equal(0.0625);
    expect(snr).to.be.closeTo(2.5 / Math.LN10 / 0.0625, 1e-9);
    expect(fluxerr).to.be.closeTo((10 ** 4.96 * 0.0625 * Math.LN10) / 2.5, 1e-6);
  });

  it("knows the detections' own columns, and those of the query around", async () => {
    expect(
      await valuesOf(
        sky.SUPERNOVA,
        `light_curve(count(*) WHERE drb >= 0.9 AND fid = 1), light_curve(count(*) WHERE jd > jdmax - 2.5),
         light_curve(count(*) WHERE jd > objects.jdmin + 5 AND reliability > 0.9)`,
      ),
    ).to.deep.equal([1, 4, 5]);
    // Names in any case.
    expect(await valuesOf(sky.NUCLEAR, 'light_curve(MIN(MAG) WHERE BAND = "g")')).to.deep.equal([
      18.25,
    ]);
  });

  it('serves several tables, groups, other tables than objects, and orders', async () => {
    expect(
      await rows(
        `SELECT o.objectId, light_curve(o, count(*)), light_curve(r, count(*))
         FROM objects o JOIN crossmatch_lsst x ON x.objectId = o.objectId
         JOIN lsst.objects r ON r.diaObjectId = x.diaObjectId WHERE x.rank = 1
         ORDER BY light_curve(o, min(mag)) DESC`,
      ),
    ).to.deep.equal([
      [sky.NUCLEAR, 4, 0],
      [sky.DWARF_NOVA, 4, 0],
    ]);
    expect(
      await rows(
        `SELECT w.name, light_curve(count(*) WHERE since_last < 1.5) AS n FROM watchlist_hits w WHERE w.wl_id = 1 ORDER BY w.name`,
      ),
    ).to.deep.equal([
      ['WD 1', 2],
      ['WD 2', 0],
    ]);
    expect(
      await rows(
        `SELECT s.objectId FROM (SELECT objectId FROM sherlock_classifications WHERE classification = 'SN') s
         WHERE light_curve(count(*)) > 5`,
      ),
    ).to.deep.equal([[sky.SUPERNOVA]]);
    expect(
      await rows(
        `SELECT COUNT(*) FROM objects WHERE light_curve(count(*) WHERE mag < light_curve(avg(mag))) >= 2`,
      ),
    ).to.deep.equal([[3]]);
  });

  it('refuses at its place what cannot be meant', async () => {
    const cases: [string, string, string][] = [
      ['light_curve(abs(mag)) > 1', 'light_curve() wants an aggregate', 'abs(mag)'],
      ['light_curve(min(magg)) > 1', 'no column magg in light curves; did you mean mag?', 'magg'],
      ["light_curve(count(*) WHERE bnad = 'r') > 1", 'did you mean band?', 'bnad'],
      ['light_curve(q, count(*)) > 1', 'no table q in FROM', 'q'],
    ];
    for (const [condition, message, words] of cases) {
      const text = `SELECT objectId FROM objects WHERE ${condition}`;
      try {
        await runner.compile(statement(text));
      } catch (err) {
        if (!(err instanceof QueryError) || err.place === undefined) throw err;
        expect(err.message, condition).to.contain(message);
        expect(text.slice(err.place.start, err.place.end), condition).to.equal(words);
        continue;
      }
      expect.fail(`accepted: ${condition}`);
    }
    for (const text of [
      'SELECT nid FROM coverage WHERE light_curve(count(*)) > 1',
      'SELECT 1 WHERE light_curve(count(*)) > 1',
      'SELECT nid FROM coverage c WHERE light_curve(c, count(*)) > 1',
    ]) {
      try {
        await runner.compile(statement(text));
        expect.fail(`accepted: ${text}`);
      } catch (err) {
        expect(err).to.be.instanceOf(QueryError);
        expect(String(err)).to.contain('light_curve() needs objects');
      }
    }
  });

  it('looks detections up by the object', async () => {
    const others = Array.from({ length: 3_000 }, (_, i) => `ZTF17${String(i).padStart(7, 'a')}`);
    await insertRows(
      db,
      'ztf',
      'candidates',
      others.map((objectId, i) => ({ objectId, candid: 1_000 + i, jd: sky.JD - 50, fid: 1 })),
    );
    await insertRows(
      db,
      'lsst',
      'diaSources',
      others.map((_, i) => ({ diaSourceId: 1_000 + i, diaObjectId: 1_000 + i, psfFlux: 1 })),
    );
    await db.arrays('ANALYZE TABLE ztf.candidates, lsst.diaSources');
    for (const [survey, key] of [
      ['ztf', 'candidates_objectId'],
      ['lsst', 'diaSources_diaObjectId'],
    ] as const) {
      const plan = await runner.explain(
        statement('SELECT COUNT(*) FROM objects WHERE light_curve(count(*) WHERE age < 5) > 2'),
        { survey },
      );
      const inner = plan.find((step) => step.key === key);
      expect(inner?.type, JSON.stringify(plan)).to.equal('ref');
    }
  });
});
