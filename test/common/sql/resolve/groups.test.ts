import { expect } from 'chai';

import { compileText, expectRefused } from '../compile-text.ts';

describe('groups of rows', () => {
  it('have what they are grouped by, aggregates, and what follows from both', () => {
    for (const text of [
      'SELECT sherlock_classification, COUNT(*) FROM objects GROUP BY sherlock_classification',
      'SELECT FLOOR(gmag) + 1, COUNT(*) FROM objects GROUP BY FLOOR(gmag)',
      'SELECT FLOOR(gmag) AS m, COUNT(*) FROM objects GROUP BY m ORDER BY m',
      // The primary key settles the row.
      'SELECT objectId, gmag, rmag, COUNT(*) FROM objects GROUP BY objectId',
      'SELECT o.gmag, MAX(c.jd) FROM objects o JOIN candidates c ON c.objectId = o.objectId GROUP BY o.objectId',
      // So do what is set equal to it, and what is set equal to a constant.
      'SELECT o.gmag, MAX(c.jd) FROM objects o, candidates c WHERE c.objectId = o.objectId GROUP BY c.objectId',
      'SELECT o.gmag, s.z, COUNT(*) FROM objects o JOIN sherlock_classifications s USING (objectId) GROUP BY objectId',
      "SELECT objectId, COUNT(*) FROM candidates WHERE objectId = 'ZTF18abcdefg'",
      'SELECT COUNT(*), MAX(gmag) - MIN(gmag), 7 FROM objects',
      'SELECT COUNT(*) FROM objects HAVING COUNT(*) > 3',
      'SELECT objectId FROM candidates GROUP BY objectId ORDER BY COUNT(*) DESC',
      'SELECT fid, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) FROM candidates GROUP BY fid',
      'SELECT fid, (SELECT COUNT(*) FROM noncandidates n WHERE n.fid = c.fid) FROM candidates c GROUP BY fid',
    ]) {
      expect(compileText(text).sql, text).to.contain('SELECT');
    }
  });

  it('have nothing else', () => {
    const advice = /put it into GROUP BY, or into an aggregate such as MAX\(\w+\)$/;
    expectRefused([
      ['SELECT objectId, COUNT(*) FROM candidates', 'objectId', advice],
      ['SELECT fid, magpsf FROM candidates GROUP BY fid', 'magpsf', advice],
      ['SELECT fid, magpsf + fid FROM candidates GROUP BY fid', 'magpsf', advice],
      ['SELECT * FROM candidates GROUP BY fid', '*', advice],
      ['SELECT fid FROM candidates GROUP BY fid ORDER BY jd', 'jd', advice],
      // One condition of two is not enough.
      [
        "SELECT objectId, COUNT(*) FROM candidates WHERE objectId = 'a' OR fid = 1",
        'objectId',
        advice,
      ],
      [
        'SELECT fid, (SELECT MAX(n.jd) FROM noncandidates n WHERE n.jd < c.jd) FROM candidates c GROUP BY fid',
        'c.jd',
        advice,
      ],
    ]);
  });

  it('are chosen by HAVING, which knows the result and the groups', () => {
    const { sql } = compileText(
      'SELECT FLOOR(gmag) AS m, COUNT(*) AS n FROM objects GROUP BY m HAVING n > 3 AND FLOOR(gmag) < 20',
    );
    expect(sql).to.contain('HAVING ((`c2` > 3) AND (`c1` < 20))');
    expect(
      compileText('SELECT objectId, flux2mag(gmag) AS m FROM objects HAVING m < 19').sql,
    ).to.contain('HAVING (`c2` < 19)');
    expectRefused([
      ['SELECT objectId FROM objects HAVING gmag < 17', 'gmag', /put the condition into WHERE$/],
      [
        'SELECT COUNT(*) FROM objects GROUP BY objectId HAVING gmag < 17',
        'gmag',
        /into SELECT or GROUP BY/,
      ],
      [
        'SELECT rmag AS gmag FROM objects GROUP BY objects.gmag, rmag HAVING gmag < 17',
        'gmag',
        /a column of GROUP BY, and another name given in SELECT/,
      ],
      [
        'SELECT ROW_NUMBER() OVER (ORDER BY jd) AS n FROM candidates HAVING n = 1',
        'n',
        /put the query into FROM/,
      ],
    ]);
  });

  it('are made where there may be groups, one within another nowhere', () => {
    expectRefused([
      ['SELECT 1 FROM objects WHERE MAX(gmag) < 17', 'MAX(gmag)', /cannot stand in WHERE.*HAVING$/],
      ['SELECT 1 FROM objects GROUP BY MAX(gmag)', 'MAX(gmag)', /cannot stand in GROUP BY/],
      ['SELECT MAX(gmag) AS m FROM objects GROUP BY m', 'm', /cannot be grouped by MAX/],
      ['SELECT MAX(COUNT(*)) FROM objects', 'COUNT(*)', /cannot stand in another/],
      [
        'SELECT SUM(ROW_NUMBER() OVER (ORDER BY jd)) FROM candidates',
        'ROW_NUMBER() OVER (ORDER BY jd)',
        /cannot stand/,
      ],
      [
        'SELECT 1 FROM objects o JOIN candidates c ON c.jd = MAX(o.jdmax)',
        'MAX(o.jdmax)',
        /cannot stand in ON/,
      ],
      [
        'SELECT 1 FROM candidates WHERE ROW_NUMBER() OVER (ORDER BY jd) = 1',
        'ROW_NUMBER() OVER (ORDER BY jd)',
        /OVER cannot stand in WHERE/,
      ],
      [
        'SELECT (SELECT MAX(o.gmag) FROM candidates) FROM objects o',
        'MAX(o.gmag)',
        /query around this one/,
      ],
    ]);
  });
});
