import { wordsAt } from '../compile-query.ts';
import type { ParsedQuery } from '../compile.ts';
import { resolveQuery } from '../resolve/query.ts';
import type { ResolvedQuery } from '../resolve/resolved.ts';
import { newStatement } from '../resolve/statement.ts';
import type { Statement } from '../resolve/statement.ts';
import { checkFilter } from './check-filter.ts';
import type { Filterable } from './check-filter.ts';
import type { FilterOptions } from './filter-query.ts';

/** A filter whose names are known. */
export interface ResolvedFilter extends Filterable {
  query: ResolvedQuery;
  statement: Statement;
}

/**
 * Everything about a filter that depends on neither the objects nor the moment.
 *
 * @throws {QueryError} at its place where the query is wrong, or cannot be a filter.
 */
export function resolveFilter(parsed: ParsedQuery, options: FilterOptions): ResolvedFilter {
  const { source } = parsed;
  const statement = newStatement(
    { ...options, lists: [...options.lists], limit: 1, offset: 0, isForBatches: true },
    source.kind === 'boxes',
    (place) => wordsAt(source, place),
  );
  const around = { statement, parent: undefined, besides: undefined, isOutermost: true };
  // With its order: in the three boxes that may name tables which are joined because of it.
  const query = { ...resolveQuery(parsed.query, around), orderBy: [] };
  return { ...checkFilter(parsed.query, query, options), query, statement };
}
