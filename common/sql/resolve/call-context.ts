import type { CallContext, TableInScope } from './scope.ts';
import type { Scope } from './scope-of-select.ts';
import { expansionContext } from './statement.ts';

/** What the expansion of a call that stands in this SELECT is given. */
export function callContext(scope: Scope): CallContext {
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
