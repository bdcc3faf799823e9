import { expect } from 'chai';
import type mysql from 'mysql2/promise';

import { tableOf } from '../../../../common/schema/tables.ts';
import { compileQuery } from '../../../../common/sql/compile-query.ts';
import { resolveFilter } from '../../../../common/sql/filter/resolve-filter.ts';
import { makeScreen } from '../../../../common/sql/filter/screen.ts';
import { ANY, FALSE, NULL, TRUE } from '../../../../common/sql/filter/truth.ts';
import { parseQuery } from '../../../../common/sql/parse-query.ts';
import { QueryError } from '../../../../common/sql/query-error.ts';
import { mjdUtcFromDate } from '../../../../common/astro/time.ts';
import type { Database } from '../../../../common/store/database.ts';
import { readWholeRows } from '../../../../common/store/row-reader.ts';
import type { Scalar } from '../../../../common/store/row-reader.ts';
import { createRandom, integer } from '../../../../ingest/simulate/random.ts';
import type { Random } from '../../../../ingest/simulate/random.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { chance, condition, pick } from '../generate-expressions.ts';
import { GENERATED_TABLES, placeIn } from '../generate-queries.ts';
import { insertNastyRows } from '../nasty-rows.ts';
import { openConnection } from '../run-both.ts';
import { filterOf, NOW, optionsOf } from './read-text.ts';

const SEED = 4;
const CONDITIONS = 1_500;
const OBJECTS = 120;
/** Numbers at which single precision, decimals and doubles part, and on which conditions stand. */
const EDGES = [17.5, 18, 18.1, 17.123, 0.1, 0.3, -2.5, 0, 1, 3, 100, 1e-30, 3e30];
const BITS: Readonly<Record<string, number>> = { '1': TRUE, '0': FALSE, null: NULL };

