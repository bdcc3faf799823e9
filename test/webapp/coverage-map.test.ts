import { expect } from 'chai';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

import { mollweide } from '../../webapp/figures/projection.ts';
import { seedCoverage } from './seed-coverage.ts';
import { findChromium, startSeededSite } from './site.ts';
import type { TestSite } from './site.ts';

/** With a renderer in software, and without any for three dimensions. */
const RENDERERS = {
  software: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  none: ['--disable-gpu', '--disable-3d-apis'],
};
const NIGHTS = 'date1=20261119&date2=20261121';

describe('the map of the coverage page', function () {
  this.timeout(240_000);
  let site: TestSite;
  const browsers: Browser[] = [];
  const complaints: string[] = [];

  before(async function () {
    const executablePath = findChromium();
    if (executablePath === undefined) {
      process.stderr.write('      skipped: no Chromium is installed (apt-get install chromium)\n');
      this.skip();
    }
    for (const args of Object.values(RENDERERS)) {
      browsers.push(
        await chromium.launch({
          executablePath,
          args: ['--no-sandbox', '--disable-background-networking', ...args],
        }),
      );
    }
    site = await startSeededSite();
    await seedCoverage(site.context);
  });
  after(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await site?.stop();
  });
  beforeEach(() => complaints.splice(0));

  async function open(
    renderer: keyof typeof RENDERERS,
    path: string,
    options: { width?: number; dark?: boolean; scripts?: boolean } = {},
  ): Promise<Page> {
    const browser = browsers[Object.keys(RENDERERS).indexOf(renderer)];
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1280, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      javaScriptEnabled: options.scripts ?? true,
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (err) => complaints.push(err.message));
    page.on('request', (request) => {
      const isOurs = [site.url, 'data:', `blob:${site.url}`].some((start) =>
        request.url().startsWith(start),
      );
      if (!isOurs) complaints.push(`asked for ${request.url()}`);
    });
    page.on('response', (answer) => {
      if (answer.status() >= 400) complaints.push(`${answer.status()} ${answer.url()}`);
    });
    await page.goto(site.url + path);
    if (options.scripts !== false) {
      await page.waitForSelector('#coverage-figure[data-ready]', { timeout: 60_000 });
    }
    return page;
  }
  const ready = (page: Page) => page.getAttribute('#coverage-figure', 'data-ready');

  it('can be moved about in, asks nobody else for anything, and tells what is under the pointer', async () => {
    const rubin = await open('software', `/coverage/?survey=lsst&${NIGHTS}`);
    expect(await ready(rubin)).to.equal('aladin');
    await rubin.close();
    const page = await open('software', `/coverage/?survey=ztf&${NIGHTS}`);
    expect(await ready(page)).to.equal('aladin');
    expect(await page.locator('svg.coverage-map').isVisible()).to.equal(false);
    const box = await page.locator('.aladin-frame').boundingBox();
    if (box === null) throw new Error('the map has no place');
    expect(box.width / box.height).to.be.closeTo(2, 0.1);
    // The largest square is the first.
    const [[field, ra, dec]] = await page.evaluate(() => {
      const text = document.getElementById('coverage-data')?.textContent ?? '';
      return (JSON.parse(text) as { marks: number[][] }).marks;
    });
    const { x, y } = mollweide(ra, dec);
    const reading = page.locator('#map-reading');
    for (let i = 0; i < 20 && (await reading.textContent()) === ''; i++) {
      await page.mouse.move(
        box.x + (box.width * (1 + x)) / 2 + (i % 3),
        box.y + box.height * (0.5 - y),
      );
    }
    expect(await reading.textContent()).to.match(
      new RegExp(`^Field ${field} \\(.*\\): [gr] \\d+ detections? in \\d+ exposures?; [gr] \\d+`),
    );
    // Nothing was seen in the west.
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.5);
    expect(await reading.textContent()).to.equal('');
    await page.close();
    expect(complaints).to.deep.equal([]);
  });

  it('stays still where the browser has no WebGL, and without scripts', async () => {
    const without = await open('none', `/coverage/?${NIGHTS}`);
    expect(await ready(without)).to.equal('still');
    expect(await without.locator('svg.coverage-map').isVisible()).to.equal(true);
    const squares = await without.locator('svg.coverage-map .squares rect').count();
    expect(squares).to.be.above(200);
    await without.close();
    expect(complaints).to.deep.equal([]);
    const unscripted = await open('software', `/coverage/?${NIGHTS}`, { scripts: false });
    expect(await unscripted.locator('svg.coverage-map .squares rect').count()).to.equal(squares);
    // Sorting and choosing a band are links and a form.
    await unscripted.getByRole('link', { name: 'Exposures' }).click();
    const sorted = unscripted.locator('th[aria-sort="descending"]');
    expect(await sorted.textContent()).to.contain('Exposures');
    await unscripted.selectOption('#band', 'r');
    await unscripted.getByRole('button', { name: 'Show' }).click();
    expect(await unscripted.locator('rect.band-g').count()).to.equal(0);
    expect(await unscripted.locator('.squares rect.band-r').count()).to.be.above(50);
    await unscripted.close();
  });

  it('fits a telephone and both themes', async () => {
    for (const dark of [false, true]) {
      const page = await open('software', `/coverage/?${NIGHTS}`, { width: 390, dark });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).to.be.at.most(0);
      await page.close();
    }
    expect(complaints).to.deep.equal([]);
  });
});
