import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { silentLog } from '../../../common/log.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { startWeb } from '../../../webapp/server.ts';
import type { WebServer } from '../../../webapp/server.ts';
import { logIn } from '../log-in.ts';
import { insert } from '../seed-rows.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

/** Nothing listens there. */
const NOWHERE = 'mysql://root@127.0.0.1:1';
/** Millions of pairs, each with some work, none of them kept. */
const LONG =
  'SELECT COUNT(*) AS n FROM noncandidates AS a, noncandidates AS b WHERE SIN(a.jd) * COS(b.jd) > 2';

describe('queries of the page that do not end well', function () {
  this.timeout(120_000);
  let site: TestSite;
  const servers: WebServer[] = [];
  const logged: Record<string, unknown>[] = [];

  before(async () => {
    site = await startSeededSite();
    const rows = Array.from({ length: 6_000 }, (_, i) => ({
      objectId: `ZTF25aaaaa${String.fromCharCode(97 + (i % 26))}a`,
      pid: BigInt(i),
      jd: 2_461_000.5 + i,
      fid: 1,
    }));
    await insert(site.db, 'ztf', 'noncandidates', rows);
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await site?.stop();
  });
  beforeEach(() => logged.splice(0));

  async function start(changes: Partial<Context>): Promise<string> {
    const log = {
      ...silentLog,
      info: (message: string, facts: Record<string, unknown> = {}) => {
        if (message.startsWith('query by')) logged.push(facts);
      },
    };
    const server = await startWeb({ ...site.context, log, ...changes });
    servers.push(server);
    return server.url;
  }
  const address = (url: string, sql: string) =>
    `${url}/query/?${new URLSearchParams({ survey: 'ztf', sql }).toString()}`;

  it('says how long one had that runs out of time, and offers to run it again', async () => {
    const config = { ...site.context.config, sandboxTimeoutMs: 150 };
    const answer = await fetch(address(await start({ config }), LONG));
    // Not 408, on which browsers ask again by themselves.
    expect(answer.status).to.equal(504);
    const html = await answer.text();
    expect(html)
      .to.match(/ended after 0\.\d+ s/)
      .and.contain('Run it again');
    expect(html).to.contain(`WHERE SIN(a.jd) * COS(b.jd) &gt; 2</textarea>`);
    expect(html).to.not.contain('ztf_views');
    expect(logged[0]).to.include({ refused: 'query_timeout' });
  });

  it('tells programs the same, with a status on which nobody asks again by themselves', async () => {
    const config = { ...site.context.config, sandboxApiTimeoutMs: 150 };
    const url = await start({ config });
    const { token } = await logIn(site, 'hasty');
    const answer = await fetch(`${url}/api/v1/queries`, {
      method: 'POST',
      headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ survey: 'ztf', sql: LONG }),
    });
    expect(answer.status).to.equal(504);
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).to.include({ code: 'query_timeout', status: 504, title: 'Gateway Timeout' });
    expect(problem.detail).to.match(/ended after 0\.\d+ s/);
  });

  it('keeps the text while the database is away', async () => {
    const db = openDatabase(NOWHERE, { connectTimeoutMs: 300 });
    const config = parseConfig({ GLINT_DATABASE_URL: NOWHERE, GLINT_WEB_PORT: '0' });
    const url = await start({ db, config });
    const sql = 'SELECT objectId FROM objects';
    const answer = await fetch(address(url, sql));
    expect(answer.status).to.equal(503);
    expect(answer.headers.get('retry-after')).to.equal('5');
    const html = await answer.text();
    expect(html).to.contain(`${sql}</textarea>`).and.contain('Run it again');
    expect(html).to.not.match(/ECONNREFUSED|127\.0\.0\.1:1\b|at .*\.ts/);
    const long = `${sql} WHERE objectId IN (${Array.from({ length: 900 }, () => "'ZTF26aa'").join()})`;
    const posted = await fetch(`${url}/query/`, {
      method: 'POST',
      body: new URLSearchParams({ sql: long }),
    });
    expect(posted.status).to.equal(503);
    expect(await posted.text()).to.contain(
      '<button class="btn btn-outline-primary" type="submit">',
    );
    const checked = await fetch(`${url}/query/check`, {
      method: 'POST',
      body: new URLSearchParams({ sql }),
    });
    expect(await checked.json()).to.deep.equal({ outcome: 'unknown' });
    const old = await fetch(`${url}/objlist/`, {
      method: 'POST',
      body: new URLSearchParams({ sqlquery: sql, json: 'on' }),
    });
    expect(old.status).to.equal(503);
    expect(await old.json()).to.have.property('error');
    await db.close();
  });

  it('ends the statement when the browser goes away', async () => {
    const url = await start({});
    const gone = new AbortController();
    const heavy = `${LONG} AND TAN(a.jd) + TAN(b.jd) > 1e9`;
    const asked = fetch(address(url, heavy), { signal: gone.signal }).catch(() => undefined);
    const running = async () => {
      const rows = await site.db.arrays(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE '%TAN(%' AND INFO NOT LIKE '%PROCESSLIST%'",
      );
      return rows.length;
    };
    while ((await running()) === 0) await sleep(20);
    gone.abort();
    await asked;
    while ((await running()) > 0) await sleep(20);
    while (logged.length === 0) await sleep(20);
    expect(logged[0]).to.include({ refused: 'abandoned' });
  });

  it('refuses what would look at too many rows, and says why', async () => {
    const config = { ...site.context.config, sandboxMaxRows: 1_000 };
    const answer = await fetch(address(await start({ config }), LONG));
    expect(answer.status).to.equal(400);
    expect(await answer.text())
      .to.contain('This query cannot run')
      .and.contain('rows');
  });
});
