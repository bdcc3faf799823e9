import { expect } from 'chai';
import type { Browser } from 'playwright-core';

import type { findPeriod } from '../../common/features/periodogram/find-period.ts';
import { appendRecord } from '../../common/history/packed-section.ts';
import {
  IS_POSITIVE,
  ZTF_DETECTION,
  emptyZtfHistory,
  packZtfHistory,
} from '../../common/history/ztf-history.ts';
import { BusyError } from '../../common/errors.ts';
import { selectPeriod } from '../../common/store/periods.ts';
import { ENDPOINTS } from '../../webapp/api/endpoints.ts';
import { createPeriodFinder } from '../../webapp/period-finder.ts';
import { insert } from './seed-rows.ts';
import { LSST_ID, SS_ID, ZTF_CENTRE, ZTF_ID } from './seed.ts';
import { openBrowser, startSeededSite } from './site.ts';
import type { TestSite } from './site.ts';

const PERIOD = 0.5634;

/** Packed history of a star that varies with that period, in two bands. */
function variableStar(points: number, nights = 200): Buffer {
  const history = emptyZtfHistory();
  for (let i = 0; i < points; i++) {
    const at = appendRecord(history.detections, i + 1, 0);
    const { view } = history.detections;
    const jd = 2_460_000.7 + Math.floor((nights * i) / points) + 0.25 * ((i * 0.618) % 1);
    const put = (name: keyof typeof ZTF_DETECTION.offsets, value: number) =>
      view.setFloat32(at + ZTF_DETECTION.offsets[name], value, true);
    const change = 0.4 * Math.sin((2 * Math.PI * jd) / PERIOD);
    view.setFloat64(at + ZTF_DETECTION.offsets.jd, jd, true);
    view.setFloat64(at + ZTF_DETECTION.offsets.ra, ZTF_CENTRE.ra, true);
    view.setFloat64(at + ZTF_DETECTION.offsets.decl, ZTF_CENTRE.dec, true);
    put('magpsf', 18 - 2.5 * Math.log10(Math.abs(change)));
    put('sigmapsf', 0.05);
    put('magnr', 18);
    view.setUint8(at + ZTF_DETECTION.offsets.fid, 1 + (i % 2));
    view.setUint8(at + ZTF_DETECTION.offsets.flags, change > 0 ? IS_POSITIVE : 0);
  }
  return packZtfHistory(history);
}

