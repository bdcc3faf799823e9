import mysql from 'mysql2/promise';
import type { z } from 'zod';

import { SetupError, UpstreamError } from '../errors.ts';

/** What the server forbids in every session of ours. */
export const SQL_MODE =
  'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO';

/** Values for the `:name` places of a statement. */
export type Parameters = Record<string, ParameterValue | ParameterValue[] | ParameterValue[][]>;
export type ParameterValue = string | number | bigint | boolean | Date | Buffer | null;

/** A pool of connections to one server, or one connection within a transaction: the same calls. */
export interface Queries {
  /** Rows, each checked by `schema`. 64-bit integers and sums arrive as strings: coerce them. */
  rows<Row>(schema: z.ZodType<Row>, sql: string, parameters?: Parameters): Promise<Row[]>;
  /** Rows as arrays of column values, unchecked: for the hot path. */
  arrays(sql: string, parameters?: Parameters): Promise<unknown[][]>;
  /** A statement that changes something. */
  execute(
    sql: string,
    parameters?: Parameters,
  ): Promise<{ affectedRows: number; insertId: bigint }>;
}

export interface Transaction extends Queries {
  /** The connection itself, for the bulk loader. */
  readonly connection: mysql.PoolConnection;
}

export interface Database extends Queries {
  /**
   * Runs `work` in one transaction at READ COMMITTED: commits when it returns, rolls back when it
   * throws. The caller repeats it when `isRepeatable(err)`.
   */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** What the server calls itself. */
  server(): Promise<ServerKind>;
  close(): Promise<void>;
}

export interface ServerKind {
  isMariaDb: boolean;
  version: string;
  /** Whether LOAD DATA LOCAL is allowed; MySQL 8 refuses it unless configured. */
  allowsLocalInfile: boolean;
}

export interface DatabaseOptions {
  poolSize?: number;
  connectTimeoutMs?: number;
}

/**
 * Opens a pool. Times are UTC, strict mode is on, BIGINT and DECIMAL come as strings.
 *
 * @param url - `mysql://user:password@host:port`, or `mysql://user@localhost?socket=/path`.
 * @throws {SetupError} if the address cannot be read. It does not connect yet.
 */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = mysql.createPool({
    ...parseDatabaseUrl(url),
    connectionLimit: options.poolSize ?? 10,
    connectTimeout: options.connectTimeoutMs ?? 5_000,
    supportBigNumbers: true,
    bigNumberStrings: true,
    namedPlaceholders: true,
    timezone: 'Z',
    charset: 'utf8mb4',
    typeCast: exactNumber,
  });
  pool.pool.on('connection', (connection) => {
    connection.query(
      `SET SESSION time_zone = '+00:00', sql_mode = '${SQL_MODE}', innodb_lock_wait_timeout = 20`,
      (err) => {
        // Without these settings values would be clipped in silence: better no connection.
        if (err !== null) connection.destroy();
      },
    );
  });
  let kind: Promise<ServerKind> | undefined;
  const database: Database = {
    ...queriesOn(pool),
    async transaction(work) {
      const connection = await upstream(pool.getConnection());
      try {
        await upstream(connection.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED'));
        await upstream(connection.beginTransaction());
        const result = await work({ connection, ...queriesOn(connection) });
        await upstream(connection.commit());
        connection.release();
        return result;
      } catch (err) {
        // Without a rollback the connection may hold locks: if it fails, the connection goes.
        // After a load that was broken off the driver keeps listening on it: it goes as well.
        await connection.rollback().then(
          () => (isValueRefusal(err) ? connection.destroy() : connection.release()),
          () => connection.destroy(),
        );
        throw err;
      }
    },
    async server() {
      kind ??= askServerKind(database);
      return kind.catch((err: unknown) => {
        kind = undefined;
        throw err;
      });
    },
    close: () => pool.end(),
  };
  return database;
}

/** The driver's own reading of decimal digits is quick, and wrong in the last bit of one in some. */
const exactNumber: mysql.TypeCast = (field, next) => {
  if (field.type !== 'DOUBLE' && field.type !== 'FLOAT') return next();
  const digits = field.string();
  return digits === null ? null : Number(digits);
};

