import { expect } from 'chai';

import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { LSST_ID, ZTF_ID } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

type Json = Record<string, unknown>;

describe('annotators and annotations in the API', () => {
  let site: TestSite;
  let ann: LoggedIn;
  let ben: LoggedIn;
  before(async () => {
    site = await startSeededSite();
    ann = await logIn(site, 'ann');
    ben = await logIn(site, 'ben');
  });
  after(() => site.stop());

  const ask = async (
    method: string,
    path: string,
    { token, body }: { token?: string; body?: unknown } = {},
  ): Promise<{ status: number; body: Json }> => {
    const answer = await fetch(`${site.url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Token ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Json };
  };
  const topics = (body: Json) => (body.annotators as Json[]).map(({ topic }) => topic);

  it('are made, listed, changed, given a new key and deleted', async () => {
    const { token } = ann;
    const made = await ask('POST', '/annotators', { token, body: { topic: 'quick' } });
    expect(made.status).to.equal(200);
    expect(made.body.key).to.match(/^[0-9a-f]{40}$/);
    expect(made.body.annotator).to.include({
      ...{ topic: 'quick', owner: 'ann', description: '', public: true, active: true },
    });
    const again = await ask('POST', '/annotators', { token: ben.token, body: { topic: 'Quick' } });
    expect([again.status, again.body.detail]).to.satisfy(
      ([status, detail]: [number, string]) => status === 400 && detail.includes('already'),
    );
    const body = { description: 'fast', public: false };
    const changed = await ask('PATCH', '/annotators/quick', { token, body });
    expect(changed.body).to.include({ description: 'fast', public: false, active: true });
    for (const other of [{}, { token: ben.token }]) {
      expect((await ask('GET', '/annotators/quick', other)).status).to.equal(404);
      expect(topics((await ask('GET', '/annotators', other)).body)).to.deep.equal([]);
    }
    expect((await ask('GET', '/annotators/quick', { token })).body).to.include(body);
    expect(topics((await ask('GET', '/annotators?show=mine', { token })).body)).to.deep.equal([
      'quick',
    ]);
    for (const [method, path] of [
      ['PATCH', '/annotators/quick'],
      ['DELETE', '/annotators/quick'],
      ['POST', '/annotators/quick/key'],
    ]) {
      const foreign = { token: ben.token, ...(method === 'DELETE' ? {} : { body: {} }) };
      expect((await ask(method, path, foreign)).status, method).to.equal(404);
      await ask('PATCH', '/annotators/quick', { token, body: { public: true } });
      expect((await ask(method, path, foreign)).status, method).to.equal(403);
      await ask('PATCH', '/annotators/quick', { token, body: { public: false } });
    }
    const renewed = await ask('POST', '/annotators/quick/key', { token, body: {} });
    expect(renewed.body.key).to.match(/^[0-9a-f]{40}$/);
    const said = { topic: 'quick', objectId: ZTF_ID, classification: 'SN' };
    const send = (key: unknown) =>
      ask('POST', '/annotations', { token: String(key), body: { annotations: [said] } });
    expect((await send(made.body.key)).status).to.equal(401);
    expect((await send(renewed.body.key)).body).to.include({ stored: 1 });
    const deleted = await ask('DELETE', '/annotators/quick', { token });
    expect(deleted.body).to.deep.equal({ deleted: 'quick' });
    expect((await ask('GET', '/annotators/quick', { token })).status).to.equal(404);
    expect((await send(renewed.body.key)).status).to.equal(401);
    expect(await site.db.arrays('SELECT topic FROM ztf.annotation_history')).to.deep.equal([]);
  });

  it('are written one by one or many, with what was wrong with each', async () => {
    const { token } = ann;
    await ask('POST', '/annotators', { token, body: { topic: 'slow' } });
    const single = { topic: 'slow', objectId: ZTF_ID, classification: 'SN', classdict: { p: 1 } };
    const one = await ask('POST', '/annotations', { token, body: single });
    expect(one.body).to.deep.include({ stored: 1, repeated: 0, refused: 0 });
    const many = await ask('POST', '/annotations', {
      token,
      body: {
        annotations: [
          single,
          { ...single, objectId: LSST_ID, version: '2' },
          { ...single, classification: undefined },
          { ...single, topic: 'nobody' },
          7,
          { ...single, objectId: 'ZTF19zzzzzzz' },
        ],
      },
    });
    expect(many.body).to.include({ stored: 2, repeated: 1, refused: 3 });
    const results = many.body.results as Json[];
    expect(results[0]).to.include({ repeated: true, known: true });
    expect(results[1]).to.include({ repeated: false, known: true });
    expect(results[2].problem).to.match(/^classification: /);
    expect(results[3].problem).to.match(/topic nobody does not exist/);
    expect(results[4].problem).to.match(/^An annotation is an object/);
    expect(results[5]).to.include({ known: false });
    for (const body of [{ annotations: [], topic: 'slow' }, { other: 1 }, [single]]) {
      expect((await ask('POST', '/annotations', { token, body })).status).to.equal(400);
    }
    expect((await ask('POST', '/annotations', { body: single })).status).to.equal(401);
  });

  it('come a thousand at once: what is bad is named, what is sound is stored once', async () => {
    const { token } = ann;
    await ask('POST', '/annotators', { token, body: { topic: 'many' } });
    const letter = (i: number) => String.fromCharCode(97 + i);
    const given = Array.from({ length: 1_000 }, (_, i) => ({
      topic: 'many',
      objectId: `ZTF21aaaa${letter(i % 10)}${letter(Math.floor(i / 10) % 10)}${letter(Math.floor(i / 100))}`,
      classification: i === 500 ? 'x'.repeat(257) : 'SN',
      classdict: { i },
    }));
    const kept = async () => {
      const [counts] = await site.db.arrays(
        `SELECT (SELECT COUNT(*) FROM ztf.annotation_history WHERE topic = 'many'),
           (SELECT COUNT(*) FROM ztf.annotations WHERE topic = 'many'),
           (SELECT COUNT(*) FROM glint.filter_batches WHERE cause = 'annotation')`,
      );
      return counts.map(Number);
    };
    const [, , batches] = await kept();
    const send = (annotations: unknown[]) =>
      ask('POST', '/annotations', { token, body: { annotations } });
    const first = await send(given);
    expect(first.body).to.include({ stored: 999, repeated: 0, refused: 1 });
    const results = first.body.results as Json[];
    expect(results.flatMap(({ problem }, i) => (problem === undefined ? [] : [i]))).to.deep.equal([
      500,
    ]);
    expect(results[500].problem).to.match(/^classification: /);
    expect(await kept()).to.deep.equal([999, 999, batches + 1]);
    const again = await send(given);
    expect(again.body).to.include({ stored: 0, repeated: 999, refused: 1 });
    expect((again.body.results as Json[])[999].annotationID).to.equal(results[999].annotationID);
    expect(await kept()).to.deep.equal([999, 999, batches + 1]);
    expect((await send([...given, given[0]])).status).to.equal(400);
    const large = await send([{ ...given[0], version: '2', explanation: 'x'.repeat(10 << 20) }]);
    expect(JSON.stringify(large.body)).to.match(/explanation: /);
    expect(await kept()).to.deep.equal([999, 999, batches + 1]);
    const broken = await fetch(`${site.url}/api/v1/annotations`, {
      method: 'POST',
      headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ annotations: given }).slice(0, -2),
    });
    expect(broken.status).to.equal(400);
    expect(await broken.text()).to.match(/JSON/);
    expect(await kept()).to.deep.equal([999, 999, batches + 1]);
  });

  it('are read with filters and pages, as far as one may see them', async () => {
    const { token } = ann;
    for (const [topic, isPublic] of [
      ['open', true],
      ['closed', false],
    ]) {
      await ask('POST', '/annotators', { token, body: { topic, public: isPublic } });
    }
    const said = { objectId: ZTF_ID, classdict: { p: 0.5, deep: { a: "it's" } } };
    for (const [topic, classification] of [
      ['open', 'a'],
      ['closed', 'b'],
      ['open', 'c'],
    ]) {
      await ask('POST', '/annotations', { token, body: { ...said, topic, classification } });
    }
    const read = async (query: string, asker: { token?: string } = {}) => {
      const { status, body } = await ask('GET', `/annotations?survey=ztf${query}`, asker);
      return status === 200
        ? (body.annotations as Json[]).map(({ topic, classification }) => [topic, classification])
        : status;
    };
    const object = `&objectId=${ZTF_ID}`;
    expect(await read('&topic=open')).to.deep.equal([['open', 'c']]);
    expect(await read('&topic=open&show=all')).to.deep.equal([
      ['open', 'c'],
      ['open', 'a'],
    ]);
    for (const asker of [{}, { token: ben.token }]) {
      expect(await read('&topic=closed', asker)).to.deep.equal([]);
      expect(await read(`${object}&show=all&limit=2`, asker)).to.deep.equal([
        ['open', 'c'],
        ['open', 'a'],
      ]);
    }
    expect(await read('&topic=closed', { token })).to.deep.equal([['closed', 'b']]);
    const first = await ask('GET', `/annotations?survey=ztf&topic=open&show=all&limit=1`);
    expect(first.body.hasMore).to.equal(true);
    const [{ annotationID, classdict, timestamp }] = first.body.annotations as Json[];
    expect([classdict, timestamp]).to.deep.equal([
      said.classdict,
      site.context.now().toISOString(),
    ]);
    expect(await read(`&topic=open&show=all&before=${String(annotationID)}`)).to.deep.equal([
      ['open', 'a'],
    ]);
    expect(await read('&topic=open&since=2100-01-01T00:00:00Z')).to.deep.equal([]);
    expect(await read("&topic=open' OR '1'='1")).to.deep.equal([]);
    expect(await read('&topic=été')).to.deep.equal([]);
    for (const bad of ['&since=yesterday', `&objectId=${LSST_ID}`, '&limit=0', '&before=x']) {
      expect(await read(bad), bad).to.equal(400);
    }
  });
});
