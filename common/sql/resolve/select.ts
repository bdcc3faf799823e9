import type { Expression, OrderItem, Select } from '../ast.ts';
import { itemAt } from './columns.ts';
import { resolveExpression } from './expression.ts';
import { resolveFrom } from './from.ts';
import { checkGrouping } from './grouping.ts';
import { checkHaving, inItems } from './having.ts';
import { resolveItems } from './items.ts';
import { sortKeys } from './json-member.ts';
import type { Resolved, ResolvedOrder, ResolvedSelect } from './resolved.ts';
import { partsOf } from './parts.ts';
import { withBounds } from './implied.ts';
import { narrowOwned } from './narrowing.ts';
import { noteConditions } from './conditions.ts';
import { NO_TABLES } from './scope-of-select.ts';
import type { Clause, Scope } from './scope-of-select.ts';
import { refuse } from './statement.ts';

/**
 * A SELECT with the order of the query whose body it is: names, types, stars as columns.
 *
 * @param around - The scope but for what FROM and SELECT bring.
 * @throws {QueryError} naming the first thing that is wrong.
 */
export function resolveSelect(
  node: Select,
  orderBy: readonly OrderItem[],
  around: Pick<Scope, 'statement' | 'parent' | 'besides' | 'outerColumns'>,
): { select: ResolvedSelect; orderBy: ResolvedOrder[] } {
  const scope: Scope = {
    ...around,
    namespace: NO_TABLES,
    items: [],
    aliases: node.items.flatMap((item) => (item.kind === 'item' && item.alias ? [item.alias] : [])),
    groupBy: [],
  };
  const { from, namespace } = resolveFrom(node.from, scope);
  scope.namespace = namespace;
  const seen = { aggregate: false };
  const resolve = (expression: Expression, clause: Clause) => {
    const onAggregate = () => {
      seen.aggregate = true;
    };
    const isWholeOrder = clause === 'ORDER BY';
    return resolveExpression(expression, {
      scope,
      clause,
      isWholeOrder,
      inside: undefined,
      onAggregate,
    });
  };
  const where = node.where && withBounds(resolve(node.where, 'WHERE'), scope.statement);
  narrowOwned({ from, where }, scope.statement);
  noteConditions({ from, where });
  scope.items = resolveItems(node.items, scope, (one) => resolve(one, 'SELECT'));
  scope.groupBy = node.groupBy.map((one) => {
    const grouped = positionOf(one, scope, 'GROUP BY') ?? resolve(one, 'GROUP BY');
    checkGroup(grouped);
    return grouped;
  });
  const having = node.having && inItems(resolve(node.having, 'HAVING'), scope.items);
  const given = orderBy.map(({ expression, isDescending }) => ({
    expression: positionOf(expression, scope, 'ORDER BY') ?? resolve(expression, 'ORDER BY'),
    isDescending,
  }));
  // With DISTINCT MySQL sorts by nothing but the items themselves.
  const orders = node.isDistinct ? given : given.flatMap(sortKeys);
  const select: ResolvedSelect = {
    kind: 'select',
    isDistinct: node.isDistinct,
    items: scope.items,
    from,
    where,
    groupBy: scope.groupBy,
    having,
    isGrouped: seen.aggregate || scope.groupBy.length > 0,
  };
  if (select.isGrouped && !isLasairGroup(scope)) checkGrouping(select, orders);
  if (having !== undefined) checkHaving(having, select);
  return { select, orderBy: orders };
}

/**
 * Whether these are the groups of the three boxes: Lasair's server gives any one of the values in a
 * group there, and its users' GROUP BY objects.objectId counts on it.
 */
function isLasairGroup({ statement, parent, besides, groupBy }: Scope): boolean {
  const isOutermost = parent === undefined && besides === undefined;
  return statement.isBoxes && isOutermost && groupBy.length > 0;
}

/** ORDER BY 2: the second item. */
export function positionOf(
  node: Expression,
  scope: Pick<Scope, 'items'>,
  clause: 'GROUP BY' | 'ORDER BY',
): Resolved | undefined {
  if (node.kind !== 'number') return undefined;
  const { digits, place } = node;
  const count = scope.items.length;
  const position = /^\d+$/.test(digits) ? Number(digits) : 0;
  if (position >= 1 && position <= count) return itemAt(scope.items[position - 1], place);
  return refuse(
    `${clause} ${digits}: a number here counts the columns of SELECT`,
    place,
    `there ${count === 1 ? 'is 1' : `are ${count}`}`,
  );
}

/** That rows can be grouped by it. */
function checkGroup(grouped: Resolved): void {
  const pending = [grouped];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    if (one.kind === 'item' && one.expression !== undefined) pending.push(one.expression);
    if (one.kind === 'call' && (one.isAggregate || one.over !== undefined)) {
      refuse(
        `rows cannot be grouped by ${one.called.name}, which works on many rows`,
        grouped.place,
        'use a sub-query in FROM',
      );
    }
    pending.push(...partsOf(one));
  }
}
