import type { FieldPacket, PoolConnection, PrepareStatementInfo } from 'mysql2';

/** What happens to a statement that runs. */
export interface StatementEvents {
  onRow(row: unknown[]): void;
  onEnd(): void;
  onError(err: unknown): void;
}

/** Lets the server read a statement: it says what is wrong with it, and nothing runs. */
export function prepareStatement(
  connection: PoolConnection,
  sql: string,
): Promise<PrepareStatementInfo> {
  return new Promise((resolve, reject) => {
    connection.prepare(sql, (err, statement) => (err === null ? resolve(statement) : reject(err)));
  });
}

/** Makes the server and the driver forget it: each has room for some thousands only. */
export function forgetStatement(connection: PoolConnection, sql: string): void {
  connection.unprepare(sql);
}

/** Runs a prepared statement; texts travel beside it. */
export function executeStatement(
  statement: PrepareStatementInfo,
  parameters: string[],
  events: StatementEvents,
): void {
  let hasFailed = false;
  const command = statement.execute(parameters);
  command.on('result', (row: unknown) => events.onRow(row as unknown[]));
  command.on('error', (err) => {
    hasFailed = true;
    events.onError(err);
  });
  // The driver says that a statement ended when it failed, too.
  command.on('end', () => {
    if (!hasFailed) events.onEnd();
  });
}

/** All rows of a statement whose result is small, by the names of its columns. */
export async function readAll(
  connection: PoolConnection,
  sql: string,
  parameters: string[],
): Promise<Record<string, unknown>[]> {
  const statement = await prepareStatement(connection, sql);
  try {
    return await new Promise((resolve, reject) => {
      statement.execute(parameters, (err, rows, fields: FieldPacket[]) => {
        if (err !== null) {
          reject(err);
          return;
        }
        const names = fields.map((field) => field.name);
        resolve(
          (rows as unknown[][]).map((row) =>
            Object.fromEntries(names.map((name, i) => [name, row[i]])),
          ),
        );
      });
    });
  } finally {
    forgetStatement(connection, sql);
  }
}
