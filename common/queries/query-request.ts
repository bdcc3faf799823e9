import type { Survey } from '../config.ts';
import type { CompiledQuery, QuerySource, Reader, ResultOrder } from '../sql/compile.ts';
import type { ResultColumn } from '../sql/ast.ts';
import type { RowGroups, Sandbox } from '../store/sandbox/sandbox.ts';
import type { Database } from '../store/database.ts';
import type { Scalar } from '../store/row-reader.ts';

/** What running a query needs. */
export interface QueryServices {
  db: Database;
  sandbox: Sandbox;
  now: () => Date;
}

export interface QueryRequest {
  survey: Survey;
  source: QuerySource;
  reader: Reader | undefined;
  /** Values of the `:name` fields of a saved query. */
  fields?: Record<string, number>;
  /** The window of rows wanted, within the query's own LIMIT and OFFSET. */
  limit: number;
  offset: number;
  /** An order asked for beside the text; the query's own ORDER BY goes before it. */
  order?: ResultOrder;
  timeoutMs: number;
  holder: string;
  signal?: AbortSignal;
}

/** One page of a result. */
export interface QueryAnswer {
  columns: ResultColumn[];
  rows: Scalar[][];
  /** Whether rows follow that this page's limit left out. */
  hasMore: boolean;
  /** Whether the query says in which order: otherwise pages may overlap. */
  isOrdered: boolean;
  /** From the first word read to the last row, milliseconds. */
  elapsedMs: number;
}

/** A result as it comes. */
export interface QueryStream {
  columns: ResultColumn[];
  groups: RowGroups;
}

/**
 * The ways to run a query; `run-query.ts` has them. Every error of the user's is a QueryError with
 * its place.
 */
export interface QueryRunner {
  /** One page, with cost check. */
  runQuery(services: QueryServices, request: QueryRequest): Promise<QueryAnswer>;
  /** Everything up to `limit`, in groups, with cost check. */
  streamQuery(services: QueryServices, request: QueryRequest): Promise<QueryStream>;
  /** Whether it could run: for saving it. Nothing is read. */
  checkQuery(
    services: QueryServices,
    request: Pick<QueryRequest, 'survey' | 'source' | 'reader' | 'fields'>,
  ): Promise<CompiledQuery>;
}
