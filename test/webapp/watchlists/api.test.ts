import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { ZTF_ID } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { SOURCES, seedList } from './seed-list.ts';

interface ListAnswer {
  id: number;
  name: string;
  public: boolean;
  active: boolean;
  radius: number;
  sources: number;
}

/** The members that the tests look at, of whatever answer. */
interface Answer {
  code: string;
  detail: string;
  details: { problems: { line: number }[] };
  watchlist: ListAnswer;
  watchlists: ListAnswer[];
  total: number;
  read: object;
  sources: { id: number; hits: number; name: string }[];
  hits: { survey: string }[];
  hasMore: boolean;
  matching: { endedAt: string | null }[];
}

interface OpenApi {
  paths: Record<string, Record<string, { requestBody: { content: object } }>>;
}

describe('API of watchlists', function () {
  this.timeout(60_000);
  let site: TestSite;
  let ada: LoggedIn;
  let bob: LoggedIn;

  before(async () => {
    site = await startSeededSite();
    [ada, bob] = await Promise.all([logIn(site, 'ada'), logIn(site, 'bob')]);
  });
  after(() => site?.stop());
  beforeEach(async () => {
    await site.db.execute('DELETE FROM glint.watchlists');
    await site.db.execute('DELETE FROM glint.watchlist_cones');
    await site.db.execute('DELETE FROM ztf.watchlist_hits');
    await site.db.execute('DELETE FROM lsst.watchlist_hits');
  });

  interface Ask {
    who?: LoggedIn | { token: string };
    method?: string;
    body?: unknown;
    type?: string;
  }
  const ask = async (path: string, { who = ada, method, body, type }: Ask = {}) => {
    const isRaw = type !== undefined || body instanceof FormData;
    const answer = await fetch(`${site.url}/api/v1/watchlists${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(who.token !== '' && { authorization: `Token ${who.token}` }),
        ...(body !== undefined && !isRaw && { 'content-type': 'application/json' }),
        ...(type !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && { body: isRaw ? (body as BodyInit) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') === true;
    return { status: answer.status, text, json: (isJson ? JSON.parse(text) : {}) as Answer };
  };
  const NOBODY = { token: '' };

  it('makes a list from text, objects, a form and a file alike', async () => {
    const text = SOURCES.map(
      ({ name, ra, decl, radiusArcsec }) =>
        `${ra},${decl},"${name.replaceAll('"', '""')}",${radiusArcsec ?? ''}`,
    ).join('\n');
    const objects = SOURCES.map(({ radiusArcsec, decl, ...rest }) => ({
      ...rest,
      dec: decl,
      radius: radiusArcsec,
    }));
    const form = new FormData();
    form.append('name', 'form');
    form.append('public', 'true');
    form.append('file', new Blob([text]), 'list.csv');
    const made = [
      await ask('', { body: { name: 'text', radius: 7, sources: text } }),
      await ask('', { body: { name: 'objects', public: true, sources: objects } }),
      await ask('', { body: form }),
      await ask('?name=file&active=false', {
        body: gzipSync(text),
        type: 'application/gzip',
      }),
    ];
    expect(made.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    expect(
      made.map(({ json }) => [json.watchlist.name, json.watchlist.public, json.watchlist.active]),
    ).to.deep.equal([
      ['text', false, true],
      ['objects', true, true],
      ['form', true, true],
      ['file', false, false],
    ]);
    expect(made.map(({ json }) => json.watchlist.radius)).to.deep.equal([7, 5, 5, 5]);
    for (const { json } of made) {
      expect(json.read).to.include({ sources: 3, bad: 0, lines: 3 });
      const { json: listed } = await ask(`/${json.watchlist.id}/sources`);
      expect(listed.sources.map(({ id: _, hits: __, ...source }) => source)).to.deep.equal(
        SOURCES.map(({ radiusArcsec, ...rest }) => ({ ...rest, radius: radiusArcsec })),
      );
      expect(listed.hasMore).to.equal(false);
    }
  });

  it('refuses bad lines with each of them told, and leaves them out where asked to', async () => {
    const body = { name: 'hosts', sources: '1,2,a\nbad\n1,2,a\n3,99,b' };
    const refused = await ask('', { body });
    expect(refused.status).to.equal(400);
    expect(refused.json.code).to.equal('invalid_input');
    expect(refused.json.detail)
      .to.contain('2 of the lines')
      .and.to.contain('line 2')
      .and.to.contain('skipBad');
    expect(refused.json.details).to.include({ lines: 4, sources: 1, bad: 2, repeats: 1 });
    expect(refused.json.details.problems.map(({ line }) => line)).to.deep.equal([2, 4]);
    const made = await ask('', { body: { ...body, skipBad: true } });
    expect(made.status).to.equal(200);
    expect(made.json.watchlist.sources).to.equal(1);
    const objects = [{ ra: 1, decl: 2 }, { ra: 'x', decl: 3 }, { ra: 1 }];
    const some = await ask('', { body: { name: 'other', sources: objects } });
    expect(some.json.details.problems.map(({ line }) => line)).to.deep.equal([2, 3]);
  });

  it('refuses what is no request', async () => {
    for (const [what, given] of Object.entries({
      nothing: { body: {} },
      'no sources': { body: { name: 'a' } },
      'no name': { body: { sources: '1,2,a' } },
      'a name of blanks': { body: { name: ' ', sources: '1,2,a' } },
      'two lines of a name': { body: { name: 'a\nb', sources: '1,2,a' } },
      'an empty text': { body: { name: 'a', sources: '' } },
      'a radius of a degree and more': { body: { name: 'a', sources: '1,2', radius: 3_601 } },
      'unknown members': { body: { name: 'a', sources: '1,2', colour: 'red' } },
      'wrong types': { body: { name: ['a'], sources: 3 } },
      'JSON that is none': { body: '{', type: 'application/json' },
      'a long JSON that is none': { body: `[${' '.repeat(2 ** 21)}`, type: 'application/json' },
      'an empty file': { body: '', type: 'text/csv' },
      'a form without boundary': { body: 'x', type: 'multipart/form-data' },
    })) {
      const { status, json } = await ask('?name=a', given);
      expect([status, json.code], what).to.deep.equal([400, 'invalid_input']);
    }
    const large = await ask('?name=a', { body: new Uint8Array(33 * 2 ** 20), type: 'text/csv' });
    expect([large.status, large.json.detail]).to.deep.include(400);
    expect(large.json.detail).to.contain('32 MB');
    const long = await ask('', { body: { name: 'a', sources: ' '.repeat(13 * 2 ** 20) } });
    expect(long.json.detail).to.contain('12 MB');
  });

  it('takes a list of 100,000 sources in one request, and no more', async () => {
    const sources = Array.from({ length: 100_000 }, (_, i) => ({
      name: `source ${i}`,
      ra: i / 300,
      decl: (i % 170) - 85,
    }));
    const made = await ask('', { body: { name: 'large', sources } });
    expect(made.status).to.equal(200);
    expect(made.json.watchlist.sources).to.equal(100_000);
    const id = made.json.watchlist.id;
    const more = await ask(`/${id}/sources`, { body: { sources: '1.5,2.5,one more' } });
    expect(more.status).to.equal(400);
    expect(more.json.detail).to.contain('100001');
    const csv = await ask(`/${id}/sources?format=csv`);
    expect(csv.text.trimEnd().split('\r\n')).to.have.length(100_001);
  });

  it('says how many sources an account may have together', async () => {
    const { id } = await seedList(site, ada.userId, { name: 'full' });
    // As if it held what only five lists can: what counts is what the lists say.
    await site.db.execute('UPDATE glint.watchlists SET sources = 499998 WHERE wl_id = :id', { id });
    const over = await ask('', { body: { name: 'over', sources: '1,2,a\n2,3,b\n3,4,c' } });
    expect([over.status, over.json.code]).to.deep.equal([400, 'invalid_input']);
    expect(over.json.detail).to.match(/500001 .*the most are 500000.*delete/);
    const more = await ask(`/${id}/copy`, { method: 'POST' });
    expect([more.status, more.json.detail]).to.deep.include(400);
    expect(more.json.detail).to.contain('the most are 500000');
    expect((await ask('', { body: { name: 'two', sources: '1,2,a\n2,3,b' } })).status).to.equal(
      200,
    );
    expect((await ask('')).json.total).to.equal(2);
  });

  it('gives files that no spreadsheet runs, and reads them back without loss', async () => {
    const names = ['=1+1', "'=1", '-12.5', '+41:16', '@x', 'a|b', 'a;b', '"q", q', '－x', "'s"];
    const sources = names.map((name, i) => ({ name, ra: i + 0.125, decl: 0 - i, radius: 2 + i }));
    const { json } = await ask('', { body: { name: 'formulas', sources } });
    const namesOf = async (id: number) =>
      (await ask(`/${id}/sources`)).json.sources.map(({ id: _, hits: __, ...source }) => source);
    const given = await namesOf(json.watchlist.id);
    expect(given).to.deep.equal(sources);
    for (const format of ['csv', 'txt', 'votable']) {
      const { text } = await ask(`/${json.watchlist.id}/sources?format=${format}`);
      if (format === 'csv')
        expect(text)
          .to.include(",'=1+1,")
          .and.not.match(/,"?[=@]/);
      const made = await ask(`?name=${format}`, { body: text, type: 'text/plain' });
      expect(made.status, made.text).to.equal(200);
      expect(await namesOf(made.json.watchlist.id), format).to.deep.equal(given);
    }
    // One line, whose name has a bar: the values are between commas all the same.
    const one = await ask('', { body: { name: 'one', sources: [sources[5]] } });
    const { text } = await ask(`/${one.json.watchlist.id}/sources?format=txt`);
    const again = await ask('?name=again', { body: text, type: 'text/plain' });
    expect(await namesOf(again.json.watchlist.id)).to.deep.equal([sources[5]]);
  });

  it('changes, fills, empties, copies, matches and deletes', async () => {
    const { id, coneIds } = await seedList(site, ada.userId, { name: 'hosts' });
    const changed = await ask(`/${id}`, { method: 'PATCH', body: { radius: 9, public: true } });
    expect(changed.json).to.include({ name: 'hosts', radius: 9, public: true, active: true });
    expect(changed.json.matching).to.have.length(2);
    const added = await ask(`/${id}/sources`, {
      body: { sources: '1,2,new\n194.494,48.851,NGC 4868' },
    });
    expect(added.json).to.deep.include({ added: 1, known: 1 });
    const removed = await ask(`/${id}/sources/remove`, {
      body: { ids: [coneIds[2], 999_999_999], names: ['new', 'never'] },
    });
    expect(removed.json).to.deep.equal({ removed: 2, unknown: ['never'] });
    const copy = await ask(`/${id}/copy`, { who: bob, method: 'POST' });
    expect(copy.json).to.include({ owner: 'bob', public: false, sources: 2 });
    expect((await ask(`/${id}/match`, { method: 'POST' })).json.matching[0].endedAt).to.equal(null);
    expect((await ask(`/${id}`, { method: 'DELETE' })).json).to.deep.equal({ deleted: id });
    expect((await ask(`/${id}`)).status).to.equal(404);
  });

  it('tells the hits by pages, in order, and as a file', async () => {
    const { id, coneIds } = await seedList(site, ada.userId, { name: 'hosts' });
    const { json } = await ask(`/${id}/hits`);
    expect(json.hits[0]).to.deep.include({
      source: 'NGC 4868',
      sourceId: coneIds[0],
      survey: 'ztf',
      objectId: ZTF_ID,
      separationArcsec: 0.83,
      detections: 31,
      classification: 'SN',
      lastBand: 'g',
    });
    const page = await ask(`/${id}/hits?sort=arcsec&direction=asc&limit=1`);
    expect([page.json.hits[0].survey, page.json.hasMore]).to.deep.equal(['lsst', true]);
    const rest = await ask(`/${id}/hits?sort=arcsec&direction=asc&limit=1&offset=1`);
    expect([rest.json.hits[0].survey, rest.json.hasMore]).to.deep.equal(['ztf', false]);
    expect((await ask(`/${id}/hits?format=csv`)).text.split('\r\n')).to.have.length(4);
    expect((await ask(`/${id}/hits?sort=evil`)).status).to.equal(400);
  });

  it('keeps private lists to their owner, and every token to what it is for', async () => {
    const { id } = await seedList(site, ada.userId, { name: 'secret hosts' });
    const open = await seedList(site, ada.userId, { name: 'open hosts', public: true });
    const scoped = async (scope: 'read' | 'write') =>
      logIn(site, `of-${scope}`, { scopes: [scope] }).then(({ token }) => token);
    const others = [bob, NOBODY, { token: await scoped('read') }, { token: await scoped('write') }];
    for (const who of others) {
      for (const path of ['', '/sources', '/hits', '/sources?format=csv', '/hits?format=csv']) {
        expect((await ask(`/${id}${path}`, { who })).status, path).to.equal(404);
        expect((await ask(`/${open.id}${path}`, { who })).status, path).to.equal(200);
      }
      const { json } = await ask('', { who });
      expect(json.watchlists.map(({ name }) => name)).to.deep.equal(['open hosts']);
    }
    const writes: [string, Ask][] = [
      ['', { method: 'PATCH', body: { name: 'x' } }],
      ['', { method: 'DELETE' }],
      ['/match', { method: 'POST' }],
      ['/sources', { body: { sources: '1,2,a' } }],
      ['/sources/remove', { body: { names: ['NGC 4868'] } }],
    ];
    for (const [path, request] of writes) {
      expect((await ask(`/${id}${path}`, { ...request, who: bob })).status, path).to.equal(404);
      expect((await ask(`/${open.id}${path}`, { ...request, who: bob })).status, path).to.equal(
        403,
      );
      expect((await ask(`/${open.id}${path}`, { ...request, who: NOBODY })).status).to.equal(401);
      expect((await ask(`/${open.id}${path}`, { ...request, who: others[2] })).status).to.equal(
        403,
      );
    }
    expect((await ask('', { who: NOBODY, body: { name: 'a', sources: '1,2' } })).status).to.equal(
      401,
    );
    expect((await ask('?show=mine', { who: NOBODY })).status).to.equal(401);
    expect((await ask('?show=mine')).json.total).to.equal(2);
  });

  it('counts what it makes work of among the requests of an hour', async () => {
    const eve = await logIn(site, 'eve');
    const minute = Math.floor(site.context.now().getTime() / 60_000);
    await site.db.execute(
      'INSERT INTO glint.request_counts (user_id, slot, minute, requests) VALUES (:userId, :slot, :minute, 1000)',
      { userId: eve.userId, slot: minute % 64, minute },
    );
    const { status, json } = await ask('', { who: eve, body: { name: 'a', sources: '1,2' } });
    expect([status, json.code]).to.deep.equal([429, 'rate_limited']);
  });

  it('is described', async () => {
    const answer = await fetch(`${site.url}/api/v1/openapi.json`);
    const { paths } = (await answer.json()) as OpenApi;
    expect(Object.keys(paths['/watchlists/{id}'])).to.deep.equal(['get', 'patch', 'delete']);
    const { content } = paths['/watchlists'].post.requestBody;
    expect(Object.keys(content)).to.include.members([
      'application/json',
      'text/csv',
      'multipart/form-data',
    ]);
    const page = await (await fetch(`${site.url}/api/`)).text();
    expect(page).to.contain('-X PATCH').and.to.contain('-X DELETE');
  });
});
