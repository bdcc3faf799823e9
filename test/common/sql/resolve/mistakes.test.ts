import { expect } from 'chai';

import { refusal } from '../compile-text.ts';

/** What astronomers write by mistake, the word that it is about, and what they should hear. */
const OF_ZTF: [text: string, at: string, message: RegExp][] = [
  [
    'SELECT objectId FROM objects WHERE objectId = ZTF18aaaaaaa',
    'ZTF18aaaaaaa',
    /texts stand in quotes: 'ZTF18aaaaaaa'$/,
  ],
  ['SELECT objectId FROM objects WHERE gmag = NULL', 'NULL', /never true; write IS NULL/],
  ['SELECT objectId FROM objects WHERE NULL <> gmag', 'NULL', /write IS NOT NULL$/],
  [
    'SELECT objectId FROM objects WHERE jdmax > mjdnow() - 7',
    'mjdnow() - 7',
    /^jdmax counts Julian Dates, .* write jdnow\(\)/,
  ],
  ['SELECT objectId FROM objects WHERE jdmax > 60000', '60000', /^jdmax counts Julian Dates/],
  ['SELECT objectId FROM objects WHERE mjdnow() - jdmax < 7', '7', /^jdmax counts Julian Dates/],
  ['SELECT objectId FROM objects WHERE jdmax BETWEEN 60000 AND 60001', '60000', /^jdmax counts/],
  [
    'SELECT objectId FROM objects WHERE lastMJD > jdnow() - 7',
    'jdnow() - 7',
    /^lastMJD counts Modified Julian Dates, .* write mjdnow\(\)/,
  ],
  [
    'SELECT objectId FROM objects WHERE jdmax > NOW() - 7',
    '7',
    /INTERVAL 7 DAY for a date; for Julian Dates take jdnow\(\)/,
  ],
  ["SELECT objectId FROM objects WHERE gmag < '18 mag'", "'18 mag'", /^gmag is a number/],
  [
    'SELECT objectId FROM objects WHERE "gmag" < 18',
    '"gmag"',
    /columns stand without quotes: gmag$/,
  ],
  [
    'SELECT candid FROM candidates WHERE isdiffpos = true',
    'true',
    /^isdiffpos is a text, .* such as 't'$/,
  ],
  ['SELECT objectId FROM objects WHERE 17 < gmag < 18', '<', /a < x AND x < b/],
  [
    'SELECT objectId FROM objects WHERE objectId LIKE ZTF18%',
    '%',
    /patterns of LIKE stand in quotes/,
  ],
  [
    'SELECT objectId FROM objects WHERE gmag < 18 LIMIT 5 ORDER BY gmag',
    'ORDER',
    /the order is FROM, WHERE/,
  ],
  [
    'SELECT objectId FROM objects ORDER BY jdmax WHERE gmag < 18',
    'WHERE',
    /the order is FROM, WHERE/,
  ],
  ['SELECT TOP 10 objectId FROM objects', 'TOP', /write LIMIT at the end$/],
  ["SELECT objectId FROM objects WHERE objectId ILIKE 'ztf%'", 'ILIKE', /write LIKE$/],
  ['SELECT gmag::float FROM objects', '::', /write CAST/],
  ["SELECT DATE_TRUNC('day', disc_date) FROM crossmatch_tns", 'DATE_TRUNC', /use DATE\(t\)$/],
  ['SELECT NVL(gmag, 0) FROM objects', 'NVL', /use IFNULL/],
  ['SELECT IIF(gmag > 18, 1, 0) FROM objects', 'IIF', /use IF\(condition, x, y\)$/],
  ['SELECT POWER(10,) FROM objects', ')', /one comma too many/],
  [
    "SELECT * FROM objects WHERE CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 1, 2, 3)) = 1",
    'CONTAINS',
    /use cone/,
  ],
  ['SELECT DISTANCE(POINT(ra, dec), POINT(1, 2)) FROM objects', 'DISTANCE', /use separation/],
  [
    'SELECT o.objectId FROM objects o JOIN candidates c ON c.objectId = o.objectId ON o.ncand > 3',
    'ON',
    /found ON$/,
  ],
  [
    'SELECT gmag - rmag AS colour FROM objects WHERE colour > 1',
    'colour',
    /WHERE does not know it; repeat/,
  ],
  [
    'SELECT objectId FROM candidates WHERE COUNT(*) > 3 GROUP BY objectId',
    'COUNT(*)',
    /put the condition into HAVING$/,
  ],
  ['SELECT diaObjectId FROM objects', 'diaObjectId', /did you mean objectId\?$/],
  ['SELECT * FROM diaSources', 'diaSources', /write lsst\.diaSources, or choose that survey$/],
  ['SELECT dec FROM objects', 'dec', /decmean \(in objects\) or decl \(in candidates\)/],
  ['SELECT candidates.dec FROM candidates', 'candidates.dec', /decl \(in candidates\)/],
  ['SELECT candidates.objectId FROM objects', 'candidates', /add candidates to FROM$/],
  ['SELECT objects.objectId FROM objects o', 'objects', /write o$/],
  [
    "SELECT objectId FROM objects WHERE classification = 'SN'",
    'classification',
    /it is in sherlock_classifications/,
  ],
  ['SELECT objectId FROM objects WHERE cone(ra, dec, 5)', 'ra', /numbers, not columns/],
  [
    'SELECT objectId FROM objects WHERE cone(150, 2)',
    'cone(150, 2)',
    /takes a position and a radius/,
  ],
  ['SELECT objectId FROM objects WHERE cone(10:00:00, 2, 5)', ':', /stand in quotes: '10:00:00'$/],
  [
    'SELECT objectId FROM objects WHERE light_curve(COUNT(*) > 3)',
    '>',
    /light_curve\(COUNT\(\*\) WHERE band = 'r' AND mag < 19\) >= 3$/,
  ],
  [
    'SELECT objectId FROM objects WHERE light_curve(COUNT(*) WHERE band = r) > 3',
    'r',
    /texts stand in quotes: 'r'$/,
  ],
  [
    "SELECT objectId FROM objects WHERE light_curve(COUNT(*) WHERE filter = 'r') > 3",
    'filter',
    /did you mean band\?$/,
  ],
  [
    "SELECT tns_name FROM crossmatch_tns WHERE disc_date > '14/03/2026'",
    "'14/03/2026'",
    /write it as '2026-01-31'/,
  ],
  [
    'SELECT tns_name FROM crossmatch_tns WHERE disc_date > 60000',
    '60000',
    /not a number such as an MJD/,
  ],
  ['WITH x AS (SELECT 1) SELECT * FROM x', 'WITH', /write \(SELECT \.\.\.\) AS name in FROM$/],
  [
    'SELECT COUNT(DISTINCT fid) OVER (PARTITION BY objectId) FROM candidates',
    'COUNT(DISTINCT fid) OVER (PARTITION BY objectId)',
    /^DISTINCT cannot stand with OVER/,
  ],
];

