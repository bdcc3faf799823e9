import { expect } from 'chai';

import { InvalidInputError } from '../../common/errors.ts';
import { selectCoverage } from '../../common/store/coverage.ts';
import { nightOfText, nightsOfTexts } from '../../webapp/coverage.ts';
import { NOW } from './seed.ts';
import { COVERED, seedCoverage } from './seed-coverage.ts';
import { startSeededSite } from './site.ts';
import type { TestSite } from './site.ts';

interface LasairRow {
  field: number;
  fid: number;
  ra: number;
  dec: number;
  n: number;
}

describe('dates of nights', () => {
  it('are read as Lasair reads them, and with hyphens', () => {
    expect(nightOfText('20170101', NOW)).to.equal(0);
    expect(nightOfText('2018-08-19', NOW)).to.equal(595);
    expect(nightOfText(' Today ', NOW)).to.equal(3611);
    expect(nightsOfTexts('20160229', 'today', NOW)).to.deep.equal({ first: -307, last: 3611 });
  });

  it('are refused where there is no such date, or the order is wrong', () => {
    for (const text of [
      '',
      '2018',
      '20180230',
      '20181301',
      '00000000',
      '20180001',
      'yesterday',
      '20180819.5',
      '201808190',
      '<b>',
      '٢٠١٨٠٨١٩',
    ]) {
      expect(() => nightOfText(text, NOW), text).to.throw(InvalidInputError, 'is no date');
    }
    expect(() => nightsOfTexts('20180820', '20180819', NOW)).to.throw(
      InvalidInputError,
      'The first date, 20180820, is after the last, 20180819.',
    );
  });
});

