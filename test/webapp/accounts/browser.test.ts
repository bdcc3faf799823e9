import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { logIn } from '../log-in.ts';
import { openBrowser } from '../site.ts';
import { startAccountSite } from './account-site.ts';
import type { AccountSite } from './account-site.ts';
import { linkIn } from './mail-server.ts';

const PASSWORD = 'seven sisters in taurus';

describe('accounts in a browser', function () {
  this.timeout(240_000);
  let site: AccountSite;
  let browser: Browser;
  const complaints: string[] = [];

  before(async function () {
    const opened = await openBrowser();
    if (opened === undefined) {
      process.stderr.write('      skipped: no Chromium is installed (apt-get install chromium)\n');
      this.skip();
    }
    browser = opened;
    site = await startAccountSite();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });
  beforeEach(() => complaints.splice(0));

  const open = async (
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<BrowserContext> => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complaints.push(message.text());
    });
    context.on('weberror', (err) => complaints.push(String(err.error())));
    context.on('request', (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith('data:')) {
        complaints.push(`asked for ${request.url()}`);
      }
    });
    return context;
  };
  const press = (page: Page, name: string) =>
    page.locator('main').getByRole('button', { name, exact: true }).click();

  for (const javaScriptEnabled of [true, false]) {
    const name = javaScriptEnabled ? 'maia' : 'atlas';
    it(`signs up, follows the link, makes a token, logs out and in again ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
      const context = await open({ javaScriptEnabled });
      const page = await context.newPage();
      await page.goto(site.url + '/schema/');
      await page.getByRole('link', { name: 'Log in' }).click();
      await page.getByRole('link', { name: 'Sign up' }).click();
      await page.getByLabel('Login name').fill(name);
      await page.getByLabel('First name').fill('Μαῖα');
      await page.getByLabel('Mail address').fill(`${name}@example.org`);
      await page.getByLabel('Password').fill(PASSWORD);
      await press(page, 'Sign up');
      await page.getByRole('heading', { name: 'One more step' }).waitFor();

      const mail = await site.mail.next(`${name}@example.org`);
      await page.goto(site.url + linkIn(mail, site.url));
      await page.getByLabel('The password that you chose').fill(PASSWORD);
      await press(page, 'Confirm and log in');
      await page.getByText('Welcome.').waitFor();
      expect(await page.getByLabel('First name').inputValue()).to.equal('Μαῖα');

      await page.getByText('Make a token').click();
      await page.locator('#tokens').getByLabel('Name').fill('laptop');
      await press(page, 'Make the token');
      const token = await page.locator('#new-token').textContent();
      expect(token).to.match(/^[0-9a-f]{40}$/);
      const answer = await fetch(`${site.url}/api/v1/status`, {
        headers: { authorization: `Token ${token}` },
      });
      expect(answer.status).to.equal(200);
      await page.goto(site.url + '/profile/');
      expect(await page.content()).to.not.include(token);

      await page.locator('.account-menu summary').click();
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByRole('link', { name: 'Log in' }).waitFor();
      await page.goto(site.url + '/profile/#tokens');
      expect(new URL(page.url()).pathname).to.equal('/login/');
      await page.getByLabel('Name or mail address').fill(name);
      await page.getByLabel('Password').fill(PASSWORD);
      await press(page, 'Log in');
      expect(new URL(page.url()).pathname).to.equal('/profile/');
      expect(await page.locator('#tokens').textContent()).to.include('laptop');
      await context.close();
      expect(complaints).to.deep.equal([]);
    });
  }

  it('shows every page without a complaint or a sideways scroll, in both themes', async () => {
    const staff = await logIn(
      site,
      'a-very-long-name-of-an-astronomer-who-has-many-names-to-carry-1',
      {
        role: 'staff',
      },
    );
    await staff.post('/profile/notebook/');
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [1_110, 'light'],
      [800, 'light'],
      [360, 'dark'],
    ] as const) {
      const viewport = { width, height: 900 };
      const visitor = await open({ viewport, colorScheme });
      const member = await open({ viewport, colorScheme });
      await member.addCookies([
        { name: 'glint_session', value: staff.cookie.split('=')[1], url: site.url },
      ]);
      const pages: [BrowserContext, string[]][] = [
        [
          visitor,
          ['/login/', '/signup/', '/signup/sent/', '/password_reset/', '/password_reset/sent/'],
        ],
        [member, ['/', '/profile/', '/profile/delete/', '/users/', '/logout/']],
      ];
      for (const [context, paths] of pages) {
        const page = await context.newPage();
        for (const path of paths) {
          await page.goto(site.url + path);
          const { overflow, theme } = await page.evaluate(() => ({
            overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            theme: document.documentElement.dataset.bsTheme,
          }));
          expect(overflow, `${path} at ${width} px`).to.be.at.most(0);
          expect(theme).to.equal(colorScheme);
        }
        await context.close();
      }
    }
    expect(complaints).to.deep.equal([]);
  });
});
