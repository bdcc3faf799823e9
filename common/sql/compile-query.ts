import type { Place, Query, ResultColumn } from './ast.ts';
import type {
  CompileOptions,
  CompiledQuery,
  ParsedQuery,
  QuerySource,
  ResultOrder,
} from './compile.ts';
import type { FromColumn, ResolvedQuery } from './resolve/resolved.ts';
import { resolveQuery } from './resolve/query.ts';
import { newStatement } from './resolve/statement.ts';
import type { Statement } from './resolve/statement.ts';
import type { Output } from './write/output.ts';
import { putQuery } from './write/query.ts';
import type { Window } from './write/query.ts';

/**
 * The SQL of a query: names resolved against the description, lists and sugar expanded, private rows
 * of others left out, the rows wanted and no more.
 *
 * @throws {QueryError} naming the first thing that is wrong, at its place.
 */
export function compileQuery(parsed: ParsedQuery, options: CompileOptions): CompiledQuery {
  const { source } = parsed;
  const statement = newStatement(options, source.kind === 'boxes', (place) =>
    wordsAt(source, place),
  );
  const query = resolveQuery(ordered(parsed.query, options.order), {
    statement,
    parent: undefined,
    besides: undefined,
    isOutermost: true,
  });
  const output: Output = {
    dialect: options.dialect,
    now: options.now,
    survey: options.survey,
    reader: options.reader,
    sql: '',
    parameters: [],
  };
  const { window, ownLimit } = windowOf(query, options);
  putQuery(output, query, 'rows', window);
  return {
    sql: output.sql,
    parameters: output.parameters,
    columns: query.columns.map(resultColumn),
    tables: tablesRead(statement),
    isOrdered: query.orderBy.length > 0,
    ownLimit,
  };
}

/** The query in the order that its reader asks for, by the number of a column: its own goes before. */
function ordered(query: Query, order: ResultOrder | undefined): Query {
  if (order === undefined || query.orderBy.length > 0) return query;
  const { place } = query;
  const expression = { kind: 'number', digits: String(order.column + 1), place } as const;
  return { ...query, orderBy: [{ expression, isDescending: order.isDescending, place }] };
}

/** The window of this run within the query's own: offsets add up, the smaller limit holds. */
function windowOf(
  query: ResolvedQuery,
  options: CompileOptions,
): { window: Window; ownLimit: number | undefined } {
  const [limit, offset] = [BigInt(options.limit), BigInt(options.offset)];
  const left = query.limit === undefined ? undefined : largest(query.limit - offset, 0n);
  const skipped = smallest((query.offset ?? 0n) + offset, LARGEST_ROW);
  return {
    window: { limit: left === undefined ? limit : smallest(limit, left), offset: skipped },
    ownLimit: left === undefined ? undefined : Number(smallest(left, LARGEST_COUNT)),
  };
}

/** What servers count rows up to, and what numbers here count exactly. */
const LARGEST_ROW = 2n ** 64n - 1n;
const LARGEST_COUNT = BigInt(Number.MAX_SAFE_INTEGER);

function smallest(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function largest(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

/** What it reads, for messages. */
export function tablesRead({ tables }: Statement): CompiledQuery['tables'] {
  return tables.flatMap(({ table, alias, compared }) => {
    if (table === undefined) return [];
    // Aliases that expansions made up mean nothing to the user.
    const known = alias.includes(':') ? table.name : alias;
    return [{ database: table.database, table: table.name, alias: known, compared: [...compared] }];
  });
}

/** A column without what only the SQL knows of it. */
export function resultColumn({
  name,
  type,
  unit,
  ucd,
  description,
  source,
}: FromColumn): ResultColumn {
  const column: ResultColumn = { name, type };
  if (unit !== undefined) column.unit = unit;
  if (ucd !== undefined) column.ucd = ucd;
  if (description !== undefined) column.description = description;
  if (source !== undefined) column.source = source;
  return column;
}

/** The words of a place in one line. */
export function wordsAt(source: QuerySource, { part, start, end }: Place): string {
  const text = source.kind === 'statement' ? source.text : part === 'statement' ? '' : source[part];
  return text.slice(start, end).replaceAll(/\s+/g, ' ').trim();
}
