import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';

import { receiveFile } from '../../../webapp/uploads/receive-file.ts';
import { receiveForm } from '../../../webapp/uploads/receive-form.ts';

const FOLDER = join(tmpdir(), 'glint-uploads');
const MEGABYTE = 1 << 20;

/** Files that hold what this test sends: others may use the folder at the same time. */
function filesWith(mark: string): string[] {
  return readdirSync(FOLDER).filter((name) => {
    try {
      return readFileSync(join(FOLDER, name), 'latin1').includes(mark);
    } catch {
      return false;
    }
  });
}

describe('files that are sent', function () {
  this.timeout(30_000);
  let server: Server;
  let answered = 0;

  before(() => {
    const app = express();
    app.post('/file/', async (req, res) => {
      const { bytes } = await receiveFile(res, req, '');
      res.send(String(bytes));
    });
    app.post('/form/', async (req, res) => {
      await receiveForm(req, res);
      res.send('read');
    });
    app.use((err: Error, _req: Request, res: Response, _next: NextFunction) => {
      answered++;
      if (!res.headersSent) res.status(400).send(err.message);
    });
    server = app.listen(0, '127.0.0.1');
  });
  after(() => server?.close());

  const headOf = (path: string, mark: string) =>
    path === '/form/'
      ? `--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n${mark}`
      : mark;
  const send = (path: string) =>
    request({
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      path,
      method: 'POST',
      headers: {
        'content-type': path === '/form/' ? 'multipart/form-data; boundary=b' : 'text/csv',
        'content-length': String(8 * MEGABYTE),
      },
    }).on('error', () => undefined);

  for (const path of ['/file/', '/form/']) {
    it(`are gone when whoever sends them goes away (${path})`, async () => {
      const mark = `mark-${path}-${Date.now()}-${Math.random()}`;
      const inTheMiddle = send(path);
      inTheMiddle.write(headOf(path, mark) + ' '.repeat(MEGABYTE));
      while (filesWith(mark).length === 0) await sleep(5);
      inTheMiddle.destroy();
      while (filesWith(mark).length > 0) await sleep(5);
      // At every moment: before the file is there, while it is made, and behind that.
      answered = 0;
      for (let i = 0; i < 40; i++) {
        const sent = send(path);
        sent.write(headOf(path, mark) + ' '.repeat(1_000 * i));
        await sleep(i / 4);
        sent.destroy();
      }
      while (answered < 20) await sleep(5);
      await sleep(200);
      expect(filesWith(mark)).to.deep.equal([]);
    });
  }

  it('are gone when they have been answered, and are refused', async () => {
    const { port } = server.address() as AddressInfo;
    const mark = `whole-${Date.now()}-${Math.random()}`;
    const post = (body: string) =>
      fetch(`http://127.0.0.1:${port}/file/`, { method: 'POST', body });
    expect(await (await post(mark)).text()).to.equal(String(mark.length));
    const large = await post(mark + ' '.repeat(33 * MEGABYTE));
    expect([large.status, await large.text()]).to.deep.include(400);
    while (filesWith(mark).length > 0) await sleep(5);
  });
});
