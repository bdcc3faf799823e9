import { expect } from 'chai';

import { createPasswordHasher } from '../../common/accounts/password-hash.ts';
import { silentLog } from '../../common/log.ts';
import { openSandbox } from '../../common/store/sandbox/open-sandbox.ts';
import { createApp } from '../../webapp/app.ts';
import { createBackground } from '../../webapp/background.ts';
import { createLagReader } from '../../webapp/lag.ts';
import { createMail } from '../../common/mail.ts';
import { createMatchEvents } from '../../webapp/match-events.ts';
import { createMetrics } from '../../webapp/metrics.ts';
import { createPeriodFinder } from '../../webapp/period-finder.ts';
import { credentialsOf, makeWorld } from './security/actors.ts';
import type { Credentials, World } from './security/actors.ts';
import { PEOPLE, TOKENS } from './security/access.ts';
import type { Actor, Case } from './security/access.ts';
import { ROUTE_ACCESS } from './security/route-access.ts';
import { routesOf } from './security/routes-of.ts';
import { startSeededSite } from './site.ts';
import type { TestSite } from './site.ts';

const API = /^\/(?:(?:ztf|lsst)\/)?api\//;
/** Forms there only read, and come without a token. */
const READING = /^\/(?:objlist|coverage|query)\//;

describe('who may do what', function () {
  this.timeout(300_000);
  let site: TestSite;
  let shared: World;

  before(async () => {
    site = await startSeededSite();
    shared = await makeWorld(site);
  });
  after(() => site?.stop());

  it('is written down for every route there is', async () => {
    const { context } = site;
    const services = {
      context,
      metrics: createMetrics(),
      lag: createLagReader(context),
      periods: createPeriodFinder(context),
      sandbox: openSandbox(context),
      siteUrl: () => site.url,
      mail: createMail(context.config, silentLog),
      passwords: createPasswordHasher(),
      background: createBackground(silentLog),
      events: createMatchEvents(context),
    };
    // Files have names that change with them, and are everybody's.
    const routes = routesOf(createApp(services)).filter((route) => !route.includes('/assets/'));
    await Promise.all([services.lag.stop(), services.periods.stop(), services.sandbox.close()]);
    expect(new Set(Object.keys(ROUTE_ACCESS))).to.deep.equal(new Set(routes));
  });

  const isUnsafe = ({ form, json }: Case) => form !== undefined || json !== undefined;

  async function ask(
    { at, form, json, method = 'POST', access }: Case,
    { names }: World,
    { headers, csrfToken }: Credentials,
    changes: { headers?: Record<string, string>; csrfToken?: string } = {},
  ): Promise<Response> {
    const path = at.replace(/\{(\w+)\}/g, (_, name: string) => String(names[name]));
    const init: RequestInit = { redirect: 'manual' };
    let own: Record<string, string> = {};
    if (json !== undefined) {
      own = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
      init.method = method;
      init.body = JSON.stringify(json);
    } else if (form !== undefined) {
      own = { origin: site.url };
      init.method = 'POST';
      init.body = new URLSearchParams({ _csrf: changes.csrfToken ?? csrfToken, ...form });
    }
    init.headers = { ...headers, ...own, ...changes.headers };
    // Wrong passwords are slowed down elsewhere.
    if (isUnsafe({ at, form, json, access })) await site.db.execute('DELETE FROM glint.attempts');
    return fetch(site.url + path, init);
  }

  const answerOf = (answer: Response) =>
    answer.status === 302 && answer.headers.get('location')?.startsWith('/login/?next=') === true
      ? 'login'
      : answer.status;

  for (const [route, cases] of Object.entries(ROUTE_ACCESS)) {
    it(`${route}`, async () => {
      for (const each of cases) {
        const got: Partial<Record<Actor, unknown>> = {};
        let world = await makeWorld(site);
        for (const actor of [...PEOPLE, ...TOKENS]) {
          // A form that was taken may have changed what the next one needs.
          if (isUnsafe(each)) world = await makeWorld(site);
          const answer = await ask(each, world, await credentialsOf(site, actor, world));
          await answer.arrayBuffer();
          got[actor] = answerOf(answer);
        }
        expect(got, each.at).to.deep.equal(each.access);
      }
    });
  }

  it('changes nothing by a form without the token of the browser, or from elsewhere', async () => {
    const guarded = Object.values(ROUTE_ACCESS)
      .flat()
      .filter((each) => each.form !== undefined && !API.test(each.at) && !READING.test(each.at));
    expect(guarded.length).to.be.greaterThan(25);
    const stranger = await credentialsOf(site, 'other', shared);
    const attempts: Parameters<typeof ask>[3][] = [
      { csrfToken: '' },
      { csrfToken: 'wrong' },
      { csrfToken: stranger.csrfToken },
      { headers: { origin: 'https://evil.example' } },
      { headers: { origin: 'null' } },
      { headers: { 'sec-fetch-site': 'cross-site' } },
      { headers: { 'sec-fetch-site': 'same-site' } },
    ];
    const staff = await credentialsOf(site, 'staff', shared);
    const state = () => stateOf(site, shared);
    const before = await state();
    for (const each of guarded) {
      for (const actor of [await credentialsOf(site, 'owner', shared), staff]) {
        for (const attempt of attempts) {
          const { status } = await ask(each, shared, actor, attempt);
          expect(status, `${each.at} ${JSON.stringify(attempt)}`).to.equal(403);
        }
      }
    }
    expect(await state()).to.deep.equal(before);
  });

  it('takes a session from elsewhere for a visitor where forms need no token', async () => {
    const world = await makeWorld(site);
    const owner = await credentialsOf(site, 'owner', world);
    const elsewhere = {
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    };
    for (const each of Object.values(ROUTE_ACCESS).flat()) {
      if (!isUnsafe(each) || !(API.test(each.at) || READING.test(each.at))) continue;
      const { status } = await ask(each, world, owner, elsewhere);
      expect(status, each.at).to.equal(each.access.visitor);
    }
  });

  it('reaches no session, token or account of others by its number', async () => {
    const world = await makeWorld(site);
    const before = await stateOf(site, world);
    for (const actor of ['other', 'power', 'staff'] as const) {
      for (const at of ['/profile/sessions/{session}/end/', '/profile/tokens/{token}/revoke/']) {
        const each = { at, form: {}, access: ROUTE_ACCESS['get /'][0].access };
        await ask(each, world, await credentialsOf(site, actor, world));
      }
    }
    expect(await stateOf(site, world)).to.deep.equal(before);
  });
});

/** Everything that forms could change of what somebody owns. */
async function stateOf({ db }: TestSite, { owner: { userId } }: World): Promise<unknown> {
  const tables = ['users', 'sessions', 'api_tokens', 'notebook_accounts', 'queries', 'annotators'];
  return Promise.all(
    tables.map((table) => db.arrays(`SELECT * FROM glint.${table} WHERE user_id = ${userId}`)),
  );
}
