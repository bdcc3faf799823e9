import { expect } from 'chai';

import { readPlan } from '../../../../common/store/sandbox/plan.ts';
import { selectParents } from '../../../../common/store/sandbox/select-tree.ts';

type Line = [
  select: number | null,
  kind: string,
  table: string | null,
  access: string | null,
  rows: number | null,
  extra?: string,
  filtered?: number,
];

/** Lines of EXPLAIN as the driver gives them: numbers of 64 bits are text. */
function explained(...lines: Line[]): Record<string, unknown>[] {
  return lines.map(([id, select_type, table, type, rows, Extra = '', filtered = 100]) => ({
    id: id === null ? null : String(id),
    select_type,
    table,
    partitions: null,
    type,
    possible_keys: null,
    key: null,
    key_len: null,
    ref: null,
    rows: rows === null ? null : String(rows),
    filtered,
    Extra,
  }));
}

const estimate = (sql: string, ...lines: Line[]) =>
  readPlan(explained(...lines), sql).estimatedRows;

describe('the SELECTs of a statement', () => {
  it('are numbered as they stand, and know what is around them', () => {
    const sql =
      'SELECT `select (`, (SELECT COUNT(*) FROM a WHERE x IN (SELECT 1)), b FROM (SELECT c FROM d) AS e WHERE EXISTS (SELECT 1)';
    expect([...selectParents(sql)]).to.deep.equal([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 1],
      [5, 1],
    ]);
  });

  it('of a UNION stand beside each other, with brackets or without', () => {
    expect([
      ...selectParents('SELECT 1 UNION SELECT 2 UNION ALL (SELECT 3)').values(),
    ]).to.deep.equal([0, 0, 0]);
    const inside = 'SELECT * FROM (SELECT 1 UNION (SELECT 2 UNION SELECT (SELECT 3))) AS a';
    expect([...selectParents(inside).values()]).to.deep.equal([0, 1, 1, 1, 4]);
    expect(selectParents('').size).to.equal(0);
    expect(selectParents(')))(').size).to.equal(0);
  });
});

describe('the rows that a plan looks at', () => {
  it('are the product along a chain of joins, added up', () => {
    expect(
      estimate(
        'SELECT 1 FROM o JOIN c JOIN d',
        [1, 'SIMPLE', 'o', 'ALL', 1_000],
        [1, 'SIMPLE', 'c', 'ref', 30],
        [1, 'SIMPLE', 'd', 'eq_ref', 1],
      ),
    ).to.equal(1_000 + 30_000 + 30_000);
  });

  it('count what a condition lets pass, but at least one row', () => {
    expect(
      estimate(
        'SELECT 1 FROM o JOIN c',
        [1, 'SIMPLE', 'o', 'ALL', 1_000, 'Using where', 10],
        [1, 'SIMPLE', 'c', 'ref', 30, '', 0.1],
      ),
    ).to.equal(1_000 + 100 * 30);
    expect(
      estimate(
        'SELECT 1 FROM o JOIN c',
        [1, 'SIMPLE', 'o', 'ALL', 5, 'Using where', 0.01],
        [1, 'SIMPLE', 'c', 'ref', 30],
      ),
    ).to.equal(5 + 30);
  });

  it('of a dependent sub-query are counted for each row of the one around it, and of no other', () => {
    const sql =
      'SELECT (SELECT COUNT(*) FROM c WHERE c.id = o.id), (SELECT MAX(x) FROM d WHERE d.id = o.id) FROM o';
    expect(
      estimate(
        sql,
        [1, 'PRIMARY', 'o', 'ALL', 1_000],
        [3, 'DEPENDENT SUBQUERY', 'd', 'ref', 40],
        [2, 'DEPENDENT SUBQUERY', 'c', 'ref', 30],
      ),
    ).to.equal(1_000 + 40_000 + 30_000);
    const nested =
      'SELECT 1 FROM o WHERE EXISTS (SELECT 1 FROM c WHERE c.id = o.id AND x > (SELECT MAX(y) FROM d WHERE d.id = c.id))';
    expect(
      estimate(
        nested,
        [1, 'PRIMARY', 'o', 'ALL', 1_000],
        [2, 'DEPENDENT SUBQUERY', 'c', 'ref', 30],
        [3, 'DEPENDENT SUBQUERY', 'd', 'ref', 10],
      ),
    ).to.equal(1_000 + 30_000 + 300_000);
  });

  it('of a dependent sub-query in what was merged are counted for what is around that', () => {
    expect(
      estimate(
        'SELECT 1 FROM o JOIN (SELECT x, (SELECT MAX(y) FROM d WHERE d.id = c.id) FROM c) AS e',
        [1, 'PRIMARY', 'o', 'ALL', 10],
        [1, 'PRIMARY', 'c', 'ALL', 20],
        [3, 'DEPENDENT SUBQUERY', 'd', 'ref', 5],
      ),
    ).to.equal(10 + 200 + 1_000);
  });

  it('of other sub-queries, derived tables and parts of a UNION are counted once', () => {
    expect(
      estimate(
        'SELECT 1 FROM (SELECT 2 FROM c) AS e WHERE x > (SELECT MAX(y) FROM d) UNION SELECT 3 FROM f',
        [1, 'PRIMARY', '<derived2>', 'ALL', 500],
        [2, 'DERIVED', 'c', 'ALL', 500],
        [3, 'SUBQUERY', 'd', 'ALL', 700],
        [4, 'UNION', 'f', 'ALL', 90],
        [null, 'UNION RESULT', '<union1,4>', 'ALL', null],
      ),
    ).to.equal(500 + 500 + 700 + 90);
  });

  it('of a derived table that is made anew are counted for each row before it', () => {
    for (const kind of ['LATERAL DERIVED', 'DEPENDENT DERIVED']) {
      expect(
        estimate(
          'SELECT 1 FROM o JOIN (SELECT id, COUNT(*) FROM c GROUP BY id) AS e USING (id)',
          [1, 'PRIMARY', 'o', 'ALL', 100],
          [1, 'PRIMARY', '<derived2>', 'ref', 2],
          [2, kind, 'c', 'ref', 30],
        ),
        kind,
      ).to.equal(100 + 200 + 3_000);
    }
  });

  it('of a hashed table are read once, of ranges found for each row a few', () => {
    for (const extra of [
      'Using where; Using join buffer (hash join)',
      'Using where; Using join buffer (flat, BNLH join)',
    ]) {
      expect(
        estimate(
          'SELECT 1 FROM o JOIN c',
          [1, 'SIMPLE', 'o', 'ALL', 1_000],
          [1, 'SIMPLE', 'c', 'ALL', 3_000, extra],
        ),
      ).to.equal(4_000);
    }
    expect(
      estimate(
        'SELECT 1 FROM o JOIN c',
        [1, 'SIMPLE', 'o', 'ALL', 1_000],
        [1, 'SIMPLE', 'c', 'ALL', 1e7, 'Range checked for each record (index map: 0x2)'],
      ),
    ).to.equal(1_000 + 1e7);
  });

  it('are none where the server needs to look at nothing', () => {
    expect(estimate('SELECT 1', [1, 'SIMPLE', null, null, null, 'No tables used'])).to.equal(0);
    expect(readPlan([], 'SELECT 1')).to.deep.equal({ estimatedRows: 0, reads: [] });
  });
});
