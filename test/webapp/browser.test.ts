import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';

import { LSST_COUNTS, LSST_ID, SS_ID, ZTF_COUNTS, ZTF_ID } from './seed.ts';
import { seedSky } from './seed-sky.ts';
import { openBrowser, startSeededSite } from './site.ts';
import type { TestSite } from './site.ts';

describe('the site in a browser', function () {
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
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });
  beforeEach(() => complaints.splice(0));

  const open = async (
    path: string,
    options: { width?: number; dark?: boolean; scripts?: boolean } = {},
  ): Promise<Page> => {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1280, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      javaScriptEnabled: options.scripts ?? true,
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        complaints.push(`${path}: ${message.text()}`);
      }
    });
    page.on('pageerror', (err) => complaints.push(`${path}: ${err.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith('data:')) {
        complaints.push(`${path} asked for ${request.url()}`);
      }
    });
    page.on('response', (answer) => {
      if (answer.status() >= 400) complaints.push(`${answer.status()} ${answer.url()}`);
    });
    await page.goto(site.url + path);
    if (options.scripts !== false && path.startsWith('/object/')) {
      await page.waitForSelector('#light-curve[data-ready]');
    }
    return page;
  };

  const PAGES = [
    '/',
    `/object/${ZTF_ID}/`,
    `/object/${LSST_ID}/`,
    `/object/${SS_ID}/`,
    '/search/',
    '/search/?query=194.494+48.851+3600',
    '/status/',
    '/schema/',
    '/schema/?find=peakMag',
    '/api/',
  ];

  it('shows every page without a complaint, a foreign request or a sideways scroll', async () => {
    for (const [width, dark] of [
      [1280, false],
      [390, true],
    ] as const) {
      const page = await open('/', { width, dark });
      for (const path of PAGES) {
        await page.goto(site.url + path);
        if (path.startsWith('/object/')) await page.waitForSelector('#light-curve[data-ready]');
        const { overflow, theme } = await page.evaluate(() => ({
          overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          theme: document.documentElement.dataset.bsTheme,
        }));
        expect(overflow, `${path} at ${width} px`).to.be.at.most(0);
        expect(theme, path).to.equal(dark ? 'dark' : 'light');
      }
      await page.close();
    }
    expect(complaints).to.deep.equal([]);
  });

  it('draws the light curve with every point, and the forced ones when asked', async () => {
    const page = await open(`/object/${ZTF_ID}/`);
    const drawn = () => page.locator('#light-curve .scatterlayer path.point').count();
    const { detections, nonDetections, forced } = ZTF_COUNTS;
    expect(await drawn()).to.equal(detections + nonDetections);
    await page.getByRole('switch', { name: 'Forced photometry' }).check();
    // One of the seeded forced points is a failed fit.
    expect(await drawn()).to.equal(detections + nonDetections + forced - 1);
    await page.locator('#unit-choice').selectOption('apparent');
    expect(await drawn()).to.equal(detections);
    await page.locator('#unit-choice').selectOption('mag');
    await page.getByRole('button', { name: 'g', exact: true }).click();
    expect(await drawn()).to.be.lessThan(detections + nonDetections + forced - 1);
    await page.close();
    const rubin = await open(`/object/${LSST_ID}/`);
    expect(await rubin.locator('#light-curve .scatterlayer path.point').count()).to.equal(
      LSST_COUNTS.detections,
    );
    await rubin.close();
    expect(complaints).to.deep.equal([]);
  });

  it('reads the light curve by keyboard and keeps the date axis in step', async () => {
    const page = await open(`/object/${ZTF_ID}/`);
    await page.locator('#light-curve').focus();
    await page.keyboard.press('End');
    const reading = page.locator('#plot-reading');
    expect(await reading.textContent()).to.match(/45 of 45: g 19\.\d+ ± .*2026-11-20 10:33:36 UTC/);
    await page.keyboard.press('ArrowLeft');
    expect(await reading.textContent()).to.match(/^44 of 45/);
    await page.keyboard.press('+');
    await page.keyboard.press('Shift+ArrowRight');
    const axes = await page.evaluate(() => {
      const plot = document.getElementById('light-curve') as unknown as {
        layout: { xaxis: { range: number[] }; xaxis2: { range: string[] } };
      };
      return { days: plot.layout.xaxis.range, dates: plot.layout.xaxis2.range };
    });
    axes.dates.forEach((date, i) => {
      const mjd = Date.parse(`${date}Z`) / 86_400_000 + 40_587;
      expect(mjd).to.be.closeTo(axes.days[i], 1e-3);
    });
    await page.close();
  });

  it('shows a still light curve where scripts are off', async () => {
    const page = await open(`/object/${ZTF_ID}/`, { scripts: false });
    const still = page.locator('svg.light-curve-still');
    expect(await still.locator('circle').count()).to.equal(ZTF_COUNTS.detections);
    expect(await still.locator('path.limit').count()).to.equal(ZTF_COUNTS.nonDetections);
    await page.close();
  });

  it('can be reached by keyboard: skip link, search, plot, rows', async () => {
    const page = await open(`/object/${ZTF_ID}/`);
    const reached: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          return element.id || element.getAttribute('href') || element.className || element.tagName;
        }),
      );
    }
    expect(reached[0]).to.equal('#main');
    for (const wanted of ['/', 'header-query', 'theme-toggle', 'light-curve', 'unit-choice']) {
      expect(reached).to.include(wanted);
    }
    await page.close();
  });

  it('finds columns as one types, and opens the table that an address names', async () => {
    const page = await open('/schema/#ztf.sherlock_crossmatches.photoZ');
    const column = (name: string) => page.locator(`[id="${name}"]`);
    expect(await column('ztf.sherlock_crossmatches.photoZ').isVisible()).to.equal(true);
    const filter = page.locator('#schema-filter');
    await filter.fill('G_PEAKMAG');
    expect(await column('ztf.objects.g_peakMag').isVisible()).to.equal(true);
    expect(await column('ztf.objects.nNights').isVisible()).to.equal(false);
    expect(await column('lsst.diaSources.ra').isVisible()).to.equal(false);
    await filter.fill('');
    expect(await column('ztf.objects.nNights').isVisible()).to.equal(true);
    await page.close();
    const still = await open('/schema/', { scripts: false });
    await still.locator('#schema-filter').fill('stetsonK');
    await still.getByRole('button', { name: 'Find' }).click();
    expect(await still.locator('[id="ztf.objects.g_stetsonK"]').isVisible()).to.equal(true);
    await still.close();
    expect(complaints).to.deep.equal([]);
  });

  it('keeps the chosen theme', async () => {
    const page = await open('/');
    await page.locator('#theme-toggle').click();
    await page.goto(`${site.url}/status/`);
    expect(await page.evaluate(() => document.documentElement.dataset.bsTheme)).to.equal('dark');
    await page.close();
  });

  it('shows a small light curve for the mark under the pointer', async () => {
    const page = await open('/');
    await page.locator(`.sky-map a[data-id="${ZTF_ID}"]`).hover();
    await page.waitForSelector('#sky-card svg.sparkline circle', { state: 'attached' });
    expect(await page.locator('#sky-card p').textContent()).to.contain(ZTF_ID);
    await page.locator(`.sky-map a[data-id="${ZTF_ID}"]`).click();
    await page.waitForURL(`**/object/${ZTF_ID}/`);
    await page.close();
    expect(complaints).to.deep.equal([]);
  });
});
