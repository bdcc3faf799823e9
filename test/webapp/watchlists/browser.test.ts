import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';

import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { ZTF_ID } from '../seed.ts';
import { openBrowser, startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { seedList } from './seed-list.ts';

describe('watchlists in a browser', function () {
  this.timeout(90_000);
  let site: TestSite;
  let browser: Browser | undefined;
  let ada: LoggedIn;

  before(async function () {
    browser = await openBrowser();
    if (browser === undefined) this.skip();
    site = await startSeededSite();
    ada = await logIn(site, 'ada');
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  async function openPage(options: { javaScriptEnabled?: boolean; width?: number } = {}) {
    if (browser === undefined) throw new Error('there is no browser');
    const { javaScriptEnabled = true, width = 1280 } = options;
    const context = await browser.newContext({
      javaScriptEnabled,
      viewport: { width, height: 900 },
    });
    const value = ada.cookie.split('=')[1];
    await context.addCookies([{ name: 'glint_session', value, url: site.url }]);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (err) => problems.push(String(err)));
    return { page, problems };
  }

  const fitsWidth = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth <= window.innerWidth');

  it('goes from a pasted text to a list without scripts, on a telephone', async () => {
    const { page, problems } = await openPage({ javaScriptEnabled: false, width: 390 });
    await page.goto(`${site.url}/watchlists/create/`);
    await page.fill('#name', 'pasted');
    await page.fill('#cones_textarea', '194.494, 48.851, NGC 4868\nbad');
    await page.click('text=Look at it');
    expect(await page.textContent('#bad')).to.contain('Bad lines');
    await page.fill('#cones_textarea', '194.494, 48.851, NGC 4868\n10, 20, good');
    await page.click('text=Look again');
    expect(await page.inputValue('#name')).to.equal('pasted');
    await page.click('text=Save 2 sources');
    expect(await page.textContent('h1')).to.equal('pasted');
    expect(problems).to.deep.equal([]);
    await page.context().close();
  });

  it('takes a file, and another one on the page that shows what is wrong with it', async () => {
    const { page, problems } = await openPage();
    const choose = (name: string, content: string) =>
      page.setInputFiles('#cones_file', {
        name,
        mimeType: 'text/csv',
        buffer: Buffer.from(content),
      });
    await page.goto(`${site.url}/watchlists/create/`);
    await page.fill('#name', 'uploaded');
    await choose('wrong.bin', '\u0000\u0001');
    await page.click('text=Look at it');
    expect(await page.textContent('[role=alert]')).to.contain('wrong.bin is neither text nor');
    await choose('right.csv', 'name,ra,dec\na,1,2\n');
    await page.click('text=Look again');
    await page.click('text=Save 1 source');
    expect(await page.textContent('h1')).to.equal('uploaded');
    expect(problems).to.deep.equal([]);
    await page.context().close();
  });

  it('shows how matching goes on, and the results when it ends', async () => {
    const { id } = await seedList(site, ada.userId, { name: 'running' });
    const { page, problems } = await openPage();
    await page.goto(`${site.url}/watchlists/${id}/`);
    await site.db.execute('UPDATE glint.list_matches SET done = 1 WHERE list_id = :id', { id });
    await page.waitForSelector('[data-count=ztf]:has-text("1 of 3")');
    await site.db.execute('UPDATE glint.list_matches SET ended_at = started_at');
    await page.waitForSelector('text=have been matched');
    await page.click(`.hits-table >> text=${ZTF_ID}`);
    await page.waitForSelector('text=In watchlists');
    expect(problems).to.deep.equal([]);
    await page.context().close();
  });

  it('fits a telephone', async () => {
    const { id } = await seedList(site, ada.userId, { name: `wide${'wide'.repeat(50)}` });
    const { page } = await openPage({ width: 390 });
    for (const path of ['', `${id}/`, `${id}/sources/`, `${id}/edit/`, 'create/']) {
      await page.goto(`${site.url}/watchlists/${path}`);
      expect(await fitsWidth(page), path).to.equal(true);
    }
    await page.context().close();
  });
});
