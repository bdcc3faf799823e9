import { expect } from 'chai';

import { SetupError, UpstreamError } from '../../../common/errors.ts';
import { createTnsClient } from '../../../post_ingest/tns/tns-client.ts';
import type { TnsClient } from '../../../post_ingest/tns/tns-client.ts';
import { startTnsServer, TNS_BOT } from '../../tns-server.ts';
import type { TnsServer } from '../../tns-server.ts';

const SEARCH = '/api/get/search';
const SINCE = new Date('2026-02-08T03:04:05Z');

describe('the client of the Transient Name Server', () => {
  let server: TnsServer;
  let pauses: number[];
  let stop: AbortController;
  let client: TnsClient;
  beforeEach(async () => {
    server = await startTnsServer();
    pauses = [];
    stop = new AbortController();
    client = clientWith(TNS_BOT);
  });
  afterEach(() => server.close());

  function clientWith(bot: typeof TNS_BOT): TnsClient {
    return createTnsClient({
      url: server.url,
      bot,
      signal: stop.signal,
      pause: (ms) => {
        pauses.push(ms);
        for (const limit of server.limits.values()) limit.left = 2;
        return Promise.resolve();
      },
    });
  }
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (err: unknown) => err,
    );

  it('asks as the server wants it: a form with the key, under the marker of the bot', async () => {
    server.lists.set('tns_public_objects_07.csv.zip', Buffer.from('PK archive'));
    expect(String(await client.download('tns_public_objects_07.csv.zip'))).to.equal('PK archive');
    expect(await client.download('tns_public_objects_08.csv.zip')).to.equal(undefined);
    const [request] = server.requests;
    expect(request.path).to.equal('/system/files/tns_public_objects/tns_public_objects_07.csv.zip');
    expect(request.userAgent).to.equal(
      'tns_marker{"tns_id":4711,"type":"bot","name":"glint_test"}',
    );
    expect(request.contentType).to.match(/^multipart\/form-data/);
    expect(request.fields).to.deep.equal({ api_key: TNS_BOT.apiKey });
  });

  for (const form of ['reply', 'data'] as const) {
    it(`searches and asks for objects; the answer is in ${form}`, async () => {
      await server.close();
      server = await startTnsServer(form);
      client = clientWith(TNS_BOT);
      server.found = [{ objname: '2026abc', prefix: 'AT', objid: 200001 }];
      server.objects.set('2026abc', { objid: 200001, objname: '2026abc' });
      expect(await client.searchSince(SINCE)).to.deep.equal(server.found);
      expect(JSON.parse(server.requests[0].fields.data)).to.deep.equal({
        public_timestamp: '2026-02-08 03:04:05',
      });
      expect(await client.object('2026abc')).to.deep.equal(server.objects.get('2026abc'));
      expect(await client.object('2026xyz')).to.equal(undefined);
    });
  }

  it('waits until the limit is reset when nothing is left, and no longer', async () => {
    server.limits.set(SEARCH, { left: 2, resetSeconds: 40 });
    await client.searchSince(SINCE);
    expect(pauses).to.deep.equal([]);
    await client.searchSince(SINCE);
    // Other kinds of requests have limits of their own.
    await client.object('2026abc');
    expect(pauses).to.deep.equal([]);
    await client.searchSince(SINCE);
    expect(pauses).to.have.length(1);
    expect(pauses[0]).to.be.closeTo(41_000, 500);
    expect(server.requests.filter(({ path }) => path === SEARCH)).to.have.length(3);
  });

  it('waits and asks again when it is told that it was too much', async () => {
    server.limits.set(SEARCH, { left: 0, resetSeconds: 7 });
    await client.searchSince(SINCE);
    expect(pauses).to.have.length(1);
    expect(pauses[0]).to.be.closeTo(8_000, 500);
  });

  it('does not wait for longer than a job may', async () => {
    server.limits.set(SEARCH, { left: 0, resetSeconds: 86_400 });
    const error = await failure(client.searchSince(SINCE));
    expect(error).to.be.instanceOf(UpstreamError);
    expect(String(error)).to.include('86401 s');
    expect(pauses).to.deep.equal([]);
    expect(server.requests).to.have.length(1);
  });

  it('tries again what time may heal, three times in all', async () => {
    server.refuse = () => ({ status: 503 });
    const error = await failure(client.searchSince(SINCE));
    expect(error).to.be.instanceOf(UpstreamError);
    expect(server.requests).to.have.length(3);
    server.requests.length = 0;
    server.refuse = () => (server.requests.length < 3 ? { status: 502 } : undefined);
    expect(await client.searchSince(SINCE)).to.deep.equal([]);
  });

  it('says what to do when the bot is refused, and never tells the key', async () => {
    client = clientWith({ ...TNS_BOT, apiKey: 'wrong-key-77' });
    const error = await failure(client.searchSince(SINCE));
    expect(error).to.be.instanceOf(SetupError);
    expect(String(error)).to.include('GLINT_TNS_API_KEY');
    expect(server.requests).to.have.length(1);
    await server.close();
    const gone = await failure(client.searchSince(SINCE));
    expect(gone).to.be.instanceOf(UpstreamError);
    for (const err of [error, gone]) {
      const told = JSON.stringify(err, Object.getOwnPropertyNames(err)) + (err as Error).stack;
      expect(told).not.to.include('wrong-key-77');
    }
    server = await startTnsServer();
  });

  it('follows no redirection: the key stays here', async () => {
    const other = await startTnsServer();
    server.refuse = () => ({ status: 307, headers: { location: `${other.url}${SEARCH}` } });
    expect(await failure(client.searchSince(SINCE))).to.be.instanceOf(UpstreamError);
    expect(other.requests).to.deep.equal([]);
    await other.close();
  });

  it('refuses nonsense', async () => {
    for (const body of ['<html>', '[]', '{"id_code":500,"id_message":"Oops"}', '{"id_code":"x"}']) {
      server.refuse = () => ({ status: 200, body });
      expect(await failure(client.searchSince(SINCE)), body).to.be.instanceOf(UpstreamError);
    }
    server.refuse = () => ({ status: 200, body: '{"id_code":200,"data":{"reply":[{"a":1}]}}' });
    expect(await failure(client.searchSince(SINCE))).to.be.instanceOf(UpstreamError);
  });

  it('stops when it is told to, while it waits too', async () => {
    server.refuse = () => {
      stop.abort(new Error('another process took over'));
      return { status: 503 };
    };
    expect(String(await failure(client.searchSince(SINCE)))).to.include('another process');
    expect(server.requests).to.have.length(1);
  });
});
