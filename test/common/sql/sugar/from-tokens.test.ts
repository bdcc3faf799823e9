import { expect } from 'chai';

import type { QuerySource, Reader } from '../../../../common/sql/compile.ts';
import { QueryError } from '../../../../common/sql/query-error.ts';
import type { Database } from '../../../../common/store/database.ts';
import type { Scalar } from '../../../../common/store/row-reader.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { boxes, openTextRunner, statement } from './run-text.ts';
import type { TextRunner } from './run-text.ts';
import * as sky from './small-sky.ts';

describe('lists in FROM', () => {
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

  const sorted = (rows: Scalar[][]) =>
    rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const rows = async (source: QuerySource, reader?: Reader, survey: 'ztf' | 'lsst' = 'ztf') =>
    sorted(await runner.rows(source, { survey, reader }));
  const refusal = async (source: QuerySource, reader?: Reader) => {
    try {
      await runner.compile(source, { reader });
    } catch (err) {
      if (err instanceof QueryError) return err;
      throw err;
    }
    return expect.fail(`accepted: ${JSON.stringify(source)}`);
  };

  it('joins a list to the objects, wherever it stands in a statement', async () => {
    const hits = [
      [sky.DWARF_NOVA, 'WD 1'],
      [sky.STAR, 'WD 2'],
    ].sort();
    for (const from of [
      'objects, watchlist:1',
      'watchlist:1, objects',
      'watchlist:1',
      'objects JOIN watchlist:1',
      'objects CROSS JOIN watchlist:1',
      'objects JOIN watchlist:1 ON watchlist_hits.arcsec < 5',
      'sherlock_classifications s JOIN objects ON objects.objectId = s.objectId, watchlist:1',
      'watchlist:1, objects JOIN sherlock_classifications s ON objects.objectId = s.objectId',
    ]) {
      const text = `SELECT objects.objectId, watchlist_hits.name FROM ${from}`;
      expect(await rows(statement(text)), from).to.deep.equal(sorted(hits));
    }
  });

  it('keeps the objects that are not in the list with LEFT JOIN', async () => {
    const found = await rows(
      statement(
        'SELECT objects.objectId, w.name FROM objects LEFT JOIN watchlist:1 AS w ON w.arcsec < 1',
      ),
    );
    expect(found).to.have.length(7);
    expect(found.filter(([, name]) => name !== null)).to.deep.equal([[sky.DWARF_NOVA, 'WD 1']]);
  });

  it('matches with objects by any name, or with another table that names objects', async () => {
    expect(
      await rows(statement('SELECT o.objectId FROM objects o, watchlist:1 w WHERE w.arcsec < 1')),
    ).to.deep.equal([[sky.DWARF_NOVA]]);
    expect(
      await rows(statement('SELECT c.candid FROM candidates c, watchlist:1 WHERE c.fid = 1')),
    ).to.deep.equal([['14'], ['15']]);
    expect(
      await rows(statement('SELECT o.diaObjectId FROM lsst.objects o, watchlist:2'), sky.ALICE),
    ).to.deep.equal([[sky.RUBIN_SUPERNOVA]]);
    expect(
      await rows(
        statement('SELECT COUNT(*) FROM (SELECT objects.objectId FROM objects, watchlist:1) q'),
      ),
    ).to.deep.equal([[2]]);
  });

  it('takes several lists together: what is in all of them', async () => {
    const both = 'SELECT objects.objectId, wl0.name, wl1.name AS other FROM objects';
    for (const lists of ['watchlist:1, watchlist:2', 'watchlist:1&2']) {
      expect(await rows(statement(`${both}, ${lists}`), sky.ALICE), lists).to.deep.equal([
        [sky.DWARF_NOVA, 'WD 1', 'NGC 4'],
      ]);
    }
    expect(
      await rows(statement('SELECT objects.objectId FROM objects, watchlist:1, area:1, area:2')),
    ).to.deep.equal([]);
    expect(
      await rows(
        boxes(
          'objects.objectId, ar0.ar_id, ar1.ar_id, watchlist_hits.name',
          'area:1&2, watchlist:2',
          '',
        ),
        sky.ALICE,
      ),
    ).to.deep.equal([
      [sky.SUPERNOVA, 1, 2, 'NGC 1'],
      [sky.SUPERNOVA, 1, 2, 'NGC 2'],
    ]);
  });

  it('finds lists by name, in quotes, the own before those of others', async () => {
    expect(
      await rows(statement('SELECT objects.objectId FROM objects, watchlist:"white dwarfs"')),
    ).to.have.length(2);
    await insertRows(db, 'glint', 'watchlists', [
      { wl_id: 10, user_id: 1, name: 'White dwarfs', public: 0, active: 1, description: '' },
      { wl_id: 11, user_id: 2, name: 'twice', public: 1, active: 1, description: '' },
      { wl_id: 12, user_id: 2, name: 'twice', public: 1, active: 1, description: '' },
    ]);
    // Alice's own list of that name is empty; everybody else means Bob's.
    const text = "SELECT objectId FROM objects WHERE in_watchlist('White dwarfs')";
    expect(await rows(statement(text), sky.ALICE)).to.deep.equal([]);
    expect(await rows(statement(text), sky.BOB)).to.have.length(2);
    const err = await refusal(
      statement("SELECT objectId FROM objects WHERE in_watchlist('twice')"),
    );
    expect(err.message).to.equal(
      'several watchlists are called "twice"; name one by its number: 11, 12',
    );
  });

  it('says the same of a list that is private as of one that is not there', async () => {
    const message = async (list: number, reader?: Reader) => {
      const text = `SELECT objects.objectId FROM objects, watchlist:${list}`;
      const err = await refusal(statement(text), reader);
      expect(text.slice(err.place?.start, err.place?.end)).to.equal(String(list));
      return err.message.replace(String(list), 'N');
    };
    expect(await message(3, sky.ALICE)).to.equal(await message(99, sky.ALICE));
    expect(await message(3)).to.contain('there is no watchlist N that you may use');
    expect(await message(2, sky.BOB)).to.equal(await message(99));
    expect(
      await rows(statement('SELECT objects.objectId FROM objects, watchlist:3'), sky.BOB),
    ).to.have.length(1);
    for (const source of [
      boxes('objects.objectId', 'area:3', ''),
      boxes('objects.objectId', 'annotator:secret', ''),
      statement("SELECT objectId FROM objects WHERE in_watchmap('secret field')"),
      statement('SELECT objectId FROM objects WHERE in_watchlist(3)'),
    ]) {
      expect((await refusal(source, sky.ALICE)).problem).to.match(
        /^there is no .* that you may use$/,
      );
      await runner.compile(source, { reader: sky.BOB });
    }
  });

  it('calls annotators by their names, and says so where that cannot be', async () => {
    expect(
      await rows(
        boxes(
          'objects.objectId, lc_classes_v2.classification',
          'objects, annotator:lc-classes.v2',
          '',
        ),
      ),
    ).to.deep.equal([[sky.SUPERNOVA, 'SN Ia']]);
    expect(
      await rows(
        boxes('objects.objectId, x.classification', 'objects, annotator:FastFinder AS x', ''),
      ),
    ).to.deep.equal(
      [
        [sky.SUPERNOVA, 'fast'],
        [sky.NUCLEAR, 'slow'],
      ].sort(),
    );
    const err = await refusal(
      boxes('*', 'objects, annotator:fastfinder, annotator:fastfinder', ''),
    );
    expect(err.message).to.equal(
      'two tables of this query would be called fastfinder; give one another name: annotator:fastfinder AS x',
    );
    const many = await refusal(boxes('*', 'objects, area:1&2 AS a', ''));
    expect(many.problem).to.equal('2 lists cannot all be called a');
    const left = await refusal(
      statement('SELECT 1 FROM objects RIGHT JOIN watchlist:1 ON watchlist_hits.arcsec < 1'),
    );
    expect(left.problem).to.equal('a watchlist cannot stand here');
  });

  it('reads hits by their keys, however many there are', async () => {
    const others = Array.from({ length: 4_000 }, (_, i) => `ZTF17${String(i).padStart(7, 'a')}`);
    const places = { ramean: 1, decmean: 1, hpx29: 1 };
    await insertRows(
      db,
      'ztf',
      'objects',
      others.map((objectId) => ({ objectId, ...places })),
    );
    await insertRows(db, 'glint', 'watchlists', [
      { wl_id: 50, user_id: 1, name: 'all', public: 1, active: 1, description: '' },
    ]);
    await insertRows(
      db,
      'ztf',
      'watchlist_hits',
      others.map((objectId, i) => ({ wl_id: 50, objectId, cone_id: i, name: '', arcsec: 1 })),
    );
    await insertRows(
      db,
      'ztf',
      'area_hits',
      others.map((objectId) => ({ ar_id: 9, objectId })),
    );
    await db.arrays(
      'ANALYZE TABLE ztf.objects, ztf.watchlist_hits, ztf.area_hits, ztf.annotations',
    );
    for (const text of [
      'SELECT objects.ncand, watchlist_hits.name FROM objects, watchlist:1',
      'SELECT objects.ncand FROM objects, area:1&2',
      'SELECT ncand FROM objects WHERE in_watchlist(1)',
      'SELECT ncand FROM objects WHERE in_watchmap(1) AND in_watchlist(1)',
      'SELECT objects.ncand FROM objects, annotator:fastfinder',
    ]) {
      const plan = await runner.explain(statement(text));
      const scans = plan.filter(({ type }) => type === 'ALL' || type === 'index');
      // Lists themselves are few, and so is what the server makes of one list's hits.
      expect(
        scans.filter(({ table }) => !/watchlists|areas|annotators|^</.test(table)),
        text,
      ).to.deep.equal([]);
    }
  });
});
