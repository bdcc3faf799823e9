import { expect } from 'chai';

import { silentLog } from '../../../common/log.ts';
import { SYSTEM_QUERIES } from '../../../common/queries/system-queries/system-queries.ts';
import { installSystemQueries } from '../../../common/store/install-system-queries.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const TEXT = 'SELECT objectId, gmag FROM objects WHERE ncand > 3';
const FIELD_TEXT = 'SELECT objectId FROM objects WHERE jdmax > jdnow() - :days';

describe('saved queries on the site', function () {
  this.timeout(120_000);
  let site: TestSite;
  let kay: LoggedIn;
  let lee: LoggedIn;
  let sam: LoggedIn;

  before(async () => {
    site = await startSeededSite();
    await installSystemQueries(site.db, SYSTEM_QUERIES, silentLog, site.context.now());
    kay = await logIn(site, 'kay');
    lee = await logIn(site, 'lee', { role: 'power' });
    sam = await logIn(site, 'sam', { role: 'staff' });
  });
  after(() => site?.stop());

  /** What the form of a new query sends, but for changes. */
  const form = (change: Record<string, string> = {}) => ({
    name: `query ${Math.random()}`,
    description: 'about it',
    survey: 'ztf',
    sql: TEXT,
    ...change,
  });
  const create = async (by: LoggedIn, change: Record<string, string> = {}): Promise<number> => {
    const answer = await by.post('/queries/create/', form(change));
    if (answer.status !== 303) throw new Error(`${answer.status}: ${await answer.text()}`);
    return Number(/\/queries\/(\d+)\//.exec(answer.headers.get('location') ?? '')?.[1]);
  };
  const text = async (answer: Response | Promise<Response>) => (await answer).text();
  /** What the link that runs a query gives to the query page. */
  const runParameters = (page: string) => {
    const link = /href="(\/query\/\?[^"]+)"/.exec(page)?.[1] ?? '';
    const plain = link.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    return new URL(site.url + plain).searchParams;
  };
  const visitor = (path: string, init: RequestInit = {}) =>
    fetch(site.url + path, { redirect: 'manual', ...init });

  describe('saving', () => {
    it('keeps a query that runs, and shows it to its owner', async () => {
      const id = await create(kay, { name: 'bright & <b>near</b>', note: 'first' });
      const page = await text(kay.get(`/queries/${id}/`));
      expect(page)
        .to.include('bright &amp; &lt;b&gt;near&lt;/b&gt;')
        .and.not.include('<b>near</b>');
      expect(page).to.include('ncand &gt; 3').and.include('kay');
      expect(page).not.to.include('kay@example.org');
      expect(runParameters(page).get('sql')).to.equal(TEXT);
    });

    it('refuses one that cannot run, at the word, with everything still in the form', async () => {
      const wrong = form({
        name: 'typo',
        sql: 'SELECT objectId,\n  gmagg FROM objects',
        note: 'n"1',
      });
      const answer = await kay.post('/queries/create/', wrong);
      expect(answer.status).to.equal(400);
      const page = await answer.text();
      expect(page).to.include('Line 2, column 3').and.include('gmag');
      expect(page).to.include('value="typo"').and.include('gmagg FROM objects');
      expect(page).to.include('about it');
      expect(await text(kay.get('/queries/?show=mine&find=typo'))).to.include('None fits');
    });

    it('asks for a number for each field of the text, and keeps them with it', async () => {
      const asked = await kay.post('/queries/create/', form({ sql: FIELD_TEXT }));
      expect(asked.status).to.equal(400);
      const page = await asked.text();
      expect(page).to.include('name="f.days"').and.include('name="label.days"');
      const id = await create(kay, {
        sql: FIELD_TEXT,
        'f.days': '14',
        'label.days': 'seen in the last',
        'unit.days': 'days',
        'f.gone': '3',
      });
      const shown = await text(kay.get(`/queries/${id}/`));
      expect(shown).to.include('seen in the last').and.not.include('gone');
      expect(runParameters(shown).get('f.days')).to.equal('14');
    });

    it('takes the three boxes as they are', async () => {
      const boxes = { selected: 'objectId, gmag', tables: 'objects', conditions: 'ncand > 3' };
      const id = await create(kay, { sql: '', mode: 'boxes', ...boxes });
      const page = await text(kay.get(`/queries/${id}/edit/`));
      for (const name of Object.keys(boxes)) expect(page).to.include(`name="${name}"`);
      const run = runParameters(await text(kay.get(`/queries/${id}/`)));
      for (const [name, box] of Object.entries(boxes)) expect(run.get(name)).to.equal(box);
    });

    it('begins with what the query page brings, by address or form, and saves nothing yet', async () => {
      const asked = `/queries/create/?${new URLSearchParams({ survey: 'lsst', sql: 'SELECT 1+1', 'f.days': '3' })}`;
      expect(await text(kay.get(asked)))
        .to.include('SELECT 1+1')
        .and.include('value="lsst" selected');
      const long = `SELECT ${Array.from({ length: 400 }, () => 'ncand + 1').join(', ')} FROM objects`;
      const brought = await kay.post('/queries/create/', { survey: 'ztf', sql: long });
      expect(brought.status).to.equal(200);
      expect(await brought.text())
        .to.include(long)
        .and.include('name="name"');
    });

    it('names what is missing or too long', async () => {
      for (const [change, word] of [
        [{ name: ' ' }, 'give the query a name'],
        [{ name: 'n'.repeat(300) }, '256'],
        [{ description: 'd'.repeat(5_000) }, '4096'],
        [{ sql: '  ' }, 'Write the query'],
        [{ sql: `SELECT 1 -- ${'x'.repeat(70_000)}` }, 'bytes'],
      ] as [Record<string, string>, string][]) {
        const answer = await kay.post('/queries/create/', form(change));
        expect(answer.status).to.equal(400);
        expect((await answer.text()).toLowerCase()).to.include(word.toLowerCase());
      }
      await create(kay, { name: 'Once only' });
      const again = await kay.post('/queries/create/', form({ name: 'once ONLY' }));
      expect(again.status).to.equal(400);
      expect(await again.text())
        .to.include('choose another name')
        .and.include(TEXT.slice(0, 20));
    });

    it('sends visitors to the login, and refuses forms without their token', async () => {
      const answer = await visitor('/queries/create/?sql=SELECT+1');
      expect(answer.status).to.equal(302);
      expect(answer.headers.get('location')).to.include('/login/?next=');
      const forged = await fetch(`${site.url}/queries/create/`, {
        method: 'POST',
        headers: { cookie: kay.cookie, origin: 'https://elsewhere.example' },
        body: new URLSearchParams({ ...form(), _csrf: kay.csrfToken }),
      });
      expect(forged.status).to.equal(403);
    });
  });

  describe('private ones', () => {
    it('are not there for anybody else, at any address', async () => {
      const id = await create(kay, { name: 'my secret' });
      await kay.post(
        `/queries/${id}/edit/`,
        form({ name: 'my secret', sql: 'SELECT 2', version: '1' }),
      );
      const pages = ['', 'edit/', 'delete/', 'versions/', 'versions/?from=1&to=2'].map(
        (rest) => `/queries/${id}/${rest}`,
      );
      const posts = ['edit/', 'delete/', 'copy/', 'level/', 'restore/'].map(
        (rest) => `/queries/${id}/${rest}`,
      );
      const body = form({ version: '1', current: '2', level: '1' });
      for (const other of [lee, sam]) {
        for (const path of [...pages, `/streams/${id}/`]) {
          const answer = await other.get(path);
          expect(answer.status, `${other.name} ${path}`).to.equal(404);
          expect(await answer.text()).not.to.include('my secret');
        }
        for (const path of posts) {
          const answer = await other.post(path, body);
          expect(answer.status, `${other.name} POST ${path}`).to.equal(404);
        }
        for (const rest of ['', '/run']) {
          const answer = await visitor(`/api/v1/saved-queries/${id}${rest}`, {
            headers: { authorization: `Token ${other.token}` },
          });
          expect(answer.status).to.equal(404);
        }
        const lists = await text(other.get('/queries/?find=secret'));
        expect(lists).not.to.include('my secret');
      }
      expect((await visitor(`/queries/${id}/`)).status).to.equal(404);
      expect((await visitor(`/queries/${id}/versions/`)).status).to.equal(404);
      expect((await visitor(`/api/v1/saved-queries/${id}`)).status).to.equal(404);
      expect(await text(kay.get(`/queries/${id}/`))).to.include('my secret');
    });

    it('become public and private again as their owner says', async () => {
      const id = await create(kay, { name: 'shared now' });
      expect((await kay.post(`/queries/${id}/level/`, { level: '1' })).status).to.equal(303);
      const seen = await text(visitor(`/queries/${id}/`));
      expect(seen).to.include('shared now').and.include('by kay').and.not.include('example.org');
      for (const path of ['edit/', 'delete/']) {
        expect((await lee.get(`/queries/${id}/${path}`)).status).to.equal(403);
      }
      expect((await lee.post(`/queries/${id}/delete/`)).status).to.equal(403);
      expect((await kay.post(`/queries/${id}/level/`, { level: '2' })).status).to.equal(403);
      expect((await kay.post(`/queries/${id}/level/`, { level: '7' })).status).to.equal(400);
      await kay.post(`/queries/${id}/level/`, { level: '0' });
      expect((await visitor(`/queries/${id}/`)).status).to.equal(404);
    });
  });

  describe('versions', () => {
    it('are listed with who and when, and compared', async () => {
      const id = await create(kay, { name: 'edited' });
      const edit = form({
        name: 'edited',
        sql: TEXT.replace('gmag', 'rmag'),
        version: '1',
        note: 'red',
      });
      expect((await kay.post(`/queries/${id}/edit/`, edit)).status).to.equal(303);
      const page = await text(kay.get(`/queries/${id}/versions/`));
      expect(page).to.include('<mark>gmag</mark>').and.include('<mark>rmag</mark>');
      expect(page).to.include('red').and.include('2026-11-21').and.include('kay');
      expect((await kay.get(`/queries/${id}/versions/?from=1&to=9`)).status).to.equal(404);
      expect((await kay.get(`/queries/${id}/versions/?from=x`)).status).to.equal(400);
    });

    it('of two edits from the same version the second is shown both, and loses nothing', async () => {
      const id = await create(kay, { name: 'contended' });
      const edit = (sql: string) => form({ name: 'contended', sql, version: '1' });
      await kay.post(`/queries/${id}/edit/`, edit('SELECT 11 AS first'));
      const late = await kay.post(`/queries/${id}/edit/`, edit('SELECT 22 AS second'));
      expect(late.status).to.equal(409);
      const page = await late.text();
      expect(page).to.include('name="version" value="2"').and.include('22 AS second');
      expect(page.replace(/<[^>]*>/g, '')).to.include('SELECT 11 AS first');
      const again = form({ name: 'contended', sql: 'SELECT 22 AS second', version: '2' });
      expect((await kay.post(`/queries/${id}/edit/`, again)).status).to.equal(303);
      const versions = await text(kay.get(`/queries/${id}/versions/?from=2&to=3`));
      expect(versions.replace(/<[^>]*>/g, ''))
        .to.include('22 AS second')
        .and.include('11 AS first');
    });

    it('come back as a new version', async () => {
      const id = await create(kay, { name: 'restored' });
      await kay.post(
        `/queries/${id}/edit/`,
        form({ name: 'restored', sql: 'SELECT 2', version: '1' }),
      );
      const restore = (current: string) =>
        kay.post(`/queries/${id}/restore/`, { version: '1', current });
      expect((await restore('1')).status).to.equal(400);
      expect((await restore('2')).status).to.equal(303);
      const page = await text(kay.get(`/queries/${id}/versions/`));
      expect(page).to.include('version 1 again');
      expect(await text(kay.get(`/queries/${id}/`))).to.include('ncand &gt; 3');
    });
  });

  describe('copying, deleting and finding', () => {
    it('copies what may be seen into the private ones of whoever copies', async () => {
      const id = await create(kay, { name: 'to copy' });
      await kay.post(`/queries/${id}/level/`, { level: '1' });
      const answer = await lee.post(`/queries/${id}/copy/`);
      const copy = answer.headers.get('location') ?? '';
      expect(copy).to.match(/^\/queries\/\d+\/$/);
      expect(await text(lee.get(copy)))
        .to.include('to copy')
        .and.include('private');
      expect((await kay.get(copy)).status).to.equal(404);
    });

    it('leads from a copy for the stream to its settings there', async () => {
      const id = await create(kay, { name: 'to run on the stream' });
      await kay.post(`/queries/${id}/level/`, { level: '1' });
      const answer = await lee.post(`/queries/${id}/copy/`, { for: 'filter' });
      const settings = answer.headers.get('location') ?? '';
      expect(settings).to.match(/^\/filters\/\d+\/settings\/$/);
      expect(await text(lee.get(settings))).to.include('to run on the stream');
    });

    it('deletes after asking, and only then', async () => {
      const id = await create(kay, { name: 'short-lived' });
      expect(await text(kay.get(`/queries/${id}/delete/`))).to.include('Delete “short-lived”?');
      expect((await kay.get(`/queries/${id}/`)).status).to.equal(200);
      expect((await kay.post(`/queries/${id}/delete/`)).status).to.equal(303);
      for (const path of ['', 'versions/']) {
        expect((await kay.get(`/queries/${id}/${path}`)).status).to.equal(404);
      }
      expect((await kay.post(`/queries/${id}/delete/`)).status).to.equal(404);
    });

    it('lists mine, public and system ones, found by a word and in order', async () => {
      const id = await create(lee, { name: 'zz public of lee' });
      await lee.post(`/queries/${id}/level/`, { level: '1' });
      const page = await text(kay.get('/queries/'));
      for (const part of ['zz public of lee', 'by lee', 'SN-like candidates of ZTF', 'by Glint']) {
        expect(page).to.include(part);
      }
      expect(await text(visitor('/queries/?find=zz+public&sort=name'))).to.include('zz public');
      expect((await visitor('/queries/?show=mine')).status).to.equal(302);
      expect((await visitor('/queries/?sort=size')).status).to.equal(400);
      expect(await text(visitor('/queries/?find=%3Cscript%3E'))).not.to.include('<script>');
    });

    it('has no other numbers than those of queries', async () => {
      for (const path of ['0', '-1', '1.5', 'x', '99999999999999999999', '999999999', '%00']) {
        expect((await visitor(`/queries/${path}/`)).status, path).to.equal(404);
      }
    });

    it('knows the addresses of 2019', async () => {
      expect((await visitor('/myquery/')).headers.get('location')).to.equal('/queries/');
      expect((await visitor('/myquery/12/')).headers.get('location')).to.equal('/queries/12/');
      expect((await visitor('/myquery/x/')).status).to.equal(404);
    });
  });

  describe('by program', () => {
    const api = async (path: string, token?: string) => {
      const headers: Record<string, string> =
        token === undefined ? {} : { authorization: `Token ${token}` };
      const answer = await fetch(`${site.url}/api/v1${path}`, { headers });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const names = ({ body }: { body: Record<string, unknown> }) =>
      (body.queries as { name: string }[]).map(({ name }) => name);

    it('lists what a token may see', async () => {
      await create(kay, { name: 'api private' });
      expect(names(await api('/saved-queries?show=system'))).to.have.length(SYSTEM_QUERIES.length);
      expect(names(await api('/saved-queries?find=api', kay.token))).to.deep.equal(['api private']);
      expect(names(await api('/saved-queries?find=api', lee.token))).to.deep.equal([]);
      expect(names(await api('/saved-queries?find=api'))).to.deep.equal([]);
      expect((await api('/saved-queries?show=mine')).status).to.equal(401);
      const narrow = await logIn(site, 'narrow', { scopes: ['query'] });
      await create(narrow, { name: 'narrow private' });
      expect(names(await api('/saved-queries?find=narrow', narrow.token))).to.deep.equal([]);
    });

    it('shows and runs one, with its fields', async () => {
      const id = await create(kay, { sql: FIELD_TEXT, 'f.days': '14', 'label.days': 'last' });
      const shown = await api(`/saved-queries/${id}`, kay.token);
      expect(shown.body.source).to.deep.equal({ kind: 'statement', text: FIELD_TEXT });
      expect(shown.body.fields).to.deep.equal([
        { name: 'days', label: 'last', unit: '', default: 14 },
      ]);
      const rows = async (rest: string) =>
        (await api(`/saved-queries/${id}/run${rest}`, kay.token)).body.rows;
      expect(await rows('?f.days=3000')).to.have.length(1);
      expect(await rows('?f.days=0')).to.deep.equal([]);
      for (const wrong of ['?f.days=x', '?f.weeks=1', '?limit=0']) {
        expect((await api(`/saved-queries/${id}/run${wrong}`, kay.token)).status).to.equal(400);
      }
      expect((await api(`/saved-queries/${id}/run`)).status).to.equal(401);
    });
  });

  describe('the streams page', () => {
    it('shows the system queries with their numbers, and runs each without SQL', async () => {
      const page = await text(visitor('/streams/'));
      for (const { content } of SYSTEM_QUERIES) expect(page).to.include(content.name);
      expect(page).to.include('name="f.days" value="14"').and.not.include('SELECT');
      const ids = [...page.matchAll(/<form class="stream-form" action="\/streams\/(\d+)\/"/g)];
      expect(ids).to.have.length(SYSTEM_QUERIES.length);
      for (const [, id] of ids) {
        const answer = await visitor(`/streams/${id}/?f.days=20`);
        const shown = await answer.text();
        expect(answer.status, shown.replace(/<[^>]*>/g, '').slice(0, 2_000)).to.equal(200);
        expect(shown).to.include('value="20"');
      }
    });

    it('says what is wrong with a number, and keeps it in the form', async () => {
      const id = /action="\/streams\/(\d+)\/"/.exec(await text(visitor('/streams/')))?.[1];
      const answer = await visitor(`/streams/${id}/?f.days=many`);
      expect(answer.status).to.equal(400);
      expect(await answer.text())
        .to.include('value="many"')
        .and.include('needs a number');
      expect((await visitor(`/streams/${id}/?f.days=`)).status).to.equal(200);
    });

    it('is looked after by staff', async () => {
      const id = await create(sam, { name: 'bright tonight', description: 'One.\n\nTwo.' });
      await sam.post(`/queries/${id}/level/`, { level: '2' });
      expect(await text(visitor('/streams/'))).to.include('bright tonight');
      expect(await text(visitor(`/streams/${id}/`))).to.include('ZTF26aaglint');
      await sam.post(`/queries/${id}/level/`, { level: '1' });
      const moved = await visitor(`/streams/${id}/`);
      expect(moved.headers.get('location')).to.equal(`/queries/${id}/`);
    });
  });
});
