import { compileQuery } from '../sql/compile-query.ts';
import type { CompiledQuery } from '../sql/compile.ts';
import { parseQuery } from '../sql/parse-query.ts';
import { lookUpLists } from '../store/lists/look-up-lists.ts';
import type { Scalar } from '../store/row-reader.ts';
import type { RowGroups } from '../store/sandbox/sandbox.ts';
import type {
  QueryAnswer,
  QueryRequest,
  QueryRunner,
  QueryServices,
  QueryStream,
} from './query-request.ts';

type CompileRequest = Parameters<QueryRunner['checkQuery']>[1] &
  Partial<Pick<QueryRequest, 'limit' | 'offset' | 'order'>>;

/**
 * One page of a query's result.
 *
 * @throws {QueryError} with its place where the query cannot be run, or would cost too much.
 * @throws {QueryTimeoutError} {UpstreamError} {BusyError} {RateLimitError} as `Sandbox.run` does.
 */
export async function runQuery(
  services: QueryServices,
  request: QueryRequest,
): Promise<QueryAnswer> {
  const startedAt = performance.now();
  // One row more than is wanted tells whether more follow.
  const query = await compileRequest(services, { ...request, limit: request.limit + 1 });
  const rows: Scalar[][] = [];
  for await (const group of await runChecked(services, query, request)) rows.push(...group);
  return {
    columns: query.columns,
    rows: rows.slice(0, request.limit),
    hasMore: rows.length > request.limit,
    isOrdered: query.isOrdered,
    elapsedMs: performance.now() - startedAt,
  };
}

/** The rows of a query as they come, as many as `limit`; errors as of `runQuery`, also while reading. */
export async function streamQuery(
  services: QueryServices,
  request: QueryRequest,
): Promise<QueryStream> {
  const query = await compileRequest(services, request);
  return { columns: query.columns, groups: await runChecked(services, query, request) };
}

/**
 * Whether a query could be run: the server has planned it, and read nothing.
 *
 * @throws {QueryError} with its place where it cannot, or would cost too much.
 */
export async function checkQuery(
  services: QueryServices,
  request: CompileRequest,
): Promise<CompiledQuery> {
  const query = await compileRequest(services, request);
  await services.sandbox.checkCost(query);
  return query;
}

async function runChecked(
  { sandbox }: QueryServices,
  query: CompiledQuery,
  request: QueryRequest,
): Promise<RowGroups> {
  if (!(await sandbox.isModest(query))) await sandbox.checkCost(query);
  const { timeoutMs, holder, signal } = request;
  return sandbox.run(query, { timeoutMs, holder, signal });
}

/**
 * Whether the words of a query are right: names are looked up, the server is not asked.
 *
 * @throws {QueryError} with its place where they are not.
 */
export async function compileRequest(
  services: QueryServices,
  request: CompileRequest,
): Promise<CompiledQuery> {
  const parsed = parseQuery(request.source);
  const { reader } = request;
  const [lists, dialect] = await Promise.all([
    lookUpLists(services.db, reader, parsed.references),
    services.sandbox.dialect(),
  ]);
  return compileQuery(parsed, {
    survey: request.survey,
    reader,
    lists,
    now: services.now(),
    fields: request.fields,
    dialect,
    limit: request.limit ?? 1,
    offset: request.offset ?? 0,
    order: request.order,
  });
}
