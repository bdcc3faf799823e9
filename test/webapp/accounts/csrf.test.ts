import { expect } from 'chai';

import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { startAccountSite } from './account-site.ts';
import type { AccountSite } from './account-site.ts';
import { openFormBrowser } from './form-browser.ts';

describe('forms from elsewhere', () => {
  let site: AccountSite;
  let maia: LoggedIn;
  before(async () => {
    site = await startAccountSite();
    maia = await logIn(site, 'maia');
  });
  after(() => site.stop());

  const send = (headers: Record<string, string>, fields: Record<string, string>) =>
    fetch(`${site.url}/profile/data/`, {
      method: 'POST',
      headers: { cookie: maia.cookie, ...headers },
      body: new URLSearchParams({ firstName: 'Changed', ...fields }),
      redirect: 'manual',
    });
  const firstName = async () =>
    (await site.db.arrays("SELECT first_name FROM glint.users WHERE name = 'maia'"))[0][0];

  it('are refused without the token, with a wrong one, and with that of another session', async () => {
    const atlas = await logIn(site, 'atlas');
    const wrong = ['', 'x', maia.csrfToken.slice(1), `${maia.csrfToken}x`, atlas.csrfToken, 'é'];
    for (const _csrf of wrong) {
      const answer = await send({ origin: site.url }, { _csrf });
      expect(answer.status, _csrf).to.equal(403);
      const html = await answer.text();
      expect(html).to.include('reload the page').and.include('Forbidden');
    }
    expect((await send({ origin: site.url }, {})).status).to.equal(403);
    expect(await firstName()).to.equal('');
  });

  it('are refused with the token when the browser names another site', async () => {
    const { csrfToken: _csrf } = maia;
    const elsewhere: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: site.url.replace('127.0.0.1', 'localhost') },
      { origin: site.url, 'sec-fetch-site': 'cross-site' },
      { origin: site.url, 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of elsewhere) {
      const answer = await send(headers, { _csrf });
      expect(answer.status, JSON.stringify(headers)).to.equal(403);
    }
    expect(await firstName()).to.equal('');
  });

  it('pass with the token, from this site or from a browser that says nothing', async () => {
    const { csrfToken: _csrf } = maia;
    for (const headers of [
      { origin: site.url, 'sec-fetch-site': 'same-origin' },
      { origin: site.url },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      {},
      { origin: site.url, 'x-csrf-token': _csrf },
    ] as Record<string, string>[]) {
      const fields: Record<string, string> = 'x-csrf-token' in headers ? {} : { _csrf };
      expect((await send(headers, fields)).status, JSON.stringify(headers)).to.equal(303);
    }
    expect(await firstName()).to.equal('Changed');
  });

  it('cannot log a visitor in: the login has a token too, tied to a cookie', async () => {
    const attacker = openFormBrowser(site.url);
    const html = await (await attacker.get('/login/')).text();
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const victim = openFormBrowser(site.url);
    await victim.get('/login/');
    const fields = { login: 'maia', password: 'seven sisters', _csrf };
    expect((await victim.send('/login/', fields)).status).to.equal(403);
    victim.cookies.clear();
    expect((await victim.send('/login/', fields)).status, 'without cookies').to.equal(403);
    expect((await attacker.send('/login/', fields)).status, 'the form itself').to.equal(401);
  });

  it('cannot use a session where no token is asked for', async () => {
    const path = '/api/v1/queries';
    const post = (headers: Record<string, string>) =>
      fetch(site.url + path, {
        method: 'POST',
        headers: { cookie: maia.cookie, ...headers },
        body: new URLSearchParams({ query: 'SELECT 1' }),
      });
    // Whoever is not known gets an answer that may be kept; whoever is, a private one.
    const isKnown = (answer: Response) =>
      /private|no-store/.test(answer.headers.get('cache-control') ?? '') &&
      answer.headers.get('access-control-allow-origin') === null;
    expect(isKnown(await post({ origin: site.url }))).to.equal(true);
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: site.url, 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[]) {
      expect(isKnown(await post(headers)), JSON.stringify(headers)).to.equal(false);
    }
  });

  it('set no cookie and no token for visitors on pages without a form', async () => {
    const answer = await fetch(`${site.url}/schema/`);
    expect(answer.headers.getSetCookie()).to.deep.equal([]);
    expect(await answer.text()).to.not.include('_csrf');
  });

  it('stay whole: every form of a page that changes something carries the token', async () => {
    const staff = await logIn(site, 'staff-member', { role: 'staff' });
    for (const path of ['/profile/', '/profile/delete/', '/users/', '/logout/']) {
      const html = await (await staff.get(path)).text();
      const forms = html.match(/<form [^]*?<\/form>/g) ?? [];
      const posting = forms.filter((form) => form.includes('method="post"'));
      expect(posting.length, path).to.be.above(0);
      for (const form of posting) {
        expect(form, path).to.include(`name="_csrf" value="${staff.csrfToken}"`);
      }
      expect(html).to.not.match(/ style="| on\w+="|<style|<script>/);
    }
  });
});
