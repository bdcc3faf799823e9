import { expect } from 'chai';

import { hpx29 } from '../../../../common/astro/healpix.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { compileText, expectRefused, typesOf } from '../compile-text.ts';
import { boxes, openTextRunner, statement } from '../sugar/run-text.ts';
import type { TextRunner } from '../sugar/run-text.ts';

const [MANY, FEW, ODD] = ['ZTF21aaaaaaa', 'ZTF21aaaaaab', 'ZTF21aaaaaac'];

const DOCUMENTS: Record<string, string> = {
  [MANY]:
    '{"prob": 10.2, "kind": "SN Ia", "good": true, "lsst-r": {"peak": -19.5, "deep": {"er": 7}}}',
  [FEW]: '{"prob": 9.5, "kind": "AGN", "good": false, "big": 170055002004914266}',
  [ODD]: '{"prob": null, "kind": ["a"], "good": "yes", "lsst-r": {"peak": "none"}, "é": 1}',
};

describe('keys within a column of JSON', () => {
  let db: Database;
  let runner: TextRunner;
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    runner = await openTextRunner(db, fresh.url);
    const now = new Date('2026-11-20T00:00:00Z');
    const times = { created_at: now, updated_at: now };
    await insertRows(db, 'glint', 'annotators', [
      { topic: 'quick', user_id: 1, public: 1, active: 1, description: '', ...times },
      { topic: 'hidden', user_id: 1, public: 0, active: 1, description: '', ...times },
    ]);
    await insertRows(
      db,
      'ztf',
      'objects',
      [MANY, FEW, ODD].map((objectId, i) => ({
        objectId,
        ramean: 10 + i,
        decmean: 5,
        hpx29: hpx29(10 + i, 5),
      })),
    );
    const said = {
      version: '1',
      timestamp: now,
      classification: 'SN Ia',
      explanation: '',
      url: '',
    };
    await insertRows(db, 'ztf', 'annotations', [
      ...Object.entries(DOCUMENTS).map(([objectId, classdict]) => ({
        ...{ objectId, topic: 'quick', classdict },
        ...said,
      })),
      { objectId: MANY, topic: 'hidden', classdict: '{"prob": 99}', ...said },
    ]);
  });
  after(async () => {
    await runner.close();
    await db.close();
  });

  const idsWhere = async (condition: string, reader?: { userId: number }) =>
    (
      await runner.rows(
        statement(`SELECT a.objectId FROM annotations a WHERE ${condition} ORDER BY a.objectId`),
        { reader },
      )
    ).flat();

  it('are compared with numbers and with texts', async () => {
    expect(await idsWhere('a.classdict.prob > 9.8')).to.deep.equal([MANY]);
    expect(await idsWhere('a.classdict.prob < 100')).to.deep.equal([MANY, FEW]);
    expect(await idsWhere('a.classdict.prob BETWEEN 9 AND 10')).to.deep.equal([FEW]);
    expect(await idsWhere('a.classdict.prob IN (9.5, 3)')).to.deep.equal([FEW]);
    expect(await idsWhere("a.classdict.kind = 'SN Ia'")).to.deep.equal([MANY]);
    expect(await idsWhere("a.classdict.kind <> 'SN Ia'")).to.deep.equal([FEW]);
    expect(await idsWhere("a.classdict.kind LIKE 'SN%'")).to.deep.equal([MANY]);
    expect(await idsWhere('a.classdict.kind = a.classification')).to.deep.equal([MANY]);
    expect(await idsWhere('a.classdict.good = TRUE')).to.deep.equal([MANY]);
    expect(await idsWhere('classdict.prob > 9.8 AND classdict.good')).to.deep.equal([MANY]);
    expect(await idsWhere('ztf.annotations.classdict.prob IS NULL').catch(String)).to.match(
      /more than 3 parts/,
    );
    expect(
      await runner.rows(
        statement('SELECT objectId FROM annotations WHERE ztf.annotations.classdict.prob > 10'),
      ),
    ).to.deep.equal([[MANY]]);
  });

  it('reach into objects, and names with other letters stand in back-quotes', async () => {
    expect(await idsWhere('a.classdict.`lsst-r`.peak < -19')).to.deep.equal([MANY]);
    expect(await idsWhere('a.classdict.`lsst-r`.deep.er = 7')).to.deep.equal([MANY]);
    expect(await idsWhere('a.classdict.`no-such`.peak IS NULL')).to.have.length(3);
  });

  it('are NULL where the key is absent, null, a list or an object', async () => {
    expect(await idsWhere('a.classdict.prob IS NULL')).to.deep.equal([ODD]);
    expect(await idsWhere('a.classdict.big IS NULL')).to.deep.equal([MANY, ODD]);
    expect(await idsWhere('a.classdict.`lsst-r` IS NULL')).to.have.length(3);
    // Keys are told apart by case, columns are not.
    expect(await idsWhere('A.CLASSDICT.PROB IS NULL')).to.have.length(3);
    expect(await idsWhere('A.CLASSDICT.prob IS NULL')).to.deep.equal([ODD]);
  });

  it('are called after the key, and are sorted as numbers before texts', async () => {
    const text = 'SELECT a.objectId, a.classdict.prob FROM annotations a';
    expect(typesOf(text)).to.equal('objectId text, prob text');
    const sorted = (order: string) => runner.rows(statement(`${text} ORDER BY ${order}`));
    for (const order of ['a.classdict.prob DESC', 'prob DESC', '2 DESC']) {
      expect(await sorted(order), order).to.deep.equal([
        [MANY, '10.2'],
        [FEW, '9.5'],
        [ODD, null],
      ]);
    }
    expect((await sorted('a.classdict.kind, a.objectId')).map(([id]) => id)).to.deep.equal([
      ODD,
      FEW,
      MANY,
    ]);
    const exact = await runner.rows(
      statement(
        'SELECT a.classdict.big, a.classdict.prob + 1 AS more FROM annotations a ORDER BY 1 DESC',
      ),
    );
    expect(exact[0]).to.deep.equal(['170055002004914266', 10.5]);
  });

  it('stand in groups, aggregates, HAVING, sub-queries and the boxes', async () => {
    const rows = (text: string) => runner.rows(statement(text));
    expect(
      await rows(
        'SELECT a.classdict.kind, MAX(a.classdict.prob + 0) AS top FROM annotations a GROUP BY a.classdict.kind HAVING top > 9.8',
      ),
    ).to.deep.equal([['SN Ia', 10.2]]);
    expect(
      await rows(
        'SELECT t.classdict.prob FROM (SELECT classdict FROM annotations) AS t WHERE t.classdict.prob > 10',
      ),
    ).to.deep.equal([['10.2']]);
    expect(
      await rows(
        'SELECT o.objectId FROM objects o WHERE EXISTS (SELECT 1 FROM annotations a WHERE a.objectId = o.objectId AND a.classdict.prob > 10)',
      ),
    ).to.deep.equal([[MANY]]);
    for (const tables of ['objects, annotator:quick', 'objects']) {
      const alias = tables === 'objects' ? 'annotations' : 'quick';
      const found = await runner.rows(
        boxes('objects.objectId', tables, `${alias}.classdict.prob > 10`),
      );
      expect(found, tables).to.deep.equal([[MANY]]);
    }
  });

  it('show nothing of private annotators but to their owner', async () => {
    expect(await idsWhere('a.classdict.prob > 50')).to.deep.equal([]);
    expect(await idsWhere('a.classdict.prob > 50', { userId: 2 })).to.deep.equal([]);
    expect(await idsWhere('a.classdict.prob > 50', { userId: 1 })).to.deep.equal([MANY]);
  });

  it('travel as a path that is a value, on both servers', () => {
    const text = 'SELECT 1 AS x FROM annotations a WHERE a.classdict.`lsst-r`.b > 0.8';
    for (const dialect of ['mariadb', 'mysql'] as const) {
      const { sql, parameters } = compileText(text, { dialect });
      expect(sql).to.not.contain('lsst-r');
      expect(new Set(parameters)).to.deep.equal(new Set(['$."lsst-r"."b"']));
    }
  });

  it('are refused where no column of JSON is meant', () => {
    expectRefused([
      ['SELECT o.gmag.x FROM objects o', 'o.gmag', /no table o\.gmag in FROM/],
      ['SELECT a.b.c.d FROM objects', 'a.b.c.d', /more than 3 parts/],
      ['SELECT classdict.x FROM objects', 'classdict', /no table classdict/],
      ['SELECT a.classdict.`x"y` FROM annotations a', '`x"y`', /this is not a name/],
      [
        'SELECT classdict.x FROM annotations a, annotation_history b',
        'classdict.x',
        /a\.classdict or b\.classdict/,
      ],
    ]);
  });

  it('are compared in JSON_EXTRACT as its users expect', async () => {
    const value = (path: string) => `JSON_EXTRACT(a.classdict, '${path}')`;
    expect(await idsWhere(`${value('$.prob')} > 9.8`)).to.deep.equal([MANY]);
    expect(await idsWhere(`9.8 < ${value('$.prob')}`)).to.deep.equal([MANY]);
    expect(await idsWhere(`${value('$.kind')} = 'SN Ia'`)).to.deep.equal([MANY]);
    expect(await idsWhere(`${value('$.kind')} IN ('SN Ia', 'AGN')`)).to.deep.equal([MANY, FEW]);
    expect(await idsWhere(`${value('$.kind')} LIKE 'SN%'`)).to.deep.equal([MANY]);
    expect(await idsWhere(`${value('$.good')} = TRUE`)).to.deep.equal([MANY]);
    expect(await idsWhere(`${value('$.good')} = 'true'`)).to.deep.equal([MANY]);
    expect(await idsWhere(`${value('$."lsst-r".peak')} < -19`)).to.deep.equal([MANY]);
    // A list is no number, neither small nor large.
    expect(await idsWhere(`${value('$.kind')} > -1e9`)).to.deep.equal([MANY, FEW]);
    expect(await idsWhere(`${value('$.kind')} = JSON_EXTRACT('["a"]', '$')`)).to.deep.equal([ODD]);
  });
});
