import { expect } from 'chai';

import { MAX_DEPTH, MAX_IN_VALUES, MAX_NESTING } from '../../../../common/sql/limits.ts';
import { expectRefusals, refusalOf } from '../refusals.ts';
import { readExpression, readSelect } from '../tree-text.ts';

describe('grammar of expressions', () => {
  it('binds operators as MySQL does', () => {
    for (const [text, tree] of [
      ['1 + 2 * 3', '(1 + (2 * 3))'],
      ['8 - 4 - 2', '((8 - 4) - 2)'],
      ['8 / 4 / 2', '((8 / 4) / 2)'],
      ['7 DIV 2 % 3', '((7 div 2) % 3)'],
      ['7 MOD 4 + 1', '((7 % 4) + 1)'],
      ['-2 ^ 2', '((- 2) ^ 2)'],
      ['2 * 3 ^ 1', '(2 * (3 ^ 1))'],
      ['1 | 2 & 3 << 1 + 1', '(1 | (2 & (3 << (1 + 1))))'],
      ['~1 + 1', '((~ 1) + 1)'],
      ['- - 1', '(- (- 1))'],
      ['2 - -1', '(2 - (- 1))'],
      ['a OR b XOR c AND NOT d', '(a or (b xor (c and (not d))))'],
      ['NOT a = b', '(not (a = b))'],
      ['a = b IN (1)', '(a = (b in (1)))'],
      ['a < b IS NULL', '((a < b) is null)'],
      ['a BETWEEN 1 AND 2 AND b', '((a between 1 and 2) and b)'],
      ['a NOT BETWEEN 1 + 1 AND 2 | 1', '(a not between (1 + 1) and (2 | 1))'],
      ["a + b LIKE 'x%' OR c", "(((a + b) like 'x%') or c)"],
      ['a IS NOT TRUE = 1', undefined],
      ['a <=> NULL', '(a <=> NULL)'],
      ['a != 1', '(a <> 1)'],
      ['(1 + 2) * 3', '((1 + 2) * 3)'],
    ] as const) {
      if (tree === undefined) expect(refusalOf(`SELECT ${text}`).at, text).to.equal('=');
      else expect(readExpression(text), text).to.equal(tree);
    }
  });

  it('keeps every digit', () => {
    for (const digits of ['1', '1.', '.5', '1e-3', '1.5E+10', '2459000.123456789012345', '007'])
      expect(readExpression(digits)).to.equal(digits);
    expect(readExpression('9007199254740993')).to.equal('9007199254740993');
    expect(readExpression('9'.repeat(65))).to.equal('9'.repeat(65));
  });

  it('reads texts in either quotes', () => {
    expect(readExpression(`'it''s'`)).to.equal(`'it''s'`);
    expect(readExpression(`"it's"`)).to.equal(`'it''s'`);
    expect(readExpression(`"a ""b"" c"`)).to.equal(`'a "b" c'`);
    expect(readExpression(`''`)).to.equal(`''`);
    expect(readExpression(`'-- ; /* # \` @ Äé🔭'`)).to.equal(`'-- ; /* # \` @ Äé🔭'`);
  });

  it('reads names of up to three parts, quoted or not', () => {
    expect(readExpression('gmag')).to.equal('gmag');
    expect(readExpression('ztf . objects.`g mag`')).to.equal('ztf.objects.g mag');
    // After a dot a keyword is a name too.
    expect(readExpression('o.order + o.limit')).to.equal('(o.order + o.limit)');
  });

  it('reads CASE, CAST, IN and IS', () => {
    expect(readExpression("CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END")).to.equal(
      "case a when 1 then 'x' when 2 then 'y' else 'z' end",
    );
    expect(readExpression('CASE WHEN a > 1 THEN 2 END + 1')).to.equal(
      '(case when (a > 1) then 2 end + 1)',
    );
    for (const [written, type] of [
      ['DOUBLE PRECISION', 'double'],
      ['real', 'double'],
      ['SIGNED INTEGER', 'signed'],
      ['BIGINT', 'signed'],
      ['UNSIGNED', 'unsigned'],
      ['CHAR', 'char'],
      ['DATETIME', 'datetime'],
    ])
      expect(readExpression(`CAST(a AS ${written})`)).to.equal(`cast(a as ${type})`);
    expect(readExpression('a NOT IN (\'x\', "y", NULL)')).to.equal("(a not in ('x', 'y', NULL))");
    // As Lasair's cookbook writes it.
    expect(readExpression('t in ["SN II", "AGN"]')).to.equal("(t in ('SN II', 'AGN'))");
    expect(readExpression('a IN (SELECT b FROM c)')).to.equal('(a in (select b from c))');
    expect(readExpression('a IN ((SELECT b FROM c))')).to.equal('(a in (select b from c))');
    expect(readExpression('a IS UNKNOWN')).to.equal('(a is null)');
    expect(readExpression('a IS NOT FALSE IS TRUE')).to.equal('((a is not false) is true)');
  });

  it('reads intervals as calls', () => {
    expect(readExpression('d - INTERVAL 7 DAY > e')).to.equal('(date_sub(d, 7, DAY) > e)');
    expect(readExpression('d + interval 1 + 1 hour - 1')).to.equal(
      '(date_add(d, (1 + 1), HOUR) - 1)',
    );
    expect(readExpression('DATE_SUB(NOW(), INTERVAL 7 DAY)')).to.equal('date_sub(NOW(), 7, DAY)');
    expect(readExpression('ADDDATE(d, 3)')).to.equal('ADDDATE(d, 3)');
  });

  it('makes chains of AND and OR shallow, and leaves their order', () => {
    const { where } = readSelect(`SELECT 1 WHERE ${Array(9_000).fill('a').join(' OR ')}`);
    let [depth, node] = [0, where];
    while (node?.kind === 'binary') [depth, node] = [depth + 1, node.left];
    expect(depth).to.equal(Math.ceil(Math.log2(9_000)));
    expect(readExpression('a AND b AND c AND d')).to.equal('((a and b) and (c and d))');
    expect(readExpression('a AND b AND c')).to.equal('((a and b) and c)');
  });

  it('says what is wrong, where, and what would be right', () => {
    expectRefusals([
      ['SELECT 17 < gmag < 19', '<', /cannot follow one another.*AND.*BETWEEN/],
      ['SELECT a BETWEN 1 AND 2', 'BETWEN', /did you mean BETWEEN\?/],
      ['SELECT 1 WHERE a BETWEEN 1, 2', ',', /expected AND between the two limits of BETWEEN/],
      ['SELECT a NOT 1', '1', /IN, BETWEEN or LIKE after NOT/],
      ['SELECT a IS 1', '1', /NULL, NOT NULL, TRUE or FALSE after IS/],
      ['SELECT (a, b) = (1, 2)', ',', /one value at a time/],
      ['SELECT a = ANY (SELECT 1)', 'ANY', /IN \(SELECT/],
      ['SELECT a = NOT b', 'NOT', /round brackets/],
      ['SELECT a + ', '', /expected a value or column, found the end/],
      ['SELECT (a', '', /expected \) to close the bracket, found the end/],
      ['SELECT a IN (1 2)', '2', /comma or \) in the list of IN/],
      ['SELECT a IN 1', '1', /expected \( after IN/],
      ['SELECT a IN ()', ')', /expected a value/],
      ['SELECT CASE a END', 'END', /expected WHEN in CASE/],
      ['SELECT CASE WHEN a THAN 1 END', 'THAN', /did you mean THEN\?/],
      ['SELECT CAST(a AS DECIMAL(5,2))', 'DECIMAL', /DOUBLE, FLOAT/],
      ['SELECT CAST(a AS CHAR(5))', '(', /LEFT\(\) for letters/],
      ['SELECT CAST(a, CHAR)', ',', /expected AS in CAST/],
      ["SELECT DATE '2026-11-21'", 'DATE', /CAST\('...' AS DATE\)/],
      ['SELECT INTERVAL 1 DAY + d', 'INTERVAL', /date \+ INTERVAL 7 DAY/],
      ['SELECT d + INTERVAL 1 DAYS', 'DAYS', /did you mean DAY\?/],
      ["SELECT a REGEXP 'x'", 'REGEXP', /LIKE with %/],
      ["SELECT a LIKE 'x' ESCAPE '!'", 'ESCAPE', /leave it out/],
      ['SELECT a.b.c.d.e.f.g.h.i.j', '.', /more than 9 parts/],
      ['SELECT a.', '', /name of a column after the dot/],
      ['SELECT count(o.*)', '*', /only by itself in SELECT/],
      ['SELECT area:3', 'area:3', /in_watchmap\('name'\)/],
      ['SELECT [a]', '[', /back-quotes/],
      ['SELECT SELECT 1', 'SELECT', /round brackets of its own/],
    ]);
  });

  it('names the limit that a query is beyond', () => {
    const over = (text: string) => refusalOf(text).message;
    const nested = (count: number) => `SELECT ${'('.repeat(count)}1${')'.repeat(count)}`;
    expect(() => readSelect(nested(MAX_NESTING))).not.to.throw();
    expect(over(nested(MAX_NESTING + 1))).to.match(/more than 64 levels/);
    expect(over(`SELECT ${'- '.repeat(100)}1`)).to.match(/more than 64 levels/);
    expect(over(`SELECT ${'NOT '.repeat(100)}1`)).to.match(/more than 64 levels/);
    expect(over(`SELECT ${'CASE WHEN '.repeat(100)}1`)).to.match(/more than 64 levels/);
    expect(over(`SELECT ${'f('.repeat(100)}1`)).to.match(/more than 64 levels/);
    expect(over(`SELECT 1${'+1'.repeat(MAX_DEPTH + 1)}`)).to.match(/more than 300 operators/);
    expect(over(`SELECT 1${' IS NULL'.repeat(MAX_DEPTH)}`)).to.match(/more than 300 operators/);
    const list = (count: number) => `SELECT a IN (${Array(count).fill('1').join(',')})`;
    expect(() => readSelect(list(MAX_IN_VALUES))).not.to.throw();
    expect(over(list(MAX_IN_VALUES + 1))).to.match(/more than 10000 values/);
    expect(over(`SELECT CASE${' WHEN 1 THEN 2'.repeat(1_001)} END`)).to.match(/1000 branches/);
    expect(over(`SELECT f(${Array(502).fill('1').join(',')})`)).to.match(/more than 500 members/);
  });
});
