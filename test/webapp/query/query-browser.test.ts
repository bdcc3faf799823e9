import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';

import { ZTF_ID } from '../seed.ts';
import { seedSky } from '../seed-sky.ts';
import { insert } from '../seed-rows.ts';
import { openBrowser, startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const ROWS = 1_200;
/** A list that has only just come up takes no Enter: it may have been meant for the text. */
const GRACE_MS = 150;

describe('the query page in a browser', function () {
  this.timeout(240_000);
  let site: TestSite;
  let browser: Browser;
  const complaints: string[] = [];

  before(async function () {
    const opened = await openBrowser();
    if (opened === undefined) {
      process.stderr.write('      skipped: no Chromium is installed (apt-get install chromium)\n');
      this.skip();
    }
    browser = opened;
    site = await startSeededSite();
    await seedSky(site.db, 30);
    const rows = Array.from({ length: ROWS }, (_, i) => ({
      objectId: ZTF_ID,
      pid: BigInt(10_000 + i),
      jd: 2_460_000.5 + i,
      fid: 3,
      nid: 3_000,
      diffmaglim: 19 + (i % 7) / 10,
      magzpscirms: i % 2 === 0 ? null : i / 1_000,
    }));
    await insert(site.db, 'ztf', 'noncandidates', rows);
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });
  beforeEach(() => complaints.splice(0));
  afterEach(() => {
    const seen = complaints.splice(0);
    expect(seen).to.deep.equal([]);
  });

  const NUMBERS = 'SELECT pid, jd, diffmaglim, magzpscirms\nFROM noncandidates\nWHERE nid = 3000';

  const open = async (
    parameters: Record<string, string> = {},
    options: { width?: number; dark?: boolean; scripts?: boolean; mayFail?: boolean } = {},
  ): Promise<Page> => {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1280, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      javaScriptEnabled: options.scripts ?? true,
    });
    page.on('console', (message) => {
      // That the page itself came with 400 is what the test is about.
      const isExpected = options.mayFail === true && message.text().includes('status of 400');
      if (['error', 'warning'].includes(message.type()) && !isExpected) {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', (err) => complaints.push(err.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith('data:')) {
        complaints.push(`asked for ${request.url()}`);
      }
    });
    await page.goto(`${site.url}/query/?${new URLSearchParams(parameters).toString()}`);
    if (options.scripts !== false) await learned(page);
    return page;
  };
  const learned = (page: Page) => page.waitForSelector('html[data-editor="learned"]');
  const editor = (page: Page) => page.locator('.cm-content').first();
  const text = (page: Page) => page.locator('textarea#sql').inputValue();
  const rowCount = (page: Page) => page.locator('#result-table tbody tr').count();

  it('completes columns with unit and meaning, and runs by Ctrl-Enter', async () => {
    const page = await open();
    await editor(page).click();
    await page.keyboard.type('SELECT objectId, rame', { delay: 15 });
    const option = page.locator('.cm-tooltip-autocomplete li[aria-selected]');
    await option.waitFor();
    expect(await option.textContent()).to.equal('rameandeg');
    expect(await page.locator('.cm-completionInfo').textContent()).to.match(/right ascension/i);
    await page.waitForTimeout(GRACE_MS);
    await page.keyboard.press('Enter');
    await page.keyboard.type(' FROM obj', { delay: 15 });
    await option.waitFor();
    await page.waitForTimeout(GRACE_MS);
    await page.keyboard.press('Tab');
    expect(await text(page)).to.equal('SELECT objectId, ramean FROM objects');
    // A whole name leaves Enter to the text.
    await page.keyboard.type(' WHERE ncand', { delay: 15 });
    await page.waitForTimeout(2 * GRACE_MS);
    await page.keyboard.press('Enter');
    await page.keyboard.type('> 3');
    expect(await text(page)).to.match(/ncand\n\s*> 3$/);
    await Promise.all([
      page.waitForURL(/sql=SELECT\+objectId/),
      page.keyboard.press('Control+Enter'),
    ]);
    await learned(page);
    expect(await rowCount(page)).to.be.greaterThan(5);
    expect(await text(page)).to.match(/^SELECT objectId, ramean FROM objects WHERE/);
    // Back is where nothing had been run.
    await page.goBack();
    expect(await page.locator('#result').count()).to.equal(0);
    await page.close();
  });

  it('completes columns of what an alias stands for, and functions with brackets', async () => {
    const page = await open({
      sql: 'SELECT s. FROM objects AS o JOIN sherlock_classifications AS s USING (objectId)',
      edit: '1',
    });
    await editor(page).click();
    await page.keyboard.press('Control+Home');
    for (let i = 0; i < 'SELECT s.'.length; i++) await page.keyboard.press('ArrowRight');
    await page.keyboard.type('classi', { delay: 15 });
    const option = page.locator('.cm-tooltip-autocomplete li[aria-selected]');
    await option.waitFor();
    expect(await option.locator('.cm-completionLabel').textContent()).to.equal('classification');
    await page.waitForTimeout(GRACE_MS);
    await page.keyboard.press('Enter');
    await page.keyboard.type(', flux2', { delay: 15 });
    await option.waitFor();
    await page.waitForTimeout(GRACE_MS);
    await page.keyboard.press('Enter');
    await page.keyboard.type('1000');
    expect(await text(page)).to.match(/^SELECT s\.classification, flux2mag\(1000\) FROM/);
    await page.close();
  });

  it('underlines what is wrong while one types, and cures it at a click', async () => {
    const page = await open({ sql: 'SELECT objects.gmagg FROM objects', edit: '1' });
    await editor(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' ');
    const wrong = page.locator('.cm-lintRange-error');
    await wrong.waitFor();
    expect(await wrong.textContent()).to.equal('objects.gmagg');
    const status = page.locator('#query-status');
    expect(await status.textContent()).to.contain('Line 1, column 8: no column gmagg in objects');
    await status.getByRole('button', { name: 'Use gmag' }).click();
    await page.locator('#query-status.is-fine').waitFor();
    expect(await wrong.count()).to.equal(0);
    expect(await text(page)).to.equal('SELECT objects.gmag FROM objects ');
    await page.close();
  });

  it('marks the words of a query that was refused', async () => {
    const page = await open({ sql: 'SELECT objectId\nFROM objekts' }, { mayFail: true });
    expect(await page.locator('.cm-lintRange-error').textContent()).to.equal('objekts');
    expect(await page.locator('#query-refusal').textContent()).to.contain('objekts');
    await page.close();
  });

  it('turns pages and sorts by a header', async () => {
    const page = await open({ sql: NUMBERS });
    expect(await rowCount(page)).to.equal(1_000);
    await page.getByRole('link', { name: 'pid', exact: true }).click();
    await learned(page);
    const first = page.locator('#result-table tbody td').first();
    expect(await first.textContent()).to.equal('10000');
    await page.getByRole('link', { name: 'Next page' }).click();
    await learned(page);
    expect([await rowCount(page), await first.textContent()]).to.deep.equal([200, '11000']);
    await page.getByRole('link', { name: 'Previous page' }).click();
    await learned(page);
    await page.getByRole('link', { name: 'pid', exact: true }).click();
    await learned(page);
    expect(await first.textContent()).to.equal(String(10_000 + ROWS - 1));
    await page.close();
  });

  it('plots any two columns, and keeps the choice in the address', async () => {
    const page = await open({ sql: NUMBERS });
    await page.getByRole('link', { name: 'Scatter plot' }).click();
    await page.waitForSelector('#scatter[data-ready]');
    expect(await page.locator('#scatter').getAttribute('data-ready')).to.equal('1000');
    await page.getByLabel('Across').selectOption('magzpscirms');
    await page.getByLabel('Up').selectOption('diffmaglim');
    await page.waitForSelector('#scatter[data-ready="500"]');
    expect(await page.locator('#scatter .scatterlayer path.point').count()).to.equal(500);
    const axis = await page.evaluate(() => {
      const plot = document.getElementById('scatter') as unknown as {
        layout: { yaxis: { range: number[]; title: { text: string } } };
      };
      return plot.layout.yaxis;
    });
    expect(axis.title.text).to.equal('diffmaglim (mag)');
    expect(axis.range[0]).to.be.greaterThan(axis.range[1]);
    const { searchParams } = new URL(page.url());
    expect(['view', 'x', 'y'].map((name) => searchParams.get(name))).to.deep.equal([
      'scatter',
      'magzpscirms',
      'diffmaglim',
    ]);
    await page.reload();
    await page.waitForSelector('#scatter[data-ready="500"]');
    await page.close();
  });

  it('shows the sky with a small light curve under the pointer', async () => {
    const page = await open({ sql: 'SELECT objectId, ramean, decmean FROM objects' });
    await page.getByRole('link', { name: 'Sky', exact: true }).click();
    await page.locator(`#sky a[data-id="${ZTF_ID}"]`).hover();
    await page.waitForSelector('#sky-card svg.sparkline circle', { state: 'attached' });
    await page.close();
  });

  it('finds columns beside the editor and puts them into the text', async () => {
    const page = await open({ sql: 'SELECT ', edit: '1' });
    await editor(page).click();
    await page.keyboard.press('Control+End');
    await page.getByPlaceholder('Find a column, unit or function').fill('peakmag');
    const word = page.locator('#query-reference button.word', { hasText: /^peakMag$/ });
    await word.click();
    expect(await text(page)).to.equal('SELECT peakMag');
    await page.getByPlaceholder('Find a column, unit or function').fill('arcsec');
    expect(await page.locator('#query-reference .unit', { hasText: 'arcsec' }).count()).to.be.above(
      1,
    );
    await page.locator('label[for="survey-lsst"]').click();
    await page.getByPlaceholder('Find a column, unit or function').fill('diaObjectId');
    await page
      .locator('#query-reference button.word', { hasText: /^diaObjectId$/ })
      .first()
      .waitFor();
    await page.close();
  });

  it('writes the same query in boxes and as a statement', async () => {
    const page = await open({ sql: 'SELECT ncand FROM objects WHERE ncand > 3', edit: '1' });
    await page.getByRole('button', { name: 'Three boxes' }).click();
    await page.waitForURL(/mode=boxes/);
    await learned(page);
    expect(await page.locator('textarea#conditions').inputValue()).to.equal('ncand > 3');
    await page.getByLabel('Table', { exact: true }).selectOption('tns_matches');
    expect(await page.locator('textarea#tables').inputValue()).to.equal('objects, tns_matches');
    await page.getByRole('button', { name: 'Statement', exact: true }).click();
    await page.waitForSelector('textarea#sql', { state: 'attached' });
    expect(await text(page))
      .to.contain('JOIN tns_matches ON')
      .and.contain('WHERE ncand > 3');
    await page.close();
  });

  it('goes by keyboard: into the editor, out by Tab, to Run', async () => {
    const page = await open({ sql: 'SELECT 1', edit: '1' });
    await editor(page).focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).to.equal('run');
    await page.close();
  });

  it('has no sideways scroll and the theme of the reader, on desks and phones', async () => {
    const pages: Record<string, string>[] = [
      {},
      { sql: 'SELECT * FROM objects' },
      { sql: 'SELECT objectId, ramean, decmean FROM objects', view: 'sky' },
      { sql: NUMBERS, view: 'scatter' },
      { mode: 'boxes', selected: '*', edit: '1' },
      { sql: `SELECT objectId FROM objects WHERE ${'ncand + '.repeat(60)} nix` },
    ];
    for (const [width, dark] of [
      [1280, false],
      [390, true],
    ] as const) {
      for (const parameters of pages) {
        const page = await open(parameters, { width, dark, mayFail: true });
        const { overflow, theme } = await page.evaluate(() => ({
          overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          theme: document.documentElement.dataset.bsTheme,
        }));
        expect(overflow, `${JSON.stringify(parameters)} at ${width} px`).to.be.at.most(0);
        expect(theme).to.equal(dark ? 'dark' : 'light');
        await page.close();
      }
    }
  });

  it('is a plain form without scripts', async () => {
    const page = await open({}, { scripts: false });
    await page.locator('label[for="survey-ztf"]').click();
    await page.locator('textarea#sql').fill(NUMBERS);
    await page.getByRole('button', { name: 'Run' }).click();
    expect(await rowCount(page)).to.equal(1_000);
    await page.getByRole('link', { name: 'Next page' }).click();
    expect(await rowCount(page)).to.equal(200);
    await page.getByRole('link', { name: 'Scatter plot' }).click();
    await page.getByLabel('Across').selectOption('magzpscirms');
    await page.getByRole('button', { name: 'Plot' }).click();
    expect(await page.locator('svg.scatter-still circle').count()).to.be.above(0);
    await page.getByRole('button', { name: 'Three boxes' }).click();
    expect(await page.getByText('The three boxes cannot say this').count()).to.equal(1);
    await page.locator('textarea#sql').fill('SELECT objectId FROM objects WHERE ncand > 1');
    await page.getByRole('button', { name: 'Three boxes' }).click();
    await page.getByLabel('Table', { exact: true }).selectOption('sherlock_classifications');
    await page.getByRole('button', { name: 'Run' }).click();
    expect(await page.locator('textarea#tables').inputValue()).to.equal(
      'objects, sherlock_classifications',
    );
    await page.close();
  });
});
