import { expect } from 'chai';

import { silentLog } from '../../../common/log.ts';
import { PRIVATE } from '../../../common/store/saved-queries.ts';
import { SYSTEM_QUERIES } from '../../../common/queries/system-queries/system-queries.ts';
import { installSystemQueries } from '../../../common/store/install-system-queries.ts';
import { insertQuery } from '../../../common/store/save-query.ts';
import { openDatabase } from '../../../common/store/database.ts';
import type { Database } from '../../../common/store/database.ts';
import { parseConfig } from '../../../common/config.ts';
import { startWeb } from '../../../webapp/server.ts';
import type { WebServer } from '../../../webapp/server.ts';
import { startDatabaseProxy } from '../../database-proxy.ts';
import type { DatabaseProxy } from '../../database-proxy.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { ZTF_ID } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const SQL = 'SELECT objectId, "<b>" AS mark FROM objects';
const SHOWN = 'SELECT objectId, &quot;&lt;b&gt;&quot; AS mark FROM objects</textarea>';
const LEAKS =
  /_views|glint_|ECONNRE|ENOENT|PROTOCOL_|ER_[A-Z]|node_modules| at [\w.]+ \(|127\.0\.0\.1/;

describe('the site while the database is restarted', function () {
  this.timeout(120_000);
  let site: TestSite;
  let proxy: DatabaseProxy;
  let db: Database;
  let web: WebServer;
  let vera: LoggedIn;
  let own = 0;
  let stream = 0;

  before(async () => {
    site = await startSeededSite();
    await installSystemQueries(site.db, SYSTEM_QUERIES, silentLog, site.context.now());
    proxy = await startDatabaseProxy(site.context.config.databaseUrl ?? '');
    db = openDatabase(proxy.url);
    const config = {
      ...site.context.config,
      ...pick(parseConfig({ GLINT_DATABASE_URL: proxy.url })),
    };
    web = await startWeb({ ...site.context, config, db });
    vera = await logIn({ url: web.url, context: site.context }, 'vera');
    const source = { kind: 'statement', text: SQL } as const;
    const content = { name: 'mine', description: '', survey: 'ztf', source, fields: [] } as const;
    own = await site.db.transaction((tx) =>
      insertQuery(tx, vera.userId, { ...content, fields: [] }, site.context.now(), {
        level: PRIVATE,
      }),
    );
    const rows = await site.db.arrays('SELECT MIN(mq_id) FROM glint.queries WHERE public = 2');
    stream = Number(rows[0][0]);
  });
  after(async () => {
    await web?.stop();
    await db?.close();
    await proxy?.stop();
    await site?.stop();
  });

  const pick = ({ databaseUrl }: { databaseUrl?: string }) => ({ databaseUrl });
  const long = `${SQL} WHERE objectId IN (${Array.from({ length: 900 }, () => "'ZTF26aa'").join()})`;
  const asked = new URLSearchParams({ survey: 'ztf', sql: SQL }).toString();

  type Ask = [what: string, answer: () => Promise<Response>, good: number];
  const asks = (): Ask[] => {
    const visitor =
      (path: string, init: RequestInit = {}) =>
      () =>
        fetch(web.url + path, { redirect: 'manual', ...init });
    const form = (fields: Record<string, string>) => ({
      method: 'POST',
      body: new URLSearchParams(fields),
    });
    const token = { authorization: `Token ${vera.token}` };
    const lasair = new URLSearchParams({ selected: 'objectId', tables: 'objects', conditions: '' });
    return [
      ['front page', visitor('/'), 200],
      ['object', visitor(`/object/${ZTF_ID}/`), 200],
      ['query', visitor(`/query/?${asked}`), 200],
      ['query, logged in', () => vera.get(`/query/?${asked}`), 200],
      ['long query', visitor('/query/', form({ survey: 'ztf', sql: long })), 200],
      ['long query, logged in', () => vera.post('/query/', { survey: 'ztf', sql: long }), 200],
      ['download', () => vera.get(`/query/download?${asked}&format=csv`), 200],
      ['objlist', visitor('/objlist/', form({ sqlquery: SQL, json: 'on' })), 200],
      ['profile', () => vera.get('/profile/'), 200],
      ['saved query', () => vera.get(`/queries/${own}/`), 200],
      ['list of queries', visitor('/queries/'), 200],
      ['form of a query', () => vera.post(`/queries/${own}/edit/`, edit), 303],
      ['streams', visitor('/streams/'), 200],
      ['stream', visitor(`/streams/${stream}/`), 200],
      ['API', visitor(`/api/v1/queries?${asked}`, { headers: token }), 200],
      ['Lasair', visitor(`/ztf/api/query/?${lasair.toString()}`, { headers: token }), 200],
      ['status of API', visitor('/api/v1/status'), 200],
    ];
  };
  const edit = {
    survey: 'ztf',
    sql: SQL,
    name: 'another "name"',
    description: 'so that\nnothing is lost',
    version: '1',
  };

  for (const round of ['first', 'second']) {
    it(`answers 503 everywhere, without a word of the server, the ${round} time`, async () => {
      proxy.cut();
      for (const [what, ask] of asks()) {
        const answer = await ask();
        expect(answer.status, what).to.equal(503);
        expect(Number(answer.headers.get('retry-after')), what).to.be.greaterThan(0);
        expect(answer.headers.get('cache-control'), what).to.match(/no-store|no-cache/);
        const text = await answer.text();
        expect(LEAKS.exec(text)?.[0], what).to.equal(undefined);
      }
      expect((await fetch(`${web.url}/healthz`)).status).to.equal(200);
      const ready = await fetch(`${web.url}/readyz`);
      expect(ready.status).to.equal(503);
      expect(await ready.text()).to.not.match(LEAKS);
    });

    it(`goes on by itself, the ${round} time`, async () => {
      proxy.mend();
      for (const [what, ask, good] of asks()) {
        const answer = await ask();
        await answer.arrayBuffer();
        if (what === 'form of a query' && round === 'second') continue;
        expect(answer.status, what).to.equal(good);
      }
    });
  }

  it('keeps what somebody wrote who is logged in, with a way to send it again', async () => {
    proxy.cut();
    const page = await (await vera.get(`/query/?${asked}`)).text();
    expect(page).to.include(SHOWN).and.include('Try again');
    const posted = await (await vera.post('/query/', { survey: 'ztf', sql: long })).text();
    expect(posted).to.include('Send it again').and.include('<form method="post" action="/query/">');
    const fresh = { ...edit, name: 'a "third" name' };
    const html = await (await vera.post('/queries/create/', fresh)).text();
    expect(html).to.include('value="a &quot;third&quot; name"').and.include('so that\nnothing');
    const password = await vera.post('/profile/password/', {
      password: 'old secret',
      newPassword: 'x',
    });
    expect(await password.text())
      .to.not.include('Send it again')
      .and.not.include('old secret');
    proxy.mend();
    const fields = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
      ([, name, value]): [string, string] => [name, plain(value)],
    );
    const again = await fetch(`${web.url}/queries/create/`, {
      method: 'POST',
      headers: { cookie: vera.cookie, origin: web.url },
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
    expect(again.status).to.equal(303);
  });

  it('shows what was written into a form that is not taken, so that it can be copied', async () => {
    const lost = await fetch(`${web.url}/queries/create/`, {
      method: 'POST',
      headers: { cookie: vera.cookie, origin: web.url },
      body: new URLSearchParams({ ...edit, _csrf: 'of a session that has ended' }),
    });
    expect(lost.status).to.equal(403);
    const html = await lost.text();
    expect(html).to.include(SHOWN).and.include('so that\nnothing').and.not.include('Send it again');
    const gone = await vera.post('/queries/999999/edit/', edit);
    expect(gone.status).to.equal(404);
    expect(await gone.text()).to.include(SHOWN);
  });
});

function plain(html: string): string {
  return html
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&#x3D;/g, '=')
    .replace(/&#x27;/g, "'")
    .replace(/&amp;/g, '&');
}
