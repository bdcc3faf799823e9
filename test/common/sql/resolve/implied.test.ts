import { expect } from 'chai';
import type mysql from 'mysql2/promise';

import { createRandom, integer } from '../../../../ingest/simulate/random.ts';
import type { Random } from '../../../../ingest/simulate/random.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { compileText } from '../compile-text.ts';
import { pick } from '../generate-expressions.ts';
import { openConnection, runBoth } from '../run-both.ts';

const CONDITIONS = 1_500;
/** Whole and broken days, those that binary fractions cannot hold, and their nearest neighbours. */
const DAYS = [
  2460000, 2460000.1, 2460000.3, 2460000.5, 2460001, 600000.25, 0, -1, 0.3, 1e300, -1e300,
];
const MOMENTS = DAYS.flatMap((day) => [day, neighbour(day, 1), neighbour(day, -1)]);

function neighbour(day: number, direction: number): number {
  return day + direction * Math.max(Math.abs(day) * 2 ** -52, 2 ** -1074);
}

describe('bounds that follow from sums', () => {
  let db: Database;
  let connection: mysql.Connection;

  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    const objects = MOMENTS.map((jdmax, i) => ({ objectId: `ZTF${i}`, jdmax, ncand: i }));
    await insertRows(db, 'ztf', 'objects', objects);
    await insertRows(db, 'ztf', 'candidates', [
      ...objects.map(({ objectId }, i) => ({ candid: i + 1, objectId })),
      { candid: 1_000, objectId: 'nobody' },
    ]);
    connection = await openConnection(fresh.url);
  });
  after(async () => {
    await connection?.end();
    await db?.close();
  });

  it(`change no result, ${CONDITIONS} times, at the last digit, with NULL and in outer joins`, async () => {
    for (let n = 0; n < CONDITIONS; n++) {
      const random = createRandom(5, n);
      const words = condition(random);
      const from = pick(random, [
        `ztf.objects AS o WHERE ${words}`,
        `ztf.candidates AS c LEFT JOIN ztf.objects AS o ON o.objectId = c.objectId WHERE ${words}`,
        `ztf.candidates AS c LEFT JOIN ztf.objects AS o ON o.objectId = c.objectId AND ${words}`,
        `ztf.candidates AS c LEFT JOIN ztf.objects AS o ON o.objectId = c.objectId WHERE (${words}) IS NULL`,
      ]);
      const text = `SELECT o.objectId, o.jdmax FROM ${from}`;
      const { kind, report } = await runBoth(connection, { text, isOrdered: false });
      expect(kind, report).to.equal('same');
    }
  });

  it('are there for whatever people write about the time of the last detection', () => {
    // 2026-11-21 12:00 is JD 2461366.
    const cases: [condition: string, bound: RegExp][] = [
      ['jdnow() - jdmax < 7', /`jdmax` >= 2\.461358\d+e\+6/],
      ['7 > jdnow() - objects.jdmax', /`jdmax` >= 2\.461358\d+e\+6/],
      ['jdmax + 14 > jdnow()', /`jdmax` >= 2\.46135\d+e\+6/],
      ['jdnow() - jdmax BETWEEN 1 AND 6/24', /`jdmax` <= 2\.461365\d+e\+6\).* >= 2\.461365\d+e\+6/],
      ['jdnow() - jdmin <= 14', /`jdmin` >= 2\.461351\d+e\+6/],
      ['-jdmax <= -2460000', /`jdmax` >= 2\.45999\d+e\+6/],
      ['mjdnow() - jd2mjd(jdmax) < 7', /`jdmax` >= 2\.461358\d+e\+6/],
      ['ncand > 3 AND jdmax - 3 * 7 >= 2460000', /`jdmax` >= 2\.460020\d+e\+6/],
    ];
    for (const [words, bound] of cases) {
      const { sql } = compileText(`SELECT objectId FROM objects WHERE ${words}`);
      expect(sql, words).to.match(bound);
    }
  });

  it('are not there where an index is of no use, or nothing follows', () => {
    for (const words of [
      'jdmax > jdnow() - 7',
      'mjdnow() - firstMJD < 7',
      'jdmax - jdmin > 30',
      'jdmax * 2 > 7',
      'jdmax + 1 <> 7',
      'jdmax + ncand > 7',
      'NOT jdnow() - jdmax < 7',
      'jdnow() - jdmax < 7 OR ncand > 3',
      'jdnow() - jdmax NOT BETWEEN 1 AND 2',
      'jdmax + 1 / 0 > 7',
      "jdmax + '1' > 7",
      'jdmax - jdmax < 7',
    ]) {
      const { sql } = compileText(`SELECT objectId FROM objects WHERE ${words}`);
      expect(sql, words).not.to.match(/`jdmax` [<>]= \d\.?\d*e/);
    }
  });
});

/** A comparison of a sum with o.jdmax in it. */
function condition(random: Random): string {
  const moved = sum(random, 'o.jdmax');
  const other = sum(random, String(pick(random, MOMENTS)));
  if (integer(random, 5) === 0) {
    return `${moved} BETWEEN ${other} AND ${sum(random, String(pick(random, MOMENTS)))}`;
  }
  const operator = pick(random, ['<', '<=', '>', '>=', '=']);
  return integer(random, 2) === 0
    ? `${moved} ${operator} ${other}`
    : `${other} ${operator} ${moved}`;
}

function sum(random: Random, term: string): string {
  let text = term;
  for (let n = integer(random, 4); n > 0; n--) {
    const constant = pick(random, [
      '7',
      '0.1',
      '0.3',
      '1e-1',
      '2460000',
      '6/24',
      '1/3',
      '7*0.1',
      '3*1/7',
    ]);
    text = pick(random, [
      `(${text} + ${constant})`,
      `(${text} - ${constant})`,
      `(${constant} - ${text})`,
      `(${constant} + ${text})`,
      `(- ${text})`,
    ]);
  }
  return text;
}
