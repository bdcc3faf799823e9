import { createConnection, createServer } from 'node:net';
import type { Server } from 'node:net';
import { once } from 'node:events';

import { expect } from 'chai';

import { openDatabase } from '../../common/store/database.ts';
import { startWeb } from '../../webapp/server.ts';
import { testMariaDb } from '../servers.ts';
import { LSST_COUNTS, LSST_ID, SS_ID, ZTF_CENTRE, ZTF_COUNTS, ZTF_ID } from './seed.ts';
import { startSeededSite } from './site.ts';
import type { TestSite } from './site.ts';

describe('the site over HTTP', () => {
  let site: TestSite;
  before(async () => {
    site = await startSeededSite();
  });
  after(() => site.stop());

  const get = (path: string) => fetch(site.url + path, { redirect: 'manual' });
  const json = async (path: string) =>
    (await (await get(path)).json()) as Record<string, unknown> & {
      objectData: Record<string, unknown>;
      candidates: Record<string, unknown>[];
    };

  it('answers every page with 200 and a strict policy', async () => {
    const pages = [
      '/',
      `/object/${ZTF_ID}/`,
      `/object/${LSST_ID}/`,
      `/object/${SS_ID}/`,
      '/search/',
      '/status/',
      '/status/3610/',
      '/schema/',
      '/api/',
    ];
    for (const path of pages) {
      const answer = await get(path);
      expect(answer.status, path).to.equal(200);
      const policy = answer.headers.get('content-security-policy');
      expect(policy, path).to.contain("default-src 'none'").and.not.contain('unsafe');
      const html = await answer.text();
      expect(html, path).to.not.match(/ style="| on\w+="|<style/);
    }
  });

  it('answers the 2019 JSON with its keys, newest first, ids as strings', async () => {
    const object = await json(`/object/${ZTF_ID}/json/`);
    expect(object).to.have.all.keys(
      'objectId',
      'objectData',
      'candidates',
      'count_isdiffpos',
      'count_real_candidates',
      'crossmatches',
      // Came with later generations.
      'annotations',
    );
    expect(object.objectData).to.have.all.keys(
      'primaryId',
      'ncand',
      'ramean',
      'decmean',
      'glonmean',
      'glatmean',
      'classification',
      'annotation',
      'separationArcsec',
      'rasex',
      'decsex',
    );
    expect(object.count_isdiffpos).to.equal(ZTF_COUNTS.negative);
    expect(object.candidates).to.have.length(ZTF_COUNTS.detections + ZTF_COUNTS.nonDetections);
    const detection = object.candidates[0];
    expect(detection).to.have.all.keys(
      'candid mjd ra decl fid nid magpsf sigmapsf magnr sigmagnr magzpsci isdiffpos ssdistnr ssnamenr ndethist utc dc_mag dc_sigmag'.split(
        ' ',
      ),
    );
    expect(detection.candid)
      .to.be.a('string')
      .and.match(/^3611\d{15}$/);
    expect(detection.utc).to.equal('2026-11-20 10:33:36');
    expect(object.candidates.at(-1)).to.have.all.keys('mjd', 'fid', 'diffmaglim', 'utc', 'magpsf');
    const mjds = object.candidates.map((row) => Number(row.mjd));
    expect(mjds).to.deep.equal([...mjds].sort((a, b) => b - a));
  });

  it('adds reference and difference to the apparent magnitude, by sign', async () => {
    const { candidates } = await json(`/object/${ZTF_ID}/json/`);
    const [positive] = candidates;
    const flux = 10 ** (-0.4 * Number(positive.magnr)) + 10 ** (-0.4 * Number(positive.magpsf));
    expect(positive.dc_mag).to.be.closeTo(-2.5 * Math.log10(flux), 1e-9);
    const negative = candidates.find((row) => row.isdiffpos === 'f');
    const left = 10 ** (-0.4 * Number(negative?.magnr)) - 10 ** (-0.4 * Number(negative?.magpsf));
    expect(negative?.dc_mag).to.be.closeTo(-2.5 * Math.log10(left), 1e-9);
  });

  it('says that an unknown object is not there, in page and JSON', async () => {
    const page = await get('/object/ZTF99zzzzzzz/');
    expect(page.status).to.equal(404);
    expect(await page.text()).to.contain('ZTF18acruwxq');
    const answer = await get('/object/ZTF99zzzzzzz/json/');
    expect(answer.status).to.equal(404);
    expect(await answer.json()).to.have.all.keys('objectId', 'message');
  });

  it('gives Rubin objects with ids as strings and no NaN', async () => {
    const text = await (await get(`/object/${LSST_ID}/json/`)).text();
    expect(text).to.not.contain('NaN');
    const object = JSON.parse(text) as Record<string, unknown[]>;
    expect(object.diaObjectId).to.equal(LSST_ID);
    expect(object.diaSourcesList).to.have.length(LSST_COUNTS.detections);
    expect(object.diaForcedSourcesList).to.have.length(LSST_COUNTS.forced);
  });

  it('finds names, detections and positions, and goes to a single hit', async () => {
    const target = async (query: string) =>
      (await get(`/search/?query=${encodeURIComponent(query)}`)).headers.get('location');
    expect(await target(ZTF_ID.toUpperCase())).to.equal(`/object/${ZTF_ID}/`);
    expect(await target(LSST_ID)).to.equal(`/object/${LSST_ID}/`);
    expect(await target('3611000000015015001')).to.equal(`/object/${ZTF_ID}/`);
    expect(await target('170112044512575500')).to.equal(`/object/${LSST_ID}/`);
    expect(await target(`${ZTF_CENTRE.ra} ${ZTF_CENTRE.dec}`)).to.equal(`/object/${ZTF_ID}/`);
    // 3 arcsec north: inside the default 5, outside 2.
    const north = `${ZTF_CENTRE.ra} ${ZTF_CENTRE.dec + 3 / 3600}`;
    expect(await target(north)).to.equal(`/object/${ZTF_ID}/`);
    expect((await get(`/search/?query=${encodeURIComponent(`${north} 2`)}`)).status).to.equal(404);
    const both = await get(`/search/?query=${ZTF_ID},${LSST_ID}`);
    expect(both.status).to.equal(200);
    expect(await both.text())
      .to.contain(`/object/${ZTF_ID}/`)
      .and.contain(`/object/${LSST_ID}/`);
    expect((await get('/cand/3611000000015015001/')).headers.get('location')).to.equal(
      `/object/${ZTF_ID}/?all#d3611000000015015001`,
    );
  });

  it('draws stamps as JPEG and gives the FITS file', async () => {
    const jpeg = await get('/stamp/ztf/3611000000015015001/science.jpg');
    expect(jpeg.status).to.equal(200);
    expect(jpeg.headers.get('content-type')).to.equal('image/jpeg');
    expect([...new Uint8Array(await jpeg.arrayBuffer()).slice(0, 2)]).to.deep.equal([0xff, 0xd8]);
    const fits = await get('/fits/ztf/3611000000015015001/difference.fits');
    expect(await fits.text()).to.match(/^SIMPLE {2}= {20}T/);
    expect((await get('/stamp/ztf/1/science.jpg')).status).to.equal(404);
    expect((await get('/stamp/ztf/3611000000015015001/other.jpg')).status).to.equal(404);
  });

  it('shows single HDUs of a stamp, and knows the addresses of Lasair', async () => {
    const status = async (path: string) => (await get(path)).status;
    expect(await status('/stamp/ztf/3611000000015015001/science.jpg?hdu=0')).to.equal(200);
    expect(await status('/stamp/ztf/3611000000015015001/science.jpg?hdu=1')).to.equal(404);
    expect(await status('/stamp/ztf/3611000000015015001/science.jpg?hdu=-1')).to.equal(400);
    const target = async (path: string) => {
      const answer = await get(path);
      return `${answer.status} ${answer.headers.get('location')}`;
    };
    expect(await target('/fits/170112044512575500_cutoutScience/')).to.equal(
      '301 /fits/lsst/170112044512575500/science.fits',
    );
    expect(await target('/fits/61365/3611000000015015001_cutoutTemplate/')).to.equal(
      '301 /fits/ztf/3611000000015015001/template.fits',
    );
    expect(await status('/fits/61365/3611000000015015001_cutoutOther/')).to.equal(404);
  });

  it('never fails on hostile input', async () => {
    const texts = [
      "' OR 1=1 --",
      '"; DROP TABLE ztf.objects; --',
      '%00',
      '\0',
      '<script>alert(1)</script>',
      'ZTF18acruwx%',
      '٣٤٥',
      '🌟'.repeat(50),
      'x'.repeat(5_000),
      '99999999999999999999',
      '9223372036854775807',
      '-1',
      '1e400 1e400 1e400',
      'NaN NaN',
      '360 91 5',
      '10 10 99999999',
      '0',
      '../../etc/passwd',
      ZTF_ID + '\n',
    ];
    for (const text of texts) {
      const word = encodeURIComponent(text);
      const paths = [
        `/search/?query=${word}`,
        `/object/${word}/`,
        `/object/${word}/json/`,
        `/cand/${word}/`,
        `/stamp/${word}/${word}/science.jpg`,
        `/fits/ztf/${word}/science.fits`,
        `/status/${word}/`,
        `/api/v1/objects/ztf/${word}`,
        `/api/v1/objects/${word}/1`,
        `/api/v1/status?nid=${word}`,
      ];
      for (const path of paths) {
        const answer = await get(path);
        expect(answer.status, path).to.be.lessThan(500);
        if (!answer.headers.get('content-type')?.includes('json')) {
          expect(await answer.text(), path).to.not.contain('<script>alert');
        }
      }
    }
    for (const path of [
      '/object/%E0%A4%A/',
      '/search/?query=%E0%A4%A',
      '/assets/../package.json',
    ]) {
      expect((await get(path)).status, path).to.be.lessThan(500);
    }
  });

  it('says what processes do, what waits in the dead letters and what jobs did', async () => {
    const html = await (await get('/status/')).text();
    expect(html).to.contain('memory 214 MB, waiting for kafka, topics a b');
    expect(html).to.contain('in the middle of &lt;cutoutScience&gt;');
    expect(html).to.contain('nothing older than 30 days');
    expect(html).to.contain('Kafka not configured');
  });

  it('counts in Prometheus’s format', async () => {
    const text = await (await get('/metrics')).text();
    expect(text).to.contain('glint_alerts{survey="ztf",outcome="received"} 398640');
    expect(text).to.contain('glint_dead_letters{survey="ztf",fault="damaged"} 1');
    expect(text).to.contain('glint_database_up 1');
    expect(text).to.match(/glint_http_request_duration_seconds_count\{.*route="\/object\/:id\/"/);
  });

  it('is healthy and ready', async () => {
    expect((await get('/healthz')).status).to.equal(200);
    expect((await get('/readyz')).status).to.equal(200);
  });
});

describe('the site without its database', () => {
  it('says so, stays alive, and is back when the database is', async () => {
    const site = await startSeededSite();
    const { url } = await testMariaDb();
    const port = await freePort();
    const address = new URL(url);
    address.host = `127.0.0.1:${port}`;
    const far = openDatabase(address.href);
    const web = await startWeb({ ...site.context, db: far });
    let proxy: Server | undefined;
    try {
      const away = await fetch(`${web.url}/object/${ZTF_ID}/`);
      expect(away.status).to.equal(503);
      expect(away.headers.get('retry-after')).to.equal('5');
      expect(await away.text())
        .to.contain('will be back')
        .and.not.contain('ECONNREFUSED')
        .and.not.match(/at \w+ \(/);
      const api = await fetch(`${web.url}/api/v1/status`);
      expect(api.status).to.equal(503);
      expect(await api.json()).to.include({ code: 'upstream_unavailable', status: 503 });
      expect((await fetch(`${web.url}/healthz`)).status).to.equal(200);
      expect((await fetch(`${web.url}/readyz`)).status).to.equal(503);
      expect(await (await fetch(`${web.url}/metrics`)).text()).to.contain('glint_database_up 0');
      proxy = await forward(port, url);
      const back = await fetch(`${web.url}/object/${ZTF_ID}/`);
      expect(back.status).to.equal(200);
    } finally {
      await web.stop();
      await far.close();
      proxy?.close();
      await site.stop();
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Lets a port lead to the test database. */
async function forward(port: number, databaseUrl: string): Promise<Server> {
  const { hostname, port: target } = new URL(databaseUrl);
  const server = createServer((client) => {
    const upstream = createConnection(Number(target), hostname);
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
