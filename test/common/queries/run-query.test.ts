import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import { QueryTimeoutError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import type { QueryRequest, QueryServices } from '../../../common/queries/query-request.ts';
import { checkQuery, runQuery, streamQuery } from '../../../common/queries/run-query.ts';
import { QueryError } from '../../../common/sql/query-error.ts';
import { openSandbox } from '../../../common/store/sandbox/open-sandbox.ts';
import { freshDatabase } from '../../servers.ts';
import { failureOf, readGroups, seedObjects } from '../store/sandbox/hand-written.ts';

const OBJECTS = 20_000;

describe('queries of users', () => {
  let services: QueryServices;
  let close: () => Promise<void>;

  before(async () => {
    const { db, url } = await freshDatabase();
    await seedObjects(db, OBJECTS);
    const insertList = (id: number, owner: number, isPublic: number) =>
      db.execute(
        `INSERT INTO glint.watchlists (wl_id, user_id, name, description, active, public, created_at, updated_at, radius) VALUES (${id}, ${owner}, 'list ${id}', '', 1, ${isPublic}, '2026-01-01', '2026-01-01', 3)`,
      );
    await insertList(1, 17, 0);
    await insertList(2, 18, 0);
    await insertList(3, 18, 1);
    await db.execute(
      "INSERT INTO ztf.watchlist_hits (objectId, wl_id, cone_id, name, arcsec) VALUES ('ZTF1', 1, 1, 'a', 1), ('ZTF2', 2, 2, 'b', 1), ('ZTF3', 3, 3, 'c', 1)",
    );
    const config = parseConfig({ GLINT_DATABASE_URL: url });
    const now = () => new Date('2026-03-10T00:00:00Z');
    const sandbox = openSandbox({ config, db, log: silentLog, now });
    services = { db, sandbox, now };
    close = async () => {
      await sandbox.close();
      await db.close();
    };
  });
  after(() => close());

  function request(text: string, rest: Partial<QueryRequest> = {}): QueryRequest {
    return {
      survey: 'ztf',
      source: { kind: 'statement', text },
      reader: undefined,
      limit: 10,
      offset: 0,
      timeoutMs: 10_000,
      holder: 'user:17',
      ...rest,
    };
  }

  it('give a page, with what its columns mean and whether rows follow', async () => {
    const answer = await runQuery(
      services,
      request('SELECT objectId, gmag, jdmax FROM objects ORDER BY jdmax DESC', { limit: 2 }),
    );
    expect(answer.rows).to.deep.equal([
      ['ZTF20000', 18.3, 2460020],
      ['ZTF19999', 18.3, 2460019.999],
    ]);
    expect(answer).to.include({ hasMore: true, isOrdered: true });
    expect(answer.elapsedMs).to.be.above(0);
    expect(answer.columns.map(({ name, type, unit }) => [name, type, unit])).to.deep.equal([
      ['objectId', 'text', undefined],
      ['gmag', 'float', 'mag'],
      ['jdmax', 'double', 'd'],
    ]);
  });

  it('give the pages after it, down to the last, inside the limit of the query itself', async () => {
    const text = 'SELECT objectId FROM objects ORDER BY jdmax LIMIT 5';
    const page = async (offset: number) => {
      const { rows, hasMore } = await runQuery(services, request(text, { limit: 2, offset }));
      return [rows.flat().join(), hasMore];
    };
    expect(await page(0)).to.deep.equal(['ZTF1,ZTF2', true]);
    expect(await page(2)).to.deep.equal(['ZTF3,ZTF4', true]);
    expect(await page(4)).to.deep.equal(['ZTF5', false]);
    expect(await page(6)).to.deep.equal(['', false]);
    const all = await runQuery(services, request(text, { limit: 5 }));
    expect(all.hasMore).to.equal(false);
  });

  it('show everybody public rows, and readers their own', async () => {
    const lists = async (userId?: number) => {
      const reader = userId === undefined ? undefined : { userId };
      const text = 'SELECT wl_id FROM watchlist_hits ORDER BY wl_id';
      return (await runQuery(services, request(text, { reader }))).rows.flat();
    };
    expect(await lists()).to.deep.equal([3]);
    expect(await lists(17)).to.deep.equal([1, 3]);
    expect(await lists(18)).to.deep.equal([2, 3]);
  });

  it('stream whole results', async () => {
    const stream = await streamQuery(
      services,
      request('SELECT candid, objectId FROM candidates', { limit: 1e6 }),
    );
    expect(stream.columns.map(({ type }) => type)).to.deep.equal(['id', 'text']);
    const rows = await readGroups(stream.groups);
    expect(rows).to.have.length(3 * OBJECTS);
    expect(new Set(rows.map(([candid]) => candid)).size).to.equal(3 * OBJECTS);
  });

  it('are refused at their place, before the server hears of them', async () => {
    const failure = await failureOf(runQuery(services, request('SELECT gmagg FROM objects')));
    expect(failure).to.be.instanceOf(QueryError);
    expect((failure as QueryError).place).to.include({ start: 7, end: 12 });
    expect((failure as QueryError).advice).to.include('gmag');
  });

  it('are refused when they would cost too much: at once, and when they are to be kept', async () => {
    const text = 'SELECT o.objectId FROM candidates o, candidates p, objects q';
    for (const attempt of [runQuery, streamQuery, checkQuery]) {
      const failure = await failureOf(attempt(services, request(text)));
      expect(failure).to.be.instanceOf(QueryError);
      expect(failure.message).to.match(/would look at about .* rows/);
    }
  });

  it('that run out of time say how long they had and what an index would serve', async () => {
    const text =
      'SELECT COUNT(*) FROM candidates a JOIN objects b ON SQRT(a.magpsf + b.gmag) > SIN(a.jd)';
    const failure = await failureOf(runQuery(services, request(text, { timeoutMs: 200 })));
    expect(failure).to.be.instanceOf(QueryTimeoutError);
    expect(failure.message).to.match(
      /^the query was ended after 0\.2 s, the longest that it may take: [ab] \((objects|candidates)\) is read wholly/,
    );
    expect(failure.message).to.match(/no index serves the condition on .*(magpsf|gmag)/);
    expect(failure.message).to.match(/indexes of .* serve conditions on /);
  });

  it('can be checked without being run', async () => {
    const checked = await checkQuery(services, {
      survey: 'ztf',
      source: {
        kind: 'statement',
        text: 'SELECT objectId FROM objects WHERE jdmax > jdnow() - 14',
      },
      reader: undefined,
    });
    expect(checked.columns.map(({ name }) => name)).to.deep.equal(['objectId']);
    const broken = checkQuery(services, request('SELECT objectId FROM watchlist:99'));
    expect(await failureOf(broken)).to.be.instanceOf(QueryError);
  });
});
