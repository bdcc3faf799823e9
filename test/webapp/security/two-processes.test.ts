import { expect } from 'chai';

import { startWeb } from '../../../webapp/server.ts';
import type { WebServer } from '../../../webapp/server.ts';
import { createPasswordHasher } from '../../../common/accounts/password-hash.ts';
import { startAccountSite } from '../accounts/account-site.ts';
import type { AccountSite } from '../accounts/account-site.ts';
import { openFormBrowser } from '../accounts/form-browser.ts';
import { linkIn } from '../accounts/mail-server.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';

const PASSWORD = 'seven sisters in taurus';

/** As behind a proxy that sends each request to another process. */
describe('two processes of the site on one database', function () {
  this.timeout(120_000);
  let site: AccountSite;
  let second: WebServer;

  before(async () => {
    site = await startAccountSite();
    second = await startWeb(site.context);
  });
  after(async () => {
    await second?.stop();
    await site?.stop();
  });
  beforeEach(() => site.db.execute('DELETE FROM glint.attempts'));

  const at = (url: string, who: LoggedIn, path: string, fields?: Record<string, string>) =>
    fetch(url + path, {
      headers: { cookie: who.cookie, origin: url },
      redirect: 'manual',
      ...(fields && {
        method: 'POST',
        body: new URLSearchParams({ _csrf: who.csrfToken, ...fields }),
      }),
    });

  it('know the same sessions, forms and links', async () => {
    const first = openFormBrowser(site.url);
    const form = { name: 'maia', email: 'maia@example.org', password: PASSWORD };
    expect((await first.fill('/signup/', form)).status).to.equal(303);
    const link = linkIn(await site.mail.next('maia@example.org'), site.url);
    // Cookies do not tell ports apart, and neither do browsers.
    const other = openFormBrowser(second.url);
    for (const [name, value] of first.cookies) other.cookies.set(name, value);
    const confirmed = await other.fill(link, { password: PASSWORD }, '/signup/confirm/');
    expect(confirmed.status).to.equal(303);
    expect((await other.get('/profile/')).status).to.equal(200);
    first.cookies.clear();
    for (const [name, value] of other.cookies) first.cookies.set(name, value);
    expect((await first.get('/profile/')).status).to.equal(200);
    const page = await (await first.get('/profile/')).text();
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const answer = await other.send('/profile/data/', { _csrf, firstName: 'Maia' });
    expect(answer.status).to.equal(303);
    await first.fill('/logout/', {});
    expect((await other.get('/profile/')).status).to.equal(302);
  });

  it('end sessions and tokens for each other at once', async () => {
    const vera = await logIn(site, 'vera');
    const status = async (url: string) =>
      (
        await fetch(`${url}/api/v1/saved-queries?show=mine`, {
          headers: { authorization: `Token ${vera.token}` },
        })
      ).status;
    expect(await status(second.url)).to.equal(200);
    const [[tokenId]] = await site.db.arrays(
      `SELECT token_id FROM glint.api_tokens WHERE user_id = ${vera.userId}`,
    );
    await at(site.url, vera, `/profile/tokens/${Number(tokenId)}/revoke/`, {});
    expect(await status(second.url)).to.equal(401);
    await at(second.url, vera, '/logout/', {});
    expect((await at(site.url, vera, '/profile/')).status).to.equal(302);
  });

  it('count tries at a password together', async () => {
    const vera = await logIn(site, 'atlas');
    const passwordHash = await createPasswordHasher().hash(PASSWORD);
    await site.db.execute(
      'UPDATE glint.users SET password_hash = :passwordHash WHERE user_id = :userId',
      { passwordHash, userId: vera.userId },
    );
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) {
      const browser = openFormBrowser(i % 2 === 0 ? site.url : second.url);
      statuses.push(
        (await browser.fill('/login/', { login: 'atlas', password: 'not this one' })).status,
      );
    }
    expect(statuses).to.deep.equal([401, 401, 401, 401, 401, 429]);
  });

  it('count requests of programs together', async () => {
    const vera = await logIn(site, 'elektra');
    const minute = Math.floor(site.context.now().getTime() / 60_000);
    const row = { userId: vera.userId, slot: (minute - 1) % 64, minute: minute - 1 };
    await site.db.execute(
      'INSERT INTO glint.request_counts (user_id, slot, minute, requests) VALUES (:userId, :slot, :minute, 998)',
      row,
    );
    const ask = async (url: string) =>
      (
        await fetch(`${url}/api/v1/queries?survey=ztf&sql=SELECT`, {
          headers: { authorization: `Token ${vera.token}` },
        })
      ).status;
    const statuses = [await ask(site.url), await ask(second.url), await ask(site.url)];
    expect([...statuses, await ask(second.url)]).to.deep.equal([400, 400, 429, 429]);
  });
});
