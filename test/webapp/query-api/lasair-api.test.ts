import { expect } from 'chai';

import { REQUESTS_PER_HOUR } from '../../../common/store/accounts/request-limits.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { LARGEST_ID, seedMany, ztfName } from './seed-many.ts';

const BRIGHT = { selected: 'objectId, gmag, ncand', tables: 'objects', conditions: 'ncand < 4' };

describe('Lasair’s addresses for queries', () => {
  let site: TestSite;
  let ann: LoggedIn;
  before(async () => {
    site = await startSeededSite();
    await seedMany(site.db);
    ann = await logIn(site, 'ann');
  });
  after(() => site.stop());

  const headers = () => ({ authorization: `Token ${ann.token}` });
  const post = (path: string, fields: Record<string, string>) =>
    fetch(site.url + path, {
      method: 'POST',
      headers: headers(),
      body: new URLSearchParams(fields),
    });
  const get = (path: string, fields: Record<string, string>) =>
    fetch(`${site.url}${path}?${new URLSearchParams(fields).toString()}`, { headers: headers() });
  const bodyOf = async (answer: Response) => {
    expect(answer.headers.get('content-type')).to.contain('application/json');
    return (await answer.json()) as Record<string, unknown>;
  };

  it('answers GET, form and JSON alike, with a slash at the end or not', async () => {
    const wanted = [
      { objectId: ztfName(0), gmag: null, ncand: 0 },
      { objectId: ztfName(1), gmag: 18.3, ncand: 1 },
      { objectId: ztfName(2), gmag: 18.3, ncand: 2 },
      { objectId: ztfName(3), gmag: null, ncand: 3 },
    ];
    const query = { ...BRIGHT, conditions: 'ncand < 4 ORDER BY objectId' };
    const json = (path: string) =>
      fetch(site.url + path, {
        method: 'POST',
        headers: { ...headers(), 'content-type': 'application/json' },
        body: JSON.stringify({ ...query, limit: 100, extra: true }),
      });
    for (const path of ['/ztf/api/query/', '/ztf/api/query', '/api/query/', '/api/query']) {
      for (const answer of [await post(path, query), await get(path, query), await json(path)]) {
        expect(answer.status, path).to.equal(200);
        expect(await answer.json(), path).to.deep.equal(wanted);
      }
    }
    const window = await get('/ztf/api/query/', { ...query, limit: '2', offset: '1' });
    expect(await window.json()).to.deep.equal(wanted.slice(1, 3));
    expect(window.headers.get('glint-row-limit')).to.equal('2');
    const none = await get('/ztf/api/query/', { ...query, limit: '0' });
    expect(await none.json()).to.deep.equal([]);
  });

  it('gives 64-bit ids as bare digits, NULL as null, doubles whole', async () => {
    const query = {
      selected: 'diaObjectId, ra, decl, r_psfFlux, nDiaSources > 100001 AS many',
      tables: 'objects',
      conditions: 'nDiaSources >= 100000 ORDER BY nDiaSources',
    };
    for (const answer of [
      await post('/lsst/api/query/', query),
      await get('/api/query/', { ...query, survey: 'lsst' }),
    ]) {
      const lines = (await answer.text()).split('\n');
      expect(lines.slice(1, 4)).to.deep.equal([
        '{"diaObjectId":170055002004914266,"ra":200,"decl":-10.000000000000002,"r_psfFlux":1234.5,"many":0},',
        '{"diaObjectId":9007199254740993,"ra":200.33333333333334,"decl":-10.000000000000002,"r_psfFlux":null,"many":0},',
        `{"diaObjectId":${LARGEST_ID},"ra":200.66666666666666,"decl":-10.000000000000002,"r_psfFlux":1234.5,"many":1}`,
      ]);
    }
  });

  it('says which field is missing or wrong, by its name', async () => {
    const answer = await post('/ztf/api/query/', {
      selected: ' ',
      limit: '1000001',
      offset: '1.5',
    });
    expect(answer.status).to.equal(400);
    const body = await bodyOf(answer);
    expect(Object.keys(body)).to.have.members([
      'selected',
      'tables',
      'conditions',
      'limit',
      'offset',
    ]);
    for (const messages of Object.values(body)) expect(messages).to.have.length(1);
    const twice = await fetch(
      `${site.url}/ztf/api/query/?selected=a&selected=b&tables=objects&conditions=`,
      {
        headers: headers(),
      },
    );
    expect(await bodyOf(twice)).to.have.all.keys('selected');
    const blank = await get('/ztf/api/query/', { ...BRIGHT, conditions: '' });
    expect(blank.status).to.equal(200);
  });

  it('says what is wrong with a query and where, in one sentence without the server’s words', async () => {
    const answer = await post('/ztf/api/query/', {
      ...BRIGHT,
      conditions: 'ncand > 1\nAND gmagg < 16',
    });
    expect(answer.status).to.equal(400);
    const text = await answer.text();
    expect(JSON.parse(text)).to.deep.equal({
      error: 'no column gmagg in objects; did you mean gmag? (conditions, line 2, column 5).',
      excerpt: ['AND gmagg < 16', '    ^^^^^'],
    });
    // As the official client prints it.
    expect(text).to.contain('"AND gmagg < 16",\n    "    ^^^^^"');
    for (const conditions of [
      "ncand < 3 UNION SELECT '1'",
      'sleep(5)',
      '1 # x',
      'ncand < 1; SELECT 1',
    ]) {
      const refused = await post('/ztf/api/query/', { ...BRIGHT, conditions });
      expect(refused.status, conditions).to.equal(400);
      expect((await bodyOf(refused)).error, conditions)
        .to.be.a('string')
        .and.not.match(/SQLSTATE|errno|views/);
    }
  });

  it('takes a token from header or address, or a session, and nothing else', async () => {
    const rest = new URLSearchParams(BRIGHT).toString();
    const address = `${site.url}/ztf/api/query/?${rest}`;
    const statusOf = async (url: string, init: RequestInit = {}) => (await fetch(url, init)).status;
    expect(await statusOf(`${address}&token=${ann.token}`)).to.equal(200);
    expect(await statusOf(address, { headers: { cookie: ann.cookie } })).to.equal(200);
    const form = { method: 'POST', body: new URLSearchParams(BRIGHT) };
    expect(await statusOf(`${site.url}/ztf/api/query/?token=${ann.token}`, form)).to.equal(200);
    const refused = [
      await fetch(address),
      await fetch(`${address}&token=${'0'.repeat(40)}`),
      await fetch(address, { headers: { authorization: 'Token nonsense !' } }),
      await fetch(`${site.url}/lsst/api/query/`, {
        method: 'POST',
        body: new URLSearchParams(BRIGHT),
      }),
      await fetch(`${site.url}/api/query/`),
    ];
    for (const answer of refused) {
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('www-authenticate')).to.equal('Token');
      expect(await bodyOf(answer)).to.have.all.keys('detail');
    }
    const { token } = await logIn(site, 'reader', { scopes: ['read'] });
    const forbidden = await fetch(address, { headers: { authorization: `Token ${token}` } });
    expect(forbidden.status).to.equal(403);
    expect((await bodyOf(forbidden)).detail).to.contain('scope query');
  });

  it('gives each role as many rows as it may have, and says how many', async () => {
    const power = await logIn(site, 'power', { role: 'power' });
    const query = { selected: 'objectId', tables: 'objects', conditions: '', limit: '1000000' };
    const rowsFor = async (token: string) => {
      const answer = await fetch(`${site.url}/ztf/api/query/`, {
        method: 'POST',
        headers: { authorization: `Token ${token}` },
        body: new URLSearchParams(query),
      });
      const rows = (await answer.json()) as unknown[];
      return [rows.length, answer.headers.get('glint-row-limit')];
    };
    expect(await rowsFor(ann.token)).to.deep.equal([10_000, '10000']);
    const [count, limit] = await rowsFor(power.token);
    expect(count).to.be.at.least(12_000);
    expect(limit).to.equal('1000000');
    const usual = await get('/ztf/api/query/', { ...query, limit: '1000' });
    expect(await usual.json()).to.have.length(1_000);
  });

  it('refuses the request that is one too many, and says when to come again', async () => {
    const eve = await logIn(site, 'eve');
    const minute = Math.floor(site.context.now().getTime() / 60_000) - 30;
    await site.db.execute(
      'INSERT INTO glint.request_counts (user_id, slot, minute, requests) VALUES (:userId, :slot, :minute, :requests)',
      { userId: eve.userId, slot: minute % 64, minute, requests: REQUESTS_PER_HOUR.user },
    );
    const answer = await fetch(`${site.url}/lsst/api/query/`, {
      method: 'POST',
      headers: { authorization: `Token ${eve.token}` },
      body: new URLSearchParams(BRIGHT),
    });
    expect(answer.status).to.equal(429);
    expect(answer.headers.get('retry-after')).to.equal('1800');
    expect(await bodyOf(answer)).to.include({ retryAfterSeconds: 1800 });
    expect(
      await fetch(`${site.url}/api/v1/queries?survey=ztf&sql=SELECT+1`, {
        headers: { authorization: `Token ${eve.token}` },
      }).then((each) => [each.status, each.headers.get('retry-after')]),
    ).to.deep.equal([429, '1800']);
  });

  it('answers what it has not in the same forms', async () => {
    const other = await fetch(`${site.url}/ztf/api/cones/`, { headers: headers() });
    expect(other.status).to.equal(404);
    expect(await bodyOf(other)).to.have.all.keys('detail');
    const put = await fetch(`${site.url}/ztf/api/query/`, { method: 'PUT', headers: headers() });
    expect(put.status).to.equal(405);
    expect(put.headers.get('allow')).to.equal('GET, POST');
    const broken = await fetch(`${site.url}/ztf/api/query/`, {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json' },
      body: '{"selected":',
    });
    expect(broken.status).to.equal(400);
    expect(await bodyOf(broken)).to.have.all.keys('error');
    const list = await fetch(`${site.url}/ztf/api/query/`, {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json' },
      body: '[1]',
    });
    expect(await bodyOf(list)).to.have.all.keys('non_field_errors');
    const survey = await get('/api/query/', { ...BRIGHT, survey: 'atlas' });
    expect(survey.status).to.equal(400);
  });
});
