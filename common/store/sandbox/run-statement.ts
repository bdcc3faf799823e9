import type { PoolConnection } from 'mysql2';

import { QueryTimeoutError } from '../../errors.ts';
import type { CompiledQuery } from '../../sql/compile.ts';
import type { Scalar } from '../row-reader.ts';
import { cutConnection } from './connections.ts';
import type { Connections } from './connections.ts';
import { createRowChannel } from './row-channel.ts';
import type { RowGroups } from './sandbox.ts';
import { scalarReader } from './scalars.ts';
import { isTimeOver } from './server-errors.ts';
import { executeStatement, forgetStatement, prepareStatement } from './statement.ts';

/** The server's own limit comes first; ours is for rows that nobody reads and servers that hang. */
const GRACE_MS = 1_000;

export interface RunningStatement {
  connections: Connections;
  connection: PoolConnection;
  query: CompiledQuery;
  timeoutMs: number;
  signal?: AbortSignal;
  /** What to throw for what went wrong. */
  explainFailure: (err: unknown) => Promise<unknown>;
  /** Called once, when the connection is no longer needed. */
  onFinished: () => void;
}

/**
 * Runs a statement on a connection and gives the connection back, or ends both when nobody reads on.
 *
 * @returns When the first rows are there.
 * @throws what `explainFailure` makes of what the server or the driver says, of a bare QueryTimeoutError
 *   when it took too long, and of the signal's reason when it was aborted.
 */
export async function runStatement(running: RunningStatement): Promise<RowGroups> {
  const { connections, connection, query, timeoutMs, signal } = running;
  const channel = createRowChannel(connection);
  let isFinished = false;

  function settle(): boolean {
    if (isFinished) return false;
    isFinished = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    connection.removeListener('error', stop);
    return true;
  }

  function finish(): void {
    if (!settle()) return;
    forgetStatement(connection, query.sql);
    connection.release();
    running.onFinished();
  }

  /** The connection goes with its statement: to end one alone may end the next one instead. */
  function stop(err: unknown): void {
    channel.fail(err);
    if (!settle()) return;
    void connections.kill(connection).finally(() => {
      cutConnection(connection);
      running.onFinished();
    });
  }

  const onAbort = () => stop(signal?.reason);
  const timer = setTimeout(
    () => stop(new QueryTimeoutError('the time is over')),
    timeoutMs + GRACE_MS,
  );
  signal?.addEventListener('abort', onAbort);
  connection.on('error', stop);

  function fail(err: unknown): void {
    channel.fail(isTimeOver(err) ? new QueryTimeoutError('the time is over', { cause: err }) : err);
    if ((err as { fatal?: boolean }).fatal === true) stop(err);
    else finish();
  }

  const readRow = scalarReader(query.columns);
  prepareStatement(connection, query.sql).then((statement) => {
    if (isFinished) return;
    executeStatement(statement, query.parameters, {
      onRow: (row) => channel.push(readRow(row)),
      onEnd() {
        channel.end();
        finish();
      },
      onError: fail,
    });
  }, fail);
  if (signal?.aborted === true) onAbort();
  const explained = async (err: unknown) => {
    throw await running.explainFailure(err);
  };
  await channel.begun().catch(explained);
  return groupsOf(
    () => channel.next().catch(explained),
    () => stop(new Error('nobody reads on')),
  );
}

/** A generator whose end is noticed even if it was never begun. */
function groupsOf(next: () => Promise<Scalar[][] | undefined>, stop: () => void): RowGroups {
  let isOver = false;
  const end = (): IteratorReturnResult<void> => {
    isOver = true;
    return { done: true, value: undefined };
  };
  const groups: RowGroups = {
    async next() {
      if (isOver) return end();
      const group = await next();
      return group === undefined ? end() : { done: false, value: group };
    },
    return() {
      if (!isOver) stop();
      return Promise.resolve(end());
    },
    throw(err) {
      if (!isOver) stop();
      end();
      return Promise.reject(err as Error);
    },
    [Symbol.asyncIterator]: () => groups,
  };
  return groups;
}
