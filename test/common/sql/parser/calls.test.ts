import { expect } from 'chai';

import { parseQuery } from '../../../../common/sql/parse-query.ts';
import { expectRefusals } from '../refusals.ts';
import { readExpression } from '../tree-text.ts';

describe('grammar of calls', () => {
  it('reads functions, aggregates and windows', () => {
    for (const [text, tree] of [
      ['f()', 'f()'],
      ['COUNT( * )', 'COUNT(*)'],
      ['count(DISTINCT a, b)', 'count(distinct a, b)'],
      ['sum(ALL a)', 'sum(a)'],
      ["LEFT(a, 3) + MOD(7, 2) + IF(a, 1, 2) + REPLACE(a, 'b', 'c')", undefined],
      ['current_timestamp > a', '(current_timestamp() > a)'],
      ["JSON_EXTRACT(a.classdict, '$.lsst-r.peak') < -19", undefined],
      ['TIMESTAMPDIFF(DAY, a, b)', 'TIMESTAMPDIFF(DAY, a, b)'],
      ['row_number() OVER ()', 'row_number() over ()'],
      [
        'avg(a) OVER (PARTITION BY b, c ORDER BY d DESC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)',
        'avg(a) over (partition by b, c order by d desc rows 2 preceding and current row)',
      ],
      [
        'sum(a) OVER (ORDER BY b RANGE UNBOUNDED PRECEDING) + 1',
        '(sum(a) over (order by b range unbounded preceding) + 1)',
      ],
    ] as const) {
      if (tree === undefined) expect(() => readExpression(text), text).not.to.throw();
      else expect(readExpression(text), text).to.equal(tree);
    }
  });

  it('reads conditions on light curves', () => {
    expect(readExpression("light_curve(count(*) WHERE band = 'r' AND mag < 18.5) >= 3")).to.equal(
      "(light_curve(count(*) where ((band = 'r') and (mag < 18.5))) >= 3)",
    );
    expect(readExpression('LIGHT_CURVE(o, MAX(mag))')).to.equal('light_curve(o, MAX(mag))');
    expect(readExpression('light_curve(min(mjd)) < mjdnow() - 3')).to.equal(
      '(light_curve(min(mjd)) < (mjdnow() - 3))',
    );
  });

  it('notes the lists that are named, each once', () => {
    const text = `SELECT 1 FROM watchlist:12, area:3&4, annotator:'my one', watchmap:3
      WHERE in_watchlist('My SNe') OR NOT in_watchmap("north") AND in_watchlist(12)
        AND a IN (SELECT b FROM annotators:other WHERE In_WatchList('My SNe'))`;
    expect(parseQuery({ kind: 'statement', text }).references).to.deep.equal([
      { token: 'watchlist', name: '12' },
      { token: 'area', name: '3' },
      { token: 'area', name: '4' },
      { token: 'annotator', name: 'my one' },
      { token: 'watchlist', name: 'My SNe' },
      { token: 'area', name: 'north' },
      { token: 'annotator', name: 'other' },
    ]);
  });

  it('says what is wrong, where, and what would be right', () => {
    expectRefusals([
      ['SELECT f(1', '', /a comma or \) in f\(\)/],
      ['SELECT f(1 2)', '2', /a comma or \) in f\(\)/],
      ['SELECT f(1,)', ')', /one comma too many/],
      ['SELECT `f`(1)', '`f`', /back-quotes/],
      ['SELECT ztf.f(1)', '.', /by their name alone/],
      ['SELECT GROUP_CONCAT(a ORDER BY b)', 'ORDER', /with commas between/],
      ['SELECT TRIM(a FROM b)', 'FROM', /with commas between/],
      ['SELECT EXTRACT(YEAR FROM a)', 'FROM', /YEAR\(date\)/],
      ['SELECT CONVERT(a USING utf8)', 'USING', /CAST\(value AS type\)/],
      ['SELECT count(*) FILTER (WHERE a)', 'FILTER', /SUM\(CASE/],
      ['SELECT rank() OVER w', 'w', /the window in brackets/],
      ['SELECT rank() OVER (w)', 'w', /PARTITION BY, ORDER BY/],
      ['SELECT rank() OVER (PARTITON BY a)', 'PARTITON', /did you mean PARTITION\?/],
      ['SELECT sum(a) OVER (ROWS 1)', ')', /PRECEDING or FOLLOWING/],
      ['SELECT sum(a) OVER (ROWS a PRECEDING)', 'a', /UNBOUNDED PRECEDING or a number/],
      ['SELECT light_curve()', ')', /wants an aggregate/],
      ['SELECT light_curve(mag)', 'mag', /light_curve\(COUNT\(\*\) WHERE/],
      ["SELECT light_curve(count(*), band = 'r')", ',', /a comma or \) in light_curve|WHERE/],
    ]);
  });
});
