import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';
import express from 'express';

import { QueryTimeoutError } from '../../../common/errors.ts';
import { RESULT_FORMATS } from '../../../common/formats/result-formats.ts';
import type { ResultFormatName } from '../../../common/formats/result-formats.ts';
import { silentLog } from '../../../common/log.ts';
import { errorHandler } from '../../../webapp/error-handler.ts';
import type { OpenResult } from '../../../webapp/query-output/open-result.ts';
import { sendResult } from '../../../webapp/query-output/send-result.ts';

const GROUP_ROWS = 500;
const TEXT = 'x'.repeat(200);

/** A result of which it is known how far it was read, and whether it was closed. */
function countedResult(groups: number, failsAfter = Infinity) {
  const seen = { groups: 0, closed: 0 };
  const result: OpenResult = {
    columns: [
      { name: 'id', type: 'int' },
      { name: 'name', type: 'text' },
    ],
    notes: { query: 'SELECT id, name FROM somewhere', askedAt: new Date(0) },
    isCut: () => false,
    groups: (async function* () {
      for (let group = 0; group < groups; group++) {
        if (group === failsAfter) {
          // What was sent is read first: systems differ in what becomes of it at a reset.
          await pause(100);
          throw new QueryTimeoutError('the time is over');
        }
        await pause(0);
        seen.groups++;
        yield Array.from({ length: GROUP_ROWS }, (_, row) => [group * GROUP_ROWS + row, TEXT]);
      }
    })(),
    close() {
      seen.closed++;
      return Promise.resolve();
    },
  };
  return { result, seen };
}

describe('streams of results', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serve(result: OpenResult, format: ResultFormatName = 'csv'): Promise<string> {
    const app = express();
    app.get('/', (_req, res) => sendResult(res, result, RESULT_FORMATS[format], 10));
    app.use(errorHandler(silentLog));
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  /** What a plain socket hears: all bytes, and how the connection ended. */
  async function hear(url: string, version: string): Promise<{ text: string; end: string }> {
    const socket = ask(url, version);
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    const end = await new Promise<string>((resolve) => {
      socket.on('end', () => resolve('end'));
      socket.on('error', (err: NodeJS.ErrnoException) => resolve(err.code ?? 'error'));
    });
    return { text: Buffer.concat(parts).toString(), end };
  }

  function ask(url: string, version = '1.1'): Socket {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET / HTTP/${version}\r\nHost: x\r\nConnection: close\r\n\r\n`);
    return socket;
  }

  it('reads no further than the client takes', async () => {
    const { result, seen } = countedResult(5_000);
    const socket = ask(await serve(result));
    socket.pause();
    // Until nothing moves any more: the buffers of the system are full.
    let before = -1;
    while (seen.groups !== before || seen.groups === 0) {
      before = seen.groups;
      await pause(300);
    }
    // 5,000 groups are 500 MB.
    expect(seen.groups).to.be.below(500);
    expect(seen.closed).to.equal(0);
    socket.destroy();
    while (seen.closed === 0) await pause(10);
    expect(seen.closed).to.equal(1);
    expect(seen.groups).to.be.below(1_000);
  });

  it('resets the connection when the query fails on the way, in every format', async () => {
    for (const format of ['json', 'ndjson', 'csv', 'votable'] as const) {
      const { result, seen } = countedResult(40, 20);
      const failure = await fetch(await serve(result, format))
        .then((answer) => answer.text())
        .catch((err: unknown) => err);
      expect(failure, format).to.be.instanceOf(Error);
      expect(seen.closed, format).to.equal(1);
      server?.close();
    }
  });

  it('does so for clients of HTTP/1.0, for whom an end would look like a whole file', async () => {
    const whole = countedResult(3);
    const good = await hear(await serve(whole.result), '1.0');
    expect(good.end).to.equal('end');
    expect(good.text.split('\r\n\r\n')[1].split('\r\n')).to.have.length(3 * GROUP_ROWS + 2);
    server?.close();
    const broken = countedResult(40, 20);
    expect((await hear(await serve(broken.result), '1.0')).end).to.equal('ECONNRESET');
  });

  it('reads nothing for HEAD', async () => {
    const { result, seen } = countedResult(10);
    const answer = await fetch(await serve(result), { method: 'HEAD' });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('glint-row-limit')).to.equal('10');
    while (seen.closed === 0) await pause(10);
    expect(seen.groups).to.equal(0);
  });
});