describe('the coverage pages', () => {
  let site: TestSite;
  before(async () => {
    site = await startSeededSite();
    await seedCoverage(site.context);
  });
  after(() => site.stop());

  const get = (path: string) => fetch(site.url + path, { redirect: 'manual' });
  const html = async (path: string) => {
    const answer = await get(path);
    return { status: answer.status, text: await answer.text() };
  };
  const json = async (path: string): Promise<Record<string, unknown>> => {
    const answer = await get(path);
    expect(answer.status, path).to.equal(200);
    return (await answer.json()) as Record<string, unknown>;
  };

  it('give the JSON of Lasair 2019, all dates where the nights are reversed', async () => {
    const range = await json(`/coverageAjax/${COVERED.first}/${COVERED.last}/`);
    expect(Object.keys(range)).to.deep.equal(['queryType', 'nid1', 'nid2', 'result']);
    expect(range).to.include({ queryType: 'dateRange', nid1: 3609, nid2: 3611 });
    const rows = range.result as LasairRow[];
    expect(Object.keys(rows[0])).to.deep.equal(['field', 'fid', 'ra', 'dec', 'n']);
    expect(rows.every(({ n, fid }) => n > 0 && [1, 2].includes(fid))).to.equal(true);
    const [[stored]] = await site.db.arrays('SELECT SUM(n) FROM ztf.exposures WHERE field < 9999');
    expect(rows.reduce((sum, { n }) => sum + n, 0)).to.equal(Number(stored));
    const all = await json('/coverageAjax/3700/3600/');
    expect(all).to.deep.equal({ queryType: 'allDates', nid1: 3700, nid2: 3600, result: rows });
    const one = await json(`/coverageAjax/${COVERED.last}/${COVERED.last}/`);
    expect((one.result as LasairRow[]).length).to.be.within(1, rows.length - 1);
    expect((await json('/coverageAjax/0/10/')).result).to.deep.equal([]);
    for (const path of ['/coverageAjax/a/b/', '/coverageAjax/1.5/2/', '/coverageAjax/-1/2/']) {
      expect((await get(path)).status, path).to.equal(404);
    }
    expect((await get(`/coverageAjax/1/${'9'.repeat(30)}/`)).status).to.equal(404);
  });

  it('answer the API for both surveys, with limits and nights', async () => {
    const ztf = await json('/api/v1/coverage?survey=ztf&date1=20261119&date2=today');
    expect(ztf).to.include({
      survey: 'ztf',
      firstNight: 3609,
      lastNight: 3611,
      firstDate: '2026-11-19',
      lastDate: '2026-11-21',
    });
    const rows = ztf.rows as Record<string, number | string | null>[];
    const offGrid = rows.find(({ place }) => place === 9_999);
    expect(offGrid).to.deep.equal({
      place: 9_999,
      band: 'i',
      ra: null,
      dec: null,
      detections: 6,
      exposures: 3,
      nights: 3,
      limitingMag: null,
    });
    expect(rows.some(({ detections }) => detections === 0)).to.equal(true);
    const lsst = await json('/api/v1/coverage?survey=lsst&date1=2026-11-20');
    expect(lsst).to.include({ firstDate: '2026-11-20', lastDate: '2026-11-20' });
    for (const { limitingMag, place } of lsst.rows as Record<string, number>[]) {
      // 5 sigma of 50 to 51 nJy.
      expect(limitingMag).to.be.within(31.4 - 2.5 * Math.log10(255), 31.4 - 2.5 * Math.log10(250));
      expect(place).to.be.within(0, 12 * 4 ** 5 - 1);
    }
    for (const query of [
      '',
      'survey=ztf',
      'survey=sdss&date1=today',
      'survey=ztf&date1=20260230',
    ]) {
      const answer = await get(`/api/v1/coverage?${query}`);
      expect(answer.status, query).to.equal(400);
      expect(answer.headers.get('content-type')).to.contain('application/problem+json');
    }
    const reversed = await get('/api/v1/coverage?survey=ztf&date1=20261121&date2=20261119');
    expect(reversed.status).to.equal(400);
    const ever = await json('/api/v1/coverage?survey=ztf&date1=00010101&date2=99991231');
    expect(ever.rows).to.have.length(rows.length);
  });

  it('show the last week without being asked, and what is asked otherwise', async () => {
    const { status, text } = await html('/coverage/');
    expect(status).to.equal(200);
    expect(text).to.contain('nights of 2026-11-15 to 2026-11-21');
    const rows = await selectCoverage(site.db, 'ztf', 3605, 3611);
    expect(text.match(/<rect class="band-/g)).to.have.length(rows.length - 1);
    const one = await html('/coverage/?date1=20261120&survey=lsst&band=i');
    expect(one.text).to.contain('Rubin, night of 2026-11-20');
    expect(one.text)
      .to.match(/<rect class="band-i/)
      .and.not.match(/<rect class="band-u/);
    const none = await html('/coverage/?date1=20200101&date2=20200131');
    expect(none.status).to.equal(200);
    expect(none.text).to.contain('There is coverage from 2026-11-19 to 2026-11-21');
  });

  it('sort their table', async () => {
    const detections = async (sort: string) => {
      const { text } = await html(`/coverage/?sort=${sort}`);
      const cells = [...text.matchAll(/<tr><td class="num">(\d+)<\/td>.*?<\/tr>/g)];
      return cells.map(([row, field]) => {
        const numbers = [...row.matchAll(/<td class="num">(.*?)<\/td>/g)].map(([, value]) => value);
        return { field: Number(field), n: Number(numbers[3].replace(/\D/g, '')) };
      });
    };
    const byCount = await detections('n');
    expect(byCount.map(({ n }) => n)).to.deep.equal(
      byCount.map(({ n }) => n).sort((a, b) => b - a),
    );
    const byField = await detections('place');
    expect(byField.map(({ field }) => field)).to.deep.equal(
      byField.map(({ field }) => field).sort((a, b) => a - b),
    );
    expect(await detections('nonsense')).to.deep.equal(byCount);
  });

  it('say what is wrong with dates, and show nothing as markup', async () => {
    for (const query of [
      'date1=20260230',
      'date1=20261121&date2=20261119',
      'date1=today&date2=never',
      'date1=%3Cscript%3Ealert(1)%3C/script%3E',
    ]) {
      const { status, text } = await html(`/coverage/?${query}`);
      expect(status, query).to.equal(400);
      expect(text, query).to.contain('role="alert"').and.not.contain('<script>alert');
    }
    const odd = [
      'date1=a&date1=b',
      'survey=%00',
      'band=%3Cb%3E',
      'sort[]=n',
      `date1=${'9'.repeat(99)}`,
    ];
    for (const query of odd) {
      expect((await get(`/coverage/?${query}`)).status, query).to.be.below(500);
    }
  });

  it('take the form that Lasair’s programs send', async () => {
    const post = (body: string) =>
      fetch(`${site.url}/coverage/`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
    const answer = await post('date1=20261119&date2=today');
    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.equal('/coverage/?date1=20261119&date2=today');
    expect((await post('date1=20261119')).status).to.equal(400);
    expect((await post('')).status).to.equal(400);
    expect((await post(`date1=${'9'.repeat(9_000)}`)).status).to.be.within(400, 499);
  });

  it('loosen the policy for the map alone', async () => {
    const policy = async (path: string) =>
      (await get(path)).headers.get('content-security-policy') ?? '';
    expect(await policy('/coverage/')).to.contain("script-src 'self' 'wasm-unsafe-eval'");
    expect(await policy('/coverage/')).to.contain("default-src 'none'");
    expect(await policy('/status/')).to.not.match(/unsafe|blob/);
  });

  it('serve Aladin Lite as it came, with its licence, and an empty sky for it', async () => {
    const { text } = await html('/coverage/');
    const script = /data-aladin="([^"]+)"/.exec(text)?.[1] ?? '';
    const program = await get(script);
    expect(program.status).to.equal(200);
    expect(program.headers.get('content-type')).to.contain('javascript');
    const licence = await get(script.replace('dist/aladin.js', 'COPYING.LESSER'));
    expect(await licence.text()).to.contain('GNU LESSER GENERAL PUBLIC LICENSE');
    expect(await (await get('/hips/empty/properties')).text()).to.contain('hips_order ');
    const moc = Buffer.from(await (await get('/hips/empty/Moc.fits')).arrayBuffer());
    expect(moc.length % 2880).to.equal(0);
    for (const path of ['Norder3/Allsky.jpg', 'Norder0/Dir0/Npix11.jpg']) {
      expect((await get(`/hips/empty/${path}`)).headers.get('content-type')).to.equal('image/jpeg');
    }
    expect((await get('/hips/empty/Norder0/Dir0/Npix12.jpg')).status).to.equal(404);
  });
});

describe('the coverage page of an empty site', () => {
  it('says that nothing is known yet', async () => {
    const site = await startSeededSite();
    try {
      const page = await fetch(`${site.url}/coverage/?survey=lsst`);
      expect(page.status).to.equal(200);
      expect(await page.text()).to.contain('As soon as alerts of Rubin are stored');
      const answer = await fetch(`${site.url}/coverageAjax/2/1/`);
      expect(await answer.json()).to.deep.equal({
        queryType: 'allDates',
        nid1: 2,
        nid2: 1,
        result: [],
      });
    } finally {
      await site.stop();
    }
  });
});
