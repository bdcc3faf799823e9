import { expect } from 'chai';
import type mysql from 'mysql2/promise';

import type { ValueType } from '../../../../common/sql/ast.ts';
import { FUNCTIONS } from '../../../../common/sql/functions/functions.ts';
import { signatureOf } from '../../../../common/sql/functions/signature.ts';
import type { ParameterKind } from '../../../../common/sql/functions/signature.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { compileText } from '../compile-text.ts';
import { insertNastyRows } from '../nasty-rows.ts';
import { openConnection } from '../run-both.ts';

/** An argument of each kind, of the tables o and t. */
const ARGUMENTS: Record<ParameterKind, string> = {
  number: 'o.gmag',
  text: 't.host_name',
  time: 't.disc_date',
  json: `'{"a": [1, "x"]}'`,
  any: 'o.ncand',
  whole: '2',
  path: "'$.a'",
  format: "'%Y-%m-%d'",
  short: "'b'",
  unit: 'DAY',
};

/** What the protocol calls the types of values. */
const SERVER_TYPES: Record<number, ValueType> = {
  ...{ 0: 'decimal', 1: 'int', 2: 'int', 3: 'int', 4: 'float', 5: 'double', 7: 'timestamp' },
  ...{ 8: 'int', 9: 'int', 10: 'timestamp', 12: 'timestamp', 246: 'decimal' },
  ...{ 249: 'text', 250: 'text', 251: 'text', 252: 'text', 253: 'text', 254: 'text' },
};