const OF_RUBIN: typeof OF_ZTF = [
  [
    'SELECT diaObjectId FROM objects WHERE lastDiaSourceMjdTai > jdnow() - 7',
    'jdnow() - 7',
    /write mjdnow\(\)/,
  ],
  [
    'SELECT diaObjectId FROM objects WHERE lastDiaSourceMjdTai > 2461000',
    '2461000',
    /Modified Julian Dates/,
  ],
  ['SELECT objectId FROM objects', 'objectId', /did you mean diaObjectId\?$/],
  ['SELECT gmag FROM objects', 'gmag', /did you mean flux2mag\(g_psfFlux\)\?$/],
  ['SELECT magpsf FROM diaSources', 'magpsf', /did you mean flux2mag\(psfFlux\)\?$/],
  ['SELECT * FROM candidates', 'candidates', /write ztf\.candidates, or choose that survey$/],
];

describe('mistakes that astronomers make', () => {
  for (const [survey, cases] of [
    ['ztf', OF_ZTF],
    ['lsst', OF_RUBIN],
  ] as const) {
    for (const [text, at, message] of cases) {
      it(`${survey}: ${text}`, () => {
        const refused = refusal(text, { survey });
        expect(refused.message).to.match(message);
        expect(refused.message).not.to.match(/\n|\.$/);
        expect(refused.at).to.equal(at);
      });
    }
  }
});
