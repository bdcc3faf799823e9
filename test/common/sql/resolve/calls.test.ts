import { expect } from 'chai';

import { compileText, expectRefused, typesOf } from '../compile-text.ts';

describe('calls', () => {
  it('are refused where there is no such function, with one that there is', () => {
    expectRefused([
      ['SELECT SLEEP(5)', 'SLEEP', /^no function SLEEP/],
      ["SELECT LOAD_FILE('/etc/passwd')", 'LOAD_FILE', /^no function LOAD_FILE/],
      ['SELECT BENCHMARK(1000000, SIN(1))', 'BENCHMARK', /^no function/],
      ["SELECT GET_LOCK('a', 10)", 'GET_LOCK', /^no function/],
      ['SELECT USER(), VERSION(), DATABASE()', 'USER', /^no function/],
      ["SELECT REPEAT('a', 1000000000)", 'REPEAT', /use LPAD/],
      ['SELECT flux2magg(1)', 'flux2magg', /did you mean flux2mag\(\)\?$/],
      ['SELECT MEDIAN(gmag) FROM objects', 'MEDIAN', /columns of objects$/],
    ]);
  });

  it('are refused with too many arguments, too few, and those that cannot be', () => {
    expectRefused([
      ['SELECT SQRT()', 'SQRT()', 'SQRT takes one argument, not 0; write SQRT(x)'],
      ['SELECT PI(1)', 'PI(1)', 'PI takes no arguments, not 1; write PI()'],
      ['SELECT POW(2)', 'POW(2)', 'POW takes 2 arguments, not 1; write POW(x, y)'],
      ['SELECT LEAST(1)', 'LEAST(1)', /takes 2 or more arguments/],
      ["SELECT SQRT('two')", "'two'", /wants a number/],
      ['SELECT SUM(*) FROM objects', 'SUM(*)', /no meaning/],
      ['SELECT SQRT(DISTINCT 2)', 'SQRT(DISTINCT 2)', /knows no DISTINCT/],
      ['SELECT COUNT(gmag, rmag) FROM objects', 'COUNT(gmag, rmag)', /COUNT\(DISTINCT x, y\)/],
      ["SELECT LPAD('a', 1000000000, 'b')", '1000000000', /from 0 to 1000,/],
      ["SELECT LPAD('a', gmag, 'b') FROM objects", 'gmag', /written out/],
      ["SELECT JSON_EXTRACT(classdict, 'key') FROM annotations", "'key'", /'\$\.key'/],
      [
        'SELECT JSON_VALUE(classdict, classification) FROM annotations',
        'classification',
        /a path in quotes/,
      ],
      ["SELECT DATE_FORMAT(NOW(), '%Q')", "'%Q'", /a pattern in quotes/],
      ['SELECT TIMESTAMPDIFF(DAYS, NOW(), NOW())', 'DAYS', /did you mean DAY\?$/],
      ['SELECT YEAR(60000)', '60000', /mjd2timestamp/],
      ["SELECT YEAR('last')", "'last'", /is no date/],
    ]);
  });

  it('over windows have an order and a frame where they must, and nowhere else', () => {
    for (const over of [
      'ROW_NUMBER() OVER ()',
      'RANK() OVER (PARTITION BY fid ORDER BY jd)',
      'LAG(magpsf, 2) OVER (ORDER BY jd)',
      'SUM(magpsf) OVER (ORDER BY jd ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)',
      'AVG(magpsf) OVER (ORDER BY jd RANGE BETWEEN 1.5 PRECEDING AND 1.5 FOLLOWING)',
      'LAST_VALUE(magpsf) OVER (ORDER BY jd ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)',
    ]) {
      expect(compileText(`SELECT ${over} FROM candidates`).sql).to.contain('OVER (');
    }
    const select = (over: string) => `SELECT ${over} FROM candidates`;
    expectRefused([
      [select('RANK()'), 'RANK()', /needs a window/],
      [select('RANK() OVER ()'), '()', /needs an order/],
      [select('SQRT(2) OVER ()'), 'SQRT(2) OVER ()', /takes no OVER$/],
      [select('GROUP_CONCAT(fid) OVER ()'), '()', /takes no OVER$/],
      [
        select('RANK() OVER (ORDER BY jd ROWS 2 PRECEDING)'),
        '(ORDER BY jd ROWS 2 PRECEDING)',
        /takes no ROWS/,
      ],
      [
        select('SUM(fid) OVER (ORDER BY objectId RANGE 2 PRECEDING)'),
        '(ORDER BY objectId RANGE 2 PRECEDING)',
        /one order, by a number/,
      ],
      [select('SUM(fid) OVER (ORDER BY jd ROWS 1.5 PRECEDING)'), '1.5', /whole rows/],
      [
        select('SUM(fid) OVER (ORDER BY jd ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)'),
        '(ORDER BY jd ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)',
        /ends before it begins/,
      ],
    ]);
  });

  it('have the types that the server gives them', () => {
    expect(
      typesOf(
        'SELECT COUNT(*) a, SUM(ncand) b, SUM(gmag) c, AVG(ncand) d, MAX(hpx29) e, MAX(objectId) f FROM objects',
      ),
    ).to.equal('a int, b decimal, c double, d decimal, e id, f text');
    expect(
      typesOf(
        'SELECT gmag - rmag a, ncand + 1 b, ncand / 2 c, ncand DIV 2 d, hpx29 + 0 e, gmag > 17 f, -gmag g, +gmag h FROM objects',
      ),
    ).to.equal('a double, b int, c decimal, d int, e id, f bool, g double, h float');
    expect(
      typesOf(
        "SELECT IFNULL(gmag, 0) a, COALESCE(NULL, objectId) b, CASE WHEN gmag > 1 THEN 1 ELSE 'x' END c, NULL d, '1' e, 1.5 f, 1e0 g FROM objects",
      ),
    ).to.equal('a double, b text, c text, d null, e text, f decimal, g double');
    expect(
      typesOf(
        'SELECT MIN(disc_date) a, DATE(MAX(disc_date)) b, YEAR(MAX(disc_date)) c, CAST(MAX(id) AS CHAR) d FROM crossmatch_tns',
      ),
    ).to.equal('a timestamp, b timestamp, c int, d text');
    expect(typesOf('SELECT gmag FROM objects UNION SELECT ncand FROM objects')).to.equal(
      'gmag double',
    );
  });
});

