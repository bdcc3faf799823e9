import { itemAt } from './columns.ts';
import { tablesOf } from './grouping.ts';
import { partsOf, queryOf, withParts } from './parts.ts';
import type { Resolved, ResolvedColumn, ResolvedItem, ResolvedSelect } from './resolved.ts';
import { findSame } from './same.ts';
import { refuse } from './statement.ts';

/**
 * HAVING with what SELECT has already worked out by its name: servers do not know the columns of FROM
 * there, though they know what was made of them.
 */
export function inItems(having: Resolved, items: readonly ResolvedItem[]): Resolved {
  const made = items.filter(({ expression }) => partsOf(expression).length > 0);
  if (made.length === 0) return having;
  const find = findSame(made.map(({ expression }) => expression));
  const replace = (one: Resolved): Resolved => {
    if (partsOf(one).length === 0) return one;
    const index = find(one);
    if (index !== undefined) return itemAt(made[index], one.place);
    return one.kind === 'call' && one.isAggregate ? one : withParts(one, replace);
  };
  return replace(having);
}

/**
 * That HAVING names nothing but what the result or its groups have.
 *
 * @throws {QueryError} at the first column of FROM that is in neither.
 */
export function checkHaving(having: Resolved, select: ResolvedSelect): void {
  const known = [...select.items.map(({ expression }) => expression), ...select.groupBy];
  const tables = tablesOf(select.from);
  const checkColumn = (node: ResolvedColumn) => {
    const isKnown = known.some(
      (one) => one.kind === 'column' && one.table === node.table && one.column === node.column,
    );
    if (isKnown || !tables.has(node.table)) return;
    refuse(
      `HAVING does not know ${node.column.name}`,
      node.place,
      select.isGrouped
        ? `put ${node.column.name} into SELECT or GROUP BY as well`
        : 'put the condition into WHERE',
    );
  };
  const pending = [having];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    if (one.kind === 'call' && one.isAggregate) continue;
    if (one.kind === 'column') checkColumn(one);
    if (one.kind === 'item' && hasWindow(one.expression)) {
      refuse(
        `HAVING comes before ${one.column.name} is worked out`,
        one.place,
        'put the query into FROM, and the condition outside',
      );
    }
    for (const outer of queryOf(one)?.outerColumns ?? []) checkColumn(outer);
    pending.push(...partsOf(one));
  }
}

function hasWindow(expression: Resolved | undefined): boolean {
  if (expression === undefined) return false;
  if (expression.kind === 'call' && expression.over !== undefined) return true;
  return partsOf(expression).some(hasWindow);
}
