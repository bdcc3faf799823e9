import { expect } from 'chai';

import { expectRefusals, refusalOf } from '../refusals.ts';
import { readQuery, readSelect } from '../tree-text.ts';

describe('grammar of queries', () => {
  it('reads every clause', () => {
    expect(
      readQuery(
        `select distinct o.*, gmag - rmag as colour, ncand n, count(*) "how many"
         from objects as o where gmag < 17 group by ncand, fid having count(*) > 1
         order by colour desc, n asc limit 10 offset 5;`,
      ),
    ).to.equal(
      'select distinct o.*, (gmag - rmag) as colour, ncand as n, count(*) as how many ' +
        'from objects as o where (gmag < 17) group by ncand, fid having (count(*) > 1) ' +
        'order by colour desc, n limit 10 offset 5',
    );
    expect(readQuery('SELECT ALL 1 LIMIT 20, 10')).to.equal('select 1 limit 10 offset 20');
    expect(readQuery('SELECT a FROM t LIMIT :n OFFSET :m')).to.equal(
      'select a from t limit :n offset :m',
    );
  });

  it('takes plain texts and harmless words for the names of columns', () => {
    for (const [text, name] of [
      [`'days_ago'`, 'days_ago'],
      [`AS "last detected"`, 'last detected'],
      ['AS `g-r`', 'g-r'],
      ['AS filter', 'filter'],
      ['AS top', 'top'],
      ['class', 'class'],
      ['since', 'since'],
    ]) {
      const [item] = readSelect(`SELECT 1 ${text} FROM t`).items;
      expect(item).to.have.nested.property('alias.text', name);
    }
  });

  it('leaves UNIONs to the left, and knows whose ORDER BY and LIMIT it is', () => {
    expect(readQuery('SELECT 1 UNION SELECT 2 UNION ALL SELECT 3 ORDER BY 1 LIMIT 2')).to.equal(
      '{{select 1 union select 2} union all select 3} order by 1 limit 2',
    );
    expect(readQuery('(SELECT 1) UNION DISTINCT (SELECT 2 LIMIT 1)')).to.equal(
      '{select 1 union (select 2 limit 1)}',
    );
    expect(readQuery('SELECT 1 UNION ALL (SELECT 2 UNION SELECT 3)')).to.equal(
      '{select 1 union all ({select 2 union select 3})}',
    );
    expect(readQuery('((SELECT 1 ORDER BY 1))')).to.equal('select 1 order by 1');
    expect(readQuery('(SELECT 1) ORDER BY 1')).to.equal('select 1 order by 1');
  });

  it('tells sub-queries in brackets from expressions in brackets', () => {
    expect(
      readQuery('SELECT ((SELECT 1) + 1), ((SELECT 1)), ((SELECT 1) UNION SELECT 2)'),
    ).to.equal('select ((select 1) + 1), (select 1), ({select 1 union select 2})');
    expect(readQuery('SELECT a WHERE NOT EXISTS ((SELECT 1) UNION (SELECT 2)) AND b')).to.equal(
      'select a where ((not exists ({select 1 union select 2})) and b)',
    );
  });

  it('says what is wrong, where, and what would be right', () => {
    expectRefusals([
      ['', '', /the query is empty/],
      ['-- nothing', '', /the query is empty/],
      ['SELCT gmag FROM objects', 'SELCT', /did you mean SELECT\?/],
      ['SELECT gmag FORM objects', 'FORM', /did you mean FROM\?/],
      ['SELECT gmag FROM objects WHER gmag < 17', 'WHER', /did you mean WHERE\?/],
      ['SELECT gmag FROM objects ORDR BY gmag', 'ORDR', /did you mean ORDER\?/],
      ['SELECT gmag FROM objects ORDER gmag', 'gmag', /expected BY after ORDER/],
      ['SELECT gmag FROM objects LIMTI 10', 'LIMTI', /did you mean LIMIT\?/],
      ['SELECT gmag,, rmag', ',', /one comma too many/],
      ['SELECT gmag, FROM objects', 'FROM', /one comma too many/],
      ['SELECT FROM objects', 'FROM', /expected a value or column, found FROM/],
      ['SELECT a b c FROM t', 'c', /a comma, FROM or the end/],
      ['SELECT a AS select', 'select', /back-quotes/],
      [`SELECT a AS 'x"y'`, `'x"y'`, /cannot name a column/],
      ['SELECT TOP 10 a FROM t', 'TOP', /LIMIT at the end/],
      ['SELECT a FROM t LIMIT 1.5', '1.5', /a whole number after LIMIT/],
      ['SELECT a FROM t LIMIT -1', '-', /a whole number after LIMIT/],
      ['SELECT a FROM t LIMIT 1 ROWS', 'ROWS', /the end after LIMIT/],
      ['SELECT a FROM t OFFSET 5', 'OFFSET', /LIMIT n OFFSET m/],
      ['SELECT a ORDER BY a UNION SELECT b', 'ORDER', /into round brackets/],
      ['(SELECT a LIMIT 5) LIMIT 3', 'LIMIT', /SELECT \* FROM \(SELECT/],
      ['SELECT a FROM t GROUP BY a WITH ROLLUP', 'WITH', /not available/],
      ['SELECT a ORDER BY a NULLS LAST', 'NULLS', /ORDER BY x IS NULL, x/],
      ['SELECT a FROM t HAVING a WHERE b', 'WHERE', /the order is FROM, WHERE, GROUP/],
      ['SELECT a INTO OUTFILE "x" FROM t', 'INTO', /can be downloaded/],
      ['SELECT a FROM t FOR UPDATE', 'FOR', /nothing is locked/],
      ['SELECT a FROM t LOCK IN SHARE MODE', 'LOCK', /nothing is locked/],
      ['SELECT SQL_NO_CACHE a FROM t', 'SQL_NO_CACHE', /leave it out/],
      ['SELECT a EXCEPT SELECT b', 'EXCEPT', /NOT EXISTS/],
      ['SELECT a FROM t; DROP TABLE t', ';', /only one statement/],
      ['SELECT a FROM t;;', ';', /only one statement/],
    ]);
  });

  it('runs nothing but a SELECT', () => {
    const words = 'INSERT UPDATE DELETE DROP SET SHOW EXPLAIN CALL TABLE VALUES USE DO HELP';
    for (const word of words.split(' '))
      expect(refusalOf(`${word.toLowerCase()} x`)).to.deep.equal({
        message: `only a SELECT can be run, not ${word}`,
        at: word.toLowerCase(),
      });
    const { message } = refusalOf('WITH x AS (SELECT 1) SELECT * FROM x');
    expect(message).to.equal(
      'only a SELECT can be run, not WITH; write (SELECT ...) AS name in FROM',
    );
  });

  it('names the limit that a query is beyond', () => {
    const over = (text: string) => refusalOf(text).message;
    expect(over(`SELECT ${Array(501).fill('1').join(',')}`)).to.match(/more than 500 columns/);
    expect(over(`SELECT 1${' UNION SELECT 1'.repeat(64)}`)).to.match(/more than 64 SELECTs/);
    expect(over(`SELECT 1 ORDER BY ${Array(501).fill('1').join(',')}`)).to.match(/500 members/);
    expect(over(`SELECT '${'é'.repeat(40_000)}'`)).to.match(/80009 bytes; at most 65536/);
    expect(() => readQuery(`SELECT ${'1'.padStart(65_536 - 7)}`)).not.to.throw();
    expect(over(`SELECT ${'1'.padStart(65_537 - 7)}`)).to.match(/65537 bytes/);
  });
});
