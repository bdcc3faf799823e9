import { expect } from 'chai';

import { startAccountSite } from './account-site.ts';
import type { AccountSite } from './account-site.ts';
import { openFormBrowser } from './form-browser.ts';
import type { FormBrowser } from './form-browser.ts';
import { linkIn } from './mail-server.ts';

const PASSWORD = 'seven sisters in taurus';

describe('signing up', function () {
  this.timeout(120_000);
  let site: AccountSite;
  let browser: FormBrowser;
  before(async () => {
    site = await startAccountSite();
  });
  after(() => site.stop());
  beforeEach(async () => {
    browser = openFormBrowser(site.url);
    await site.db.execute('DELETE FROM glint.attempts');
  });

  const form = (name: string, rest: Record<string, string> = {}) => ({
    name,
    email: `${name}@example.org`,
    firstName: 'Maia',
    lastName: 'Atlas',
    affiliation: '',
    password: PASSWORD,
    ...rest,
  });
  const signUp = (name: string, rest: Record<string, string> = {}) =>
    browser.fill('/signup/', form(name, rest));
  const userCount = async () =>
    Number((await site.db.arrays('SELECT COUNT(*) FROM glint.users'))[0][0]);
  const linkFor = async (email: string) => linkIn(await site.mail.next(email), site.url);

  it('makes the account when the link is opened, and logs in', async () => {
    const asked = await signUp('maia', { lastName: 'Ἄτλας', affiliation: 'Πλειάδες' });
    expect(asked.status).to.equal(303);
    expect(asked.headers.get('location')).to.equal('/signup/sent/');
    expect(await (await browser.get('/signup/sent/')).text()).to.include('A mail is on its way');
    expect(await userCount()).to.equal(0);

    const link = await linkFor('maia@example.org');
    expect(link).to.match(/^\/signup\/confirm\/\?key=[\w-]{43}$/);
    const page = await (await browser.get(link)).text();
    expect(page).to.include('maia@example.org');
    expect(await userCount(), 'a GET confirms nothing').to.equal(0);
    const confirmed = await browser.fill(link, { password: PASSWORD }, '/signup/confirm/');
    expect(confirmed.status).to.equal(303);
    const profile = await (await browser.get('/profile/?done=welcome')).text();
    expect(profile).to.include('Welcome.').and.include('Ἄτλας').and.include('Πλειάδες');

    const again = await browser.get(link);
    expect(again.status).to.equal(410);
    expect(await again.text()).to.include('has been used');
  });

  it('wants the chosen password with the link, and limits guesses', async () => {
    await signUp('taygete');
    const link = await linkFor('taygete@example.org');
    for (let i = 0; i < 5; i++) {
      const refused = await browser.fill(link, { password: `wrong ${i}` }, '/signup/confirm/');
      expect(refused.status).to.equal(400);
    }
    const limited = await browser.fill(link, { password: PASSWORD }, '/signup/confirm/');
    expect(limited.status).to.equal(429);
    expect(Number(limited.headers.get('retry-after'))).to.be.within(1, 5);
    site.pass(5);
    const good = await browser.fill(link, { password: PASSWORD }, '/signup/confirm/');
    expect(good.status).to.equal(303);
  });

  it('lets one of many confirmations at once make the account', async () => {
    await signUp('electra');
    const link = await linkFor('electra@example.org');
    const before = await userCount();
    const key = link.split('key=')[1];
    const html = await (await browser.get(link)).text();
    const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        browser.send('/signup/confirm/', { key, password: PASSWORD, _csrf: csrf }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).to.deep.equal([303, 410, 410]);
    expect(await userCount()).to.equal(before + 1);
  });

  it('says what is wrong with the form, and keeps what was typed but the password', async () => {
    const cases: [Record<string, string>, string][] = [
      [{ name: 'Ælfred' }, 'letters a to z'],
      [{ name: '' }, 'letters a to z'],
      [{ name: 'a'.repeat(65) }, 'at most 64'],
      [{ name: '-dash' }, 'letters a to z'],
      [{ name: 'admin' }, 'is taken'],
      [{ name: 'MAIA' }, 'maia is taken'],
      [{ email: 'nowhere' }, 'not a mail address'],
      [{ email: 'a@b.org, c@d.org' }, 'not a mail address'],
      [{ email: 'a@b.org\nBcc: c@d.org' }, 'not a mail address'],
      [{ email: `${'a'.repeat(60)}@${'b'.repeat(200)}.org` }, 'mail address'],
      [{ firstName: 'x'.repeat(101) }, 'first name has at most 100'],
      [{ lastName: 'evil\u202Etxt' }, 'cannot be shown'],
      [{ password: 'short' }, 'too short'],
      [{ password: 'celaeno celaeno' }, 'your name'],
      [{ password: 'password1234' }, 'guessed first'],
    ];
    for (const [wrong, sentence] of cases) {
      const answer = await signUp('celaeno', wrong);
      const html = await answer.text();
      expect(answer.status, JSON.stringify(wrong)).to.equal(400);
      expect(html, JSON.stringify(wrong)).to.include(sentence);
      expect(html).to.include('value="Atlas"'.replace('Atlas', wrong.lastName ?? 'Atlas'));
      expect(html).to.not.include(PASSWORD);
    }
    const longest = await signUp('celaeno', { affiliation: 'x'.repeat(5_000) });
    expect(longest.status).to.equal(400);
    const huge = await signUp('celaeno', { affiliation: 'x'.repeat(2_000_000) });
    expect(huge.status).to.equal(413);
  });

  it('escapes what is hostile wherever it shows', async () => {
    const evil = '"><script>alert(1)</script>';
    const refused = await (await signUp('x', { name: evil, firstName: evil })).text();
    expect(refused).to.include('&lt;script&gt;').and.not.include('<script>alert');
    await signUp('sterope', { firstName: evil, lastName: '{{7*7}}' });
    const mail = await site.mail.next('sterope@example.org');
    expect(mail.raw).to.not.include('<script>');
    const link = linkIn(mail, site.url);
    await browser.fill(link, { password: PASSWORD }, '/signup/confirm/');
    const profile = await (await browser.get('/profile/')).text();
    expect(profile).to.include('{{7*7}}').and.not.include('<script>alert');
  });

  it('tells nobody but its owner that an address has an account', async () => {
    await signUp('alcyone');
    await browser.fill(
      await linkFor('alcyone@example.org'),
      { password: PASSWORD },
      '/signup/confirm/',
    );
    const count = await userCount();
    const stranger = openFormBrowser(site.url);
    const known = await stranger.fill('/signup/', form('merope', { email: 'Alcyone@Example.org' }));
    const unknown = await stranger.fill('/signup/', form('merope'));
    expect(known.status).to.equal(unknown.status);
    expect(known.headers.get('location')).to.equal(unknown.headers.get('location'));
    const told = await site.mail.next('alcyone@example.org');
    expect(told.text).to.include('It has an account already: alcyone');
    expect(told.text).to.include(`${site.url}/password_reset/`).and.not.include('key=');
    expect(await userCount()).to.equal(count);
  });

  it('gives a name to whoever confirms first', async () => {
    await signUp('atlas', { email: 'atlas1@example.org' });
    await signUp('atlas', { email: 'atlas2@example.org' });
    await signUp('hyas', { email: 'atlas1@example.org' });
    const [first, second] = [
      await linkFor('atlas1@example.org'),
      await linkFor('atlas2@example.org'),
    ];
    const third = await linkFor('atlas1@example.org');
    const confirm = (link: string) =>
      openFormBrowser(site.url).fill(link, { password: PASSWORD }, '/signup/confirm/');
    expect((await confirm(first)).status).to.equal(303);
    const late = await confirm(second);
    expect(late.status).to.equal(409);
    expect(await late.text()).to.include('was given to somebody else');
    const twice = await confirm(third);
    expect(twice.status).to.equal(409);
    expect(await twice.text()).to.include('with this mail address was made meanwhile');
  });

  it('ends links after three days, and knows none that it did not make', async () => {
    await signUp('pleione');
    const link = await linkFor('pleione@example.org');
    site.pass(73 * 3_600);
    const late = await browser.get(link);
    expect(late.status).to.equal(410);
    expect(await late.text()).to.include('has ended');
    const keys = ['', 'x', 'a'.repeat(10_000), '%27', '%00', '..%2F'];
    for (const key of keys) {
      expect((await browser.get(`/signup/confirm/?key=${key}`)).status, key).to.equal(404);
    }
    // A link for one purpose opens no other.
    const other = link.replace('/signup/confirm/', '/password_reset/confirm/');
    expect((await browser.get(other)).status).to.equal(404);
  });

  it('says that the mail server is away, makes nothing, and goes on when it is back', async () => {
    site.mail.refuse(true);
    const failed = await signUp('maera');
    expect(failed.status).to.equal(503);
    expect(await failed.text())
      .to.include('mail server does not answer')
      .and.include('maera@');
    expect(
      await site.db.arrays("SELECT 1 FROM glint.account_links WHERE email = 'maera@example.org'"),
    ).to.deep.equal([]);
    site.mail.refuse(false);
    expect((await signUp('maera')).status).to.equal(303);
    await site.mail.next('maera@example.org');
  });

  it('writes mails that no name can add headers to', async () => {
    await signUp('ino');
    const { raw, from, to } = await site.mail.next('ino@example.org');
    expect(from).to.equal('glint@example.org');
    expect(to).to.deep.equal(['ino@example.org']);
    expect(raw).to.match(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).to.match(/^Subject: Confirm your address for Glint\r$/m);
    expect(raw).to.include('Content-Type: text/html').and.include('Content-Type: text/plain');
  });

  it('builds its links from its own address, whatever the Host header says', async () => {
    const html = await (await browser.get('/signup/')).text();
    const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const answer = await browser.send(
      '/signup/',
      { ...form('dione'), _csrf: csrf },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    );
    expect(answer.status).to.equal(303);
    const { raw } = await site.mail.next('dione@example.org');
    expect(raw).to.include(site.url.slice(7)).and.not.include('evil.example');
  });

  it('sends few mails to one address', async () => {
    for (let i = 0; i < 3; i++) expect((await signUp('calypso')).status).to.equal(303);
    const refused = await signUp('calypso');
    expect(refused.status).to.equal(429);
    expect(await refused.text()).to.include('too many tries');
  });
});