describe('the screen of a filter', () => {
  let db: Database;
  let connection: mysql.Connection;
  let objects: Record<string, Scalar>[];

  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await insertNastyRows(db);
    await insertRows(db, 'ztf', 'objects', randomObjects());
    connection = await openConnection(fresh.url);
    const reader = readWholeRows(tableOf('ztf', 'objects'));
    objects = await db.rows(reader.row, `SELECT ${reader.columns} FROM ztf.objects`);
  });
  after(async () => {
    await connection?.end();
    await db?.close();
  });

  it(`never says otherwise than the server, ${CONDITIONS} times`, async () => {
    const reports: string[] = [];
    let [answers, certain, failed] = [0, 0, 0];
    for (let n = 0; n < CONDITIONS; n++) {
      const text = generate(createRandom(SEED, n));
      const theirs = await answersOf(text);
      if (theirs === undefined) {
        failed += 1;
        continue;
      }
      const filter = resolveFilter(
        parseQuery({ kind: 'statement', text: `SELECT objectId FROM objects WHERE ${text}` }),
        optionsOf(),
      );
      const made = makeScreen(filter, 'ztf');
      const test = filter.select.where && made.testOf(filter.select.where);
      for (const object of objects) {
        const values = made.screen.columns.map((name) => object[name]);
        const possible = test?.(values, mjdUtcFromDate(NOW)) ?? ANY;
        const bit = theirs.get(String(object.objectId)) ?? 0;
        answers += 1;
        if (possible === TRUE || possible === FALSE || possible === NULL) certain += 1;
        const isLost = bit === TRUE && !made.screen.mayPass(values, NOW);
        if ((possible & bit) === 0 || isLost) {
          reports.push(`${text}\n  ${JSON.stringify(values)}: ${possible} is not ${bit}`);
          break;
        }
      }
    }
    expect(reports.slice(0, 5).join('\n\n')).to.equal('');
    expect(failed).to.be.below(CONDITIONS / 5);
    // It would be of no use if it knew nothing.
    expect(certain / answers).to.be.above(0.4);
  });

  async function answersOf(text: string): Promise<Map<string, number> | undefined> {
    try {
      const source = {
        kind: 'statement',
        text: `SELECT objectId, (${text}) + 0 FROM objects`,
      } as const;
      const query = compileQuery(parseQuery(source), {
        ...optionsOf(),
        lists: [],
        limit: 10_000,
        offset: 0,
        isForBatches: true,
      });
      const [rows] = await connection.execute<mysql.RowDataPacket[][]>(query.sql, query.parameters);
      connection.unprepare(query.sql);
      return new Map(
        rows.map(([id, held]): [string, number] => [
          String(id as unknown),
          BITS[held === null ? 'null' : truthOf(held)],
        ]),
      );
    } catch (err) {
      // Out of range on the server, or one of the made-up texts that are wrong for both.
      if (err instanceof QueryError || (err as { errno?: number }).errno !== undefined) {
        return undefined;
      }
      throw err;
    }
  }

  it('says what it looks at, in any order of the columns', () => {
    const { screen } = filterOf('SELECT objectId FROM objects o WHERE gmag < 18 AND o.ncand > 3');
    expect(screen.columns).to.deep.equal(['gmag', 'ncand']);
    expect(screen.mayPass([17, 4], NOW)).to.equal(true);
    expect(screen.mayPass([18, 4], NOW)).to.equal(false);
    expect(screen.mayPass([null, 4], NOW)).to.equal(false);
    const over = screen.over(['rmag', 'ncand', 'gmag']);
    expect(over([30, 4, 17], NOW)).to.equal(true);
    expect(over([30, 3, 17], NOW)).to.equal(false);
    expect(() => screen.over(['gmag'])).to.throw(/no column ncand/);
  });

  it('goes with the clock', () => {
    const { screen } = filterOf('SELECT objectId FROM objects WHERE jdnow() - jdmax < 7');
    expect(screen.mayPass([2_461_366], NOW)).to.equal(true);
    // 2026-11-21 12:00 UTC is JD 2461366.0 (Meeus, Astronomical Algorithms, chapter 7).
    expect(screen.mayPass([2_461_358.9], NOW)).to.equal(false);
    expect(screen.mayPass([2_461_358.9], new Date('2026-11-20T12:00:00Z'))).to.equal(true);
  });

  it('takes ON of joins that leave rows out, and no others', () => {
    const inner = filterOf(
      'SELECT o.objectId FROM objects o JOIN sherlock_classifications s ON s.objectId = o.objectId AND o.gmag < 18',
    );
    expect(inner.screen.columns).to.include('gmag');
    const left = filterOf(
      'SELECT o.objectId FROM objects o LEFT JOIN sherlock_classifications s ON s.objectId = o.objectId AND o.gmag < 18',
    );
    expect(left.screen.columns).to.deep.equal([]);
    expect(left.screen.mayPass([], NOW)).to.equal(true);
  });

  it('looks at the objects of another table of FROM, where they are the same', () => {
    const same =
      'SELECT c.objectId FROM candidates c JOIN objects o ON o.objectId = c.objectId WHERE o.gmag < 18';
    expect(filterOf(same).screen.columns).to.include('gmag');
    const other =
      'SELECT a.objectId FROM objects a, objects b WHERE a.ncand = b.ncand AND b.gmag < 18';
    expect(filterOf(other).screen.columns).not.to.include('gmag');
  });

  it('passes what it does not know', () => {
    const text =
      "SELECT objectId FROM objects WHERE MOD(ncand, 2) = 1 OR SUBSTRING(objectId, 4, 2) = '18'";
    const { screen } = filterOf(text);
    expect(
      screen.mayPass(
        screen.columns.map(() => null),
        NOW,
      ),
    ).to.equal(true);
  });

  it('names the lists that every object must be in', () => {
    const lists = [
      { token: 'watchlist' as const, name: 'white dwarfs', key: '12' },
      { token: 'area' as const, name: '3', key: '3' },
      { token: 'annotator' as const, name: 'fastfinder', key: 'fastfinder' },
    ];
    const named = (text: string) => {
      const { screen, topics } = filterOf(text, { lists });
      return [...screen.lists.map(({ token, key }) => `${token} ${key}`), ...topics].join(', ');
    };
    const from = (rest: string) => named(`SELECT objects.objectId FROM objects${rest}`);
    expect(from(', watchlist:"white dwarfs", area:3')).to.equal('watchlist 12, area 3');
    expect(from(" WHERE in_watchlist('white dwarfs') AND in_watchmap(3)")).to.equal(
      'watchlist 12, area 3',
    );
    expect(from(', annotator:fastfinder')).to.equal('annotator fastfinder, fastfinder');
    expect(from(' LEFT JOIN annotator:fastfinder ON 1 = 1')).to.equal('fastfinder');
    expect(
      from(" JOIN annotations a ON a.objectId = objects.objectId WHERE a.topic = 'x'"),
    ).to.equal('annotator x, x');
    expect(from(' WHERE NOT in_watchmap(3)')).to.equal('');
    expect(from(' WHERE in_watchmap(3) OR gmag < 15')).to.equal('');
    expect(from(' JOIN watchlist_hits w ON w.wl_id = 12')).to.equal('');
  });
});

function truthOf(held: unknown): '0' | '1' {
  return Number(held) === 0 ? '0' : '1';
}

