import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import mysql from 'mysql2';
import type { PoolConnection } from 'mysql2';

import type { Log } from '../../log.ts';
import { parseDatabaseUrl } from '../database.ts';
import { serverErrorNumber } from './server-errors.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const QUEUE_LIMIT = 64;
/** Connections that do not end by themselves so soon are cut. */
const END_MS = 500;
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
  /** Ends a connection where the account itself cannot, for want of a connection. */
  killForUs: (id: string) => Promise<void>;
  log: Log;
}

/**
 * A pool for prepared statements whose rows are read as they come, apart from that of the broker.
 * Made when it is first needed.
 */
export function openConnections(options: ConnectionsOptions): Connections {
  let opened: Promise<OwnPool> | undefined;
  let killers: Promise<OwnPool> | undefined;
  const kills = new Set<Promise<void>>();

  const open = async (size: number) => {
    const [url, settings] = await Promise.all([options.url(), options.settings()]);
    return createPool(url, size, settings);
  };

  async function forget(pool: OwnPool): Promise<void> {
    opened = undefined;
    killers = undefined;
    await endPool(pool);
  }

  async function take(): Promise<PoolConnection> {
    opened ??= open(options.size);
    const { pool } = await opened.catch((err: unknown) => {
      opened = undefined;
      throw err;
    });
    return connectionOf(pool);
  }

  async function killOurselves(id: string): Promise<void> {
    killers ??= open(1);
    const { pool } = await killers;
    await new Promise<void>((resolve, reject) => {
      pool.query(`KILL ${id}`, (err) =>
        err === null || serverErrorNumber(err) === NO_SUCH_THREAD ? resolve() : reject(err),
      );
    });
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
      const id = String(connection.threadId);
      const killing = killOurselves(id)
        .catch(() => options.killForUs(id))
        .catch((err: unknown) => {
          options.log.warn('a query of a user could not be ended on the server', { err });
        })
        .finally(() => kills.delete(killing));
      kills.add(killing);
      await killing;
    },
    async close() {
      await Promise.all(kills);
      const pools = await Promise.allSettled([opened, killers]);
      const made = pools.flatMap((pool) => (pool.status === 'fulfilled' ? (pool.value ?? []) : []));
      await Promise.all(made.map(endPool));
    },
  };
}

/** The driver would leave the socket of a paused connection open. */
export function cutConnection(connection: PoolConnection): void {
  connection.destroy();
  socketOf(connection).destroy();
}

/** The driver's types do not say that it has one. */
function socketOf(connection: mysql.PoolConnection): Socket {
  return (connection as unknown as { stream: Socket }).stream;
}

/** The driver waits for ever for a connection that never came about. */
async function endPool({ pool, live }: OwnPool): Promise<void> {
  const ended = new Promise<void>((resolve) => pool.end(() => resolve()));
  await Promise.race([ended, pause(END_MS, undefined, { ref: false })]);
  for (const connection of live) cutConnection(connection);
}

interface OwnPool {
  pool: mysql.Pool;
  live: Set<mysql.PoolConnection>;
}

function createPool(url: string, size: number, settings: string[]): OwnPool {
  const live = new Set<mysql.PoolConnection>();
  const pool = mysql.createPool({
    ...parseDatabaseUrl(url),
    connectionLimit: size,
    connectTimeout: CONNECT_TIMEOUT_MS,
    queueLimit: QUEUE_LIMIT,
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
    live.add(connection);
    socketOf(connection).once('close', () => live.delete(connection));
    for (const statement of settings) {
      connection.query(statement, (err) => {
        // Without the settings there is no limit: better no connection.
        if (err !== null) connection.destroy();
      });
    }
  });
  return { pool, live };
}

function connectionOf(pool: mysql.Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((err, connection) => (err === null ? resolve(connection) : reject(err)));
  });
}
