import { expect } from 'chai';

import { compileText, expectRefused, typesOf } from '../compile-text.ts';

/** The SQL between two words. */
function part(text: string, from: string, to: string): string {
  const { sql } = compileText(text);
  return sql.slice(sql.lastIndexOf(from) + from.length, sql.lastIndexOf(to)).trim();
}

describe('names of columns', () => {
  it('are found in any case, with and without table and database', () => {
    const wanted = '`objects`.`gmag` AS `c1`';
    for (const name of ['gmag', 'GMAG', 'objects.gmag', 'ztf.objects.gmag', 'ZTF.Objects.gMag']) {
      expect(compileText(`SELECT ${name} FROM objects`).sql).to.contain(wanted);
    }
    expect(compileText('SELECT o.gmag FROM ztf.objects AS o').sql).to.contain('`o`.`gmag`');
    expect(compileText('SELECT objects_ext.gmag FROM objects_ext').sql).to.contain('`gmag`');
  });

  it('tell tables of one name apart by their databases', () => {
    const { sql } = compileText(
      'SELECT ztf.objects.gmag, lsst.objects.decl FROM ztf.objects JOIN lsst.objects ON ztf.objects.hpx29 = lsst.objects.hpx29',
    );
    expect(sql).to.contain('`ztf_views`.`objects` AS `objects`');
    expect(sql).to.contain('`lsst_views`.`objects` AS `objects_2`');
    expect(sql).to.contain('`objects_2`.`decl`');
  });

  it('of SELECT come first in ORDER BY alone, last within an expression and in GROUP BY', () => {
    const text = (rest: string) =>
      `SELECT rmag AS gmag, COUNT(*) FROM objects GROUP BY rmag ${rest}`;
    expect(part(text('ORDER BY gmag'), 'ORDER BY', 'LIMIT')).to.equal('`objects`.`rmag`');
    expect(
      part('SELECT rmag + 1 AS gmag FROM objects ORDER BY gmag', 'ORDER BY', 'LIMIT'),
    ).to.equal('`c1`');
    expect(
      part('SELECT rmag + 1 AS gmag FROM objects ORDER BY -gmag', 'ORDER BY', 'LIMIT'),
    ).to.equal('(- `objects`.`gmag`)');
    expect(part('SELECT rmag + 1 AS m FROM objects ORDER BY -m', 'ORDER BY', 'LIMIT')).to.equal(
      '(- `c1`)',
    );
    expect(part(text('HAVING gmag > 1'), 'HAVING', 'LIMIT')).to.equal('(`objects`.`rmag` > 1)');
    expect(part(text('HAVING MAX(gmag) > 1'), 'HAVING', 'LIMIT')).to.equal(
      '(MAX(`objects`.`gmag`) > 1)',
    );
  });

  it('of SELECT may be counted in ORDER BY and GROUP BY', () => {
    const text = 'SELECT FLOOR(gmag), COUNT(*) FROM objects GROUP BY 1 ORDER BY 2 DESC';
    expect(part(text, 'GROUP BY', 'ORDER')).to.equal('`c1`');
    expect(part(text, 'ORDER BY', 'LIMIT')).to.equal('`c2` DESC');
    expectRefused([
      ['SELECT gmag FROM objects ORDER BY 2', '2', /counts the columns of SELECT; there is 1$/],
      ['SELECT gmag, rmag FROM objects GROUP BY 0', '0', /there are 2$/],
      ['SELECT gmag FROM objects ORDER BY 1.5', '1.5', /counts the columns/],
    ]);
  });

  it('reach out of sub-queries, the nearest first, whatever both are called', () => {
    const { sql } = compileText(
      'SELECT o.gmag FROM objects o WHERE EXISTS (SELECT 1 FROM candidates o WHERE o.objectId = ncandgp)',
    );
    // ncandgp is of the outer o, which the inner one would hide.
    expect(sql).to.contain('`o_2`.`objectId` = `o`.`ncandgp`');
    expect(sql).to.contain('`ztf_views`.`candidates` AS `o_2`');
  });

  it('that USING makes one are neither ambiguous nor twice in a star', () => {
    const joined = 'objects JOIN sherlock_classifications USING (objectId)';
    const { columns } = compileText(`SELECT * FROM ${joined} LIMIT 1`);
    expect(
      columns.filter(({ name }) => /objectId/.test(name)).map(({ name }) => name),
    ).to.deep.equal(['objectId']);
    expect(compileText(`SELECT objectId FROM ${joined}`).sql).to.contain('`objects`.`objectId`');
    // Of a right join it is the right table's that is never missing.
    expect(
      compileText('SELECT objectId FROM objects RIGHT JOIN candidates USING (objectId)').sql,
    ).to.contain('SELECT `candidates`.`objectId`');
  });

  it('of results are different from each other, the first of a name keeps it', () => {
    const names = (text: string) => compileText(text).columns.map(({ name }) => name);
    const joined = 'FROM objects o JOIN candidates c ON o.objectId = c.objectId';
    expect(names(`SELECT o.objectId, c.objectId, c.objectId ${joined}`)).to.deep.equal([
      'objectId',
      'c_objectId',
      'c_objectId_2',
    ]);
    expect(
      names('SELECT OBJECTID, MAX( gmag  )AS m, COUNT(  * ), Count( * ) FROM objects GROUP BY 1'),
    ).to.deep.equal(['OBJECTID', 'm', 'COUNT( * )', 'Count( * )_2']);
    expect(names(`SELECT '${'x'.repeat(200)}'`)[0]).to.have.length(64);
    expect(names('SELECT 1, 1, 1')).to.deep.equal(['1', '1_2', '1_3']);
  });

  it('of sub-queries keep type, unit and meaning', () => {
    const [column] = compileText('SELECT m FROM (SELECT gmag AS m FROM objects) AS t').columns;
    expect(column).to.include({ name: 'm', type: 'float', unit: 'mag' });
    expect(column.source).to.deep.equal({ database: 'ztf', table: 'objects', column: 'gmag' });
    expect(
      typesOf('SELECT t.* FROM (SELECT objectId, COUNT(*) AS n FROM candidates GROUP BY 1) t'),
    ).to.equal('objectId text, n int');
  });
});

