import { resultColumn, tablesRead } from '../compile-query.ts';
import type { ParsedQuery } from '../compile.ts';
import type { FromColumn, ResolvedQuery } from '../resolve/resolved.ts';
import { nextColumnName } from '../resolve/statement.ts';
import { putQuery } from '../write/query.ts';
import { columnOf } from './anchor.ts';
import { writeIds } from './batch-ids.ts';
import { explainer } from './explain.ts';
import type { Explainer } from './explain.ts';
import { valueExplainer } from './explain-values.ts';
import type { FilterOptions, FilterQuery } from './filter-query.ts';
import { namedTopics } from './lists.ts';
import { newOutput } from './output.ts';
import { resolveFilter } from './resolve-filter.ts';
import type { ResolvedFilter } from './resolve-filter.ts';
import { piecesOf } from './pieces.ts';
import { restrictToBatch } from './restrict.ts';
import { makeScreen } from './screen.ts';

/** Rows that an object may have in a result, on average over a large batch. */
const ROWS_PER_OBJECT = 10;
/** Rows that any batch may have: one object may have hundreds of detections. */
const ROWS_OF_ANY = 1_000;

/** No user can give a column such a name. */
const OBJECT_COLUMN = 'glint:object';

/**
 * A query as it runs on the stream. It must say of each object by itself whether it passes: one SELECT
 * over a table that has the object's id, groups of single objects if any, nothing cut by LIMIT. ORDER BY
 * has no meaning and is left out.
 *
 * @throws {QueryError} at its place where the query is wrong, or cannot be a filter.
 */
export function readFilterQuery(parsed: ParsedQuery, options: FilterOptions): FilterQuery {
  const { survey } = options;
  const filter = resolveFilter(parsed, options);
  const made = makeScreen(filter, survey);
  let explain: Explainer | undefined;
  return {
    survey,
    columns: filter.query.columns.map(resultColumn),
    topics: namedTopics(filter.statement.tables, survey),
    screen: made.screen,
    explainValues: valueExplainer(filter, made, parsed.source, options.lists),
    explain(id, now) {
      explain ??= explainer(resolveFilter(parsed, options), parsed.source, options);
      return explain(id, now);
    },
    ...batchCompiler(filter, options),
  };
}

/** The most rows that a filter may give for so many objects. */
export function mostRows(objects: number): number {
  return ROWS_OF_ANY + ROWS_PER_OBJECT * objects;
}

/** Writes the query for one batch after the other; its tree is restricted to batches from here on. */
function batchCompiler(
  filter: ResolvedFilter,
  options: FilterOptions,
): Pick<FilterQuery, 'compile' | 'pieces'> {
  const { statement, anchor, select } = filter;
  const { type, source, isAscii } = anchor.column;
  const column: FromColumn = {
    name: OBJECT_COLUMN,
    sqlName: nextColumnName(statement),
    type,
    isAscii,
    ...(source !== undefined && { source }),
  };
  const key = { expression: columnOf(anchor, select.items[0].expression.place), column };
  const body = { ...select, items: [{ ...key, called: undefined }, ...select.items] };
  restrictToBatch(body, anchor);
  const query: ResolvedQuery = { ...filter.query, body };
  const columns = [column, ...filter.query.columns].map(resultColumn);
  const tables = tablesRead(statement);
  const compile: FilterQuery['compile'] = (ids, now) => {
    const output = newOutput(options, now, writeIds(options.survey, ids));
    putQuery(output, query, 'rows', {
      // One more tells that there are too many.
      limit: BigInt(mostRows(ids.length) + 1),
      offset: 0n,
    });
    const { sql, parameters } = output;
    return { sql, parameters, columns, tables, isOrdered: false, ownLimit: undefined };
  };
  const pieces = piecesOf({ select: { ...select, from: body.from }, key: key.expression }, options);
  return { compile, pieces };
}
