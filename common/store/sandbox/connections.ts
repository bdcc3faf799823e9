import mysql from 'mysql2';
import type { PoolConnection } from 'mysql2';

import type { Log } from '../../log.ts';
import { parseDatabaseUrl } from '../database.ts';
import { serverErrorNumber } from './server-errors.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const ACCESS_DENIED = 1045;
const NO_SUCH_THREAD = 1094;

export interface Connections {
  /** One connection, settled in; the caller releases or destroys it. */
  take(): Promise<PoolConnection>;
  /** Ends a connection of this account and what it runs; says in the log where it cannot. */
  kill(connection: PoolConnection): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectionsOptions {
  /** Address of the account; asked again when the server refuses it, since a password may be new. */
  url: () => Promise<string>;
  size: number;
  /** Statements that each new connection runs first. */
  settings: () => Promise<string[]>;
  log: Log;
}

/**
 * A pool for prepared statements whose rows are read as they come, apart from that of the broker.
 * Made when it is first needed.
 */
export function openConnections(options: ConnectionsOptions): Connections {
  let opened: Promise<mysql.Pool> | undefined;
  let killers: Promise<mysql.Pool> | undefined;

  const open = async (size: number) => {
    const [url, settings] = await Promise.all([options.url(), options.settings()]);
    return createPool(url, size, settings);
  };

  async function forget(pool: mysql.Pool | undefined): Promise<void> {
    opened = undefined;
    killers = undefined;
    await new Promise<void>((resolve) =>
      pool === undefined ? resolve() : pool.end(() => resolve()),
    );
  }

  async function take(): Promise<PoolConnection> {
    opened ??= open(options.size);
    const pool = await opened.catch((err: unknown) => {
      opened = undefined;
      throw err;
    });
    return connectionOf(pool);
  }

  return {
    async take() {
      const before = opened;
      try {
        return await take();
      } catch (err) {
        if (serverErrorNumber(err) !== ACCESS_DENIED || before === undefined) throw err;
        if (opened === before) await forget(await before);
        return take();
      }
    },
    async kill(connection) {
      try {
        killers ??= open(1);
        const pool = await killers;
        await new Promise<void>((resolve, reject) => {
          pool.query(`KILL ${connection.threadId}`, (err) =>
            err === null ? resolve() : reject(err),
          );
        });
      } catch (err) {
        if (serverErrorNumber(err) === NO_SUCH_THREAD) return;
        options.log.warn('a query of a user could not be ended on the server', { err });
      }
    },
    async close() {
      const pools = await Promise.allSettled([opened, killers]);
      for (const pool of pools) {
        if (pool.status === 'fulfilled' && pool.value !== undefined) {
          await new Promise<void>((resolve) => pool.value?.end(() => resolve()));
        }
      }
    },
  };
}

function createPool(url: string, size: number, settings: string[]): mysql.Pool {
  const pool = mysql.createPool({
    ...parseDatabaseUrl(url),
    connectionLimit: size,
    connectTimeout: CONNECT_TIMEOUT_MS,
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    // The driver would parse what the server calls JSON, and fail where it is none.
    jsonStrings: true,
    charset: 'utf8mb4',
    // The driver writes programs to read rows faster, and keeps them by the names of columns: those are
    // the users', and without end.
    disableEval: true,
  });
  pool.on('connection', (connection) => {
    for (const statement of settings) {
      connection.query(statement, (err) => {
        // Without the settings there is no limit: better no connection.
        if (err !== null) connection.destroy();
      });
    }
  });
  return pool;
}

function connectionOf(pool: mysql.Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((err, connection) => (err === null ? resolve(connection) : reject(err)));
  });
}
