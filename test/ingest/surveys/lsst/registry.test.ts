import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { describeError, PacketError, UpstreamError } from '../../../../common/errors.ts';
import { silentLog } from '../../../../common/log.ts';
import { rubinSchema } from '../../../../ingest/surveys/lsst/packet-schemas.ts';
import { createSchemaSource } from '../../../../ingest/surveys/lsst/registry.ts';
import type { SchemaSource } from '../../../../ingest/surveys/lsst/registry.ts';

const STRANGE = { type: 'record', name: 'alert', fields: [{ name: 'id', type: 'long' }] };

describe('createSchemaSource', () => {
  let server: Server;
  let registryUrl: string;
  let requests: IncomingMessage[];
  /** What the registry answers, request by request; the last answer stays. */
  let answers: [status: number, body: string][];

  beforeEach(async () => {
    requests = [];
    answers = [[200, JSON.stringify({ schema: JSON.stringify(STRANGE) })]];
    server = createServer((request: IncomingMessage, response: ServerResponse) => {
      const [status, body] = answers[Math.min(requests.push(request), answers.length) - 1];
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    registryUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => close(server));

  const source = (options: { user?: string; password?: string } = {}) =>
    createSchemaSource({ registryUrl, log: silentLog, firstWaitMs: 1, ...options });

  it('takes the schema from the registry, once for each id', async () => {
    const schemas = source();
    const answered = await Promise.all([1300, 1300, 1301].map((id) => schemas.schemaFor(id)));
    expect(answered[0]).to.deep.equal(STRANGE);
    await schemas.schemaFor(1300);
    expect(requests.map((request) => request.url)).to.have.members([
      '/schemas/ids/1300',
      '/schemas/ids/1301',
    ]);
  });

  it('gives user and password, and keeps the path of the address', async () => {
    registryUrl += '/registry/';
    await source({ user: 'glint', password: 'söcret' }).schemaFor(1000);
    expect(requests[0].url).to.equal('/registry/schemas/ids/1000');
    const credentials = Buffer.from('glint:söcret').toString('base64');
    expect(requests[0].headers.authorization).to.equal(`Basic ${credentials}`);
  });

  it('asks again while the registry fails', async () => {
    answers = [[503, ''], [500, ''], [429, ''], answers[0]];
    expect(await source().schemaFor(1300)).to.deep.equal(STRANGE);
    expect(requests).to.have.length(4);
  });

  it('falls back to the versions of the project where the registry has no such schema', async () => {
    answers = [[404, '{"error_code":40403,"message":"Schema not found"}']];
    expect(await source().schemaFor(1101)).to.deep.equal(rubinSchema(11, 1));
    expect(requests).to.have.length(1);
  });

  it('falls back to the versions of the project where the registry is away', async () => {
    await close(server);
    expect(await source().schemaFor(1000)).to.deep.equal(rubinSchema(10, 0));
  });

  it('refuses a packet whose schema nobody knows, naming the id', async () => {
    answers = [[404, '{}']];
    const err = await rejection(source(), 1300);
    expect(err).to.be.instanceOf(PacketError);
    expect((err as PacketError).fault).to.equal('unknown_schema');
    expect((err as Error).message).to.match(/schema id is 1300.*does not have it either/);
  });

  it('lets the batch wait when only the registry could know the schema and is away', async () => {
    answers = [[503, ''], [503, ''], [503, ''], [503, ''], [503, ''], answers[0]];
    const schemas = source();
    const err = await rejection(schemas, 1300);
    expect(err).to.be.instanceOf(UpstreamError);
    expect((err as Error).message).to.include('schema 1300 cannot be had');
    expect(requests).to.have.length(5);
    expect(await schemas.schemaFor(1300), 'a failure is not remembered').to.deep.equal(STRANGE);
  });

  it('does not insist where the registry refuses or makes no sense', async () => {
    answers = [[401, '{}']];
    const refused = await rejection(source(), 1300);
    expect(refused).to.be.instanceOf(UpstreamError);
    expect(describeError(refused)).to.include('answered 401: check user and password');
    expect(requests).to.have.length(1);
    answers = [[200, '{"schema": "[]"}']];
    expect(await rejection(source(), 1300)).to.be.instanceOf(UpstreamError);
    expect(requests).to.have.length(2);
  });

  it('takes user and password from the address too, and keeps them out of its errors', async () => {
    registryUrl = registryUrl.replace('//', '//glint:s%2Fcret@');
    await source().schemaFor(1300);
    const credentials = Buffer.from('glint:s/cret').toString('base64');
    expect(requests[0].headers.authorization).to.equal(`Basic ${credentials}`);
    await close(server);
    expect(describeError(await rejection(source(), 1300))).to.not.match(/cret/);
  });

  it('knows the versions of the project without a registry', async () => {
    const schemas = createSchemaSource({ log: silentLog });
    expect(await schemas.schemaFor(701)).to.deep.equal(rubinSchema(7, 1));
    const err = await rejection(schemas, 705);
    expect(err).to.be.instanceOf(PacketError);
    expect((err as Error).message).to.match(/schema id is 705.*GLINT_LSST_SCHEMA_REGISTRY/);
  });
});

async function rejection(schemas: SchemaSource, id: number): Promise<unknown> {
  return schemas.schemaFor(id).then(
    () => undefined,
    (err: unknown) => err,
  );
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