describe('comparisons', () => {
  it('are refused where they can only be mistakes', () => {
    expectRefused([
      [
        "SELECT 1 FROM objects WHERE gmag < 'bright'",
        "'bright'",
        /gmag is a number and 'bright' is a text/,
      ],
      ["SELECT 1 FROM objects WHERE 'bright' > gmag", "'bright'", /is a text/],
      ["SELECT 1 FROM objects WHERE ncand IN (1, 'two')", "'two'", /is a text/],
      ["SELECT 1 FROM objects WHERE ncand BETWEEN 'a' AND 2", "'a'", /is a text/],
      ["SELECT 1 FROM objects WHERE gmag + 'x' > 1", "'x'", /wants a number/],
      [
        'SELECT 1 FROM crossmatch_tns WHERE disc_date > mjdnow() - 14',
        'mjdnow() - 14',
        /not a number such as an MJD/,
      ],
      [
        'SELECT 1 FROM crossmatch_tns WHERE disc_date > 60000',
        '60000',
        /not a number such as an MJD/,
      ],
      ["SELECT 1 FROM crossmatch_tns WHERE disc_date > 'yesterday'", "'yesterday'", /is no date/],
      ["SELECT 1 FROM crossmatch_tns WHERE disc_date > '2026-02-30'", "'2026-02-30'", /is no date/],
    ]);
    expectRefused(
      [
        [
          "SELECT 1 FROM diaSources WHERE isNegative = 'false'",
          "'false'",
          /write 1 for true, 0 for false$/,
        ],
      ],
      {
        survey: 'lsst',
      },
    );
  });

  it('are let be where they may be meant', () => {
    for (const condition of [
      "hpx29 = '9007199254740993'",
      "gmag < '17.5'",
      'objectId = 18',
      'objectId > gmag',
      "objectId IN ('ZTF18aaaaaaa', 'ZTF18aaaaaab')",
      "gmag LIKE '17%'",
    ]) {
      expect(compileText(`SELECT 1 FROM objects WHERE ${condition}`).sql).to.contain('WHERE');
    }
    for (const date of [
      "'2026-01-31'",
      "'2026-01-31 12:00:00.5'",
      "'2026-1-3T4:05'",
      '20260131',
      "'20260131'",
      'NOW()',
    ]) {
      expect(compileText(`SELECT 1 FROM crossmatch_tns WHERE disc_date > ${date}`).sql).to.contain(
        '>',
      );
    }
  });
});