describe('periods on the site', function () {
  this.timeout(120_000);
  let site: TestSite;
  let browser: Browser | undefined;
  before(async () => {
    site = await startSeededSite();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await site.stop();
  });

  const store = (version: number, points: number, nights?: number) =>
    insert(site.db, 'ztf', 'histories', [
      { objectId: ZTF_ID, version, points: variableStar(points, nights) as never },
    ]);
  const ask = async (path: string) => {
    const answer = await fetch(`${site.url}/api/v1/objects/${path}/period`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const periodOf = (body: Record<string, unknown>) => {
    const endpoint = ENDPOINTS.find((each) => each.operationId === 'getPeriod');
    const { search } = endpoint?.answer.parse(body) as { search: ReturnType<typeof findPeriod> };
    return search;
  };

  it('finds the period, keeps it, and searches again when the object is seen again', async () => {
    await store(1, 120);
    const first = periodOf((await ask(`ztf/${ZTF_ID}`)).body);
    if (first.outcome !== 'searched') throw new Error(first.reason);
    expect(first.peaks[0].periodDays).to.be.closeTo(PERIOD, 1e-4);
    expect(first.peaks[0].falseAlarmProbability).to.be.below(1e-12);
    expect(first.bands.map(({ brightness }) => brightness)).to.include('apparent flux');

    // What is kept is what is given, as long as the history is of that version.
    await site.db.execute(
      'UPDATE glint.periods SET answer = REPLACE(answer, \'"points":120\', \'"points":121\')',
    );
    expect((periodOf((await ask(`ztf/${ZTF_ID}`)).body) as { points: number }).points).to.equal(
      121,
    );
    await store(2, 124);
    expect((periodOf((await ask(`ztf/${ZTF_ID}`)).body) as { points: number }).points).to.equal(
      124,
    );
    expect(await selectPeriod(site.db, 'ztf', ZTF_ID, 1)).to.equal(undefined);
  });

  it('says clearly when there are too few points, or none stored', async () => {
    await store(3, 7);
    expect(periodOf((await ask(`ztf/${ZTF_ID}`)).body)).to.include({ outcome: 'no answer' });
    const page = await (await fetch(`${site.url}/object/${ZTF_ID}/period/`)).text();
    expect(page).to.contain('a period needs 10');
    expect(periodOf((await ask(`lsst/${LSST_ID}`)).body)).to.include({ outcome: 'no answer' });
  });

  it('answers what does not exist and what cannot be as the other endpoints do', async () => {
    expect((await ask('ztf/ZTF99zzzzzzz')).status).to.equal(404);
    expect((await ask(`lsst/${SS_ID}`)).status).to.equal(404);
    expect((await ask('ztf/123')).status).to.equal(400);
    expect((await fetch(`${site.url}/object/nothing/period/`)).status).to.equal(404);
    expect((await fetch(`${site.url}/object/${ZTF_ID}/period/?period=-1`)).status).to.equal(400);
    expect((await fetch(`${site.url}/object/${ZTF_ID}/period/?period=x`)).status).to.equal(400);
  });

  it('searches once for many who ask at once, and refuses what it cannot take', async () => {
    await store(4, 400, 3000);
    const finder = createPeriodFinder(site.context, { running: 1, waiting: 0, timeoutMs: 60_000 });
    const [a, b] = await Promise.all([finder.find('ztf', ZTF_ID), finder.find('ztf', ZTF_ID)]);
    expect(a.answer).to.equal(b.answer);

    await store(5, 400, 3000);
    await insert(site.db, 'ztf', 'histories', [
      { objectId: 'ZTF26zzzzzzz', version: 1, points: variableStar(400, 3000) as never },
    ]);
    // Whichever comes second: both take far longer than it takes to ask.
    const outcomes = await Promise.allSettled([
      finder.find('ztf', ZTF_ID),
      finder.find('ztf', 'ZTF26zzzzzzz'),
    ]);
    const refusals = outcomes.flatMap((each) =>
      each.status === 'rejected' ? [each.reason as unknown] : [],
    );
    expect(refusals).to.have.length(1);
    expect(refusals[0]).to.be.instanceOf(BusyError);

    await store(6, 400, 3000);
    const hasty = createPeriodFinder(site.context, { running: 1, waiting: 0, timeoutMs: 1 });
    const late = await hasty.find('ztf', ZTF_ID).catch((err: unknown) => err);
    expect(String(late)).to.contain('too long');
    await Promise.all([finder.stop(), hasty.stop()]);
  });

  it('shows the fold and the periodogram without scripts, and folds with what it is asked', async () => {
    await store(7, 120);
    const page = await (await fetch(`${site.url}/object/${ZTF_ID}/period/`)).text();
    expect(page).to.contain('Best period 0.563');
    expect(page.match(/<circle /g)?.length).to.be.at.least(240);
    expect(page).to.contain('aria-label="Periodogram"');
    const twice = await (await fetch(`${site.url}/object/${ZTF_ID}/period/?period=1.1268`)).text();
    expect(twice).to.contain('Folded with 1.1268 d');
    const moved = await fetch(`${site.url}/object/${ZTF_ID.toUpperCase()}/period/`, {
      redirect: 'manual',
    });
    expect(moved.status).to.equal(301);
  });

  it('draws both in a browser without a complaint', async function () {
    if (browser === undefined) {
      process.stderr.write('      skipped: no Chromium is installed (apt-get install chromium)\n');
      this.skip();
    }
    await store(8, 120);
    for (const width of [1280, 390]) {
      const complaints: string[] = [];
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (err) => complaints.push(err.message));
      await page.goto(`${site.url}/object/${ZTF_ID}/period/`);
      await page.waitForSelector('#fold[data-ready]');
      expect(await page.locator('#fold .point').count()).to.equal(240);
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(sideways).to.be.at.most(0);
      expect(complaints).to.deep.equal([]);
      await page.close();
    }
  });
});
