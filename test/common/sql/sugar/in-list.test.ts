import { expect } from 'chai';

import { QueryError } from '../../../../common/sql/query-error.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { openTextRunner, statement } from './run-text.ts';
import type { TextRunner } from './run-text.ts';
import * as sky from './small-sky.ts';

describe('in_watchlist() and in_watchmap()', () => {
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

  const first = async (text: string, survey: 'ztf' | 'lsst' = 'ztf') =>
    (await runner.rows(statement(text), { survey, reader: sky.ALICE }))
      .map(([value]) => value)
      .sort();
  const objects = (condition: string) => first(`SELECT objectId FROM objects WHERE ${condition}`);

  it('count an object once, however many of its list are near', async () => {
    const expected = [sky.SUPERNOVA, sky.NUCLEAR, sky.DWARF_NOVA].sort();
    expect(await objects('in_watchlist(2)')).to.deep.equal(expected);
    expect(await objects("in_watchlist('nearby galaxies')")).to.deep.equal(expected);
    expect(await objects('IN_WATCHLIST("Nearby Galaxies")')).to.deep.equal(expected);
    expect(await objects('in_watchmap(1)')).to.deep.equal(
      [sky.SUPERNOVA, sky.OLD_SUPERNOVA].sort(),
    );
  });

  it('are conditions as any other', async () => {
    expect(await objects('NOT in_watchlist(2) AND NOT in_watchmap(1)')).to.deep.equal(
      [sky.STAR, sky.AT_STAR, sky.NUCLEUS].sort(),
    );
    expect(await objects('in_watchlist(1) AND in_watchlist(2)')).to.deep.equal([sky.DWARF_NOVA]);
    expect(await objects('in_watchlist(1) OR in_watchmap(2)')).to.deep.equal(
      [sky.STAR, sky.DWARF_NOVA, sky.SUPERNOVA, sky.NUCLEAR].sort(),
    );
    expect(await first('SELECT SUM(in_watchlist(2)) FROM objects')).to.deep.equal([3]);
    expect(
      await first('SELECT IF(in_watchlist(1), 1, 0) AS watched FROM objects ORDER BY watched DESC'),
    ).to.deep.equal([0, 0, 0, 0, 0, 1, 1]);
  });

  it('are about the nearest objects, or about the table that is named', async () => {
    expect(
      await first('SELECT c.candid FROM candidates c WHERE in_watchlist(1) AND c.fid = 1'),
    ).to.deep.equal(['14', '15']);
    expect(
      await first(
        `SELECT o.objectId FROM objects o WHERE EXISTS
           (SELECT 1 FROM candidates c WHERE c.objectId = o.objectId AND c.fid = 3 AND in_watchmap(o, 2))`,
      ),
    ).to.deep.equal([sky.SUPERNOVA]);
    expect(
      await first('SELECT diaObjectId FROM objects WHERE in_watchlist(2)', 'lsst'),
    ).to.deep.equal([sky.RUBIN_SUPERNOVA]);
    // Rubin's hits for Rubin's objects, in a query of ZTF.
    expect(
      await first(
        `SELECT r.diaObjectId FROM lsst.objects r, objects o
         WHERE in_watchlist(r, 2) AND in_watchmap(o, 2) AND o.ncand = 8`,
      ),
    ).to.deep.equal([sky.RUBIN_SUPERNOVA]);
  });

  it('refuse at its place what names no list', async () => {
    for (const [call, problem] of [
      ['in_watchlist()', 'in_watchlist() takes the number or the name of one list'],
      ['in_watchlist(1, 2)', 'in_watchlist() takes the number or the name of one list'],
      ['in_watchlist(1.5)', 'in_watchlist() takes the number or the name of one list'],
      ['in_watchlist(objectId)', 'in_watchlist() takes the number or the name of one list'],
      ['in_watchlist(DISTINCT 1)', 'in_watchlist() is a condition'],
      ['in_watchmap(x, 1)', 'no table x in FROM'],
      ["in_watchmap('nothing')", 'there is no watchmap "nothing" that you may use'],
      ['in_skymap("S190425z", 90)', 'sky maps cannot be asked for yet'],
    ]) {
      try {
        await runner.compile(statement(`SELECT objectId FROM objects WHERE ${call}`), {
          reader: sky.ALICE,
        });
      } catch (err) {
        if (!(err instanceof QueryError)) throw err;
        expect(err.problem, call).to.equal(problem);
        expect(err.place?.start, call).to.be.greaterThan(34);
        continue;
      }
      expect.fail(`accepted: ${call}`);
    }
  });
});
