import { expect } from 'chai';

import { parseConfig } from '../../../../common/config.ts';
import { BusyError } from '../../../../common/errors.ts';
import { silentLog } from '../../../../common/log.ts';
import { PLANNER_USER } from '../../../../common/schema/views.ts';
import { QueryError } from '../../../../common/sql/query-error.ts';
import type { Database } from '../../../../common/store/database.ts';
import { openSandbox } from '../../../../common/store/sandbox/open-sandbox.ts';
import type { Sandbox } from '../../../../common/store/sandbox/sandbox.ts';
import { freshDatabase } from '../../../servers.ts';
import {
  failureOf,
  handWritten,
  runningStatements,
  seedObjects,
  waitUntil,
} from './hand-written.ts';

const OBJECTS = 100_000;
const O = { database: 'ztf', table: 'objects', alias: 'o', compared: [] };
const C = { database: 'ztf', table: 'candidates', alias: 'c', compared: [] };

describe('the cost of a query', () => {
  let db: Database;
  let sandbox: Sandbox;

  before(async () => {
    const { db: fresh, url } = await freshDatabase();
    db = fresh;
    await seedObjects(db, OBJECTS);
    const config = parseConfig({ GLINT_DATABASE_URL: url });
    sandbox = openSandbox({ config, db, log: silentLog, now: () => new Date() });
  });
  after(async () => {
    await sandbox.close();
    await db.close();
  });

  const cost = async (sql: string, parameters: string[] = []) =>
    (await sandbox.checkCost(handWritten(sql, ['int'], { parameters, tables: [O, C] })))
      .estimatedRows;

  it('is one row for a primary key, and about those of a range of an index', async () => {
    const key = 'SELECT jdmax FROM ztf_views.objects AS o WHERE objectId = ?';
    expect(await cost(key, ['ZTF7'])).to.equal(1);
    const range = 'SELECT jdmax FROM ztf_views.objects AS o WHERE jdmax > 2460099';
    expect(await cost(range)).to.be.within(500, 5_000);
  });

  it('is the whole table where no index serves', async () => {
    const whole = 'SELECT COUNT(*) FROM ztf_views.objects AS o WHERE gmag < 17';
    expect(await cost(whole)).to.be.within(0.7 * OBJECTS, 1.3 * OBJECTS);
  });

  it('counts joins, light curves and sub-queries, and lets them pass', async () => {
    const join =
      'SELECT COUNT(*) FROM ztf_views.objects AS o JOIN ztf_views.candidates AS c ON c.objectId = o.objectId';
    // The server counts rows by sampling pages: half and double of the truth are both usual.
    expect(await cost(join)).to.be.within(1.1 * OBJECTS, 8 * OBJECTS);
    const lightCurves =
      'SELECT objectId FROM ztf_views.objects AS o WHERE (SELECT COUNT(*) FROM ztf_views.candidates AS c WHERE c.objectId = o.objectId AND c.magpsf < 18.5) > 2 AND (SELECT MAX(d.jd) FROM ztf_views.candidates AS d WHERE d.objectId = o.objectId) > 0';
    expect(await cost(lightCurves)).to.be.within(1.5 * OBJECTS, 16 * OBJECTS);
  });

  it('of small tables joined without a condition is borne', async () => {
    const sql =
      'SELECT 1 FROM ztf_views.watchlists AS a, ztf_views.areas AS b, ztf_views.annotators AS c';
    expect(await cost(sql)).to.be.below(100);
  });

  it('of large tables joined without a condition is refused, with the reason and a way out', async () => {
    const failure = await failureOf(
      cost('SELECT o.objectId FROM ztf_views.objects AS o, ztf_views.candidates AS c LIMIT 10'),
    );
    expect(failure).to.be.instanceOf(QueryError);
    expect(failure.message).to.match(
      /^this query would look at about \d\d,000,000,000 rows, and about 2,000,000,000 is the most that one may: c \(candidates\) is read wholly, about \d+,000 rows, about \d+,000 times, since no condition links it to o \(objects\); indexes of c \(candidates\) serve conditions on candid or objectId$/,
    );
    expect((failure as QueryError).advice).to.match(/^indexes of c/);
  });

  it('of a condition that no index serves is told apart from none', async () => {
    const failure = await failureOf(
      cost('SELECT 1 FROM ztf_views.objects AS o JOIN ztf_views.candidates AS c ON c.jd < o.jdmax'),
    );
    expect(failure.message).to.include(
      'since no condition that an index serves links it to o (objects)',
    );
  });

  it('knows how a cone is asked for', async () => {
    const failure = await failureOf(
      cost(
        'SELECT 1 FROM ztf_views.candidates AS c, ztf_views.objects AS o WHERE o.gmag < c.magpsf',
      ),
    );
    expect(failure.message).to.match(/indexes of .* serve conditions on /);
    const self = await failureOf(
      sandbox.checkCost(
        handWritten('SELECT 1 FROM ztf_views.objects AS o, ztf_views.objects AS p', ['int'], {
          tables: [O, { ...O, alias: 'p' }],
        }),
      ),
    );
    expect(self.message).to.include('objects (one of o, p)');
    expect(self.message).to.include('the position, as cone(ra, dec, arcsec)');
  });

  it('is found without running anything, even where that would take minutes', async () => {
    expect(await cost('SELECT SLEEP(1000)')).to.equal(0);
    const heavy =
      'SELECT 1 FROM ztf_views.objects AS o WHERE jdmax > (SELECT MAX(a.jd + b.jd) FROM ztf_views.candidates AS a, ztf_views.candidates AS b)';
    expect((await failureOf(cost(heavy))).message).to.match(/^this query would look at/);
    const derived =
      'SELECT 1 FROM (SELECT a.fid, COUNT(*) FROM ztf_views.candidates AS a, ztf_views.candidates AS b GROUP BY a.fid) AS d';
    expect((await failureOf(cost(derived))).message).to.match(/^this query would look at/);
    const isOver = async () =>
      (await runningStatements(db, PLANNER_USER)).every((text) => !text.includes('_views'));
    expect(await waitUntil(isOver)).to.equal(true);
  });

  it('is asked for by so many at once that some are told to come back', async () => {
    const many = Array.from({ length: 200 }, () => failureOf(cost('SELECT 1')));
    const ends = await Promise.all(many);
    const refused = ends.filter((end) => end instanceof BusyError).length;
    const done = ends.filter((end) => end.message === 'it did not fail').length;
    expect(refused + done).to.equal(200);
    expect(done).to.be.above(60);
    expect(await cost('SELECT 1')).to.equal(0);
  });

  it('is found soon for twenty tables', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `t${i}`);
    const from = names.map((name) => `ztf_views.objects AS ${name}`).join(', ');
    const links = names.slice(1).map((name, i) => `${name}.jdmax = t${i}.jdmax`);
    expect(await cost(`SELECT 1 FROM ${from} WHERE ${links.join(' AND ')}`)).to.be.above(
      OBJECTS / 2,
    );
  });
});
