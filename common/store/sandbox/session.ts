import type { PoolConnection } from 'mysql2';

import type { Dialect } from '../../sql/compile.ts';
import { SQL_MODE } from '../database.ts';

/** As long as texts become that functions make: see common/sql/functions/text.ts. */
const GROUP_CONCAT_BYTES = 1 << 16;
/** A table that is being changed makes queries fail soon instead of pile up. */
const LOCK_WAIT_SECONDS = 5;
const MEMORY_BYTES = 256 << 20;
const DISK_BYTES = 4 * 2 ** 30;

/** What each session begins with: UTC, our sql_mode, limits on memory and disk, nothing written. */
export function sessionSettings(dialect: Dialect): string[] {
  const variables = [
    "time_zone = '+00:00'",
    `sql_mode = '${SQL_MODE}'`,
    `group_concat_max_len = ${GROUP_CONCAT_BYTES}`,
    `lock_wait_timeout = ${LOCK_WAIT_SECONDS}`,
    // Joins of many tables are planned by parts: all orders of twenty would take for ever.
    'optimizer_search_depth = 0',
    ...(dialect === 'mariadb'
      ? [`max_session_mem_used = ${MEMORY_BYTES}`, `tmp_disk_table_size = ${DISK_BYTES}`]
      : []),
  ];
  return [`SET SESSION ${variables.join(', ')}`, 'SET SESSION TRANSACTION READ ONLY'];
}

/** How the server is told how long each of the next SELECTs may take. */
export function timeLimit(dialect: Dialect, timeoutMs: number): string {
  return dialect === 'mariadb'
    ? `SET SESSION max_statement_time = ${timeoutMs / 1_000}`
    : `SET SESSION max_execution_time = ${Math.max(1, Math.round(timeoutMs))}`;
}

/** Remembers what each connection was told, since most queries have the same limit. */
export function createTimeLimiter(dialect: () => Promise<Dialect>) {
  const told = new WeakMap<PoolConnection, number>();
  return async function limitTime(connection: PoolConnection, timeoutMs: number): Promise<void> {
    if (told.get(connection) === timeoutMs) return;
    const statement = timeLimit(await dialect(), timeoutMs);
    await new Promise<void>((resolve, reject) => {
      connection.query(statement, (err) => (err === null ? resolve() : reject(err)));
    });
    told.set(connection, timeoutMs);
  };
}