describe('functions', () => {
  let db: Database;
  let connection: mysql.Connection;
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await insertNastyRows(db);
    connection = await openConnection(fresh.url);
  });
  after(async () => {
    await connection?.end();
    await db?.close();
  });

  async function run(text: string): Promise<{ rows: unknown[][]; type: ValueType }> {
    const { sql, parameters } = compileText(text);
    const [rows, fields] = await connection.execute<mysql.RowDataPacket[][]>(sql, parameters);
    return { rows, type: SERVER_TYPES[fields[0].columnType ?? -1] };
  }

  /** The values of expressions without tables. */
  async function valuesOf(...expressions: string[]): Promise<unknown[]> {
    const { rows } = await run(`SELECT ${expressions.join(', ')}`);
    return rows[0].map((value) => (typeof value === 'string' ? value : Number(value)));
  }

  it('are all known to the server, with values of the types that they are said to have', async () => {
    for (const called of FUNCTIONS.values()) {
      const { parameters } = called;
      const fewest = parameters.filter(({ isOptional, isRepeated }) => !isOptional && !isRepeated);
      // Several columns can be counted only together with DISTINCT.
      for (const given of called.name === 'COUNT' ? [fewest] : [fewest, parameters]) {
        const over = called.kind === 'window' ? ' OVER (ORDER BY o.objectId)' : '';
        const call = `${called.name}(${given.map(({ kind }) => ARGUMENTS[kind]).join(', ')})${over}`;
        const text = `SELECT ${call} AS x FROM objects o, crossmatch_tns t WHERE o.gmag BETWEEN 1 AND 30`;
        const said = compileText(text).columns[0].type;
        const known = { id: 'int', bool: 'int', json: 'text' }[String(said)] ?? said;
        expect((await run(text)).type, call).to.equal(known);
      }
    }
  });

  it('have a meaning, and a name of their own in any case', () => {
    for (const [name, called] of FUNCTIONS) {
      expect(called.name.toLowerCase()).to.equal(name);
      expect(called.description, name).to.match(/\S\.$/);
      expect(signatureOf(called)).to.match(/^\w+\(.*\)$/);
    }
    expect(signatureOf(FUNCTIONS.get('round')!)).to.equal('ROUND(x, [digits])');
  });

  it('turn fluxes into AB magnitudes and back', async () => {
    // 3631 Jy is magnitude 0 but for the rounding of 31.4 (8.9 + 22.5 for 3630.78 Jy).
    const values = await valuesOf(
      'flux2mag(3630780547701.0136)',
      'flux2mag(1)',
      'mag2flux(31.4)',
      'mag2flux(flux2mag(1234.5))',
      'fluxerr2magerr(100, 1)',
      'flux2mag(0)',
      'flux2mag(-5)',
      'fluxerr2magerr(-5, 1)',
      'flux2mag(NULL)',
    );
    const wanted = [0, 31.4, 1, 1234.5, 2.5 / Math.LN10 / 100];
    for (const [i, value] of wanted.entries()) expect(values[i]).to.be.closeTo(value, 1e-9);
    const { rows } = await run(
      'SELECT flux2mag(0), flux2mag(-5), fluxerr2magerr(-5, 1), flux2mag(NULL)',
    );
    expect(rows[0]).to.deep.equal([null, null, null, null]);
  });

  it('tell the moment of the query, and times apart from their names', async () => {
    // 2026-11-21T12:00:00Z is MJD 61365.5: 2000-01-01 is 51544, and 9821 days lie between.
    const values = await valuesOf(
      'mjdnow()',
      'jdnow()',
      'jd2mjd(jdnow())',
      'mjd2jd(51544.5)',
      "timestamp2mjd('2000-01-01 12:00:00')",
    );
    expect(values).to.deep.equal([61365.5, 2461366, 61365.5, 2451545, 51544.5]);
    const { rows } = await run(
      "SELECT NOW(), CURDATE(), mjd2timestamp(51544.25), NOW() - INTERVAL 14 DAY, DATE_ADD('2026-01-31', INTERVAL 1 MONTH), TIMESTAMPDIFF(HOUR, '2026-01-01', '2026-01-02 03:59:00')",
    );
    expect(rows[0].map(String)).to.deep.equal([
      '2026-11-21 12:00:00',
      '2026-11-21',
      '2000-01-01 06:00:00',
      '2026-11-07 12:00:00',
      '2026-02-28',
      '27',
    ]);
  });

  it('measure angles at the poles, across 0h, of nothing and of half the sky', async () => {
    const values = await valuesOf(
      'separation(0, 0, 0, 1)',
      'separation(359.9999, 0, 0.0001, 0)',
      'separation(10, 89.9, 190, 89.9)',
      'separation(123.4, -45.6, 123.4, -45.6)',
      'separation(0, 0, 180, 0)',
      'separation(0, 90, 77, -90)',
      // A milliarcsecond, which a cosine would lose.
      `separation(200, 60, 200, 60 + ${1 / 3.6e6})`,
    );
    const wanted = [3600, 0.72, 720, 0, 648_000, 648_000, 0.001];
    for (const [i, value] of wanted.entries()) expect(values[i]).to.be.closeTo(value, 1e-7);
  });

  it('do not mind texts beyond ASCII beside names that are kept in it', async () => {
    const rows = async (text: string) => (await run(text)).rows.map(([value]) => value);
    const where = (condition: string) => rows(`SELECT objectId FROM objects WHERE ${condition}`);
    expect(await where("objectId = 'ZTF18ü'")).to.deep.equal([]);
    // Neither case nor dots are overlooked.
    expect(await where("objectId = 'ztf18äaaaaaa'")).to.deep.equal([]);
    expect(await where("objectId IN ('ü', '12')")).to.deep.equal(['12']);
    expect(await where("CONCAT(objectId, '-ü') = '12-ü'")).to.deep.equal(['12']);
    expect(await where("objectId NOT LIKE '%ü%'")).to.have.length(7);
    expect(await where("objectId = (SELECT 'ü')")).to.deep.equal([]);
    expect(await where("objectId IN (SELECT 'ü')")).to.deep.equal([]);
    expect(await where("'ü' IN (SELECT objectId FROM candidates)")).to.deep.equal([]);
    expect(await where("CASE objectId WHEN 'ü' THEN 1 WHEN '12' THEN 2 END = 2")).to.deep.equal([
      '12',
    ]);
    expect(
      await rows("SELECT d FROM (SELECT 'ü' AS d, objectId AS e FROM objects) AS t WHERE d = e"),
    ).to.deep.equal([]);
    expect(
      await rows(
        "SELECT classification FROM sherlock_classifications WHERE classification = 'VS' UNION SELECT 'ü'",
      ),
    ).to.have.members(['VS', 'ü']);
    // Texts for people are compared without case, as everywhere.
    expect(
      await rows("SELECT host_name FROM crossmatch_tns WHERE host_name = 'ünï ?'"),
    ).to.deep.equal(['Ünï ?']);
  });
});
