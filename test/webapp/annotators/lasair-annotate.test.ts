import { expect } from 'chai';

import { REQUESTS_PER_HOUR } from '../../../common/store/accounts/request-limits.ts';
import { pythonOrSkip, runPython } from '../../python.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { LSST_ID, ZTF_ID } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { makeAnnotator } from './make-annotator.ts';

const WHOLE = {
  topic: 'quick',
  objectId: ZTF_ID,
  classification: 'SN Ia',
  version: '0.1',
  explanation: '',
  classdict: '{"prob": 0.93}',
  url: '',
};

/** Annotates with the official client as it comes from the Python Package Index. */
const PROGRAM = `
import importlib.metadata, json, sys
import lasair
client = lasair.lasair_client(sys.argv[2], endpoint=sys.argv[1])
answers = []
for call in json.loads(sys.argv[3]):
    try:
        if isinstance(call, list):
            answers.append(client.annotate_list(call))
        else:
            answers.append(client.annotate(**call))
    except lasair.LasairError as err:
        answers.append({'error': err.message})
print(json.dumps({'version': importlib.metadata.version('lasair'), 'answers': answers}))`;

describe('Lasair’s addresses for annotators', () => {
  let site: TestSite;
  let ann: LoggedIn;
  let ben: LoggedIn;
  let key: string;
  before(async () => {
    site = await startSeededSite();
    ann = await logIn(site, 'ann');
    ben = await logIn(site, 'ben');
    key = await makeAnnotator(site, ann.userId, 'quick');
    await makeAnnotator(site, ann.userId, 'second');
    await makeAnnotator(site, ben.userId, 'hidden', { isPublic: false });
    await makeAnnotator(site, ann.userId, 'asleep', { isActive: false });
  });
  after(() => site.stop());
  beforeEach(async () => {
    for (const table of ['ztf', 'lsst'].flatMap((survey) => [
      `${survey}.annotations`,
      `${survey}.annotation_history`,
    ])) {
      await site.db.execute(`DELETE FROM ${table}`);
    }
  });

  const form = (path: string, fields: Record<string, string>, token: string | null = ann.token) =>
    fetch(site.url + path, {
      method: 'POST',
      headers: token === null ? {} : { authorization: `Token ${token}` },
      body: new URLSearchParams(fields),
    });
  const json = (path: string, body: unknown, token = ann.token) =>
    fetch(site.url + path, {
      method: 'POST',
      headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const stored = async (survey: 'ztf' | 'lsst' = 'ztf') =>
    site.db.arrays(
      `SELECT topic, CAST(${survey === 'ztf' ? 'objectId' : 'diaObjectId'} AS CHAR), classification, version, explanation, classdict, url FROM ${survey}.annotations ORDER BY 2`,
    );
  const bodyOf = async (answer: Response) => (await answer.json()) as Record<string, unknown>;

  it('take a form or JSON, with the owner’s token or the annotator’s key', async () => {
    for (const send of [
      () => form('/ztf/api/annotate/', WHOLE),
      () => form('/ztf/api/annotate', { ...WHOLE, classification: 'b' }, key),
      () => json('/api/annotate/', { ...WHOLE, classification: 'c', classdict: { prob: 0.93 } }),
      () => json('/ztf/api/annotate/', { ...WHOLE, classification: 'd' }, key.toUpperCase()),
    ]) {
      const answer = await send();
      expect(answer.status).to.equal(200);
      const body = await bodyOf(answer);
      expect(body).to.include({ status: 'success', annotation_topic: 'quick', known: true });
      expect(JSON.parse(String(body.message))).to.include({ topic: 'quick', objectId: ZTF_ID });
      expect(body).to.not.have.property('error');
    }
    expect(await stored()).to.deep.equal([['quick', ZTF_ID, 'd', '0.1', '', '{"prob": 0.93}', '']]);
    expect(await site.db.arrays('SELECT COUNT(*) FROM ztf.annotation_history')).to.deep.equal([
      ['4'],
    ]);
  });

  it('keep ids of 64 bits whole, as Python sends them in JSON', async () => {
    const text = `{"annotations": [${JSON.stringify({ ...WHOLE, objectId: 0 }).replace('"objectId":0', '"objectId": 9223372036854775807')}]}`;
    const answer = await json('/lsst/api/annotatelist/', text);
    expect(await bodyOf(answer)).to.deep.equal({
      ...{ status: 'success', n: 1, repeated: 0, unknown: 1 },
    });
    expect((await stored('lsst')).map((row) => row[1])).to.deep.equal(['9223372036854775807']);
  });

  it('refuse in Lasair’s words, and store nothing', async () => {
    const why = async (change: Record<string, string>, token?: string) => {
      const answer = await form('/ztf/api/annotate/', { ...WHOLE, ...change }, token);
      expect(answer.status, JSON.stringify(change)).to.equal(400);
      return bodyOf(answer);
    };
    expect(await why({ topic: 'nothing' })).to.deep.equal({
      error: 'Annotator error: topic nothing does not exist',
    });
    expect(await why({}, ben.token)).to.deep.equal({
      error: 'Annotator error: ben is not allowed to submit to topic quick',
    });
    expect(await why({ topic: 'hidden' })).to.deep.equal({
      error: 'Annotator error: topic hidden does not exist',
    });
    expect((await why({ topic: 'asleep' })).error).to.match(/topic asleep is not active/);
    expect((await why({ topic: 'second' }, key)).error).to.match(/not allowed/);
    expect(await why({ classification: '' })).to.have.all.keys('classification');
    expect(await why({ classdict: '{"p": NaN}', url: 'x'.repeat(1025) })).to.have.all.keys(
      'classdict',
      'url',
    );
    expect(await why({ objectId: LSST_ID })).to.have.all.keys('objectId');
    const nothing = await form('/ztf/api/annotate/', {});
    expect(Object.keys(await bodyOf(nothing))).to.have.members(Object.keys(WHOLE));
    expect(await stored()).to.deep.equal([]);
  });

  it('want a token of the scope, POST, and JSON that is JSON', async () => {
    expect((await form('/ztf/api/annotate/', WHOLE, null)).status).to.equal(401);
    expect((await form('/ztf/api/annotate/', WHOLE, '0'.repeat(40))).status).to.equal(401);
    const { token } = await logIn(site, 'reader', { scopes: ['read', 'query', 'write'] });
    expect((await form('/ztf/api/annotate/', WHOLE, token)).status).to.equal(403);
    for (const path of ['/ztf/api/annotate/', '/lsst/api/annotatelist/', '/api/annotate/']) {
      const get = await fetch(`${site.url}${path}?token=${ann.token}`);
      expect(get.status, path).to.equal(405);
      expect(get.headers.get('allow')).to.equal('POST');
      expect(await bodyOf(get)).to.have.all.keys('detail');
    }
    const broken = await json('/ztf/api/annotatelist/', '{"annotations": [{"p": NaN}]}');
    expect(broken.status).to.equal(400);
    expect((await bodyOf(broken)).error).to.match(/NaN and Infinity/);
    const stranger = await json('/ztf/api/annotatelist/', 'x'.repeat(20 << 20), '0'.repeat(40));
    expect(stranger.status).to.equal(401);
    const large = await json('/ztf/api/annotatelist/', `"${'x'.repeat(17 << 20)}"`);
    expect([400, 413]).to.include(large.status);
  });

  it('let a key write, and do nothing else', async () => {
    const headers = { authorization: `Token ${key}` };
    const statusOf = async (path: string, init: RequestInit = {}) =>
      (await fetch(site.url + path, { ...init, headers })).status;
    expect(await statusOf('/ztf/api/query/?selected=objectId&tables=objects&conditions=')).to.equal(
      403,
    );
    expect(await statusOf('/api/v1/annotators?show=mine')).to.equal(403);
    expect(await statusOf('/api/v1/annotators/quick', { method: 'DELETE' })).to.equal(403);
    expect(await statusOf('/api/v1/annotators/hidden')).to.equal(404);
  });

  it('take a list whole or not at all, a thousand at most', async () => {
    const list = (count: number, change: object = {}) =>
      Array.from({ length: count }, (_, i) => ({
        ...WHOLE,
        objectId: LSST_ID,
        version: String(i),
        classdict: JSON.stringify({ i, filling: 'x'.repeat(3_000) }),
        ...change,
      }));
    const bad = [...list(2), { ...WHOLE, objectId: LSST_ID, classification: '' }];
    const refused = await json('/lsst/api/annotatelist/', { annotations: bad });
    expect(refused.status).to.equal(400);
    expect((await bodyOf(refused)).error).to.match(
      /^annotation 3 of 3: classification: .*nothing of the list was stored/,
    );
    const foreign = await json('/lsst/api/annotatelist/', {
      annotations: [...list(1), ...list(1, { topic: 'hidden' })],
    });
    expect((await bodyOf(foreign)).error).to.match(/^annotation 2 of 2: .*does not exist/);
    expect(await stored('lsst')).to.deep.equal([]);
    const many = await json('/lsst/api/annotatelist/', { annotations: list(1_001) });
    expect(many.status).to.equal(400);
    expect(await bodyOf(many)).to.have.all.keys('annotations');
    for (const body of [{}, { annotations: 'x' }, [], 'null', '7']) {
      expect((await json('/lsst/api/annotatelist/', body)).status).to.equal(400);
    }
    const whole = await json('/lsst/api/annotatelist/', { annotations: list(1_000) });
    expect(await bodyOf(whole)).to.deep.equal({
      ...{ status: 'success', n: 1_000, repeated: 0, unknown: 0 },
    });
    expect((await stored('lsst')).map((row) => row[3])).to.deep.equal(['999']);
    const none = await json('/lsst/api/annotatelist/', { annotations: [] });
    expect(await bodyOf(none)).to.include({ status: 'success', n: 0 });
  });

  it('count as requests of the owner', async () => {
    const eve = await logIn(site, 'eve');
    const eveKey = await makeAnnotator(site, eve.userId, 'busy');
    const minute = Math.floor(site.context.now().getTime() / 60_000) - 30;
    await site.db.execute(
      'INSERT INTO glint.request_counts (user_id, slot, minute, requests) VALUES (:userId, :slot, :minute, :requests)',
      { userId: eve.userId, slot: minute % 64, minute, requests: REQUESTS_PER_HOUR.user },
    );
    for (const token of [eve.token, eveKey]) {
      const answer = await form('/ztf/api/annotate/', { ...WHOLE, topic: 'busy' }, token);
      expect(answer.status).to.equal(429);
      expect(await bodyOf(answer)).to.have.property('message');
    }
  });

  it('serve the official Python client, unchanged, for both surveys', async function () {
    const python = pythonOrSkip(this);
    const run = async (survey: string, calls: unknown[], token: string) => {
      const args = [`${site.url}/${survey}/api`, token, JSON.stringify(calls)];
      const { version, answers } = (await runPython(python, PROGRAM, args)) as {
        version: string;
        answers: Record<string, unknown>[];
      };
      expect(version).to.equal('0.1.4');
      return answers;
    };
    const said = {
      explanation: 'l\'étoile "rouge" 🌟',
      classdict: { prob: 0.93, 'lsst-r': { peak: -19.5 }, text: "it's" },
      url: 'https://example.org/?a=1&b=2',
    };
    const [one, empty, list, wrong] = await run(
      'ztf',
      [
        { topic: 'quick', objectId: ZTF_ID, classification: 'SN Ia', version: '1.2', ...said },
        { topic: 'quick', objectId: ZTF_ID, classification: 'AGN' },
        [
          { topic: 'quick', objectId: ZTF_ID, classification: 'SN Ib', ...said },
          { topic: 'second', objectId: 'ZTF20aaaaaaa', classification: 'CV', version: '2' },
        ],
        { topic: 'nothing', objectId: ZTF_ID, classification: 'SN' },
      ],
      ann.token,
    );
    expect(one).to.include({ status: 'success', known: true });
    expect(empty).to.include({ status: 'success' });
    expect(list).to.deep.equal({ status: 'success', n: 2, repeated: 0, unknown: 1 });
    expect(wrong.error).to.match(/^Bad Request:.*topic nothing does not exist/);
    const rows = await stored();
    expect(rows.map((row) => [row[0], row[1], row[2], row[3], row[4], row[6]])).to.deep.equal([
      ['second', 'ZTF20aaaaaaa', 'CV', '2', '', ''],
      ['quick', ZTF_ID, 'SN Ib', '0.1', said.explanation, said.url],
    ]);
    expect(JSON.parse(String(rows[1][5]))).to.deep.equal(said.classdict);
    const [rubin, many, unauthorised] = [
      ...(await run(
        'lsst',
        [
          { topic: 'quick', objectId: LSST_ID, classification: 'SN Ia' },
          Array.from({ length: 300 }, (_, i) => ({
            ...{ topic: 'quick', objectId: String(10_000_000_000_000_000n + BigInt(i)) },
            ...{ classification: 'SN', classdict: { prob: i / 300 } },
          })),
        ],
        key,
      )),
      ...(await run(
        'lsst',
        [{ topic: 'quick', objectId: LSST_ID, classification: 'SN' }],
        '0'.repeat(40),
      )),
    ];
    expect(rubin).to.include({ status: 'success', known: true });
    expect(many).to.deep.equal({ status: 'success', n: 300, repeated: 0, unknown: 300 });
    expect(unauthorised).to.deep.equal({ error: 'Unauthorized' });
    expect(await stored('lsst')).to.have.length(301);
  });
});
