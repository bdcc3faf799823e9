import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { SANDBOX_USER } from '../../../common/schema/views.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { seedMany } from './seed-many.ts';

/** More than the buffers between the database and a client who reads nothing can hold: 36 MB. */
const PADDED =
  "objectId, RPAD('', 1000, 'x') AS a, RPAD('', 1000, 'y') AS b, RPAD('', 1000, 'z') AS c";
const LONG = `SELECT ${PADDED} FROM objects`;

describe('queries that are broken off', () => {
  let site: TestSite;
  let power: LoggedIn;
  before(async () => {
    site = await startSeededSite();
    await seedMany(site.db);
    power = await logIn(site, 'power', { role: 'power' });
  });
  after(() => site.stop());

  /** Numbers of the connections on which the server works for the sandbox. */
  const running = async () => {
    const rows = await site.db.arrays(
      "SELECT id FROM information_schema.processlist WHERE command = 'Execute' AND user = :user",
      { user: SANDBOX_USER },
    );
    return rows.map(([id]) => Number(id));
  };
  const until = async (count: number) => {
    for (let tries = 0; tries < 300; tries++) {
      const found = await running();
      if (found.length === count) return found;
      await pause(50);
    }
    throw new Error(`still not ${count} statements`);
  };
  /** A client that asks and reads nothing. */
  const ask = async (path: string): Promise<Socket> => {
    const { hostname, port, host } = new URL(site.url);
    const socket = connect(Number(port), hostname);
    socket.pause();
    await once(socket, 'connect');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Token ${power.token}\r\n\r\n`,
    );
    return socket;
  };
  const addresses = [
    `/api/v1/queries?${new URLSearchParams({ survey: 'ztf', sql: LONG, format: 'csv' }).toString()}`,
    `/ztf/api/query/?${new URLSearchParams({ selected: PADDED, tables: 'objects', conditions: '', limit: '1000000' }).toString()}`,
  ];

  it('ends the statement on the server when the client goes away', async () => {
    for (const address of addresses) {
      const socket = await ask(address);
      await until(1);
      socket.destroy();
      await until(0);
    }
  });

  it('resets the connection when the server ends the statement', async () => {
    for (const address of addresses) {
      const socket = await ask(address);
      const [id] = await until(1);
      await site.db.execute(`KILL CONNECTION ${id}`);
      let text = '';
      socket.on('data', (part: Buffer) => (text = text.slice(-100) + part.toString('latin1')));
      const ended = new Promise((resolve) => socket.on('close', resolve));
      socket.on('error', () => undefined);
      socket.resume();
      await ended;
      // The last piece of a whole answer is empty.
      expect(text).to.not.match(/\r\n0\r\n\r\n$/);
      await until(0);
    }
  });

  it('goes on working for others afterwards', async () => {
    const answer = await power.get('/api/v1/queries?survey=ztf&sql=SELECT+2+AS+two');
    expect(await answer.json()).to.deep.include({ rows: [[2]] });
  });
});
