import { expect } from 'chai';

import type { Database } from '../../../../common/store/database.ts';
import { createTableSizes, isModest } from '../../../../common/store/sandbox/modest.ts';
import { freshDatabase } from '../../../servers.ts';
import { handWritten, seedObjects } from './hand-written.ts';

const OBJECTS = 10_000;
const O = { database: 'ztf', table: 'objects', alias: 'o', compared: [] };

describe('a query that need not be explained', () => {
  const FROM = 'FROM `ztf_views`.`objects` AS `o`';
  const judge = (sql: string, tables = [O], size: number | undefined = OBJECTS, most = 2e9) =>
    isModest(handWritten(sql, ['int'], { tables }), () => Promise.resolve(size), most);

  it('reads one table once', async () => {
    expect(await judge(`SELECT 1 ${FROM} WHERE o.gmag < 17 ORDER BY o.rmag`)).to.equal(true);
    expect(await judge('SELECT 1 + 1', [])).to.equal(true);
  });

  it('has no other SELECT and no other table', async () => {
    const C = { ...O, table: 'candidates', alias: 'c' };
    expect(await judge(`SELECT 1 ${FROM}, \`ztf_views\`.\`candidates\` AS \`c\``, [O, C])).to.equal(
      false,
    );
    expect(await judge(`SELECT 1 FROM (SELECT 1 ${FROM}) AS q`)).to.equal(false);
    expect(await judge(`SELECT (SELECT COUNT(*) ${FROM} WHERE x > y)`)).to.equal(false);
    expect(await judge(`(SELECT 1 ${FROM}) UNION (SELECT 2)`)).to.equal(false);
  });

  it('reads a table of a size that is known and may be read wholly', async () => {
    const sql = `SELECT 1 ${FROM}`;
    expect(await judge(sql, [O], OBJECTS, 2 * OBJECTS)).to.equal(true);
    expect(await judge(sql, [O], OBJECTS, 2 * OBJECTS - 1)).to.equal(false);
    expect(await isModest(handWritten(sql, ['int'], { tables: [O] }), noSize, 2e9)).to.equal(false);
  });

  const noSize = () => Promise.resolve(undefined);

  describe('by what the server tells', () => {
    let db: Database;
    before(async () => ({ db } = await freshDatabase()));
    after(() => db.close());

    it('sizes are asked for once, and not believed where there are none', async () => {
      await seedObjects(db, OBJECTS);
      let asked = 0;
      const sizeOf = createTableSizes({
        ...db,
        rows(...question) {
          asked += 1;
          return db.rows(...question);
        },
      });
      const sizes = [await sizeOf('ztf', 'objects'), await sizeOf('ztf', 'objects')];
      for (const size of sizes) expect(size).to.be.within(0.5 * OBJECTS, 2 * OBJECTS);
      expect(asked).to.equal(1);
      expect(await sizeOf('ztf', 'nothing')).to.equal(undefined);
    });

    it('are asked for again after a failure', async () => {
      let isAway = true;
      const sizeOf = createTableSizes({
        ...db,
        rows: (...question) => (isAway ? Promise.reject(new Error('away')) : db.rows(...question)),
      });
      expect(await sizeOf('ztf', 'objects').catch(String)).to.equal('Error: away');
      isAway = false;
      expect(await sizeOf('ztf', 'objects')).to.be.a('number');
    });
  });
});
