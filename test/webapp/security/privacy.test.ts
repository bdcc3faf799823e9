import { expect } from 'chai';

import { startAccountSite } from '../accounts/account-site.ts';
import type { AccountSite } from '../accounts/account-site.ts';
import { openFormBrowser } from '../accounts/form-browser.ts';
import { linkIn } from '../accounts/mail-server.ts';
import { logIn } from '../log-in.ts';

const [FIRST, SECOND, THIRD, WRONG] = [
  'seven sisters in taurus',
  'nine muses on helicon',
  'three graces of athens',
  'not-what-was-chosen',
];

describe('secrets of people', function () {
  this.timeout(120_000);
  let site: AccountSite;
  before(async () => {
    site = await startAccountSite();
  });
  after(() => site?.stop());

  it('stay out of the log at any level, through everything that one does with an account', async () => {
    const secrets = new Set([FIRST, SECOND, THIRD, WRONG]);
    const browser = openFormBrowser(site.url);
    const keep = async (answer: Response) => {
      for (const value of browser.cookies.values()) secrets.add(value);
      const html = await answer.text();
      for (const [, token] of html.matchAll(/name="_csrf" value="([^"]+)"/g)) {
        secrets.add(token.replaceAll('&#x3D;', '='));
      }
      for (const [, token] of html.matchAll(/id="new-token"[^>]*>([0-9a-f]{40})</g)) {
        secrets.add(token);
      }
      return answer.status;
    };
    const see = async (path: string) => keep(await browser.get(path));
    const send = async (...asked: Parameters<typeof browser.fill>) =>
      keep(await browser.fill(...asked));
    const linkTo = async (email: string) => {
      const link = linkIn(await site.mail.next(email), site.url);
      const key = /key=([\w-]{43})$/.exec(link)?.[1];
      if (key !== undefined) secrets.add(key);
      return link;
    };

    await see('/signup/');
    const email = 'maia@example.org';
    await send('/signup/', { name: 'maia', email, password: 'short' });
    secrets.add('short"');
    expect(await send('/signup/', { name: 'maia', email, password: FIRST })).to.equal(303);
    const link = await linkTo(email);
    await send(link, { password: WRONG }, '/signup/confirm/');
    expect(await send(link, { password: FIRST }, '/signup/confirm/')).to.equal(303);
    await see(link);
    await see('/profile/');
    await send('/profile/', { password: WRONG, newPassword: SECOND }, '/profile/password/');
    await send('/profile/', { password: FIRST, newPassword: SECOND }, '/profile/password/');
    await send('/profile/', { name: 'laptop', scopes: ['read'] }, '/profile/tokens/');
    await send('/profile/', { email: 'm@example.net', password: SECOND }, '/profile/email/');
    await send('/profile/', { password: WRONG, name: 'maia' }, '/profile/delete/').catch(() => 0);
    await see(await linkTo('m@example.net'));
    await see('/queries/999/?key=x');
    expect(await send('/logout/', {})).to.equal(303);
    await send('/login/', { login: 'maia', password: WRONG });
    // People put the password where the name belongs.
    await send('/login/', { login: SECOND, password: '' });
    await send('/login/', { login: 'maia', password: SECOND, next: '/profile/' });
    await send('/logout/', {});
    await send('/password_reset/', { email });
    let reset = await linkTo(email);
    while (!reset.includes('/password_reset/confirm/')) reset = await linkTo(email);
    expect(await send(reset, { password: THIRD }, '/password_reset/confirm/')).to.equal(303);

    const post = (body: string, type: string) =>
      fetch(`${site.url}/api/auth-token/`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
    await post(`{"username":"maia","password":${WRONG}}`, 'application/json');
    await post(`{"username":"maia","password":"${WRONG}","token":"x`, 'application/json');
    await post(`username=maia&password=${WRONG}`, 'text/plain');
    await post(`username=maia&password=${encodeURIComponent(WRONG)}&password=2`, FORM);
    const answer = await post(`username=maia&password=${encodeURIComponent(THIRD)}`, FORM);
    const { token } = (await answer.json()) as { token: string };
    secrets.add(token);
    await fetch(`${site.url}/query/?sql=SELECT&token=${token}`);
    await fetch(`${site.url}/profile/?token=${token}`, { redirect: 'manual' });
    await fetch(`${site.url}/api/v1/queries?survey=ztf&sql=SELECT&token=${token}`);
    await fetch(`${site.url}/nothing/?password=${WRONG}`);
    await fetch(`${site.url}/status/x/`, { headers: { authorization: `Basic ${WRONG}` } });

    expect(secrets.size).to.be.above(15);
    expect(site.logged.length).to.be.above(5);
    const log = site.logged.join('\n');
    for (const secret of secrets) {
      expect(log.includes(secret), `${secret} in the log`).to.equal(false);
      // Words that a parser quotes are cut.
      if (secret === WRONG) expect(log).to.not.include(secret.slice(0, 9));
    }
  });

  it('are kept by no cache: what is somebody’s own says so, and nothing else is shared', async () => {
    const maia = await logIn(site, 'maia2', { role: 'staff' });
    const own = ['/', '/profile/', '/users/', '/queries/', '/queries/create/', '/query/'];
    for (const path of [
      ...own,
      '/streams/',
      '/search/?q=1',
      '/api/v1/saved-queries',
      '/nothing/',
    ]) {
      const answer = await maia.get(path);
      expect(answer.headers.get('cache-control'), path).to.match(/no-store|private/);
      expect(answer.headers.get('referrer-policy'), path).to.equal('same-origin');
      await answer.arrayBuffer();
    }
    for (const path of [
      '/login/',
      '/signup/',
      '/password_reset/',
      '/profile/',
      '/signup/confirm/',
    ]) {
      const answer = await fetch(site.url + path, { redirect: 'manual' });
      expect(answer.headers.get('cache-control'), path).to.equal('no-store');
    }
    const { token } = maia;
    const api = await fetch(`${site.url}/api/v1/status?token=${token}`);
    expect(api.headers.get('cache-control')).to.match(/no-store|private/);
  });
});

const FORM = 'application/x-www-form-urlencoded';
