import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { isSameRegion } from '../../../common/moc/combine.ts';
import { squareDegrees } from '../../../common/moc/moc.ts';
import { readMoc } from '../../../common/moc/read-moc.ts';
import { matchPastOfWatchmaps } from '../../../post_ingest/watchmaps/match-past.ts';
import { fitsMoc } from '../../common/moc/whole-moc.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { ZTF_ID } from '../seed.ts';
import { openBrowser, startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const WHOLE_SKY = JSON.stringify([
  { kind: 'limits', use: 'add', raFrom: 0, raTo: 360, decFrom: -90, decTo: 90 },
]);

describe('pages of watchmaps', function () {
  this.timeout(120_000);
  let site: TestSite;
  let vera: LoggedIn;

  before(async () => {
    site = await startSeededSite();
    vera = await logIn(site, 'vera');
  });
  after(() => site?.stop());

  const textOf = async (path: string) => (await vera.get(path)).text();
  const api = (path: string, init: RequestInit = {}) =>
    fetch(`${site.url}/api/v1/watchmaps${path}`, {
      ...init,
      headers: { authorization: `Token ${vera.token}`, ...init.headers },
    });
  const json = (method: string, body: unknown): RequestInit => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  function upload(path: string, file: Buffer, fields: Record<string, string>) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ _csrf: vera.csrfToken, ...fields })) {
      form.set(name, value);
    }
    form.set('file', new Blob([new Uint8Array(file)]), 'area <b>.fits');
    return fetch(site.url + path, {
      method: 'POST',
      headers: { cookie: vera.cookie, origin: site.url },
      body: form,
      redirect: 'manual',
    });
  }

  it('draws one shape after the other, shows them, and saves what they make', async () => {
    let page = await (
      await vera.post('/watchmaps/create/', {
        do: 'add:circle',
        circle_centre: '10h00m00s +02d00m00s',
        circle_radius: '90',
        circle_unit: 'arcmin',
      })
    ).text();
    expect(page)
      .to.include('circle around 150 2, radius 1.5°')
      .and.to.match(/7\.0[789]\d? square degrees/);
    const shapes = () =>
      (/name="shapes" value="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"');
    page = await (
      await vera.post('/watchmaps/create/', {
        shapes: shapes(),
        do: 'subtract:polygon',
        polygon_vertices: '149 1\n151 1\n150 3',
      })
    ).text();
    expect(page).to.include('<strong>without</strong> polygon of 3 vertices');
    const bad = await vera.post('/watchmaps/create/', {
      shapes: shapes(),
      do: 'add:circle',
      circle_centre: '<script>',
      circle_radius: '1',
    });
    expect(bad.status).to.equal(400);
    expect(await bad.text())
      .to.include('“&lt;script&gt;” is none')
      .and.include('polygon of 3');
    const saved = await vera.post('/watchmaps/create/', {
      shapes: shapes(),
      do: 'save',
      name: 'a hole',
      active: '1',
    });
    expect(saved.status).to.equal(303);
    const at = saved.headers.get('location') ?? '';
    expect(await textOf(at))
      .to.include('<h1>a hole</h1>')
      .and.include('class="region"');
  });

  it('takes files in all forms, and gives the reason where it does not', async () => {
    const { moc } = readMoc(Buffer.from('5/1-3 8 6/29'));
    const fields = { do: 'upload', name: 'from a file', active: '1' };
    const answer = await upload('/watchmaps/create/', gzipSync(fitsMoc(moc)), fields);
    const at = answer.headers.get('location') ?? '';
    for (const format of ['fits', 'ascii', 'json']) {
      const file = await vera.get(`${at}file/?format=${format}`);
      const copy = readMoc(Buffer.from(await file.arrayBuffer())).moc;
      expect(isSameRegion(copy, moc) && copy.order === moc.order, format).to.equal(true);
    }
    const refused = await upload('/watchmaps/create/', Buffer.from('RA,Dec\n1,2\n'), fields);
    expect(refused.status).to.equal(400);
    expect(await refused.text())
      .to.include('area &lt;b&gt;.fits')
      .and.include('It is no MOC');
    const joined = await upload(`${at}file/`, Buffer.from('4/100'), { operation: 'union' });
    expect(joined.status).to.equal(303);
    const whole = readMoc(Buffer.from(await (await vera.get(`${at}file/`)).arrayBuffer())).moc;
    expect(squareDegrees(whole)).to.be.closeTo(4.25 * 3.357 + 13.43, 0.01);
    const without = await upload(`${at}file/`, Buffer.from('4/100'), { operation: 'difference' });
    expect(without.status).to.equal(303);
  });

  it('shows objects, on the page of the map, of the object and as CSV', async () => {
    const saved = await vera.post('/watchmaps/create/', {
      shapes: WHOLE_SKY,
      do: 'save',
      name: 'everything',
      active: '1',
    });
    const at = saved.headers.get('location') ?? '';
    await matchPastOfWatchmaps(site.context, new AbortController().signal);
    expect(await textOf(at)).to.include(`/object/${ZTF_ID}/`);
    expect(await textOf(`${at}hits.csv`)).to.match(
      new RegExp(`^survey,objectId.*\\r\\n(.*\\r\\n)*ztf,${ZTF_ID},`),
    );
    expect(await textOf(`/object/${ZTF_ID}/`))
      .to.include('In watchmaps')
      .and.include('everything');
    const others = await (await fetch(`${site.url}/object/${ZTF_ID}/`)).text();
    expect(others).not.to.include('In watchmaps');
  });

  it('does by the API what the pages do', async () => {
    const made = await api('', {
      ...json('POST', {
        name: 'by program',
        public: true,
        shapes: [{ kind: 'circle', ra: 0, dec: 90, radius: 5 }],
      }),
    });
    const { id, squareDegrees: area } = (await made.json()) as {
      id: number;
      squareDegrees: number;
    };
    expect(area).to.be.closeTo(78.5, 0.3);
    const sent = await api('?name=as%20a%20body', {
      method: 'POST',
      headers: { 'content-type': 'application/fits' },
      body: new Uint8Array(fitsMoc(readMoc(Buffer.from('0/0-3')).moc)),
    });
    expect(sent.status).to.equal(200);
    const north = ((await sent.json()) as { id: number }).id;
    const cut = await api(
      `/${id}/combine`,
      json('POST', { operation: 'difference', watchmap: north }),
    );
    expect(cut.status).to.equal(400);
    expect(await cut.text()).to.include('It would cover nothing');
    const changed = await api(`/${id}`, json('PATCH', { name: 'renamed', moc: '3/1' }));
    expect(await changed.json()).to.include({
      name: 'renamed',
      order: 3,
      version: 2,
      public: true,
    });
    expect(await (await api(`/${id}/moc?format=ascii`)).text()).to.equal('3/1\n');
    const list = (await (await api('?show=mine')).json()) as { total: number };
    expect(list.total).to.be.greaterThan(1);
    expect((await api(`/${id}`, { method: 'DELETE' })).status).to.equal(200);
    expect((await api(`/${id}`)).status).to.equal(404);
    for (const body of [{}, { name: 'x' }, { name: 'x', moc: '30/1' }, { name: 'x', shapes: [] }]) {
      expect((await api('', json('POST', body))).status, JSON.stringify(body)).to.equal(400);
    }
  });

  it('fills the form in by clicks on the sky', async function () {
    const browser = await openBrowser();
    if (browser === undefined) return this.skip();
    const context = await browser.newContext();
    await context.addCookies([
      { name: 'glint_session', value: vera.cookie.split('=')[1], url: site.url },
    ]);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (err) => faults.push(err.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(`${site.url}/watchmaps/create/`);
    const sky = page.locator('#draw-sky svg');
    const { width, height } = (await sky.boundingBox()) ?? { width: 0, height: 0 };
    await sky.click({ position: { x: width / 2, y: height / 2 } });
    const [ra, dec] = (await page.inputValue('#circle_centre')).split(' ').map(Number);
    expect(ra).to.be.closeTo(180, 1);
    expect(dec).to.be.closeTo(0, 1);
    await page.click('fieldset[data-shape="polygon"] legend');
    for (const x of [0.4, 0.5]) await sky.click({ position: { x: width * x, y: height / 3 } });
    expect((await page.inputValue('#polygon_vertices')).split('\n')).to.have.length(2);
    await page.fill('#circle_radius', '10');
    await page.click('button[value="add:circle"]');
    await page.waitForSelector('.shape-list');
    expect(await page.textContent('#picture-title')).to.match(/^31\d\.\d square degrees$/);
    expect(faults).to.deep.equal([]);
    await browser.close();
  });
});
