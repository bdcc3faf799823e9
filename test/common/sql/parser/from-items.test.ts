import { expect } from 'chai';

import { expectRefusals, refusalOf } from '../refusals.ts';
import { fromText, readSelect } from '../tree-text.ts';

const readFrom = (text: string) =>
  readSelect(`SELECT * FROM ${text}`).from.map(fromText).join(', ');

describe('grammar of FROM', () => {
  it('reads tables, lists and joins', () => {
    for (const [text, tree] of [
      ['objects', 'objects'],
      ['ztf.objects AS o, lsst . objects p', 'ztf.objects as o, lsst.objects as p'],
      ['a JOIN b ON a.x = b.x', '(a inner join b on (a.x = b.x))'],
      ['a INNER JOIN b USING (x, y)', '(a inner join b using x, y)'],
      ['a LEFT OUTER JOIN b ON x', '(a left join b on x)'],
      ['a CROSS JOIN b', '(a cross join b)'],
      ['a CROSS JOIN b ON x', '(a inner join b on x)'],
      ['a JOIN b', '(a inner join b)'],
      ['a JOIN b ON x RIGHT JOIN c ON y', '((a inner join b on x) right join c on y)'],
      ['a LEFT JOIN (b JOIN c ON x) ON y', '(a left join (b inner join c on x) on y)'],
      ['a, (b, c) LEFT JOIN d ON x', 'a, ((b cross join c) left join d on x)'],
      ['((a))', 'a'],
      ['watchlist:12 w, area:3&4', 'watchlist:12 as w, area:3&4'],
      ['objects LEFT JOIN watchlist:12 ON x', '(objects left join watchlist:12 on x)'],
      ['watchlist', 'watchlist'],
    ])
      expect(readFrom(text), text).to.equal(tree);
  });

  it('tells sub-queries in brackets from joins in brackets', () => {
    for (const [text, tree] of [
      ['(SELECT 1) AS q', '(select 1) as q'],
      ['(SELECT 1) q', '(select 1) as q'],
      ['((SELECT 1)) q', '(select 1) as q'],
      ['((SELECT 1) UNION (SELECT 2)) q', '({select 1 union select 2}) as q'],
      ['((SELECT 1) LIMIT 1) q', '(select 1 limit 1) as q'],
      ['((SELECT 1) a JOIN b ON x)', '((select 1) as a inner join b on x)'],
      ['(((SELECT 1) a), b)', '((select 1) as a cross join b)'],
    ])
      expect(readFrom(text), text).to.equal(tree);
  });

  it('says what is wrong, where, and what would be right', () => {
    expectRefusals([
      ['SELECT * FROM', '', /the name of a table, found the end/],
      ['SELECT * FROM a,', '', /the name of a table/],
      ['SELECT * FROM (SELECT 1)', '', /a sub-query in FROM needs a name; write AS q/],
      ['SELECT * FROM (SELECT 1) WHERE a', 'WHERE', /needs a name/],
      ['SELECT * FROM a LEFT JOIN b', '', /ON or USING for the LEFT JOIN/],
      ['SELECT * FROM a LEFT b', 'b', /expected JOIN after LEFT/],
      ['SELECT * FROM a JION b', 'JION', /did you mean JOIN\?/],
      ['SELECT * FROM a JOIN b USING x', 'x', /expected \( after USING/],
      ['SELECT * FROM a NATURAL JOIN b', 'NATURAL', /JOIN ... USING/],
      ['SELECT * FROM a FULL OUTER JOIN b ON x', 'FULL', /UNION/],
      ['SELECT * FROM a STRAIGHT_JOIN b', 'STRAIGHT_JOIN', /write JOIN/],
      ['SELECT * FROM a, LATERAL (SELECT 1) b', 'LATERAL', /sub-query in SELECT/],
      ['SELECT * FROM a PARTITION (p0)', 'PARTITION', /leave it out/],
      ['SELECT * FROM a USE INDEX (x)', 'USE', /indexes are chosen/],
      ['SELECT * FROM a FORCE INDEX (x)', 'FORCE', /indexes are chosen/],
      ["SELECT * FROM JSON_TABLE('[]', '$')", 'JSON_TABLE', /is not a table/],
      ['SELECT * FROM a.b.c', '.', /a comma, JOIN, WHERE/],
      ["SELECT * FROM 'objects'", "'objects'", /the name of a table/],
      ["SELECT * FROM objects AS 'o'", "'o'", /a name after AS/],
      ['SELECT * FROM (a, b', '', /expected \) to close the bracket/],
    ]);
  });

  it('counts tables, lists and light curves together', () => {
    const names = (count: number) => Array(count).fill('a').join(', ');
    expect(readSelect(`SELECT * FROM ${names(20)}`).from).to.have.length(20);
    for (const text of [
      `SELECT * FROM ${names(21)}`,
      `SELECT * FROM ${names(19)} WHERE a IN (SELECT b FROM c, d)`,
      `SELECT * FROM ${names(19)}, area:1&2`,
      `SELECT * FROM ${names(20)} WHERE in_watchlist('x')`,
      `SELECT * FROM ${names(20)} WHERE light_curve(count(*)) > 1`,
      `SELECT * FROM ${names(10)} UNION SELECT * FROM ${names(11)}`,
    ])
      expect(refusalOf(text).message, text).to.match(/more than 20 tables, lists and light curves/);
  });
});