describe('names that are not there', () => {
  it('are refused with what was probably meant', () => {
    expectRefused([
      ['SELECT gmagg FROM objects', 'gmagg', 'no column gmagg in objects; did you mean gmag?'],
      ['SELECT o.gmagg FROM objects o', 'o.gmagg', 'no column gmagg in o; did you mean gmag?'],
      [
        'SELECT disc_date FROM objects',
        'disc_date',
        'no column disc_date in objects; it is in crossmatch_tns: add it to FROM',
      ],
      [
        'SELECT o.jd FROM objects o, candidates c',
        'o.jd',
        'no column jd in o; it is in c: write c.jd',
      ],
      ['SELECT ra FROM objects', 'ra', /did you mean ramean/],
      ['SELECT objectId FROM object', 'object', 'no table object in ztf; did you mean objects?'],
      ['SELECT 1 FROM diaSources', 'diaSources', /write lsst\.diaSources/],
      ['SELECT 1 FROM mysql.user', 'mysql', /^no database mysql; there are ztf and lsst$/],
      ['SELECT 1 FROM information_schema.tables', 'information_schema', /^no database/],
      ['SELECT 1 FROM glint.users', 'users', /^no table users in glint/],
      ['SELECT 1 FROM users', 'users', /^no table users in ztf/],
      ['SELECT glint_owner FROM watchlist_hits', 'glint_owner', /^no column glint_owner/],
      ['SELECT x.gmag FROM objects o', 'x', /^no table x in FROM/],
      ['SELECT objects.gmag FROM objects o', 'objects', /another name in this query; write o$/],
      ['SELECT candidates.jd FROM objects', 'candidates', /add candidates to FROM$/],
      ['SELECT mjdnow FROM objects', 'mjdnow', /write mjdnow\(\)$/],
      ['SELECT x.* FROM objects o', 'x', /^no table x in FROM; there are o$/],
      ['SELECT gmag', 'gmag', /there is no table/],
      ['SELECT *', '*', /write FROM objects/],
    ]);
  });

  it('are refused in the words of the survey', () => {
    expectRefused(
      [
        ['SELECT gmag FROM objects', 'gmag', /did you mean flux2mag\(g_psfFlux\)\?$/],
        ['SELECT objectId FROM objects', 'objectId', /did you mean diaObjectId\?$/],
        ['SELECT dec FROM diaSources', 'dec', /did you mean decl\?$/],
        ['SELECT 1 FROM candidates', 'candidates', /write ztf\.candidates/],
      ],
      { survey: 'lsst' },
    );
  });

  it('are refused where they mean several columns', () => {
    const joined = 'objects o JOIN candidates c ON o.objectId = c.objectId';
    expectRefused([
      [
        `SELECT objectId FROM ${joined}`,
        'objectId',
        'objectId is in 2 tables; write o.objectId or c.objectId',
      ],
      ['SELECT 1 FROM objects, objects', 'objects', /^two tables are called objects/],
      ['SELECT 1 FROM objects o, candidates O', 'O', /^two tables are called O/],
      ['SELECT gmag AS m, rmag AS m FROM objects ORDER BY m', 'm', /name of 2 columns of SELECT/],
      [
        'SELECT objects.gmag FROM ztf.objects JOIN lsst.objects USING (hpx29) WHERE objects.hpx29 > 1',
        'objects.hpx29',
        /write ztf\.objects\.hpx29 or lsst\.objects\.hpx29$/,
      ],
    ]);
  });

  it('of SELECT are refused where rows are chosen', () => {
    const advice = /g is a name given in SELECT: (WHERE|SELECT|GROUP BY) does not know it/;
    expectRefused([
      ['SELECT gmag AS g FROM objects WHERE g < 17', 'g', advice],
      ['SELECT gmag AS g, g + 1 FROM objects', 'g', advice],
    ]);
  });

  it('are refused in a sub-query of FROM that cannot see them', () => {
    expectRefused([
      [
        'SELECT 1 FROM objects o, (SELECT jd FROM candidates c WHERE c.objectId = o.objectId) t',
        'o',
        /does not see o beside it; use a join/,
      ],
      [
        'SELECT 1 FROM objects o, (SELECT jd FROM candidates c WHERE jd > jdgmax) t',
        'jdgmax',
        /does not see the tables beside it/,
      ],
      [
        'SELECT 1 FROM objects o, candidates c JOIN crossmatch_tns t ON t.tns_name = o.tns_name',
        'o',
        /^no table o in FROM/,
      ],
    ]);
  });
});
