import { expect } from 'chai';
import type mysql from 'mysql2/promise';

import { InvalidInputError } from '../../../../common/errors.ts';
import type { CompiledQuery } from '../../../../common/sql/compile.ts';
import { compileQuery } from '../../../../common/sql/compile-query.ts';
import { parseQuery } from '../../../../common/sql/parse-query.ts';
import { QueryError } from '../../../../common/sql/query-error.ts';
import { compileTogether, MOST_TOGETHER } from '../../../../common/sql/filter/compile-together.ts';
import { mostRows } from '../../../../common/sql/filter/read-filter.ts';
import type { FilterQuery } from '../../../../common/sql/filter/filter-query.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { generateQueries } from '../generate-queries.ts';
import { openConnection } from '../run-both.ts';
import { filterOf, NOW, optionsOf } from './read-text.ts';

const SEED = 20261122;
const QUERIES = 1_500;
/** What filters of so few objects give at the least. */
const MOST_ROWS = 1_000;
const IDS = ['ZTF18aaaaaaa', 'ZTF18bbbbbbb', 'ZTF18ccccccc', 'ZTF18ddddddd', 'ZTF19aaaaaaa'];
const BATCH = [IDS[0], IDS[2], 'ZTF99zzzzzzz'];

describe('a filter on a batch', () => {
  let db: Database;
  let connection: mysql.Connection;

  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await fill(db);
    connection = await openConnection(fresh.url);
  });
  after(async () => {
    await connection?.end();
    await db?.close();
  });

  it('says of each object what it would say among all', async () => {
    const reports: string[] = [];
    let [compared, withRows] = [0, 0];
    const queries = generateQueries(SEED);
    for (let n = 0; n < QUERIES; n++) {
      const { text } = queries.next().value;
      const filter = acceptedAsFilter(text);
      if (filter === undefined) continue;
      const [whole, part] = [filter.compile(IDS, NOW), filter.compile(BATCH, NOW)];
      const [all, some] = [await rowsOf(whole), await rowsOf(part)];
      // Out of range, for one of the rows.
      if (all === undefined || some === undefined) continue;
      compared += 1;
      const wanted = all.filter(([id]) => BATCH.includes(String(id)));
      if (wanted.length > 0) withRows += 1;
      if (keyOf(wanted) !== keyOf(some)) {
        reports.push(`${text}\n  ${part.sql}\n  ${keyOf(wanted)}\n  ${keyOf(some)}`);
      }
    }
    expect(reports.slice(0, 3).join('\n\n')).to.equal('');
    expect(compared).to.be.above(QUERIES / 20);
    expect(withRows).to.be.above(compared / 10);
  });

  it('is told of together with others of its FROM, without losing an object', async () => {
    const reports: string[] = [];
    const groups = new Map<string, { text: string; filter: FilterQuery }[]>();
    const queries = generateQueries(SEED + 2);
    for (let n = 0; n < QUERIES; n++) {
      const { text } = queries.next().value;
      const filter = acceptedAsFilter(text);
      const shape = filter?.pieces.shape;
      if (filter === undefined || shape === undefined) continue;
      const group = groups.get(shape) ?? [];
      groups.set(shape, [...group, { text, filter }]);
    }
    let [compared, ruledOut, answered] = [0, 0, 0];
    for (const group of groups.values()) {
      const asked = group.slice(0, MOST_TOGETHER);
      const filters = asked.map(({ filter }) => filter);
      const { query, places } = compileTogether(filters, IDS, NOW);
      const rows = await rowsOf(query);
      // Out of range for one of them: then each is run by itself.
      if (rows === undefined) continue;
      for (const [i, { text, filter }] of asked.entries()) {
        const own = await rowsOf(filter.compile(IDS, NOW));
        if (own === undefined) continue;
        const bit = (bits: unknown) => (BigInt(String(bits)) >> BigInt(i)) & 1n;
        const told = new Set(rows.filter(([, bits]) => bit(bits) === 1n).map(([id]) => String(id)));
        const lost = own.map(([id]) => String(id)).filter((id) => !told.has(id));
        compared += 1;
        if (told.size < IDS.length) ruledOut += 1;
        if (lost.length > 0) reports.push(`${text}\n  lost ${lost.join(', ')}`);
        const values = places[i];
        // Cut after the one that tells of too many.
        if (values === undefined || own.length > mostRows(IDS.length)) continue;
        answered += 1;
        const found = rows
          .filter(([, bits]) => bit(bits) === 1n)
          .map((row) => [row[0], ...values.map((place) => row[place])]);
        if (keyOf(found) !== keyOf(own))
          reports.push(`${text}\n  ${query.sql}\n  ${keyOf(own)}\n  ${keyOf(found)}`);
      }
    }
    expect(reports.slice(0, 3).join('\n\n')).to.equal('');
    expect(compared).to.be.above(QUERIES / 20);
    expect(ruledOut).to.be.above(compared / 10);
    expect(answered).to.be.above(compared / 10);
  });

  it('says among all what the query says', async () => {
    const reports: string[] = [];
    const queries = generateQueries(SEED + 1);
    for (let n = 0; n < QUERIES / 2; n++) {
      const { text } = queries.next().value;
      const filter = acceptedAsFilter(text);
      if (filter === undefined || /DISTINCT/i.test(text)) continue;
      const query = compileQuery(parseQuery({ kind: 'statement', text }), {
        ...optionsOf(),
        lists: [],
        limit: MOST_ROWS,
        offset: 0,
      });
      const [theirs, ours] = [await rowsOf(query), await rowsOf(filter.compile(IDS, NOW))];
      if (theirs === undefined || ours === undefined || theirs.length >= MOST_ROWS) continue;
      const values = ours.map(([, ...row]) => row);
      if (keyOf(values) !== keyOf(theirs)) {
        reports.push(`${text}\n  ${keyOf(theirs)}\n  ${keyOf(values)}`);
      }
    }
    expect(reports.slice(0, 3).join('\n\n')).to.equal('');
  });

  async function rowsOf(query: CompiledQuery): Promise<unknown[][] | undefined> {
    try {
      const [rows] = await connection.execute<mysql.RowDataPacket[][]>(query.sql, query.parameters);
      connection.unprepare(query.sql);
      return rows;
    } catch (err) {
      const { errno } = err as { errno?: number };
      // 1054, 1064 and their like would be mistakes of the writer's.
      if (errno !== undefined && errno !== 1054 && errno !== 1064) return undefined;
      throw err;
    }
  }

  it('asks for the objects by their ids, with the id as the first column', () => {
    const filter = filterOf('SELECT gmag AS objectId FROM objects o WHERE gmag < 18 ORDER BY gmag');
    const { sql, parameters, columns } = filter.compile(IDS.slice(0, 2), NOW);
    expect(sql).to.equal(
      "SELECT `o`.`objectId` AS `c2`, `o`.`gmag` AS `c1` FROM `ztf_views`.`objects` AS `o` WHERE ((`o`.`objectId` IN ('ZTF18aaaaaaa','ZTF18bbbbbbb')) AND (`o`.`gmag` < 18)) LIMIT 1021",
    );
    expect(parameters).to.deep.equal([]);
    expect(columns.map(({ name }) => name)).to.deep.equal(['glint:object', 'objectId']);
    expect(filter.columns.map(({ name, unit }) => `${name} ${unit}`)).to.deep.equal([
      'objectId mag',
    ]);
  });

  it('asks for those of Rubin by number, digit by digit', () => {
    const filter = filterOf('SELECT ra FROM objects', { survey: 'lsst' });
    expect(filter.compile(['9223372036854775807', '0'], NOW).sql).to.include(
      '`diaObjectId` IN (9223372036854775807,0)',
    );
  });

  it('takes the moment anew each time, and values of fields once', () => {
    const text =
      'SELECT objectId FROM objects WHERE jdmax > jdnow() - :days AND light_curve(COUNT(*) WHERE age < 2) > 1';
    const filter = filterOf(text, { fields: { days: 7 } });
    const at = (moment: string) => filter.compile(IDS, new Date(moment)).sql;
    // JD 2461041.5 is 2026-01-01 00:00 UTC.
    expect(at('2026-01-01T00:00:00Z'))
      .to.include('(2461041.5e0 - 7)')
      .and.to.include('2461041.5e0 - `t`');
    expect(at('2026-01-02T00:00:00Z')).not.to.include('2461041.5e0');
    expect(() => filterOf(text)).to.throw(QueryError, /field :days has no value/);
  });

  it('counts the age of Rubin’s detections in TAI', () => {
    const filter = filterOf(
      'SELECT diaObjectId FROM objects WHERE light_curve(COUNT(*) WHERE age < 2) > 1',
      { survey: 'lsst' },
    );
    const { sql } = filter.compile(['1'], new Date('2026-01-01T00:00:00Z'));
    const ahead = /61041e0 \+ (0\.\d+|[\de.-]+)/.exec(sql)?.[1];
    // TAI is 37 s ahead of UTC since 2017 (IERS Bulletin C 52).
    expect(Number(ahead)).to.be.closeTo(37 / 86_400, 1e-15);
  });

  it('takes nothing for an id that is none of the survey', () => {
    const filter = filterOf('SELECT objectId FROM objects');
    for (const id of ["ZTF18aaaaaaa') OR 1=1 -- ", '', '12', 'ztf18aaaaaaa', 'ZTF18aaaaaaa\n']) {
      expect(() => filter.compile([IDS[0], id], NOW), id).to.throw(
        InvalidInputError,
        /is not the id/,
      );
    }
    expect(() => filter.compile([], NOW)).to.throw(InvalidInputError, /one object at least/);
    const rubin = filterOf('SELECT ra FROM objects', { survey: 'lsst' });
    for (const id of ['1 OR 1', '-1', '1e3', '12345678901234567890', '0x1']) {
      expect(() => rubin.compile([id], NOW), id).to.throw(InvalidInputError, /is not the id/);
    }
  });

  it('puts many ids into several lists, and all of them count', async () => {
    const filter = filterOf('SELECT objectId FROM objects');
    const many = Array.from(
      { length: 2_500 },
      (_, n) =>
        `ZTF20${[...String(n).padStart(7, '0')].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`,
    );
    const query = filter.compile([...many, IDS[1]], NOW);
    expect(query.sql.split(' IN (')).to.have.length(4);
    expect(await rowsOf(query)).to.deep.equal([[IDS[1], IDS[1]]]);
  });
});

