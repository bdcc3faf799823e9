import { expect } from 'chai';

import { bulkLoad, bulkUpsert, RowConflictError } from '../../../common/store/bulk.ts';
import { createRowBuffer } from '../../../common/store/row-buffer.ts';
import type { BulkTarget } from '../../../common/store/bulk.ts';
import type { Database, ServerKind, Transaction } from '../../../common/store/database.ts';
import { freshDatabase } from '../../servers.ts';
import { seededRandom } from '../astro/reference.ts';

const TARGET: BulkTarget = {
  table: '`glint`.`bulk_test`',
  columns: ['id', 'x', 'f', 'name', 'points'],
};
const HOSTILE = [
  "O'Hara",
  'tab\there',
  'line\nend',
  'back\\slash',
  '\\N',
  'ünï∑',
  '',
  'NULL',
  ';-- ',
];

describe('the bulk loader', () => {
  let db: Database;
  let servers: ServerKind[];

  before(async () => {
    ({ db } = await freshDatabase());
    const server = await db.server();
    // The second is a server that forbids LOAD DATA LOCAL, as MySQL 8 does unless told otherwise.
    servers = [server, { ...server, allowsLocalInfile: false }];
  });

  beforeEach(async () => {
    await db.execute('DROP TABLE IF EXISTS glint.bulk_test');
    await db.execute(
      'CREATE TABLE glint.bulk_test (id BIGINT PRIMARY KEY, x DOUBLE NULL, f FLOAT NULL, name VARCHAR(20) CHARACTER SET utf8mb4 NULL, points LONGBLOB NULL, kept INT NOT NULL DEFAULT 7)',
    );
  });

  after(() => db.close());

  const onEachServer = async (work: (tx: Transaction, server: ServerKind) => Promise<void>) => {
    for (const server of servers) {
      await db.execute('DELETE FROM glint.bulk_test');
      await db.transaction((tx) => work(tx, server));
    }
  };

  it('stores every kind of value as it is', () =>
    onEachServer(async (tx, server) => {
      const rows = createRowBuffer(8);
      const blob = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
      HOSTILE.forEach((name, i) => {
        rows.value(9_223_372_036_854_775_807n - BigInt(i));
        rows.number(0.1 + 0.2);
        rows.value(Math.fround(17.855722));
        rows.text(name);
        rows.binary(blob);
        rows.endRow();
      });
      await bulkLoad(tx, server, 'insert', TARGET, rows);
      const stored = await tx.arrays(
        'SELECT CAST(id AS CHAR), x, CAST(f AS DOUBLE), name, points FROM glint.bulk_test ORDER BY id DESC',
      );
      expect(stored.map((row) => row[3])).to.deep.equal(HOSTILE);
      expect(stored[0].slice(0, 3)).to.deep.equal([
        '9223372036854775807',
        0.1 + 0.2,
        Math.fround(17.855722),
      ]);
      for (const row of stored) expect(row[4]).to.deep.equal(blob);
    }));

  it('stores every number of single precision exactly', () =>
    onEachServer(async (tx, server) => {
      const random = seededRandom(5);
      const floats = [
        0, -0.5, 1, 9.5, 10, 99.99999, 1e-4, 9.9999e-5, 123456792, 999999999, 1e9, 3.4e38, 1.4e-45,
        -20.5861,
      ];
      for (let i = 0; i < 2_000; i++)
        floats.push((random() - 0.5) * 10 ** Math.floor(random() * 24 - 10));
      const rows = createRowBuffer();
      floats.forEach((value, i) => {
        rows.number(i);
        rows.value(null);
        rows.float(Math.fround(value));
        rows.text(null);
        rows.binary(null);
        rows.endRow();
      });
      await bulkLoad(tx, server, 'insert', TARGET, rows);
      const stored = await tx.arrays('SELECT CAST(f AS DOUBLE) FROM glint.bulk_test ORDER BY id');
      stored.forEach(([value], i) =>
        expect(Math.fround(Number(value)), String(floats[i])).to.equal(Math.fround(floats[i])),
      );
    }));

  it('makes NULL of null, NaN and the infinities', () =>
    onEachServer(async (tx, server) => {
      const rows = createRowBuffer();
      for (const value of [null, NaN, Infinity, -Infinity]) {
        rows.number(rows.count());
        rows.value(value);
        rows.float(value);
        rows.text(null);
        rows.binary(null);
        rows.endRow();
      }
      await bulkLoad(tx, server, 'replace', TARGET, rows);
      const [[count]] = await tx.arrays(
        'SELECT COUNT(*) FROM glint.bulk_test WHERE x IS NULL AND f IS NULL AND name IS NULL AND points IS NULL',
      );
      expect(Number(count)).to.equal(4);
    }));

  it('replaces a known row, and refuses to when rows must be new', () =>
    onEachServer(async (tx, server) => {
      const row = (x: number) => {
        const rows = createRowBuffer();
        for (const value of [1, x, null, 'a', null]) rows.value(value);
        rows.endRow();
        return rows;
      };
      await bulkLoad(tx, server, 'insert', TARGET, row(1));
      await bulkLoad(tx, server, 'replace', TARGET, row(2));
      expect((await tx.arrays('SELECT x FROM glint.bulk_test'))[0][0]).to.equal(2);
      const refused = await bulkLoad(tx, server, 'insert', TARGET, row(3)).catch(
        (err: unknown) => err,
      );
      expect(refused).to.be.instanceOf(RowConflictError);
    }));

  it('does not clip a value in silence', async () => {
    for (const server of servers) {
      const rows = createRowBuffer();
      for (const value of [1, 0, 0, 'a name of more than twenty letters', null]) rows.value(value);
      rows.endRow();
      const failed = await db
        .transaction((tx) => bulkLoad(tx, server, 'replace', TARGET, rows))
        .catch((err: unknown) => err);
      expect(failed).to.be.instanceOf(Error);
      expect((await db.arrays('SELECT COUNT(*) FROM glint.bulk_test'))[0][0]).to.equal('0');
    }
  });

  it('updates the named columns only, and keeps what NULL must not overwrite', async () => {
    await db.execute("INSERT INTO glint.bulk_test (id, x, name, kept) VALUES (1, 5, 'old', 9)");
    const target: BulkTarget = { table: TARGET.table, columns: ['id', 'x', 'name'] };
    await db.transaction((tx) =>
      bulkUpsert(
        tx,
        target,
        [
          [1, NaN, null],
          [2, 1.5, "it's"],
        ],
        ['name'],
      ),
    );
    expect(
      await db.arrays('SELECT id, x, name, kept FROM glint.bulk_test ORDER BY id'),
    ).to.deep.equal([
      ['1', null, 'old', 9],
      ['2', 1.5, "it's", 7],
    ]);
  });
});
