import type { CompiledQuery, Dialect } from '../../sql/compile.ts';
import type { Scalar } from '../row-reader.ts';

export interface RunOptions {
  /** The server itself breaks the statement off after this. */
  timeoutMs: number;
  /** Whose place in the queue it takes: `user:17`, `address:10.0.0.1`. */
  holder: string;
  /** Aborted when nobody waits any more: the statement is ended on the server. */
  signal?: AbortSignal;
}

/** Rows as they come, in groups; values in JSON's form, in the order of the query's columns. */
export type RowGroups = AsyncGenerator<Scalar[][], void, void>;

/**
 * Where users' queries run: an account that may SELECT from views and nothing else, on connections
 * of its own.
 */
export interface Sandbox {
  /**
   * Whether the query cannot cost too much, as most cannot: without asking the server for its plan,
   * which takes as long as many a query does.
   */
  isModest(query: CompiledQuery): Promise<boolean>;
  /**
   * Whether the query is worth running: how many rows the server expects to look at.
   *
   * @throws {QueryError} saying why, when that is absurd.
   */
  checkCost(query: CompiledQuery): Promise<{ estimatedRows: number }>;
  /**
   * Runs the query. Reading on is what drives it: memory stays flat however long the result.
   *
   * @throws {QueryTimeoutError} when the time is over, at the start or while rows are read.
   * @throws {UpstreamError} when the server goes away.
   * @throws {RateLimitError} when the holder runs too much already, {BusyError} when everybody
   *   together does.
   * @throws the signal's reason when it is aborted.
   */
  run(query: CompiledQuery, options: RunOptions): Promise<RowGroups>;
  /** What the writer must write for. */
  dialect(): Promise<Dialect>;
  close(): Promise<void>;
}