function randomObjects() {
  return Array.from({ length: OBJECTS }, (_, n) => {
    const random = createRandom(SEED, 1_000_000 + n);
    const number = () =>
      chance(random, 15)
        ? null
        : chance(random, 60)
          ? pick(random, EDGES)
          : integer(random, 40_000) / 1_000 - 10;
    const text = () =>
      pick(random, ['SN', 'sn ', 'AGN', 'VS', '', null, 'a_b', 'SN Ia', "it's", 'Ünï', '12']);
    return {
      objectId: `ZTF19aaaa${String.fromCharCode(97 + (n % 26), 97 + Math.floor(n / 26))}a`,
      ncand: integer(random, 8),
      gmag: number(),
      rmag: number(),
      ramean: integer(random, 3_600_000) / 10_000,
      decmean: integer(random, 1_800_000) / 10_000 - 90,
      jdmax: 2_461_350 + integer(random, 2_000_000) / 100_000,
      sherlock_classification: pick(random, ['SN', 'AGN', 'sn', 'VS', '', null, '12', 'SN ']),
      ssnamenr: text(),
    };
  });
}

const COLUMNS = ['ncand', 'gmag', 'rmag', 'ramean', 'decmean', 'jdmax'];
const FUNCTIONS = ['ABS', 'SQRT', 'LN', 'LOG10', 'FLOOR', 'CEIL', 'flux2mag', 'EXP', 'LOG2'];

/** Half are of those that try the language, half such as astronomers write. */
function generate(random: Random): string {
  if (chance(random, 40)) {
    const names = new Set(GENERATED_TABLES.objects.map(({ name }) => name.toLowerCase()));
    const table = { alias: 'objects', columns: GENERATED_TABLES.objects, names };
    const place = placeIn({ random, aliasCount: 0 }, [table], [], 3);
    return condition({ ...place, subquery: undefined });
  }
  return whole(random, 3);
}

function whole(random: Random, depth: number): string {
  if (depth > 0 && chance(random, 45)) {
    const [left, right] = [whole(random, depth - 1), whole(random, depth - 1)];
    const both = `(${left} ${pick(random, ['AND', 'OR', 'AND', 'OR', 'XOR'])} ${right})`;
    return chance(random, 20) ? `NOT ${both}` : both;
  }
  const n = (more = 2) => sum(random, more);
  const texts = ["'SN'", "'sn'", "'AGN'", "''", "'12'", "'SN '", "'SN Ia'", "'it''s'"];
  const column = pick(random, ['sherlock_classification', 'ssnamenr']);
  switch (integer(random, 10)) {
    case 0:
      return `${n()} ${pick(random, ['', 'NOT '])}BETWEEN ${n(1)} AND ${n(1)}`;
    case 1:
      return `${n()} ${pick(random, ['', 'NOT '])}IN (${n(0)}, ${n(0)}, ${pick(random, ['NULL', '18.1', '17.5'])})`;
    case 2:
      return `${n()} IS ${pick(random, ['', 'NOT '])}NULL`;
    case 3:
      return `${column} ${pick(random, ['=', '<>', '<=>'])} ${pick(random, texts)}`;
    case 4:
      return `${column} ${pick(random, ['', 'NOT '])}LIKE ${pick(random, ["'S%'", "'%n'", "'_N'", "'%'", "'a\\_b'", "'sn ia'"])}`;
    case 5:
      return `${column} ${pick(random, ['', 'NOT '])}IN (${pick(random, texts)}, ${pick(random, texts)})`;
    case 6:
      return `(${n()} > ${n()}) IS ${pick(random, ['', 'NOT '])}${pick(random, ['TRUE', 'FALSE'])}`;
    case 7:
      return `cone(${integer(random, 360)}, ${integer(random, 180) - 90}, ${1 + integer(random, 36_000)})`;
    default:
      return `${n()} ${pick(random, ['<', '>', '<=', '>=', '=', '<>', '<=>'])} ${n()}`;
  }
}

function sum(random: Random, depth: number): string {
  if (depth <= 0) {
    if (chance(random, 65)) return pick(random, COLUMNS);
    return pick(random, [
      '18',
      '17.5',
      '18.1',
      '0.3',
      '.1',
      '1e1',
      '100',
      '-2.5',
      'jdnow()',
      'jd2mjd(jdmax)',
    ]);
  }
  switch (integer(random, 8)) {
    case 0:
    case 1:
      return `(${sum(random, depth - 1)} ${pick(random, ['+', '-', '*', '/', '-'])} ${sum(random, depth - 1)})`;
    case 2:
      return `${pick(random, FUNCTIONS)}(${sum(random, depth - 1)})`;
    case 3:
      return `${pick(random, ['LEAST', 'GREATEST', 'COALESCE', 'IFNULL'])}(${sum(random, depth - 1)}, ${sum(random, depth - 1)})`;
    case 4:
      return `CASE WHEN ${pick(random, COLUMNS)} > ${sum(random, 0)} THEN ${sum(random, 0)} ELSE ${sum(random, 0)} END`;
    case 5:
      return `POW(${sum(random, 0)}, ${pick(random, ['2', '0.5', '-1', 'ncand'])})`;
    default:
      return sum(random, 0);
  }
}
