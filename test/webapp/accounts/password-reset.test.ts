import { expect } from 'chai';

import { createPasswordHasher } from '../../../common/accounts/password-hash.ts';
import { disableAccount } from '../../../common/store/accounts/end-account.ts';
import { insertUser } from '../../../common/store/accounts/users.ts';
import { logIn } from '../log-in.ts';
import { startAccountSite } from './account-site.ts';
import type { AccountSite } from './account-site.ts';
import { openFormBrowser } from './form-browser.ts';
import { linkIn } from './mail-server.ts';

const PASSWORD = 'seven sisters in taurus';
const OTHER_PASSWORD = 'nine planets, or eight';

describe('a password forgotten', function () {
  this.timeout(120_000);
  let site: AccountSite;
  before(async () => {
    site = await startAccountSite();
  });
  after(() => site.stop());
  beforeEach(() => site.db.execute('DELETE FROM glint.attempts'));

  const makeUser = async (name: string) => {
    const passwordHash = await createPasswordHasher({ log2N: 8, r: 8, p: 1 }).hash(PASSWORD);
    const user = { name, email: `${name}@example.org`, role: 'user', passwordHash } as const;
    return insertUser(site.db, user, site.context.now());
  };
  const ask = (email: string) => openFormBrowser(site.url).fill('/password_reset/', { email });
  const linkFor = async (email: string) => {
    await ask(email);
    return linkIn(await site.mail.next(email), site.url);
  };
  const set = (link: string, password: string) =>
    openFormBrowser(site.url).fill(link, { password }, '/password_reset/confirm/');
  const login = async (name: string, password: string) =>
    (await openFormBrowser(site.url).fill('/login/', { login: name, password })).status;

  it('is set anew by the link, which logs in and ends all other sessions', async () => {
    const { userId } = await logIn(site, 'maia');
    const old = await logIn(site, 'other');
    await site.db.execute('UPDATE glint.sessions SET user_id = :userId', { userId });
    const link = await linkFor('maia@example.org');
    const browser = openFormBrowser(site.url);
    const page = await browser.get(link);
    expect(page.status).to.equal(200);
    expect(page.headers.get('cache-control')).to.equal('no-store');
    const weak = await browser.fill(link, { password: 'maiamaia12' }, '/password_reset/confirm/');
    expect(weak.status).to.equal(400);
    expect((await old.get('/profile/')).status, 'nothing has happened yet').to.equal(200);
    const done = await browser.fill(link, { password: OTHER_PASSWORD }, '/password_reset/confirm/');
    expect(done.headers.get('location')).to.equal('/profile/?done=password-set');
    expect((await browser.get('/profile/')).status).to.equal(200);
    expect((await old.get('/profile/')).status).to.equal(302);
    expect((await site.mail.next('maia@example.org')).text).to.include('was changed');
    expect(await login('maia', OTHER_PASSWORD)).to.equal(303);
    const again = await browser.get(link);
    expect(again.status).to.equal(410);
  });

  it('answers alike whether there is such an account or not', async () => {
    await makeUser('alcyone');
    const page = async (email: string) => {
      const answer = await ask(email);
      return [answer.status, answer.headers.get('location')];
    };
    expect(await page('nobody@example.org')).to.deep.equal(await page('alcyone@example.org'));
    await site.mail.next('alcyone@example.org');
    expect(site.mail.mails.some((mail) => mail.to.includes('nobody@example.org'))).to.equal(false);
  });

  it('sends to the address that is kept, not to one that the database finds equal', async () => {
    await makeUser('mike');
    for (const email of ['mıke@example.org', 'míke@example.org', 'mike@example.org\u0000']) {
      expect((await ask(email)).status, email).to.equal(400);
    }
    await ask('MIKE@EXAMPLE.ORG');
    expect((await site.mail.next('mike@example.org')).to).to.deep.equal(['mike@example.org']);
  });

  it('lets the last link count no more than the first: a new password ends them all', async () => {
    await makeUser('electra');
    const first = await linkFor('electra@example.org');
    const second = await linkFor('electra@example.org');
    expect(first).to.not.equal(second);
    expect((await set(second, OTHER_PASSWORD)).status).to.equal(303);
    const browser = openFormBrowser(site.url);
    expect((await browser.get(first)).status).to.equal(404);
    expect((await browser.get(second)).status).to.equal(410);
  });

  it('lets one of many uses at once set the password', async () => {
    await makeUser('taygete');
    const link = await linkFor('taygete@example.org');
    const browser = openFormBrowser(site.url);
    const html = await (await browser.get(link)).text();
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const key = link.split('key=')[1];
    const passwords = ['first of the passwords', 'second of the passwords'];
    const answers = await Promise.all(
      passwords.map((password) =>
        browser.send('/password_reset/confirm/', { key, password, _csrf }),
      ),
    );
    const statuses = answers.map((answer) => answer.status);
    expect([...statuses].sort()).to.deep.equal([303, 410]);
    expect(await login('taygete', passwords[statuses.indexOf(303)])).to.equal(303);
    expect(await login('taygete', passwords[statuses.indexOf(410)])).to.equal(401);
  });

  it('ends with its link after two hours', async () => {
    await makeUser('celaeno');
    const link = await linkFor('celaeno@example.org');
    site.pass(2 * 3_600 + 1);
    const late = await openFormBrowser(site.url).get(link);
    expect(late.status).to.equal(410);
    expect(await late.text()).to.include('Ask for another');
  });

  it('does not let a disabled account in', async () => {
    const userId = await makeUser('sterope');
    const link = await linkFor('sterope@example.org');
    await disableAccount(site.db, userId, site.context.now());
    await set(link, OTHER_PASSWORD);
    expect(await login('sterope', OTHER_PASSWORD)).to.equal(403);
    const count = site.mail.mails.length;
    await ask('sterope@example.org');
    await makeUser('merope');
    await linkFor('merope@example.org');
    const later = site.mail.mails.slice(count).flatMap((mail) => mail.to);
    expect(later).to.not.include('sterope@example.org');
  });

  it('sends few mails', async () => {
    await makeUser('pleione');
    for (let i = 0; i < 3; i++) expect((await ask('pleione@example.org')).status).to.equal(303);
    const refused = await ask('PLEIONE@example.org');
    expect(refused.status).to.equal(429);
    expect(Number(refused.headers.get('retry-after'))).to.be.within(50, 60);
  });
});

describe('a password forgotten while the mail server is away', function () {
  this.timeout(120_000);

  it('answers alike whether there is such an account or not', async () => {
    const site = await startAccountSite({ GLINT_MAIL_URL: 'smtp://127.0.0.1:1' });
    try {
      const user = { name: 'alcyone', email: 'alcyone@example.org', role: 'user' } as const;
      await insertUser(site.db, user, site.context.now());
      for (const email of ['nobody@example.org', 'alcyone@example.org']) {
        const answer = await openFormBrowser(site.url).fill('/password_reset/', { email });
        expect(answer.status).to.equal(503);
        expect(answer.headers.get('retry-after')).to.equal('30');
        const html = await answer.text();
        expect(html).to.include('mail server does not answer').and.include(email);
      }
      expect(await site.db.arrays('SELECT * FROM glint.account_links')).to.deep.equal([]);
    } finally {
      await site.stop();
    }
  });
});
