import { expect } from 'chai';
import type mysql from 'mysql2/promise';

import type { Reader } from '../../../../common/sql/compile.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { compileText } from '../compile-text.ts';
import { openConnection } from '../run-both.ts';

const ALICE = { userId: 1 };
const BOB = { userId: 2 };

describe('rows of private lists', () => {
  let db: Database;
  let connection: mysql.Connection;
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await insertRows(db, 'ztf', 'objects', [{ objectId: 'ZTF1' }, { objectId: 'ZTF2' }]);
    await insertRows(db, 'glint', 'watchlists', [
      { wl_id: 1, user_id: 1, name: "Alice's own", public: 0 },
      { wl_id: 2, user_id: 1, name: "Alice's for all", public: 1 },
      { wl_id: 3, user_id: 2, name: "Bob's own", public: 0 },
    ]);
    await insertRows(db, 'ztf', 'watchlist_hits', [
      { wl_id: 1, objectId: 'ZTF1', cone_id: 1, name: 'secret of Alice' },
      { wl_id: 2, objectId: 'ZTF1', cone_id: 2, name: 'known' },
      { wl_id: 3, objectId: 'ZTF2', cone_id: 3, name: 'secret of Bob' },
    ]);
    await insertRows(db, 'glint', 'annotators', [
      { topic: 'mine', user_id: 1, public: 0 },
      { topic: 'ours', user_id: 2, public: 1 },
    ]);
    await insertRows(db, 'ztf', 'annotations', [
      { annotationID: 1, objectId: 'ZTF1', topic: 'mine', classification: 'secret' },
      { annotationID: 2, objectId: 'ZTF1', topic: 'ours', classification: 'open' },
    ]);
    connection = await openConnection(fresh.url);
  });
  after(async () => {
    await connection?.end();
    await db?.close();
  });

  /** The values of the first column, in order, for one who asks. */
  async function valuesFor(reader: Reader | undefined, text: string): Promise<unknown[]> {
    const { sql, parameters } = compileText(text, { reader });
    const [rows] = await connection.execute<mysql.RowDataPacket[][]>(sql, parameters);
    return rows.map(([value]: unknown[]) => value);
  }

  it('are there for their owner and for nobody else', async () => {
    const text = 'SELECT wl_id FROM watchlist_hits ORDER BY 1';
    expect(await valuesFor(undefined, text)).to.deep.equal([2]);
    expect(await valuesFor(ALICE, text)).to.deep.equal([1, 2]);
    expect(await valuesFor(BOB, text)).to.deep.equal([2, 3]);
    const lists = 'SELECT wl_id FROM watchlists ORDER BY wl_id';
    expect(await valuesFor(undefined, lists)).to.deep.equal([2]);
    expect(await valuesFor(ALICE, lists)).to.deep.equal([1, 2]);
    expect(
      await valuesFor(ALICE, 'SELECT classification FROM annotations ORDER BY 1'),
    ).to.deep.equal(['open', 'secret']);
  });

  it('are not there in joins, sub-queries, unions, groups and counts either', async () => {
    for (const [text, wanted] of [
      ['SELECT h.name FROM objects o JOIN watchlist_hits h USING (objectId)', ['known']],
      // A private hit is no hit: not even by its absence may it show.
      [
        'SELECT COUNT(h.wl_id) FROM objects o LEFT JOIN watchlist_hits h USING (objectId) GROUP BY o.objectId ORDER BY 1',
        ['0', '1'],
      ],
      [
        'SELECT objectId FROM objects o WHERE EXISTS (SELECT 1 FROM watchlist_hits h WHERE h.objectId = o.objectId)',
        ['ZTF1'],
      ],
      [
        'SELECT objectId FROM objects WHERE objectId NOT IN (SELECT objectId FROM watchlist_hits)',
        ['ZTF2'],
      ],
      ['SELECT (SELECT COUNT(*) FROM watchlist_hits)', ['1']],
      ['SELECT MAX(name) FROM (SELECT name FROM watchlist_hits) AS t', ['known']],
      [
        "SELECT name FROM watchlist_hits WHERE 1 = 1 OR name = 'x' UNION ALL SELECT topic FROM annotations",
        ['known', 'ours'],
      ],
      ['SELECT COUNT(*) FROM watchlist_hits a, watchlist_hits b', ['1']],
      ['SELECT ROW_NUMBER() OVER (ORDER BY name) FROM watchlist_hits', ['1']],
    ] as const) {
      expect((await valuesFor(undefined, text)).map(String), text).to.deep.equal(wanted);
    }
  });
});
