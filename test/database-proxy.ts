import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { parseDatabaseUrl } from '../common/store/database.ts';

/** A way to the database that can be cut, as when the server is restarted. */
export interface DatabaseProxy {
  /** Address of the database through it. */
  url: string;
  /** Resets all connections and lets nobody in. */
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const { socketPath, host, port } = parseDatabaseUrl(databaseUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.resetAndDestroy();
      return;
    }
    const far =
      socketPath === undefined ? connect(port ?? 3306, host) : connect({ path: socketPath });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.searchParams.delete('socket');
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const reset = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.toString(),
    cut() {
      isCut = true;
      reset();
    },
    mend: () => (isCut = false),
    async stop() {
      reset();
      server.close();
      await once(server, 'close');
    },
  };
}
