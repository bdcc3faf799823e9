import { expect } from 'chai';

import { compileText, expectRefused } from './compile-text.ts';

/** What is behind LIMIT. */
function limitOf(text: string, limit: number, offset: number): string {
  const { sql } = compileText(text, { limit, offset });
  return sql.slice(sql.lastIndexOf('LIMIT'));
}

describe('a compiled query', () => {
  it('is SQL of its own: quoted names, brackets, parameters, a limit', () => {
    const { sql, parameters, columns, tables, isOrdered, ownLimit } = compileText(
      "SELECT o.objectId, gmag-rmag AS colour FROM objects o WHERE NOT gmag < 17. OR o.objectId LIKE 'ZTF%' ORDER BY colour",
    );
    expect(sql).to.equal(
      'SELECT `o`.`objectId` AS `c1`, (`o`.`gmag` - `o`.`rmag`) AS `c2` FROM `ztf_views`.`objects` AS `o` ' +
        'WHERE ((NOT (`o`.`gmag` < 17.)) OR (`o`.`objectId` LIKE ?)) ORDER BY `c2` LIMIT 1000',
    );
    expect(parameters).to.deep.equal(['ZTF%']);
    expect(columns.map(({ name }) => name)).to.deep.equal(['objectId', 'colour']);
    expect(tables).to.have.length(1);
    expect(tables[0]).to.include({ database: 'ztf', table: 'objects', alias: 'o' });
    expect(isOrdered).to.equal(true);
    expect(ownLimit).to.equal(undefined);
  });

  it('has no word of the user but digits', () => {
    const { sql, parameters } = compileText(
      "SELECT gmag AS `drop table`, 'x' AS y FROM objects AS `a b` WHERE `a b`.objectId = 'union select' LIMIT 5",
    );
    expect(sql).not.to.match(/drop|union|a b|y/i);
    expect(parameters).to.deep.equal(['x', 'union select']);
  });

  it('prints numbers with all their digits', () => {
    const digits = [
      '9223372036854775807',
      '0.123456789012345678901234567890',
      '1.5E-3',
      '.5',
      '5.',
    ];
    const { sql } = compileText(`SELECT ${digits.join(', ')}`);
    for (const one of digits) expect(sql).to.contain(`${one} AS`);
    expectRefused([
      ['SELECT 1e999', '1e999', /larger than numbers can be|too large/],
      [`SELECT ${'9'.repeat(70)}`, '9'.repeat(70), /digits/],
    ]);
  });

  it("gives rows within the user's own limit and the run's, whichever ends first", () => {
    const text = 'SELECT gmag FROM objects';
    expect(limitOf(text, 100, 0)).to.equal('LIMIT 100');
    expect(limitOf(text, 100, 200)).to.equal('LIMIT 100 OFFSET 200');
    expect(limitOf(`${text} LIMIT 250`, 100, 0)).to.equal('LIMIT 100');
    expect(limitOf(`${text} LIMIT 250`, 100, 200)).to.equal('LIMIT 50 OFFSET 200');
    expect(limitOf(`${text} LIMIT 250`, 100, 300)).to.equal('LIMIT 0 OFFSET 300');
    expect(limitOf(`${text} LIMIT 250 OFFSET 7`, 100, 200)).to.equal('LIMIT 50 OFFSET 207');
    expect(limitOf(`${text} LIMIT 0`, 100, 0)).to.equal('LIMIT 0');
    // No server counts further than 64 bits.
    expect(compileText(`${text} LIMIT :n OFFSET :n`, { fields: { n: 1e20 } }).sql).to.match(
      /LIMIT 1000 OFFSET 18446744073709551615$/,
    );
    expect(compileText(`${text} LIMIT 250`, { offset: 200 }).ownLimit).to.equal(50);
    expect(compileText(`${text} LIMIT 250`, { offset: 300 }).ownLimit).to.equal(0);
  });

  it('keeps limits and orders of sub-queries, where they have a meaning', () => {
    const inner = '(SELECT objectId FROM candidates ORDER BY jd DESC LIMIT 10)';
    expect(compileText(`SELECT * FROM ${inner} AS t`).sql).to.contain(
      'ORDER BY `candidates`.`jd` DESC LIMIT 10) AS `t`',
    );
    expectRefused([
      [
        `SELECT 1 FROM objects WHERE objectId IN ${inner}`,
        inner.slice(1, -1),
        /cannot have a LIMIT.*put it into FROM/,
      ],
      [
        'SELECT 1 FROM objects WHERE gmag = (SELECT magpsf, jd FROM candidates)',
        '(SELECT magpsf, jd FROM candidates)',
        /this one has 2/,
      ],
      [
        'SELECT gmag FROM objects UNION SELECT gmag, rmag FROM objects',
        'SELECT gmag, rmag FROM objects',
        /have 1 and 2 columns/,
      ],
    ]);
  });

  it('takes values of fields, and says which are missing', () => {
    const text = 'SELECT gmag FROM objects WHERE jdmax > jdnow() - :days AND gmag < :mag LIMIT :n';
    const { sql } = compileText(text, { fields: { days: 14, mag: -1.5, n: 20 } });
    expect(sql)
      .to.contain('(2461366e0 - 14)')
      .and.to.contain('< (- 1.5)')
      .and.to.match(/LIMIT 20$/);
    const field = (days: number) => ({ fields: { days, mag: 1, n: 1 } });
    expectRefused([[text, ':days', 'the field :days has no value; give a number for days']], {
      fields: { mag: 1, n: 1 },
    });
    expectRefused([[text, ':days', /is not a number/]], field(NaN));
    expectRefused([[text, ':days', /is not a number/]], field(Infinity));
    expectRefused([[text, ':n', /whole number/]], { fields: { days: 1, mag: 1, n: 1.5 } });
    expectRefused([['SELECT :constructor', ':constructor', /has no value/]], { fields: {} });
  });

  it('does not sort or group by what would count columns', () => {
    const { sql } = compileText('SELECT gmag FROM objects ORDER BY :n, -3, TRUE', {
      fields: { n: 2 },
    });
    expect(sql).to.contain('ORDER BY (2 + 0), ((- 3) + 0), (TRUE + 0)');
  });

  it('leaves rows of private lists to those whose they are, wherever they are read', () => {
    const texts = [
      'SELECT wl_id FROM watchlist_hits',
      'SELECT h.wl_id FROM objects o LEFT JOIN area_hits x USING (objectId) JOIN watchlist_hits h USING (objectId)',
      'SELECT 1 FROM objects o WHERE EXISTS (SELECT 1 FROM watchlist_hits h WHERE h.objectId = o.objectId)',
      'SELECT (SELECT COUNT(*) FROM annotations) FROM objects',
      'SELECT n FROM (SELECT COUNT(*) AS n FROM watchlists) AS t',
      'SELECT name FROM watchlist_cones UNION SELECT name FROM areas',
    ];
    const count = (sql: string, words: RegExp) => sql.match(words)?.length ?? 0;
    for (const text of texts) {
      const visitor = compileText(text).sql;
      const user = compileText(text, { reader: { userId: 17 } }).sql;
      const read = count(
        visitor,
        /\.`(watchlist_hits|area_hits|annotations|watchlists|watchlist_cones|areas)`/g,
      );
      expect(read, text).to.be.above(0);
      expect(count(visitor, /`glint_public` = 1/g), text).to.equal(read);
      expect(count(visitor, /glint_owner/g), text).to.equal(0);
      expect(count(user, /`glint_public` = 1 OR `glint_owner` = 17\)/g), text).to.equal(read);
    }
  });

  it('does not grow without end by formulas that name an argument twice', () => {
    let formula = 'gmag';
    for (let n = 0; n < 30; n++) formula = `separation(0, ${formula}, 1, 2)`;
    expect(() => compileText(`SELECT ${formula} FROM objects`)).to.throw(
      /too large once it is written out/,
    );
  });
});
