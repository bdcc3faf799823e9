import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';

import { silentLog } from '../../../common/log.ts';
import { SYSTEM_QUERIES } from '../../../common/queries/system-queries/system-queries.ts';
import { installSystemQueries } from '../../../common/store/install-system-queries.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { openBrowser, startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const TEXT = 'SELECT objectId, gmag FROM objects WHERE jdmax > jdnow() - :days';

describe('saved queries in a browser', function () {
  this.timeout(240_000);
  let site: TestSite;
  let browser: Browser;
  let kay: LoggedIn;
  const complaints: string[] = [];

  before(async function () {
    const opened = await openBrowser();
    if (opened === undefined) {
      process.stderr.write('      skipped: no Chromium is installed (apt-get install chromium)\n');
      this.skip();
    }
    browser = opened;
    site = await startSeededSite();
    await installSystemQueries(site.db, SYSTEM_QUERIES, silentLog, site.context.now());
    kay = await logIn(site, 'kay');
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });
  beforeEach(() => complaints.splice(0));

  const open = async (path: string, options: { scripts: boolean; width: number }) => {
    const page = await browser.newPage({
      viewport: { width: options.width, height: 900 },
      colorScheme: options.width < 500 ? 'dark' : 'light',
      javaScriptEnabled: options.scripts,
    });
    const [name, value] = kay.cookie.split('=');
    await page.context().addCookies([{ name, value, url: site.url }]);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (err) => complaints.push(err.message));
    await page.goto(site.url + path);
    return page;
  };
  const fits = async (page: Page) => {
    const [needed, given] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, window.innerWidth]',
    );
    expect(needed, page.url()).to.be.at.most(given);
  };

  for (const [scripts, width] of [
    [true, 1280],
    [false, 390],
  ] as const) {
    it(`goes from the query page to a saved query and back, ${scripts ? 'with' : 'without'} scripts`, async () => {
      const name = `kept ${width}`;
      const asked = new URLSearchParams({ sql: TEXT, edit: '1', 'f.days': '3000' });
      const page = await open(`/query/?${asked.toString()}`, { scripts, width });
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.waitForSelector('.save-form');
      expect(await page.locator('#sql').inputValue()).to.equal(TEXT);
      expect(await page.getByLabel('Default').inputValue()).to.equal('3000');
      await page.locator('#name').fill(name);
      await page.getByLabel('Label').fill('seen in the last');
      await fits(page);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.waitForSelector('h1');
      expect(await page.locator('h1').innerText()).to.equal(name);
      await fits(page);

      await page.getByRole('link', { name: 'Edit' }).click();
      await page.locator('#sql').fill(`${TEXT} AND ncand > 1`);
      await page.locator('#note').fill('more than one');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('link', { name: 'version 2' }).click();
      expect(await page.locator('.diff-table mark').innerText()).to.equal(' AND ncand > 1');
      await fits(page);
      await page.getByRole('button', { name: 'Restore version 1' }).click();
      await page.getByText('version 1 again').waitFor();

      await page.goBack();
      await page.getByRole('link', { name }).first().click();
      await page.getByRole('link', { name: 'Run', exact: true }).click();
      await page.getByText('ZTF26aaglint').waitFor();

      await page.goto(`${site.url}/queries/?find=${encodeURIComponent(name)}`);
      await fits(page);
      await page.getByRole('link', { name }).click();
      await page.getByRole('link', { name: 'Delete …' }).click();
      await page.getByRole('button', { name: 'Delete it' }).click();
      await page.waitForURL('**/queries/');
      expect(await page.getByText(name).count()).to.equal(0);
      await page.close();
      expect(complaints).to.deep.equal([]);
    });

    it(`runs a stream from its card, ${scripts ? 'with' : 'without'} scripts`, async () => {
      const page = await open('/streams/', { scripts, width });
      await fits(page);
      const card = page.locator('.stream-card', { hasText: 'TNS crossmatches of ZTF' });
      await card.getByLabel('discovered in the last').fill('4000');
      await card.getByRole('button', { name: 'Run' }).click();
      await page.waitForSelector('#result');
      await fits(page);
      expect(await page.locator('#result').innerText()).to.include('ZTF26aaglint');
      expect(await page.getByLabel('discovered in the last').inputValue()).to.equal('4000');
      await page.close();
      expect(complaints).to.deep.equal([]);
    });
  }
});
