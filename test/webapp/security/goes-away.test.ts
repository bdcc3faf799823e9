import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { silentLog } from '../../../common/log.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { startWeb } from '../../../webapp/server.ts';
import type { WebServer } from '../../../webapp/server.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { insert, randoms } from '../seed-rows.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

/** Millions of pairs, each with some work, none of them kept. */
const LONG =
  'SELECT COUNT(*) AS n FROM noncandidates AS a, noncandidates AS b WHERE TAN(a.jd) * COS(b.jd) > 2';
/** Rows as fast as they are read, for longer than anybody reads. */
const WIDE = 'SELECT a.*, b.* FROM noncandidates AS a, noncandidates AS b';

describe('clients that go away', function () {
  this.timeout(120_000);
  let site: TestSite;
  let web: WebServer;
  let vera: LoggedIn;
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
    const log = {
      ...silentLog,
      info: (message: string, facts: Record<string, unknown> = {}) => {
        if (message.startsWith('query by')) logged.push(facts);
      },
    };
    web = await startWeb({ ...site.context, log });
    vera = await logIn(site, 'vera', { role: 'power' });
  });
  after(async () => {
    await web?.stop();
    await site?.stop();
  });
  beforeEach(() => logged.splice(0));

  const address = (path: string, sql: string, more: Record<string, string> = {}) =>
    `${web.url}${path}?${new URLSearchParams({ survey: 'ztf', sql, ...more }).toString()}`;
  const busy = async () =>
    Number(
      (
        await site.db.arrays(
          "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'glint_sandbox' AND COMMAND <> 'Sleep'",
        )
      )[0][0],
    );

  /** Sends a request and goes away as soon as `when` says. */
  async function abandon(url: string, headers: Record<string, string>, when: () => Promise<void>) {
    const sent = request(url, { headers });
    const closed = new Promise((resolve) => sent.on('close', resolve));
    sent.on('error', () => undefined);
    sent.on('response', (answer) => {
      answer.on('error', () => undefined);
      answer.once('data', () => answer.pause());
    });
    sent.end();
    await when();
    sent.destroy();
    await closed;
  }

  it('begins no query of somebody who left while the site looked up who they are', async () => {
    const blocker = openDatabase(site.context.config.databaseUrl ?? '', { poolSize: 1 });
    await blocker.execute('LOCK TABLES glint.sessions WRITE');
    await abandon(address('/query/', LONG), { cookie: vera.cookie }, () => sleep(300));
    await sleep(100);
    await blocker.execute('UNLOCK TABLES');
    await blocker.close();
    while (logged.length === 0) await sleep(20);
    expect(logged[0]).to.include({ who: 'vera', refused: 'abandoned' });
    expect(logged[0].elapsedMs).to.be.lessThan(1_000);
    expect(await busy()).to.equal(0);
  });

  it('leaves no statement, place, connection or timer behind, whenever they go', async () => {
    const token = { authorization: `Token ${vera.token}` };
    const asks: [url: string, headers: Record<string, string>][] = [
      [address('/query/', LONG), {}],
      [address('/query/', LONG), { cookie: vera.cookie }],
      [address('/query/download', WIDE, { format: 'csv' }), { cookie: vera.cookie }],
      [address('/api/v1/queries', WIDE, { format: 'ndjson' }), token],
      [address('/api/v1/queries', LONG), token],
      [address('/api/v1/queries', WIDE, { format: 'parquet' }), token],
      [
        `${web.url}/ztf/api/query/?selected=*&tables=objects&conditions=${encodeURIComponent('ncand > 0')}`,
        token,
      ],
    ];
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const random = randoms(7);
    const before = timers();
    for (let i = 0; i < 200; i += 10) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, k) => {
          const [url, headers] = asks[(i + k) % asks.length];
          await abandon(url, headers, () => sleep(150 * random() ** 2));
        }),
      );
    }
    while ((await busy()) > 0) await sleep(50);
    // All places are free again: so many run at once without waiting for anybody.
    const quick = await Promise.all([
      fetch(address('/query/', 'SELECT objectId FROM objects')),
      fetch(address('/query/', 'SELECT objectId FROM objects'), {
        headers: { cookie: vera.cookie },
      }),
      fetch(address('/api/v1/queries', 'SELECT objectId FROM objects'), { headers: token }),
    ]);
    for (const answer of quick) {
      expect(answer.status).to.equal(200);
      await answer.arrayBuffer();
    }
    const connections = await site.db.arrays(
      "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'glint_sandbox'",
    );
    // The pool, and one to end statements with.
    expect(Number(connections[0][0])).to.be.at.most(site.context.config.sandboxPoolSize + 1);
    while (timers() > before + 10) await sleep(100);
  });

  it('lets others have their turn while one asks for everything', async () => {
    const gone = new AbortController();
    const flood = Array.from({ length: 30 }, () =>
      fetch(address('/query/', LONG), { signal: gone.signal }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer;
        },
        () => undefined,
      ),
    );
    while ((await busy()) < 2) await sleep(20);
    const answer = await fetch(address('/query/', 'SELECT objectId FROM objects'), {
      headers: { cookie: vera.cookie },
    });
    expect(answer.status).to.equal(200);
    // Two of them run, six wait: the others were told so at once.
    const refused = await Promise.race(flood);
    expect(refused?.status).to.equal(429);
    expect(Number(refused?.headers.get('retry-after'))).to.be.greaterThan(0);
    gone.abort();
    await Promise.all(flood);
    while ((await busy()) > 0) await sleep(50);
  });
});