describe('signing up where it is not wanted, or without mails', function () {
  this.timeout(120_000);

  it('is hidden with GLINT_SIGNUP=false', async () => {
    const site = await startAccountSite({ GLINT_SIGNUP: 'false' });
    try {
      const browser = openFormBrowser(site.url);
      expect((await browser.get('/signup/')).status).to.equal(403);
      expect((await browser.get('/signup/confirm/?key=x')).status).to.equal(403);
      expect(await (await browser.get('/login/')).text()).to.not.include('/signup/');
    } finally {
      await site.stop();
    }
  });

  it('prints the link in the log of an installation without a mail server', async () => {
    const site = await startAccountSite({ GLINT_MAIL_URL: '' });
    try {
      const browser = openFormBrowser(site.url);
      const fields = { name: 'maia', email: 'maia@example.org', password: PASSWORD };
      expect((await browser.fill('/signup/', fields)).status).to.equal(303);
      const page = await (await browser.get('/signup/sent/')).text();
      expect(page).to.include('in the log of the site');
      const line = site.logged.find((each) => each.includes('/signup/confirm/')) ?? '';
      expect(line).to.include('no mail server is set (GLINT_MAIL_URL)');
      const path = /\/signup\/confirm\/\?key=[\w-]+/.exec(line)?.[0] ?? '';
      const confirmed = await browser.fill(path, { password: PASSWORD }, '/signup/confirm/');
      expect(confirmed.status).to.equal(303);
    } finally {
      await site.stop();
    }
  });
});
