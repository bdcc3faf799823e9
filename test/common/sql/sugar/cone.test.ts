import { expect } from 'chai';

import { separationArcsec } from '../../../../common/astro/coordinates.ts';
import { hpx29 } from '../../../../common/astro/healpix.ts';
import { QueryError } from '../../../../common/sql/query-error.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { randoms } from '../../../webapp/seed-rows.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { openTextRunner, statement } from './run-text.ts';
import type { TextRunner } from './run-text.ts';

interface Star {
  name: string;
  ra: number;
  dec: number;
}

/** Places where the sky is folded: poles, RA 0, the equator, corners of HEALPix's base cells. */
const FOLDS = [
  { ra: 0, dec: 0 },
  { ra: 0, dec: 90 },
  { ra: 0, dec: -90 },
  { ra: 359.9999, dec: 41.8103 },
  { ra: 0.0001, dec: -41.8103 },
  { ra: 45, dec: 0 },
  { ra: 90, dec: 41.8103149 },
  { ra: 180, dec: 0.0001 },
  { ra: 270, dec: 89.999 },
  { ra: 135, dec: -89.99 },
];
const RADII = [0.5, 2, 5, 60, 600, 3_600, 7_200, 36_000];

/** Positions all over the sky, and around each fold at all distances that cones are asked for. */
function makeStars(): Star[] {
  const random = randoms(5);
  const stars: Omit<Star, 'name'>[] = [];
  for (let i = 0; i < 1_500; i++) {
    stars.push({ ra: 360 * random(), dec: (180 / Math.PI) * Math.asin(2 * random() - 1) });
  }
  for (const fold of FOLDS) {
    for (let i = 0; i < 100; i++) {
      const distance = (RADII[i % RADII.length] / 3_600) * 1.5 * random();
      const angle = 2 * Math.PI * random();
      const dec = fold.dec + distance * Math.sin(angle);
      const east =
        (distance * Math.cos(angle)) / Math.max(1e-4, Math.cos((fold.dec * Math.PI) / 180));
      // Over the pole and down on the other side.
      const isOver = Math.abs(dec) > 90;
      stars.push({
        ra: (((fold.ra + east + (isOver ? 180 : 0)) % 360) + 360) % 360,
        dec: isOver ? Math.sign(dec) * 180 - dec : dec,
      });
    }
  }
  return stars.map((star, i) => ({ ...star, name: `ZTF18${word(i)}` }));
}

function word(i: number): string {
  return i
    .toString(26)
    .padStart(7, '0')
    .replace(/./g, (digit) => 'abcdefghijklmnopqrstuvwxyz'[parseInt(digit, 26)]);
}