function acceptedAsFilter(text: string): FilterQuery | undefined {
  try {
    return filterOf(text);
  } catch (err) {
    if (err instanceof QueryError) return undefined;
    throw err;
  }
}

/** Rows without their order; sums of floating-point numbers may differ in their last digits. */
function keyOf(rows: readonly unknown[][]): string {
  const rounded = (value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value;
  return rows
    .map((row) => JSON.stringify(row.map(rounded)))
    .sort()
    .join('\n  ');
}

async function fill(db: Database): Promise<void> {
  await insertRows(
    db,
    'ztf',
    'objects',
    IDS.map((objectId, i) => ({
      objectId,
      ncand: [3, 0, -1, 7, 3][i],
      gmag: [17.5, 18, null, -2.5, 17.5][i],
      rmag: [17.123, null, 17.5, 18, 3][i],
      ramean: [0, 180.25, 2.5, 359.9999999, 45][i],
      hpx29: ['9007199254740993', '1', '2', '3', '9223372036854775807'][i],
      sherlock_classification: ['SN', 'AGN', null, '', 'SN'][i],
      ssnamenr: ["it's", '50%', null, 'Ünï', ''][i],
    })),
  );
  await insertRows(
    db,
    'ztf',
    'candidates',
    [0, 0, 0, 1, 2, 2, 4].map((of, i) => ({
      candid: i + 1,
      objectId: IDS[of],
      jd: 2_460_000 + i,
      fid: 1 + (i % 3),
      magpsf: [17.5, 17.25, 17.25, -1, 0, 99, 18][i],
    })),
  );
  await insertRows(
    db,
    'ztf',
    'sherlock_classifications',
    [0, 1, 2, 4].map((of, i) => ({
      objectId: IDS[of],
      classification: ['SN', 'AGN', null, 'VS'][i],
      summary: ['near a galaxy', "it's 100%", null, 'a_b'][i],
      z: [0.1, -0.001, 2, 1][i],
      separationArcsec: [1.5, 1e-12, null, 1][i],
    })),
  );
  await insertRows(
    db,
    'ztf',
    'crossmatch_tns',
    [0, 1, 2].map((n) => ({
      id: n + 1,
      tns_name: ['2026abc', 'ZTF18aaaaaaa', '2026abd'][n],
      disc_mag: [17.5, null, -1][n],
      type: ['SN Ia', '', 'sn ia'][n],
      host_name: ["it's", '50% a_b', null][n],
      disc_date: ['2026-01-31', '2026-02-28 23:59:59.999', null][n],
      z: [0.1, null, 0][n],
    })),
  );
}