/** Whether the same transaction may succeed if it is simply run again: a deadlock, a lost server. */
export function isRepeatable(err: unknown): boolean {
  return err instanceof UpstreamError;
}

/** @throws {SetupError} if it is not an address of a MySQL server. */
export function parseDatabaseUrl(url: string): mysql.ConnectionOptions {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (err) {
    throw new SetupError(`the database address must look like mysql://user:password@host:port`, {
      cause: err,
    });
  }
  const socketPath = parsed.searchParams.get('socket');
  return {
    user: decodeURIComponent(parsed.username) || 'root',
    password: decodeURIComponent(parsed.password),
    ...(socketPath === null
      ? { host: parsed.hostname.replace(/^\[|\]$/g, ''), port: Number(parsed.port || 3306) }
      : { socketPath }),
    ...(parsed.searchParams.get('tls') === 'true' ? { ssl: {} } : {}),
  };
}

function queriesOn(connection: Pick<mysql.Connection, 'query'>): Queries {
  return {
    async rows(schema, sql, parameters) {
      const [rows] = await upstream(connection.query<mysql.RowDataPacket[]>(sql, parameters));
      return rows.map((row) => schema.parse({ ...row }));
    },
    async arrays(sql, parameters) {
      const [rows] = await upstream(
        connection.query<mysql.RowDataPacket[][]>({ sql, values: parameters, rowsAsArray: true }),
      );
      return rows;
    },
    async execute(sql, parameters) {
      const [header] = await upstream(connection.query<mysql.ResultSetHeader>(sql, parameters));
      return { affectedRows: header.affectedRows, insertId: BigInt(header.insertId) };
    },
  };
}

/** Errors after which the same statement may succeed: the server was away, busy, or chose us as victim. */
const REPEATABLE_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_QUERY_INTERRUPTED',
  'ER_CHECKREAD',
  'ER_DISK_FULL',
  'ER_RECORD_FILE_FULL',
  'ER_ERROR_ON_WRITE',
  'ER_GET_ERRNO',
  'ER_LOCK_TABLE_FULL',
  'ER_OUT_OF_RESOURCES',
  'ER_OUTOFMEMORY',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_UNKNOWN_COM_ERROR',
  'ER_OPTION_PREVENTS_STATEMENT',
]);

/** Errors about a value, not about the server or the table. */
const VALUE_ERRORS = new Set([
  'ER_DATA_TOO_LONG',
  'ER_WARN_DATA_OUT_OF_RANGE',
  'ER_TRUNCATED_WRONG_VALUE',
  'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
  'ER_CANNOT_CONVERT_STRING',
  'ER_BAD_NULL_ERROR',
  'ER_WARN_NULL_TO_NOTNULL',
  'WARN_DATA_TRUNCATED',
]);

/** Whether the server answered that a value does not fit its column: another row may. */
export function isValueRefusal(err: unknown): boolean {
  return VALUE_ERRORS.has(String((err as { code?: unknown } | null)?.code));
}

/** Waits, and names the failures that time may heal. */
export async function upstream<Result>(promise: Promise<Result>): Promise<Result> {
  try {
    return await promise;
  } catch (err) {
    const { code, fatal } = err as { code?: string; fatal?: boolean };
    if (
      (code !== undefined && REPEATABLE_ERRORS.has(code)) ||
      (fatal === true && code !== 'ER_ACCESS_DENIED_ERROR')
    ) {
      throw new UpstreamError('the database did not answer', { cause: err });
    }
    if (err instanceof Error && /closed state|connection is closed/i.test(err.message)) {
      throw new UpstreamError('the database connection was lost', { cause: err });
    }
    throw err;
  }
}

async function askServerKind(database: Queries): Promise<ServerKind> {
  const [[version, localInfile]] = await database.arrays('SELECT VERSION(), @@GLOBAL.local_infile');
  return {
    isMariaDb: /mariadb/i.test(String(version)),
    version: String(version),
    allowsLocalInfile: String(localInfile) === '1',
  };
}
