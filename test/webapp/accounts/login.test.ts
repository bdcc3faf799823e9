import { expect } from 'chai';

import { createPasswordHasher } from '../../../common/accounts/password-hash.ts';
import { disableAccount } from '../../../common/store/accounts/end-account.ts';
import { insertUser, updateDisabled } from '../../../common/store/accounts/users.ts';
import { nextPath } from '../../../webapp/accounts/next-path.ts';
import { startAccountSite } from './account-site.ts';
import type { AccountSite } from './account-site.ts';
import { openFormBrowser } from './form-browser.ts';

const PASSWORD = 'seven sisters in taurus';
/** Cheap to check; the first login hashes it anew at the present cost. */
const CHEAP = createPasswordHasher({ log2N: 8, r: 8, p: 1 });

describe('logging in', function () {
  this.timeout(120_000);
  let site: AccountSite;
  let userId: number;
  before(async () => {
    site = await startAccountSite({ GLINT_TRUSTED_PROXIES: '1' });
    userId = await makeUser('maia');
  });
  after(() => site.stop());
  beforeEach(() => site.db.execute('DELETE FROM glint.attempts'));

  const makeUser = async (name: string) => {
    const passwordHash = await CHEAP.hash(PASSWORD);
    const user = { name, email: `${name}@example.org`, role: 'user', passwordHash } as const;
    return insertUser(site.db, user, site.context.now());
  };
  const open = () => openFormBrowser(site.url);
  const right = { login: 'maia', password: PASSWORD };
  const sessionCount = async () =>
    Number((await site.db.arrays('SELECT COUNT(*) FROM glint.sessions'))[0][0]);

  it('takes name or address in any capitals, shows who is there, and logs out by POST only', async () => {
    for (const login of ['maia', ' MAIA ', 'maia@example.org', 'Maia@Example.ORG']) {
      const browser = open();
      const answer = await browser.fill('/login/', { login, password: PASSWORD });
      expect(answer.status, login).to.equal(303);
      expect(answer.headers.get('location')).to.equal('/');
      const home = await browser.get('/status/');
      expect(home.headers.get('cache-control')).to.match(/private|no-store/);
      expect(await home.text()).to.include('<span>maia</span>');
      const before = await sessionCount();
      expect((await browser.get('/logout/')).status).to.equal(200);
      expect(await sessionCount()).to.equal(before);
      const out = await browser.fill('/logout/', {});
      expect(out.headers.get('location')).to.equal('/');
      expect(await sessionCount()).to.equal(before - 1);
      expect((await browser.get('/profile/')).status).to.equal(302);
    }
  });

  it('answers alike for a wrong password and for nobody', async () => {
    const browser = open();
    const page = async (login: string) => {
      const answer = await browser.fill('/login/', { login, password: 'wrong' });
      expect(answer.status).to.equal(401);
      return (await answer.text()).replaceAll(login, 'NAME').replace(/_csrf" value="[^"]+/g, '');
    };
    expect(await page('maia')).to.equal(await page('nobody'));
    expect(await page('maia@example.org')).to.equal(await page('nobody@example.org'));
  });

  it('bears any text', async () => {
    const browser = open();
    for (const login of ['', 'é', '💫@💫', 'a\u0000b', '%', "' OR 1=1 --", 'x'.repeat(300)]) {
      const answer = await browser.fill('/login/', { login, password: login });
      expect(answer.status, login).to.be.oneOf([401, 429]);
      await site.db.execute('DELETE FROM glint.attempts');
    }
    const page = await browser.get('/login/');
    const csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    for (const fields of [
      { login: 'x'.repeat(301) },
      { password: 'x'.repeat(1_001) },
      { login: ['maia', 'atlas'] },
    ]) {
      const answer = await browser.send('/login/', { ...right, ...fields, _csrf: csrf });
      expect(answer.status).to.equal(400);
    }
  });

  it('gives a cookie that scripts and other sites do not get, __Host- over https', async () => {
    const plain = await open().fill('/login/', right);
    const [cookie] = plain.headers.getSetCookie().filter((line) => /session/.test(line));
    expect(cookie).to.match(
      /^glint_session=[\w-]{43}; Max-Age=\d+; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/,
    );

    // Over https a browser with its own origin, as a proxy passes it on.
    const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'glint.example' };
    const page = await fetch(`${site.url}/login/`, { headers: https });
    const visitor = page.headers.getSetCookie()[0];
    expect(visitor).to.match(
      /^__Host-glint_visitor=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    const secure = await fetch(`${site.url}/login/`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...https, cookie: visitor.split(';')[0], origin: 'https://glint.example' },
      body: new URLSearchParams({ ...right, _csrf: csrf }),
    });
    expect(secure.status).to.equal(303);
    const session = secure.headers.getSetCookie().find((line) => /session/.test(line)) ?? '';
    expect(session).to.match(
      /^__Host-glint_session=[\w-]{43};.*Path=\/;.*HttpOnly; Secure; SameSite=Lax$/,
    );
    // A cookie that a neighbouring host could have set without https counts for nothing there.
    const tossed = session.split(';')[0].replace('__Host-', '');
    const profile = await fetch(`${site.url}/profile/`, {
      headers: { ...https, cookie: tossed },
      redirect: 'manual',
    });
    expect(profile.status).to.equal(302);
  });

  it('never adopts an id that the browser brought, and begins anew at each login', async () => {
    const browser = open();
    browser.cookies.set('glint_session', 'A'.repeat(43));
    await browser.fill('/login/', right);
    const first = browser.cookies.get('glint_session');
    expect(first).to.not.equal('A'.repeat(43));
    const stored = (await site.db.arrays('SELECT session_hash FROM glint.sessions')).flat();
    expect(stored).to.not.include(first);
    // Whoever is logged in and logs in again, in another tab, leaves no session behind.
    const count = await sessionCount();
    const html = await (await browser.get('/logout/')).text();
    const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    await browser.send('/login/', { ...right, _csrf: csrf });
    expect(browser.cookies.get('glint_session')).to.not.equal(first);
    expect(await sessionCount()).to.equal(count);
  });

  it('lets many log in at once', async () => {
    const before = await sessionCount();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => open().fill('/login/', right)),
    );
    expect(answers.map((answer) => answer.status)).to.deep.equal([303, 303, 303, 303]);
    expect(await sessionCount()).to.equal(before + 4);
  });

  it('hashes a password anew that was hashed at another cost', async () => {
    await makeUser('alcyone');
    await open().fill('/login/', { login: 'alcyone', password: PASSWORD });
    const hashes = await site.db.arrays(
      "SELECT password_hash FROM glint.users WHERE name = 'alcyone'",
    );
    expect(hashes[0][0]).to.match(/^\$scrypt\$ln=17,r=8,p=1\$/);
    expect(
      (await open().fill('/login/', { login: 'alcyone', password: PASSWORD })).status,
    ).to.equal(303);
  });

  it('slows guesses down with 429 and Retry-After, by the address that the proxy names', async () => {
    const guess = (address: string, password = 'wrong') =>
      open().fill('/login/', { login: 'maia', password }, '/login/', {
        'x-forwarded-for': `10.9.9.9, ${address}`,
      });
    for (let i = 0; i < 5; i++) expect((await guess('198.51.100.1')).status).to.equal(401);
    const refused = await guess('198.51.100.1', PASSWORD);
    expect(refused.status).to.equal(429);
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 5);
    expect(await refused.text()).to.match(/There were too many tries\. Wait \d seconds?\./);
    expect((await guess('203.0.113.1', PASSWORD)).status, 'the owner elsewhere').to.equal(303);
    site.pass(6);
    expect((await guess('198.51.100.1', PASSWORD)).status).to.equal(303);
  });

  it('keeps a disabled account out at once, and says why only to its owner', async () => {
    const browser = open();
    await browser.fill('/login/', right);
    expect((await browser.get('/profile/')).status).to.equal(200);
    await disableAccount(site.db, userId, site.context.now());
    expect((await browser.get('/profile/')).status).to.equal(302);
    const refused = await open().fill('/login/', right);
    expect(refused.status).to.equal(403);
    expect(await refused.text()).to.include('has been disabled');
    const stranger = await open().fill('/login/', { login: 'maia', password: 'wrong' });
    expect(await stranger.text()).to.not.include('disabled');
    await updateDisabled(site.db, userId, null);
  });

  it('ends sessions that nobody uses for two weeks, and all after 60 days', async () => {
    const browser = open();
    await browser.fill('/login/', right);
    const status = async () => (await browser.get('/profile/')).status;
    for (let days = 10; days < 60; days += 10) {
      site.pass(10 * 86_400);
      expect(await status(), `after ${days} days`).to.equal(200);
    }
    site.pass(11 * 86_400);
    expect(await status()).to.equal(302);
    await browser.fill('/login/', right);
    site.pass(15 * 86_400);
    expect(await status()).to.equal(302);
    expect(browser.cookies.has('glint_session'), 'the cookie is taken back').to.equal(false);
  });

  it('notes when a session was seen, once a minute', async () => {
    const browser = open();
    await browser.fill('/login/', right);
    const seen = async () =>
      String((await site.db.arrays('SELECT MAX(seen_at) FROM glint.sessions'))[0][0]);
    const first = await seen();
    site.pass(30);
    await browser.get('/profile/');
    expect(await seen()).to.equal(first);
    site.pass(31);
    await browser.get('/profile/');
    expect(await seen()).to.not.equal(first);
  });

  it('leads back to the page that was asked for, and nowhere else', async () => {
    const browser = open();
    const sent = await browser.get('/profile/?done=data');
    expect(sent.status).to.equal(302);
    const login = sent.headers.get('location') ?? '';
    expect(login).to.equal('/login/?next=%2Fprofile%2F%3Fdone%3Ddata');
    const answer = await browser.fill(login, right);
    expect(answer.headers.get('location')).to.equal('/profile/?done=data');
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example/']) {
      const other = open();
      const led = await other.fill(`/login/?next=${encodeURIComponent(next)}`, { ...right, next });
      expect(led.headers.get('location'), next).to.equal('/');
    }
  });

  it('leads on from the addresses of 2019', async () => {
    const moved: [string, string][] = [
      ['/accounts/login/?next=/status/', '/login/?next=/status/'],
      ['/accounts/logout/', '/logout/'],
      ['/accounts/password_change/', '/profile/#password'],
      ['/accounts/password_reset/', '/password_reset/'],
      ['/register/', '/signup/'],
      ['/accounts/', '/profile/'],
    ];
    for (const [from, to] of moved) {
      const answer = await open().get(from);
      expect([answer.status, answer.headers.get('location')], from).to.deep.equal([301, to]);
    }
  });
});

describe('nextPath', () => {
  it('keeps paths of this site', () => {
    for (const path of ['/', '/query/?q=SELECT%201#x', '/object/ZTF18aaaaaaa/', '/a//b']) {
      expect(nextPath(path)).to.equal(path);
    }
  });

  it('is the front page for what a browser could take for another site', () => {
    for (const path of [
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      '/.//evil.example',
      '/a/..//evil.example',
      '/%2e//evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      'evil.example',
      ' //evil.example',
      '',
      undefined,
      ['/', '/'],
      `/${'a'.repeat(3_000)}`,
    ]) {
      expect(nextPath(path), JSON.stringify(path)).to.equal('/');
    }
    expect(nextPath('/\u0000x\r\nSet-Cookie: a=b')).to.match(/^\/[\x21-\x7e]*$/);
  });
});
