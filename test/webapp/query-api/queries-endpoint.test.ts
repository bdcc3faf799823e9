import { expect } from 'chai';

import { QueryAnswerSchema } from '../../../webapp/api/query-endpoint.ts';
import { ProblemSchema } from '../../../webapp/api/openapi.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { LARGEST_ID, MANY, seedMany, ztfName } from './seed-many.ts';

const PATH = '/api/v1/queries';

describe('/api/v1/queries', () => {
  let site: TestSite;
  let ann: LoggedIn;
  let power: LoggedIn;
  before(async () => {
    site = await startSeededSite();
    await seedMany(site.db);
    ann = await logIn(site, 'ann');
    power = await logIn(site, 'power', { role: 'power' });
  });
  after(() => site.stop());

  const ask = (body: Record<string, unknown>, who = ann) =>
    fetch(site.url + PATH, {
      method: 'POST',
      headers: { authorization: `Token ${who.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ survey: 'ztf', ...body }),
    });
  const pageOf = async (answer: Response) => {
    expect(answer.status).to.equal(200);
    return QueryAnswerSchema.parse(await answer.json());
  };
  const problemOf = async (answer: Response) => {
    expect(answer.headers.get('content-type')).to.contain('application/problem+json');
    const problem = ProblemSchema.parse(await answer.json());
    expect(problem.status).to.equal(answer.status);
    return problem;
  };

  it('answers with a page and what the schema says of its columns', async () => {
    const sql =
      'SELECT diaObjectId, ra, r_psfFlux, nDiaSources * 2 AS twice FROM objects WHERE nDiaSources >= 100001 ORDER BY nDiaSources';
    const page = await pageOf(await ask({ survey: 'lsst', sql }));
    expect(page).to.deep.include({ survey: 'lsst', hasMore: false, cursor: null, isOrdered: true });
    expect(page.columns.map(({ name, type, unit }) => [name, type, unit])).to.deep.equal([
      ['diaObjectId', 'id', null],
      ['ra', 'double', 'deg'],
      ['r_psfFlux', 'float', 'nJy'],
      ['twice', 'int', null],
    ]);
    expect(page.columns[0].ucd).to.equal('meta.id;meta.main');
    expect(page.columns[3]).to.include({ ucd: null, description: null });
    expect(page.rows).to.deep.equal([
      ['9007199254740993', 200.33333333333334, null, 200_002],
      [LARGEST_ID, 200.66666666666666, 1234.5, 200_004],
    ]);
  });

  it('takes a GET, a form, JSON, a statement or three boxes, and fields of the query', async () => {
    const headers = { authorization: `Token ${ann.token}` };
    const boxes = {
      survey: 'ztf',
      selected: 'objectId',
      tables: 'objects',
      conditions: 'ncand = :n',
    };
    const statement = { survey: 'ztf', sql: 'SELECT objectId FROM objects WHERE ncand = :n' };
    for (const query of [boxes, statement]) {
      const text = new URLSearchParams({ ...query, 'f.n': '7' });
      const answers = [
        await fetch(`${site.url}${PATH}?${text.toString()}`, { headers }),
        await fetch(site.url + PATH, { method: 'POST', headers, body: text }),
        await ask({ ...query, fields: { n: 7 } }),
      ];
      for (const answer of answers) {
        expect((await pageOf(answer)).rows).to.deep.equal([[ztfName(7)]]);
      }
    }
  });

  it('goes through all rows by cursors, once each', async () => {
    const sql =
      'SELECT objectId FROM objects WHERE ncand < 5000 AND objectId LIKE "ZTF19%" ORDER BY objectId';
    const seen: unknown[] = [];
    let cursor: string | null | undefined;
    let pages = 0;
    do {
      const page = await pageOf(await ask({ sql, limit: 1_700, ...(cursor && { cursor }) }));
      seen.push(...page.rows.map(([name]) => name));
      expect(page.hasMore).to.equal(page.cursor !== null);
      cursor = page.cursor;
      pages++;
    } while (cursor !== null);
    expect(pages).to.equal(3);
    expect(seen).to.deep.equal(Array.from({ length: 5_000 }, (_, at) => ztfName(at)));
  });

  it('takes a cursor with its own query only', async () => {
    const sql = 'SELECT objectId FROM objects ORDER BY objectId';
    const { cursor } = await pageOf(await ask({ sql, limit: 1 }));
    const others: Record<string, unknown>[] = [
      { sql: `${sql} DESC`, cursor },
      { sql, survey: 'lsst', cursor },
      { sql, fields: { n: 1 }, cursor },
      { sql, cursor: 'nonsense' },
      { sql, cursor: Buffer.from('[1,-5,"0123456789abcdef"]').toString('base64url') },
      { sql, cursor: '' },
    ];
    for (const body of others) {
      const problem = await problemOf(await ask(body));
      expect(problem).to.include({ status: 400, code: 'invalid_input' });
      expect(problem.detail).to.match(/^cursor: /);
    }
  });

  it('says where a query is wrong', async () => {
    const problem = await problemOf(await ask({ sql: 'SELECT objectId,\n  gmagg FROM objects' }));
    expect(problem).to.deep.include({
      status: 400,
      code: 'invalid_query',
      detail: 'no column gmagg in objects; did you mean gmag?',
      details: {
        problem: 'no column gmagg in objects',
        advice: 'did you mean gmag?',
        part: 'statement',
        line: 2,
        column: 3,
        length: 5,
        excerpt: '  gmagg FROM objects\n  ^^^^^',
      },
    });
    const boxes = { selected: 'objectId', tables: 'objects', conditions: 'ncand >' };
    expect((await problemOf(await ask({ ...boxes, format: 'csv' }))).details).to.include({
      part: 'conditions',
      line: 1,
    });
  });

  it('refuses what it cannot use with a sentence that names it', async () => {
    const sql = 'SELECT 1';
    const cases: [body: Record<string, unknown>, words: RegExp][] = [
      [{}, /sql, or selected and tables/],
      [{ sql, selected: '1' }, /sql, or selected and tables/],
      [{ selected: '1' }, /sql, or selected and tables/],
      [{ sql, survey: 'atlas' }, /^survey/],
      [{ sql, limit: 0 }, /^limit/],
      [{ sql, limit: 10_001 }, /^limit: at most 10000/],
      [{ sql, limit: 10_001, format: 'csv' }, /^limit: at most 10000/],
      [{ sql, format: 'fits' }, /^format/],
      [{ sql, lmit: 5 }, /lmit/],
      [{ sql, fields: { n: 'x' } }, /^fields\.n/],
    ];
    for (const [body, words] of cases) {
      const problem = await problemOf(await ask(body));
      expect(problem.detail, JSON.stringify(body)).to.match(words);
      expect(problem).to.include({ status: 400, code: 'invalid_input' });
    }
    const headers = { authorization: `Token ${ann.token}` };
    const wrong = await fetch(`${site.url}${PATH}?survey=ztf&sql=SELECT+1&f.n=x&lmit=5`, {
      headers,
    });
    expect((await problemOf(wrong)).detail)
      .to.contain('f.n')
      .and.contain('lmit');
    const text = await fetch(site.url + PATH, { method: 'POST', headers, body: 'SELECT 1' });
    expect((await problemOf(text)).detail).to.contain('application/json');
  });

  it('is for tokens of the scope query and for sessions', async () => {
    const path = `${PATH}?survey=ztf&sql=SELECT+1+AS+one`;
    expect(await problemOf(await fetch(site.url + path))).to.include({ code: 'unauthenticated' });
    const { token } = await logIn(site, 'reader', { scopes: ['read', 'write'] });
    const headers = { authorization: `Token ${token}` };
    expect(await problemOf(await fetch(site.url + path, { headers }))).to.include({ status: 403 });
    const answer = await ann.get(path);
    expect((await pageOf(answer)).rows).to.deep.equal([[1]]);
    // What a session is answered stays with the site; a token's answer may go anywhere.
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
    expect(answer.headers.get('cross-origin-resource-policy')).to.equal('same-origin');
    const open = await fetch(`${site.url}${path}&token=${ann.token}`);
    expect(open.headers.get('access-control-allow-origin')).to.equal('*');
    expect(open.headers.get('access-control-allow-credentials')).to.equal(null);
  });

  it('lets a page elsewhere send JSON with a token', async () => {
    for (const path of [PATH, '/ztf/api/query/', '/lsst/api/query/', '/api/query/']) {
      const answer = await fetch(site.url + path, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://notebooks.example.org',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
      expect(answer.status, path).to.equal(204);
      expect(answer.headers.get('access-control-allow-origin')).to.equal('*');
      expect(answer.headers.get('access-control-allow-methods')).to.contain('POST');
      expect(answer.headers.get('access-control-allow-headers')).to.contain('Authorization');
    }
    // Refusals can be read there, too.
    const refused = await fetch(site.url + PATH, { method: 'POST' });
    expect(refused.headers.get('access-control-allow-origin')).to.equal('*');
  });

  it('streams whole results up to the rows that the account may have', async () => {
    const sql = 'SELECT objectId, gmag FROM objects WHERE objectId LIKE "ZTF19%"';
    const csv = await ask({ sql, format: 'csv' });
    expect(csv.headers.get('content-type')).to.contain('text/csv');
    expect(csv.headers.get('glint-row-limit')).to.equal('10000');
    expect((await csv.text()).split('\r\n')).to.have.length(10_002);
    const votable = await (await ask({ sql, format: 'votable' })).text();
    expect(votable.match(/<TR>/g)).to.have.length(10_000);
    expect(votable).to.contain('value="OVERFLOW"');
    const all = (await (await ask({ sql, format: 'json' }, power)).json()) as unknown[];
    expect(all).to.have.length(MANY);
    const votableOfAll = await (await ask({ sql, format: 'votable' }, power)).text();
    expect(votableOfAll.match(/<TR>/g)).to.have.length(MANY);
    expect(votableOfAll).to.not.contain('OVERFLOW');
    const lines = (await (await ask({ sql, format: 'ndjson', limit: 3 })).text()).split('\n');
    expect(lines.map((line) => line !== '')).to.deep.equal([true, true, true, false]);
    const parquet = Buffer.from(await (await ask({ sql, format: 'parquet' })).arrayBuffer());
    expect(parquet.toString('latin1', 0, 4)).to.equal('PAR1');
    expect(parquet.toString('latin1', parquet.length - 4)).to.equal('PAR1');
  });

  it('gives columns of one name names of their own', async () => {
    const sql =
      'SELECT a.objectId, b.objectId FROM objects a JOIN objects b ON a.objectId = b.objectId WHERE a.ncand = 3';
    const page = await pageOf(await ask({ sql }));
    expect(page.columns.map(({ name }) => name)).to.deep.equal(['objectId', 'b_objectId']);
  });
});
