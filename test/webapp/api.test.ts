import { expect } from 'chai';

import { ENDPOINTS } from '../../webapp/api/endpoints.ts';
import { ProblemSchema } from '../../webapp/api/openapi.ts';
import { logIn } from './log-in.ts';
import { LSST_ID, SS_ID, ZTF_COUNTS, ZTF_ID } from './seed.ts';
import { startSeededSite } from './site.ts';
import type { TestSite } from './site.ts';

describe('the API', () => {
  let site: TestSite;
  before(async () => {
    site = await startSeededSite();
  });
  after(() => site.stop());

  const answerOf = async (operationId: string, path: string) => {
    const endpoint = ENDPOINTS.find((each) => each.operationId === operationId);
    const answer = await fetch(`${site.url}/api/v1${path}`);
    expect(answer.status, path).to.equal(200);
    return endpoint?.answer.parse(await answer.json()) as Record<string, unknown[]>;
  };

  it('answers as its own description says, for every kind of object', async () => {
    const ztf = await answerOf('getObject', `/objects/ztf/${ZTF_ID}`);
    expect(ztf.detections).to.have.length(ZTF_COUNTS.detections);
    expect(ztf.nonDetections).to.have.length(ZTF_COUNTS.nonDetections);
    expect(ztf.forced).to.have.length(ZTF_COUNTS.forced);
    const found = await answerOf('search', '/search?query=194.494+48.851+2');
    expect(found.hits).to.have.length(1);
    expect(found.hits[0]).to.include({ id: ZTF_ID, survey: 'ztf' });
    const missed = await answerOf('search', '/search?query=ZTF99zzzzzzz');
    expect(missed.missing).to.deep.equal(['ZTF99zzzzzzz']);
    await answerOf('getObject', `/objects/lsst/${LSST_ID}`);
    await answerOf('getObject', `/objects/lsst/${SS_ID}`);
    const status = await answerOf('getStatus', '/status');
    expect(status.partitions).to.have.length(3);
    expect(status.surveys[0]).to.include({ survey: 'ztf', received: 208_085, deadLettered: 3 });
    await answerOf('getStatus', '/status?nid=3610');
  });

  it('says what is wanted where nothing was sent', async () => {
    const { token } = await logIn(site, 'mute');
    const make = async (kind: string, body: object) => {
      const answer = await fetch(`${site.url}/api/v1/${kind}`, {
        method: 'POST',
        headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      expect(answer.status, text).to.equal(200);
      const made = JSON.parse(text) as Record<string, { id?: number; topic?: string } & number>;
      return String(made.watchlist?.id ?? made.id ?? made.topic);
    };
    const own: Record<string, string> = {
      filters: await make('filters', {
        survey: 'ztf',
        name: 'a',
        sql: 'SELECT objectId FROM objects WHERE ncand > 3',
      }),
      watchlists: await make('watchlists', { name: 'a', sources: '1,2,a' }),
      watchmaps: await make('watchmaps', { name: 'a', moc: '3/1' }),
      annotators: await make('annotators', { topic: 'mute' }),
    };
    // What needs no more than its address: the thing may be missing, or be none of theirs.
    const alone = /\/(?:copy|match|key|test|dry-run)$/;
    let asked = 0;
    for (const { path, method } of ENDPOINTS) {
      if (method !== 'post' || alone.test(path)) continue;
      const url = site.url + '/api/v1' + path.replace(/\{\w+\}/g, own[path.split('/')[1]]);
      const headers = { authorization: `Token ${token}` };
      for (const init of [
        { headers },
        { headers: { ...headers, 'content-type': 'application/json' } },
      ]) {
        const answer = await fetch(url, { ...init, method: method.toUpperCase() });
        const text = await answer.text();
        const what = `${method} ${path}: ${text}`;
        expect(answer.status, what).to.equal(400);
        const { code, detail } = ProblemSchema.parse(JSON.parse(text));
        expect(code, what).to.equal('invalid_input');
        expect(detail, what).to.match(/body|JSON|[Gg]ive|[Ss]end|: /);
        asked++;
      }
    }
    expect(asked).to.be.at.least(20);
  });

  it('gives 32-bit floats the digits they have', async () => {
    await site.db.execute(
      `UPDATE ztf.candidates SET magpsf = 18.665413 WHERE objectId = '${ZTF_ID}'`,
    );
    const { detections } = await answerOf('getObject', `/objects/ztf/${ZTF_ID}`);
    expect((detections[0] as { magpsf: number }).magpsf).to.equal(18.665413);
  });

  it('describes itself: every endpoint, every reference there', async () => {
    const answer = await fetch(`${site.url}/api/v1/openapi.json`);
    const document = (await answer.json()) as {
      openapi: string;
      paths: Record<string, unknown>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).to.equal('3.1.0');
    for (const { path, method = 'get' } of ENDPOINTS) {
      expect(document.paths[path], path).to.have.property(method);
    }
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components.schemas, name).to.have.property(name);
    }
    expect(text).to.not.contain('$defs');
    expect(text).to.contain('Difference magnitude');
  });

  it('answers failures as problems with stable codes', async () => {
    const cases = [
      ['/objects/ztf/ZTF99zzzzzzz', 404, 'not_found'],
      ['/objects/lsst/1', 404, 'not_found'],
      ['/objects/ztf/123', 400, 'invalid_input'],
      ['/objects/atlas/123', 400, 'invalid_input'],
      ['/status?nid=tonight', 400, 'invalid_input'],
      ['/status?night=3', 400, 'invalid_input'],
      ['/search', 400, 'invalid_input'],
      ['/search?query=nonsense', 400, 'invalid_input'],
      ['/nothing', 404, 'not_found'],
    ] as const;
    for (const [path, status, code] of cases) {
      const answer = await fetch(`${site.url}/api/v1${path}`);
      expect(answer.status, path).to.equal(status);
      expect(answer.headers.get('content-type'), path).to.contain('application/problem+json');
      expect(ProblemSchema.parse(await answer.json()), path).to.include({ status, code });
    }
  });
});
