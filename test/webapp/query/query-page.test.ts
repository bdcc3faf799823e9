import { expect } from 'chai';

import type { Log } from '../../../common/log.ts';
import { silentLog } from '../../../common/log.ts';
import { startWeb } from '../../../webapp/server.ts';
import type { WebServer } from '../../../webapp/server.ts';
import { EXAMPLES } from '../../../webapp/query/examples.ts';
import { logIn } from '../log-in.ts';
import { insert } from '../seed-rows.ts';
import { LSST_ID, ZTF_CENTRE, ZTF_COUNTS, ZTF_ID } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const MANY = 2_345;

describe('the query page over HTTP', function () {
  this.timeout(120_000);
  let site: TestSite;
  let web: WebServer;
  const logged: Record<string, unknown>[] = [];

  before(async () => {
    site = await startSeededSite();
    // Numbers 0, 1, 2 ... in a table of the survey: pages and orders are known.
    const rows = Array.from({ length: MANY }, (_, i) => ({
      objectId: `ZTF25${String.fromCharCode(97 + Math.floor(i / 676))}${String.fromCharCode(97 + (Math.floor(i / 26) % 26))}${String.fromCharCode(97 + (i % 26))}zzzz`,
      pid: BigInt(i),
      jd: 2_461_000.5 + i,
      fid: 1 + (i % 3),
      nid: 3_000,
      diffmaglim: i % 5 === 0 ? null : 18 + i / 10_000,
    }));
    await insert(site.db, 'ztf', 'noncandidates', rows);
    const log: Log = {
      ...silentLog,
      info: (_message, facts = {}) => void logged.push(facts),
    };
    web = await startWeb({ ...site.context, log });
  });
  after(async () => {
    await web?.stop();
    await site?.stop();
  });
  beforeEach(() => logged.splice(0));

  const address = (parameters: Record<string, string>) =>
    `${web.url}/query/?${new URLSearchParams(parameters).toString()}`;
  const ask = async (parameters: Record<string, string>) => {
    const answer = await fetch(address(parameters), { redirect: 'manual' });
    return { status: answer.status, headers: answer.headers, html: await answer.text() };
  };
  const post = (path: string, fields: Record<string, string>) =>
    fetch(web.url + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
  /** Where the links of a page lead. */
  const links = (html: string) =>
    [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) =>
      href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='),
    );
  const title = (html: string) =>
    /<h2 id="result-title">(.*?)<\/h2>/.exec(html)?.[1].replace(/<[^>]*>/g, ' ');
  const cells = (html: string) =>
    (/<tbody>([\s\S]*?)<\/tbody>/.exec(html)?.[1] ?? '')
      .trim()
      .split('\n')
      .map((row) =>
        [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell.replace(/<[^>]*>/g, '')),
      );
  const NUMBERS = 'SELECT pid, diffmaglim FROM noncandidates WHERE nid = 3000';

  it('is an empty page with examples, under the policy of the site', async () => {
    const { status, html, headers } = await ask({});
    expect(status).to.equal(200);
    expect(html).to.contain('<textarea').and.contain('To begin with');
    expect(html).to.not.match(/ style="| on\w+="|<style/);
    expect(headers.get('content-security-policy')).to.not.contain('unsafe');
    expect(logged).to.deep.equal([]);
  });

  it('runs every example as it stands', async () => {
    for (const survey of ['ztf', 'lsst'] as const) {
      for (const { title: name, sql } of EXAMPLES[survey]) {
        const { status, html } = await ask({ survey, sql });
        expect(status, `${survey}: ${name}`).to.equal(200);
        expect(title(html), name).to.match(/^(Rows|No rows)/);
      }
    }
  });

  it('shows rows with units, meanings, links and downloads', async () => {
    const sql = `SELECT objectId, ramean, decmean FROM objects WHERE objectId = '${ZTF_ID}'`;
    const { html } = await ask({ sql });
    expect(title(html)).to.match(/^Rows 1–1 all of them · \d/);
    expect(cells(html)).to.deep.equal([[ZTF_ID, String(ZTF_CENTRE.ra), String(ZTF_CENTRE.dec)]]);
    expect(html).to.contain(`<a href="/object/${ZTF_ID}/">${ZTF_ID}</a>`);
    expect(html).to.match(/<th scope="col" class="number" title="[^"]+" data-unit="deg">/);
    for (const format of ['json', 'csv', 'votable', 'parquet']) {
      const link = links(html).find((each) => each.endsWith(`format=${format}`)) ?? '';
      const file = await fetch(web.url + link);
      expect(file.status, format).to.equal(200);
      expect(file.headers.get('content-disposition'), format).to.contain('glint-ztf-');
    }
  });

  it('gives 1000 rows a page, in the order asked for', async () => {
    const first = await ask({ sql: NUMBERS, sort: '1' });
    expect(title(first.html)).to.contain('Rows 1–1\u202f000').and.contain('more follow');
    expect(cells(first.html).map(([pid]) => pid)).to.deep.equal(
      Array.from({ length: 1_000 }, (_, i) => String(i)),
    );
    const next = links(first.html).find((each) => each.endsWith('page=1')) ?? '';
    const second = await (await fetch(web.url + next)).text();
    expect(cells(second)[0][0]).to.equal('1000');
    const last = await ask({ sql: NUMBERS, sort: '1', page: '2' });
    expect(title(last.html)).to.contain('Rows 2\u202f001–2\u202f345').and.contain('the last');
    expect(last.html).to.contain('Previous page').and.not.contain('Next page');
    const beyond = await ask({ sql: NUMBERS, sort: '1', page: '9' });
    expect(title(beyond.html)).to.contain('No more rows');
    const down = await ask({ sql: NUMBERS, sort: '1', direction: 'desc' });
    expect(cells(down.html)[0][0]).to.equal(String(MANY - 1));
    expect(down.html).to.contain('aria-sort="descending"');
  });

  it('says what cuts the rows and what leaves their order open', async () => {
    expect((await ask({ sql: NUMBERS })).html).to.contain('The query gives no order');
    const limited = await ask({ sql: `${NUMBERS} ORDER BY pid LIMIT 7` });
    expect(limited.html).to.contain('Your LIMIT 7 ends it here');
    expect(cells(limited.html)).to.have.length(7);
    // Its own ORDER BY holds: the headers are no links.
    expect(limited.html).to.contain('<span class="name">pid</span>');
    expect(links(limited.html).filter((each) => each.includes('sort='))).to.deep.equal([]);
    const wrong = await ask({ sql: NUMBERS, sort: '9' });
    expect(wrong.status).to.equal(400);
  });

  it('shows NULL as such', async () => {
    const { html } = await ask({ sql: `${NUMBERS} ORDER BY pid LIMIT 2` });
    expect(cells(html)).to.deep.equal([
      ['0', 'NULL'],
      ['1', '18.0001'],
    ]);
  });

  it('names the words that are wrong, under them', async () => {
    const { status, html } = await ask({ sql: 'SELECT objectId,\n  gmagg FROM objects' });
    expect(status).to.equal(400);
    expect(html).to.contain('no column gmagg in objects; did you mean gmag?');
    expect(html).to.contain('<mark>gmagg</mark>').and.contain('<span class="caret">^^^^^</span>');
    expect(html).to.contain('data-line="2"').and.contain('data-column="3"');
    // The text is still there.
    expect(html).to.contain('gmagg FROM objects</textarea>');
    expect(logged[0]).to.include({ refused: 'invalid_query', survey: 'ztf' });
  });

  it('lets no query be markup', async () => {
    const { html } = await ask({
      sql: `SELECT '<script>alert(1)</script>' AS "</textarea><b>", objectId FROM objects`,
      x: '"><script>',
    });
    expect(html)
      .to.not.contain('<script>alert')
      .and.not.contain('<b>')
      .and.not.contain('"><script>');
  });

  it('asks for fields, and takes numbers for them', async () => {
    const sql = 'SELECT pid FROM noncandidates WHERE nid = :night AND pid < :most ORDER BY pid';
    const asked = await ask({ sql, 'f.night': '3000' });
    expect(asked.status).to.equal(400);
    expect(asked.html).to.contain('give a number for :most').and.contain('name="f.most"');
    const given = await ask({ sql, 'f.night': '3000', 'f.most': '3' });
    expect(cells(given.html)).to.deep.equal([['0'], ['1'], ['2']]);
    expect((await ask({ sql, 'f.night': 'x', 'f.most': '3' })).html).to.contain(
      'the field :night needs a number',
    );
  });

  it('has fields of any name, those of what every object has among them', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
      const sql = `SELECT objectId FROM objects WHERE ncand > :${name}`;
      const query = new URLSearchParams({ survey: 'ztf', sql });
      const empty = await fetch(`${site.url}/query/?${query.toString()}`);
      expect(empty.status, name).to.equal(400);
      const html = await empty.text();
      expect(html).to.contain(`give a number for :${name}`).and.not.contain('native code');
      const checked = await fetch(`${site.url}/query/check`, { method: 'POST', body: query });
      expect(await checked.json(), name).to.include({ outcome: 'fine' });
      query.set(`f.${name}`, '2');
      expect((await fetch(`${site.url}/query/?${query.toString()}`)).status).to.equal(200);
    }
  });

  it('sends a form on to its address, and shows what is too long for one', async () => {
    const short = await post('/query/', { survey: 'lsst', sql: 'SELECT 1' });
    expect(short.status).to.equal(303);
    expect(short.headers.get('location')).to.equal('/query/?survey=lsst&sql=SELECT+1');
    const long = `${NUMBERS} AND pid IN (${Array.from({ length: 2_000 }, (_, i) => i).join(', ')})`;
    const answer = await post('/query/', { sql: long, sort: '1' });
    expect(answer.status).to.equal(200);
    const html = await answer.text();
    expect(cells(html)).to.have.length(1_000);
    // Page and downloads are forms that bring the text along.
    expect(html).to.match(/<form class="link-form" method="post" action="\/query\/">/);
    expect(html).to.contain('action="/query/download"').and.not.contain('href="/query/download');
  });

  it('runs the three boxes, with tables joined and lists picked', async () => {
    const boxes = {
      mode: 'boxes',
      selected: 'objects.objectId, sherlock_classifications.classification',
      tables: 'objects',
      conditions: `objects.objectId = '${ZTF_ID}'`,
    };
    const { html } = await ask({ ...boxes, pick: 'sherlock_classifications' });
    expect(cells(html)[0][0]).to.equal(ZTF_ID);
    expect(html).to.contain('objects, sherlock_classifications</textarea>');
    const wrong = await ask({ ...boxes, conditions: 'objects.nix > 3' });
    expect(wrong.html).to.contain('WHERE, line 1').and.contain('data-part="conditions"');
  });

  it('writes the boxes as a statement, and a statement as boxes', async () => {
    const there = await post('/query/', {
      survey: 'ztf',
      mode: 'boxes',
      switch: 'statement',
      selected: 'objects.objectId, tns_matches.tns_name',
      tables: 'tns_matches',
      conditions: 'objects.ncand > 3',
    });
    const location = there.headers.get('location') ?? '';
    const text = new URL(location, web.url).searchParams.get('sql') ?? '';
    expect(text).to.contain('JOIN tns_matches ON').and.contain('WHERE objects.ncand > 3');
    // It is shown and not run.
    const shown = await (await fetch(web.url + location)).text();
    expect(shown).to.contain('JOIN tns_matches').and.not.contain('id="result"');
    const back = await post('/query/', { survey: 'ztf', switch: 'boxes', sql: text });
    const boxes = new URL(back.headers.get('location') ?? '', web.url).searchParams;
    expect(boxes.get('tables')).to.equal('objects, tns_matches');
    const cannot = await post('/query/', { switch: 'boxes', sql: 'SELECT 1 UNION SELECT 2' });
    expect(await cannot.text()).to.contain('The three boxes cannot say this');
    const broken = await post('/query/', { switch: 'boxes', sql: 'SELECT FROM' });
    expect(await broken.text()).to.contain('Mend the query first');
  });

  it('draws the sky and a plot without scripts', async () => {
    const sql = 'SELECT objectId, ramean, decmean, peakMag, ncand FROM objects';
    const sky = await ask({ sql, view: 'sky' });
    expect(sky.html).to.match(/<div data-pane="sky">\s*<div class="sky-figure"/);
    expect(sky.html).to.contain(`data-id="${ZTF_ID}"`);
    const plot = await ask({ sql, view: 'scatter', x: 'ncand', y: 'peakMag' });
    expect(plot.html).to.contain('<svg class="scatter-still"').and.contain('peakMag (mag)');
    const neither = await ask({ sql: 'SELECT objectId FROM objects', view: 'sky' });
    expect(neither.html).to.contain('<div data-pane="table">').and.not.contain('data-pane="sky"');
  });

  it('checks a text while somebody types', async () => {
    const check = async (fields: Record<string, string>) =>
      (await (await post('/query/check', fields)).json()) as Record<string, unknown>;
    expect(await check({ sql: ' ' })).to.deep.equal({ outcome: 'empty' });
    expect(await check({ sql: 'SELECT objectId, gmag FROM objects LIMIT :n' })).to.deep.equal({
      outcome: 'fine',
      summary: 'objectId, gmag from objects',
    });
    const wrong = await check({ survey: 'lsst', sql: 'SELECT objectIdd FROM objects' });
    expect(wrong).to.include({ outcome: 'wrong' });
    expect(wrong.spot).to.include({ part: 'statement', line: 1, column: 8, length: 9 });
  });

  it('gives the words of the schema once', async () => {
    const path = /data-words="([^"]+)"/.exec((await ask({})).html)?.[1] ?? '';
    const answer = await fetch(web.url + path);
    expect(answer.headers.get('cache-control')).to.contain('immutable');
    const words = (await answer.json()) as {
      surveys: Record<string, { name: string; columns: { name: string; unit?: string }[] }[]>;
      functionGroups: { functions: { name: string }[] }[];
    };
    const objects = words.surveys.ztf.find(({ name }) => name === 'objects');
    expect(objects?.columns.find(({ name }) => name === 'gmag')?.unit).to.equal('mag');
    const functions = words.functionGroups.flatMap((group) => group.functions);
    expect(functions.map(({ name }) => name)).to.include.members(['cone', 'light_curve', 'ABS']);
    expect((await fetch(`${web.url}/query/words-000000000000.json`)).status).to.equal(404);
  });

  it('logs who ran what', async () => {
    await ask({ sql: `${NUMBERS} LIMIT 3` });
    expect(logged).to.have.length(1);
    expect(logged[0]).to.include({ who: '127.0.0.1', survey: 'ztf', rows: 3 });
    expect(logged[0].elapsedMs).to.be.a('number');
  });

  it('shows lists that are public to all and private ones to their owner', async () => {
    const owner = await logIn({ url: web.url, context: site.context }, 'tycho');
    const list = { name: '', description: '', active: 0, radius: 3, user_id: owner.userId };
    const stamps = { created_at: site.context.now(), updated_at: site.context.now() };
    await insert(site.db, 'glint', 'watchlists', [
      { ...list, ...stamps, name: 'open clusters', public: 1 },
      { ...list, ...stamps, name: 'secret quasars', public: 0 },
    ]);
    const page = '/query/?mode=boxes&selected=*&edit=1';
    const visitor = await (await fetch(web.url + page)).text();
    expect(visitor).to.contain('open clusters').and.not.contain('secret quasars');
    const own = await (await owner.get(page)).text();
    expect(own).to.contain('secret quasars (yours)').and.contain('formaction="/queries/create/"');
    expect(visitor).to.not.contain('formaction');
  });

  describe('at the address of 2019', () => {
    const rows = async (fields: Record<string, string>) => {
      const answer = await post('/objlist/', { json: 'on', ...fields });
      return { status: answer.status, text: await answer.text() };
    };

    it('answers dictionaries without anything around them, ids as bare digits', async () => {
      const { text } = await rows({
        sqlquery: `select objectId, candid, isdiffpos, jd, drb from candidates where objectId = '${ZTF_ID}' order by jd`,
      });
      expect(text).to.match(/^\[\{"objectId": "ZTF26aaglint", "candid": 3611000000015015001, /);
      const parsed = JSON.parse(text) as Record<string, unknown>[];
      expect(parsed).to.have.length(ZTF_COUNTS.detections);
      expect(parsed.some(({ drb }) => drb === null)).to.equal(true);
    });

    it('gives 1000 rows a page, and texts of times', async () => {
      const first = JSON.parse((await rows({ sqlquery: `${NUMBERS} ORDER BY pid` })).text) as {
        pid: number;
      }[];
      const third = JSON.parse(
        (await rows({ sqlquery: `${NUMBERS} ORDER BY pid`, page: '2' })).text,
      ) as { pid: number }[];
      expect([first.length, first[999].pid, third.length, third[0].pid]).to.deep.equal([
        1_000, 999, 345, 2_000,
      ]);
      const { text } = await rows({ sqlquery: 'SELECT MIN(timestamp) AS t FROM lsst.objects' });
      expect(text).to.match(/^\[\{"t": ("\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?"|null)\}\]/);
    });

    it('refuses with a sentence, and runs nothing without a text', async () => {
      const wrong = await rows({ sqlquery: 'DROP TABLE objects' });
      expect(wrong.status).to.equal(400);
      expect(JSON.parse(wrong.text)).to.have.property('error').that.contains('SELECT');
      expect((await rows({ sqlquery: '' })).text).to.equal('[]');
    });

    it('shows rows as a page, with the next one', async () => {
      const answer = await post('/objlist/', { sqlquery: NUMBERS, page: '1' });
      const html = await answer.text();
      expect(title(html)).to.contain('Rows 1\u202f001–2\u202f000');
      expect(html).to.contain('Next page');
      expect((await fetch(`${web.url}/objlist/`)).status).to.equal(200);
    });

    it('keeps ids of Rubin whole', async () => {
      const { text } = await rows({
        survey: 'lsst',
        sqlquery: 'SELECT diaObjectId FROM objects ORDER BY nDiaSources DESC LIMIT 1',
      });
      expect(text).to.equal(`[{"diaObjectId": ${LSST_ID}}]\n`);
    });
  });
});
