import type { Place } from '../ast.ts';
import { MAX_SEARCHES } from '../limits.ts';
import type { CallContext, TableInScope } from './scope.ts';
import type { Scope } from './scope-of-select.ts';
import { expansionContext, refuse } from './statement.ts';

/**
 * What the expansion of a call that stands in this SELECT is given.
 *
 * @throws {QueryError} if the query has more such calls than it may.
 */
export function callContext(scope: Scope, place: Place): CallContext {
  scope.statement.searchCount += 1;
  if (scope.statement.searchCount > MAX_SEARCHES) {
    refuse(
      `more than ${MAX_SEARCHES} cones, light curves and lists are asked for`,
      place,
      'write several queries',
    );
  }
  const tables: TableInScope[] = [];
  let depth = 0;
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent) {
    for (const { alias, table, columns } of one.namespace.tables) {
      tables.push({
        alias,
        database: table?.database,
        table: table?.name,
        columns: columns.map(({ name }) => name),
        depth,
      });
    }
    depth += 1;
  }
  return { ...expansionContext(scope.statement, scope.parent === undefined), tables };
}
