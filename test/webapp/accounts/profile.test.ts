import { expect } from 'chai';

import { createPasswordHasher } from '../../../common/accounts/password-hash.ts';
import { insertApiToken } from '../../../common/store/accounts/api-tokens.ts';
import { insertUser } from '../../../common/store/accounts/users.ts';
import type { Role } from '../../../common/store/accounts/users.ts';
import { startAccountSite } from './account-site.ts';
import type { AccountSite } from './account-site.ts';
import { openFormBrowser } from './form-browser.ts';
import type { FormBrowser } from './form-browser.ts';
import { linkIn } from './mail-server.ts';

const PASSWORD = 'seven sisters in taurus';
const OTHER_PASSWORD = 'nine planets, or eight';
const CHEAP = createPasswordHasher({ log2N: 8, r: 8, p: 1 });

describe('the profile', function () {
  this.timeout(120_000);
  let site: AccountSite;
  before(async () => {
    site = await startAccountSite();
  });
  after(() => site.stop());
  beforeEach(() => site.db.execute('DELETE FROM glint.attempts'));

  /** Somebody new with a password, logged in. */
  const enter = async (name: string, role: Role = 'user'): Promise<FormBrowser> => {
    const passwordHash = await CHEAP.hash(PASSWORD);
    const user = { name, email: `${name}@example.org`, role, passwordHash };
    await insertUser(site.db, user, site.context.now());
    return logIn(name);
  };
  const logIn = async (login: string, password = PASSWORD) => {
    const browser = openFormBrowser(site.url);
    const answer = await browser.fill('/login/', { login, password });
    expect(answer.status).to.equal(303);
    return browser;
  };
  const isIn = async (browser: FormBrowser) => (await browser.get('/profile/')).status === 200;
  const resetLink = async (email: string) => {
    await openFormBrowser(site.url).fill('/password_reset/', { email });
    return linkIn(await site.mail.next(email), site.url);
  };

  it('keeps what one says of oneself, whatever the script', async () => {
    const browser = await enter('maia');
    const fields = { firstName: ' Μαῖα ', lastName: '昴  宿', affiliation: '' };
    const saved = await browser.fill('/profile/', fields, '/profile/data/');
    expect(saved.headers.get('location')).to.equal('/profile/?done=data');
    const html = await (await browser.get('/profile/?done=data')).text();
    expect(html).to.include('value="Μαῖα"').and.include('value="昴 宿"').and.include('Saved.');
    const refused = await browser.fill(
      '/profile/',
      { ...fields, firstName: 'x'.repeat(101) },
      '/profile/data/',
    );
    expect(refused.status).to.equal(400);
    expect(await refused.text()).to.include('at most 100 letters');
    for (const done of ['nonsense', '__proto__', 'constructor', '<script>']) {
      const page = await browser.get(`/profile/?done=${encodeURIComponent(done)}`);
      expect(page.status).to.equal(200);
      expect(await page.text()).to.not.include('alert-success');
    }
  });

  it('changes the password against the old one, ends other sessions, keeps tokens, tells by mail', async () => {
    const browser = await enter('alcyone');
    const other = await logIn('alcyone');
    const change = (password: string, newPassword: string) =>
      browser.fill('/profile/', { password, newPassword }, '/profile/password/');
    const wrong = await change('wrong', OTHER_PASSWORD);
    expect(wrong.status).to.equal(400);
    expect(await wrong.text()).to.include('The password is not right.');
    const weak = await change(PASSWORD, 'alcyone123');
    expect(weak.status).to.equal(400);
    expect(await isIn(other)).to.equal(true);

    const before = browser.cookies.get('glint_session');
    const done = await change(PASSWORD, OTHER_PASSWORD);
    expect(done.headers.get('location')).to.equal('/profile/?done=password-changed');
    expect(browser.cookies.get('glint_session')).to.not.equal(before);
    expect(await isIn(browser)).to.equal(true);
    expect(await isIn(other)).to.equal(false);
    const told = await site.mail.next('alcyone@example.org');
    expect(told.text).to.include('was changed');
    await logIn('alcyone', OTHER_PASSWORD);
    const old = await openFormBrowser(site.url).fill('/login/', {
      login: 'alcyone',
      password: PASSWORD,
    });
    expect(old.status).to.equal(401);
  });

  it('moves to another address when that is confirmed, and tells the old one twice', async () => {
    const browser = await enter('electra');
    const ask = (email: string, password = PASSWORD) =>
      browser.fill('/profile/', { email, password }, '/profile/email/');
    expect((await ask('new@example.org', 'wrong')).status).to.equal(400);
    expect((await ask('nonsense')).status).to.equal(400);
    const asked = await ask('new@example.org');
    expect(asked.headers.get('location')).to.equal('/profile/?done=email-asked#email');
    const warned = await site.mail.next('electra@example.org');
    expect(warned.text).to.include('new@example.org');
    const link = linkIn(await site.mail.next('new@example.org'), site.url);
    expect(await (await browser.get('/profile/')).text()).to.include('electra@example.org');
    const confirmed = await browser.fill(link, {}, '/email/confirm/');
    expect(confirmed.headers.get('location')).to.equal('/profile/?done=email-changed');
    expect((await site.mail.next('electra@example.org')).text).to.include(
      'now has the mail address',
    );
    await logIn('new@example.org');
    expect((await browser.get(link)).status).to.equal(410);
  });

  it('does not tell whether an address is somebody else’s, nor take it', async () => {
    await enter('taygete');
    const browser = await enter('celaeno');
    const ask = (email: string) =>
      browser.fill('/profile/', { email, password: PASSWORD }, '/profile/email/');
    const known = await ask('taygete@example.org');
    const unknown = await ask('celaeno2@example.org');
    expect(known.headers.get('location')).to.equal(unknown.headers.get('location'));
    const told = await site.mail.next('taygete@example.org');
    expect(told.text).to.include('It has an account already: taygete');
    // It becomes somebody's between asking and confirming.
    const link = linkIn(await site.mail.next('celaeno2@example.org'), site.url);
    const rival = { name: 'rival', email: 'CELAENO2@example.org', role: 'user' } as const;
    await insertUser(site.db, rival, site.context.now());
    const late = await browser.fill(link, {}, '/email/confirm/');
    expect(late.status).to.equal(409);
    expect(await (await browser.get('/profile/')).text()).to.include('celaeno@example.org');
  });

  it('ends the wish for another address with a new password', async () => {
    const browser = await enter('sterope');
    await browser.fill(
      '/profile/',
      { email: 'thief@example.org', password: PASSWORD },
      '/profile/email/',
    );
    const link = linkIn(await site.mail.next('thief@example.org'), site.url);
    await site.mail.next('sterope@example.org');
    const reset = await resetLink('sterope@example.org');
    await openFormBrowser(site.url).fill(
      reset,
      { password: OTHER_PASSWORD },
      '/password_reset/confirm/',
    );
    expect((await browser.get(link)).status).to.equal(404);
  });

  it('lists sessions, ends one or all others, and none of other people', async () => {
    const browser = await enter('merope');
    const [second, third] = [await logIn('merope'), await logIn('merope')];
    const stranger = await enter('stranger');
    const page = await (await browser.get('/profile/')).text();
    const ids = [...page.matchAll(/\/profile\/sessions\/(\d+)\/end\//g)].map((match) => match[1]);
    expect(ids).to.have.length(2);
    const html = await (await stranger.get('/profile/')).text();
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    for (const id of ids) await stranger.send(`/profile/sessions/${id}/end/`, { _csrf });
    expect(await isIn(second)).to.equal(true);
    await browser.fill('/profile/', {}, `/profile/sessions/${ids[0]}/end/`);
    expect([await isIn(second), await isIn(third)].filter(Boolean)).to.have.length(1);
    await browser.fill('/profile/', {}, '/profile/sessions/end-others/');
    expect([await isIn(second), await isIn(third), await isIn(browser)]).to.eql([
      false,
      false,
      true,
    ]);
    expect(await isIn(stranger)).to.equal(true);
  });

  it('gives a database account that works, once shows its password, and revokes it', async () => {
    const browser = await enter('atlas');
    const made = await browser.fill('/profile/', {}, '/profile/notebook/');
    expect(made.status).to.equal(200);
    const html = await made.text();
    const password = /id="notebook-password">([^<]+)</.exec(html)?.[1] ?? '';
    const user = /user=(?:"|&quot;)(glint_nb_\d+)/.exec(html)?.[1] ?? '';
    expect(password).to.have.length.above(20);
    const { openDatabase } = await import('../../../common/store/database.ts');
    const { port } = new URL(site.context.config.databaseUrl ?? '');
    const own = openDatabase(`mysql://${user}:${password}@127.0.0.1:${port}`, { poolSize: 1 });
    try {
      expect(await own.arrays('SELECT COUNT(*) FROM ztf_views.objects')).to.deep.equal([['0']]);
      const page = await (await browser.get('/profile/')).text();
      expect(page).to.include(user).and.not.include(password);
      const revoked = await browser.fill('/profile/', {}, '/profile/notebook/revoke/');
      expect(revoked.headers.get('location')).to.equal('/profile/?done=notebook-revoked#notebook');
      const err = await own.arrays('SELECT 1').catch((reason: unknown) => reason);
      expect(err).to.be.instanceOf(Error);
    } finally {
      await own.close().catch(() => undefined);
    }
  });

  it('deletes the account with all that is its own, and nothing of others', async () => {
    const browser = await enter('pleione');
    await enter('hyas');
    const { db, now } = site.context;
    const idOf = async (name: string) =>
      Number(
        (await db.arrays('SELECT user_id FROM glint.users WHERE name = :name', { name }))[0][0],
      );
    for (const name of ['pleione', 'hyas']) {
      const userId = await idOf(name);
      const token = { name: 'x', scopes: ['read'] as const, expiresAt: null };
      await db.transaction((tx) => insertApiToken(tx, userId, token, now()));
      await db.execute(
        "INSERT INTO glint.watchlists (wl_id, user_id, name, description, active, public, created_at, updated_at, radius) VALUES (:userId, :userId, 'w', '', 0, 1, :now, :now, 5)",
        { userId, now: now() },
      );
      await db.execute(
        "INSERT INTO glint.watchlist_cones (wl_id, name, ra, decl, hpx29) VALUES (:userId, 'c', 1, 1, 1)",
        { userId },
      );
    }
    await browser.fill('/profile/', {}, '/profile/notebook/');
    await resetLink('pleione@example.org');

    const remove = (fields: Record<string, string>) => browser.fill('/profile/delete/', fields);
    expect((await remove({ name: 'hyas', password: PASSWORD })).status).to.equal(400);
    expect((await remove({ name: 'pleione', password: 'wrong' })).status).to.equal(400);
    const userId = await idOf('pleione');
    const done = await remove({ name: 'Pleione', password: PASSWORD });
    expect(done.headers.get('location')).to.equal('/account_deleted/');
    expect((await browser.get('/account_deleted/')).status).to.equal(200);
    expect(await isIn(browser)).to.equal(false);

    const columns = await db.arrays(
      "SELECT table_schema, table_name FROM information_schema.columns WHERE column_name = 'user_id' AND table_schema = 'glint'",
    );
    expect(columns.length).to.be.above(8);
    for (const [schema, table] of columns) {
      const rows = await db.arrays(
        `SELECT COUNT(*) FROM ${String(schema)}.${String(table)} WHERE user_id = :userId`,
        { userId },
      );
      expect(rows, String(table)).to.deep.equal([['0']]);
    }
    const cones = await db.arrays('SELECT wl_id FROM glint.watchlist_cones');
    expect(cones).to.deep.equal([[await idOf('hyas')]]);
    const mailed = [await site.mail.next('pleione@example.org')];
    expect(mailed[0].text).to.include('were deleted');
    // The name and the address are free again.
    await insertUser(db, { name: 'pleione', email: 'pleione@example.org', role: 'user' }, now());
  });

  it('keeps the last of staff', async () => {
    const browser = await enter('boss', 'staff');
    const refused = await browser.fill('/profile/delete/', { name: 'boss', password: PASSWORD });
    expect(refused.status).to.equal(400);
    expect(await refused.text()).to.include('only account of staff');
    await enter('deputy', 'staff');
    const done = await browser.fill('/profile/delete/', { name: 'boss', password: PASSWORD });
    expect(done.status).to.equal(303);
  });
});