describe('cone()', () => {
  let db: Database;
  let runner: TextRunner;
  const stars = makeStars();
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await insertRows(
      db,
      'ztf',
      'objects',
      stars.map(({ name, ra, dec }) => ({
        objectId: name,
        ramean: ra,
        decmean: dec,
        hpx29: hpx29(ra, dec),
      })),
    );
    await insertRows(
      db,
      'lsst',
      'objects',
      stars.map(({ ra, dec }, i) => ({ diaObjectId: i + 1, ra, decl: dec, hpx29: hpx29(ra, dec) })),
    );
    await insertRows(db, 'ztf', 'crossmatch_tns', [
      { id: 1, tnsid: 1, tns_name: '2026a', ra: 359.9999, decl: 0, hpx29: hpx29(359.9999, 0) },
      { id: 2, tnsid: 2, tns_name: '2026b', ra: 10, decl: 0, hpx29: hpx29(10, 0) },
    ]);
    await insertRows(db, 'glint', 'watchlists', [
      { wl_id: 1, user_id: 1, name: 'mine', public: 1, radius: 5 },
    ]);
    await insertRows(db, 'glint', 'watchlist_cones', [
      { cone_id: 1, wl_id: 1, name: 'a', ra: 20, decl: 5, hpx29: hpx29(20, 5) },
      { cone_id: 2, wl_id: 1, name: 'b', ra: 21, decl: 5, hpx29: hpx29(21, 5) },
    ]);
    await db.arrays('ANALYZE TABLE ztf.objects, lsst.objects');
    runner = await openTextRunner(db, fresh.url);
  });
  after(async () => {
    await runner?.close();
    await db?.close();
  });

  const namesIn = async (condition: string, fields?: Record<string, number>) =>
    (await runner.rows(statement(`SELECT objectId FROM objects WHERE ${condition}`), { fields }))
      .map(([name]) => name)
      .sort();
  const problemOf = async (text: string) => {
    try {
      await runner.compile(statement(text));
    } catch (err) {
      if (err instanceof QueryError) return err;
      throw err;
    }
    return expect.fail(`accepted: ${text}`);
  };

  it('has the rows that a look at every row has, at all folds of the sky and of all sizes', async () => {
    const random = randoms(9);
    let found = 0;
    for (const fold of FOLDS) {
      for (const radius of RADII) {
        const ra = fold.ra + 1e-4 * random();
        const dec = Math.max(-90, Math.min(90, fold.dec + 1e-4 * (random() - 0.5)));
        const expected = stars
          .filter((star) => separationArcsec(ra, dec, star.ra, star.dec) <= radius)
          .map(({ name }) => name)
          .sort();
        const cone = `cone(${ra}, ${dec}, ${radius})`;
        expect(await namesIn(cone), cone).to.deep.equal(expected);
        found += expected.length;
      }
    }
    expect(found).to.be.greaterThan(1_000);
  });

  it('finds the places of Rubin as well', async () => {
    const rows = await runner.rows(
      statement('SELECT COUNT(*) FROM objects WHERE cone(0, 90, 3600)'),
      {
        survey: 'lsst',
      },
    );
    const expected = stars.filter((star) => separationArcsec(0, 90, star.ra, star.dec) <= 3_600);
    expect(rows).to.deep.equal([[expected.length]]);
  });

  it('reads by ranges of the index that holds the positions, and nothing else', async () => {
    for (const survey of ['ztf', 'lsst'] as const) {
      const id = survey === 'ztf' ? 'objectId' : 'diaObjectId';
      for (const radius of [5, 3_600]) {
        const text = `SELECT ${id} FROM objects WHERE cone(45, 0, ${radius})`;
        const [plan] = await runner.explain(statement(text), { survey });
        expect(plan.type).to.equal('range');
        expect(plan.key).to.match(/^objects_hpx29_/);
        expect(plan.extra).to.contain('Using index');
      }
    }
  });

  it('takes degrees, sexagesimal texts, sums and fields', async () => {
    const { name, ra, dec } = stars.find((star) => star.ra > 180) ?? stars[0];
    expect(await namesIn(`cone(${ra}, ${dec}, 1)`)).to.deep.equal([name]);
    expect(await namesIn(`cone(${ra - 360}, +${dec}, 0.5 * 2)`)).to.deep.equal([name]);
    expect(await namesIn('cone(:ra, :dec, :radius / 60)', { ra, dec, radius: 60 })).to.deep.equal([
      name,
    ]);
    // The fold at RA 0, Dec 0 in other words.
    const near = await namesIn('cone(0, 0, 600)');
    expect(near).to.have.length.greaterThan(3);
    expect(await namesIn("cone('00:00:00.0', '+00:00:00', 600)")).to.deep.equal(near);
    expect(await namesIn("cone('0h0m0s 0d0m0s', 600)")).to.deep.equal(near);
    expect(await namesIn("cone('00:00:00', 0, 600)")).to.deep.equal(near);
  });

  it('asks the table that it names, else the first with positions', async () => {
    const rows = (text: string) => runner.rows(statement(text));
    expect(await rows('SELECT t.tns_name FROM crossmatch_tns t WHERE cone(0, 0, 5)')).to.deep.equal(
      [['2026a']],
    );
    const both = 'FROM objects o JOIN crossmatch_tns t ON t.id = 2';
    expect(await rows(`SELECT COUNT(*) ${both} WHERE cone(t, 10, 0, 1)`)).to.deep.equal([
      [stars.length],
    ]);
    expect(await rows(`SELECT COUNT(*) ${both} WHERE cone(o, 10, 0, 1)`)).to.deep.equal([[0]]);
    expect(await rows('SELECT name FROM watchlist_cones WHERE cone(20.0001, 5, 10)')).to.deep.equal(
      [['a']],
    );
    // A value as any other: how many are near, and which are not.
    expect(await rows('SELECT SUM(cone(45, 0, 3600)) FROM objects')).to.deep.equal(
      await rows('SELECT COUNT(*) FROM objects WHERE cone(45, 0, 3600)'),
    );
    const [[outside]] = await rows('SELECT COUNT(*) FROM objects WHERE NOT cone(45, 0, 3600)');
    const [[inside]] = await rows('SELECT COUNT(*) FROM objects WHERE cone(45, 0, 3600)');
    expect(Number(outside) + Number(inside)).to.equal(stars.length);
  });

  it('refuses at its place what is no cone on the sky', async () => {
    const cases: [string, string, string][] = [
      ['cone(10, 20, 0)', 'the radius of a cone is more than 0', '0'],
      ['cone(10, 20, -5)', 'the radius of a cone is more than 0', '-5'],
      ['cone(10, 20, 36001)', 'at most 36000 arcsec', '36001'],
      ["cone(10, 20, '5')", 'the radius of a cone', "'5'"],
      ['cone(10, 20, 1/0)', 'the radius of a cone', '1/0'],
      ['cone(361, 20, 5)', '361, 20 is no position on the sky', '361, 20'],
      ['cone(10, 90.5, 5)', '10, 90.5 is no position', '10, 90.5'],
      ["cone('25:00:00', '+10:00:00', 5)", 'is no position on the sky', "'25:00:00', '+10:00:00'"],
      ["cone('10:00:00 +20:00:00 7', 5)", 'is no position on the sky', "'10:00:00 +20:00:00 7'"],
      ['cone(10, 20)', '', ''],
      ['cone(ramean, decmean, 5)', 'are numbers, not columns', 'ramean'],
      ['cone(10, 20, ncand)', 'are numbers, not columns', 'ncand'],
      ['cone(x, 10, 20, 5)', 'no table x in FROM', 'x'],
      [
        'cone(objects, 1, 2, 3, 4)',
        'cone() takes a position and a radius',
        'cone(objects, 1, 2, 3, 4)',
      ],
      ['cone(10, 20, 5) OVER ()', 'cone() is a condition', 'cone(10, 20, 5) OVER ()'],
      ['cone()', 'cone() takes a position and a radius', 'cone()'],
    ];
    for (const [call, problem, words] of cases) {
      const text = `SELECT objectId FROM objects WHERE ${call}`;
      const err = await problemOf(text);
      expect(err.problem, call).to.contain(problem);
      if (words !== '' && err.place !== undefined) {
        expect(text.slice(err.place.start, err.place.end), call).to.equal(words);
      }
    }
    const cones = (count: number) =>
      Array.from({ length: count }, () => 'cone(1, 2, 3)').join(' OR ');
    await runner.compile(statement(`SELECT objectId FROM objects WHERE ${cones(64)}`));
    const many = await problemOf(`SELECT objectId FROM objects WHERE ${cones(65)}`);
    expect(many.problem).to.equal('more than 64 cones, light curves and lists are asked for');
    const err = await problemOf('SELECT candid FROM candidates WHERE cone(10, 20, 5)');
    expect(err.message).to.contain('candidates has no index of the sky').and.contain('separation');
  });
});
