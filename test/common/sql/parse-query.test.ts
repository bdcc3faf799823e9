import { expect } from 'chai';

import type { QuerySource } from '../../../common/sql/compile.ts';
import { FUNCTIONS } from '../../../common/sql/functions/functions.ts';
import { parseQuery } from '../../../common/sql/parse-query.ts';
import { ALL_TABLES } from '../../../common/schema/tables.ts';
import { LASAIR_QUERIES } from './lasair-queries.ts';
import { refusalOf } from './refusals.ts';
import { expressionText, queryText, readExpression } from './tree-text.ts';

function boxes(selected: string, tables = '', conditions = ''): QuerySource {
  return { kind: 'boxes', selected, tables, conditions };
}

const read = (source: QuerySource) => queryText(parseQuery(source).query);

describe('a query in three boxes', () => {
  it('is the query that the boxes make together', () => {
    for (const [source, tree] of [
      [boxes('*'), 'select * from objects'],
      [boxes('objectId', ' \n'), 'select objectId from objects'],
      [
        boxes('distinct a AS b, c', 'x AS y, ztf.z'),
        'select distinct a as b, c from x as y, ztf.z',
      ],
      [
        boxes('a', 'objects, watchlist:12, area:3&4'),
        'select a from objects, watchlist:12, area:3&4',
      ],
      [boxes('a', 'FROM objects', 'WHERE gmag < 12'), 'select a from objects where (gmag < 12)'],
      [boxes('a', '', 'ORDER BY b DESC'), 'select a from objects order by b desc'],
      [boxes('a', '', 'LIMIT 5, 6'), 'select a from objects limit 6 offset 5'],
      [
        boxes('a', '', 'b > 1 GROUP BY a HAVING count(*) > 2 ORDER BY a LIMIT 3;'),
        'select a from objects where (b > 1) group by a having (count(*) > 2) order by a limit 3',
      ],
      [boxes('a', '', '-- all'), 'select a from objects'],
      [
        boxes('a', '', 'objectId IN (SELECT b FROM c WHERE d)'),
        'select a from objects where (objectId in (select b from c where d))',
      ],
    ] as const)
      expect(read(source), JSON.stringify(source)).to.equal(tree);
  });

  it('keeps the places of each box by themselves', () => {
    const { body } = parseQuery(boxes('a, gmag', 't', 'rmag > 1 -- x')).query;
    if (body.kind !== 'select') throw new Error('not a SELECT');
    expect(body.items[1].place).to.deep.equal({ part: 'selected', start: 3, end: 7 });
    expect(body.from[0].place).to.deep.equal({ part: 'tables', start: 0, end: 1 });
    expect(body.where?.place).to.deep.equal({ part: 'conditions', start: 0, end: 8 });
  });

  it('counts tables and lists of all boxes together', () => {
    const tables = Array(20).fill('a').join(', ');
    expect(refusalOf(boxes('a', tables, "in_watchlist('x')")).message).to.match(/more than 20/);
    expect(parseQuery(boxes('a', 'watchlist:1', "in_watchlist('1')")).references).to.deep.equal([
      { token: 'watchlist', name: '1' },
    ]);
  });

  it('says which box is wrong', () => {
    for (const [source, at, message] of [
      [boxes(''), '', /nothing is selected; write \* for all columns/],
      [boxes(' -- \n'), '', /nothing is selected/],
      [boxes('SELECT a'), 'SELECT', /SELECT is there already/],
      [boxes('a FROM objects'), 'FROM', /FROM has a field of its own/],
      [boxes('a b c'), 'c', /a comma or the end/],
      [boxes('a; b'), ';', /only one statement/],
      [boxes('a)'), ')', /a comma or the end/],
      [boxes('a', 'objects,'), '', /name of a table/],
      [boxes('a', 'objects o JOIN b'), 'JOIN', /joins cannot stand among the tables/],
      [boxes('a', '(SELECT 1) q'), '(', /brackets cannot stand among the tables/],
      [boxes('a', 'objects WHERE b'), 'WHERE', /a comma or the end/],
      [boxes('a', '', 'WHERE'), '', /a value or column/],
      [boxes('a', '', 'AND b > 1'), 'AND', /no condition before it; delete it/],
      [boxes('a', '', 'b > 1) OR (c'), ')', /AND, OR, ORDER BY or the end/],
      [boxes('a', '', 'b UNION SELECT 1'), 'UNION', /whole statement/],
      [boxes('a', '', 'b ORDER BY c d'), 'd', /a comma, ASC, DESC/],
      [boxes("'a", '', "b'"), "'", /not closed/],
    ] as const) {
      const refusal = refusalOf(source);
      expect(refusal.message, JSON.stringify(source)).to.match(message);
      expect(refusal.at, JSON.stringify(source)).to.equal(at);
    }
  });
});

describe('the grammar and the schema', () => {
  it('lets every table, column and function be named as it is', () => {
    for (const { database, name, columns } of ALL_TABLES) {
      const items = columns.map((column) => column.name).join(', ');
      expect(
        read({ kind: 'statement', text: `SELECT ${items} FROM ${database}.${name}` }),
      ).to.equal(`select ${items} from ${database}.${name}`);
    }
    for (const name of FUNCTIONS.keys())
      expect(readExpression(`${name}(1, 2)`)).to.equal(`${name}(1, 2)`);
  });

  it('reads all that Lasair’s users write', () => {
    expect(LASAIR_QUERIES.length).to.be.above(40);
    for (const { name, source } of LASAIR_QUERIES)
      expect(() => parseQuery(source), name).not.to.throw();
  });

  it('reads what stands in its brackets again as the same tree', () => {
    for (const { name, source } of LASAIR_QUERIES) {
      const { query } = parseQuery(source);
      if (query.body.kind !== 'select' || query.body.where === undefined) continue;
      const text = expressionText(query.body.where);
      expect(readExpression(text), name).to.equal(text);
    }
  });
});
