import type { Expression, FromItem, OrderItem, Query, Select, Union } from './ast.ts';
import { MAX_DEPTH } from './limits.ts';
import { QueryError } from './query-error.ts';

type Node = Expression | FromItem | Query | Select | Union;

/**
 * Sees to it that whoever walks the tree by recursion has stack enough; itself it needs none.
 *
 * @throws {QueryError} if the tree has more than MAX_DEPTH levels.
 */
export function checkDepth(query: Query): void {
  let level: Node[] = [query];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH)
      throw new QueryError(
        `more than ${MAX_DEPTH} operators follow one another here`,
        level[0].place,
        'put them into groups by round brackets',
      );
    level = level.flatMap(childrenOf);
  }
}

/** The nodes directly below one. */
function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'query':
      return [node.body, ...ordered(node.orderBy)];
    case 'union':
    case 'binary':
      return [node.left, node.right];
    case 'select':
      return [
        ...node.items.flatMap((item) => (item.kind === 'item' ? [item.expression] : [])),
        ...node.from,
        ...given(node.where),
        ...node.groupBy,
        ...given(node.having),
      ];
    case 'join':
      return [node.left, node.right, ...given(node.on)];
    case 'derived':
    case 'exists':
    case 'subquery':
      return [node.query];
    case 'unary':
    case 'is':
    case 'cast':
      return [node.operand];
    case 'between':
      return [node.operand, node.low, node.high];
    case 'in':
      return [node.operand, ...(Array.isArray(node.values) ? node.values : [node.values])];
    case 'like':
      return [node.operand, node.pattern];
    case 'case':
      return [
        ...given(node.operand),
        ...node.whens.flatMap(({ when, then }) => [when, then]),
        ...given(node.otherwise),
      ];
    case 'call':
      return [
        ...node.arguments,
        ...(node.over?.partitionBy ?? []),
        ...ordered(node.over?.orderBy ?? []),
      ];
    case 'light_curve':
      return [node.aggregate, ...given(node.where)];
    case 'table':
    case 'token':
    case 'number':
    case 'string':
    case 'null':
    case 'boolean':
    case 'parameter':
    case 'column':
      return [];
  }
}

function given(node: Expression | undefined): Expression[] {
  return node === undefined ? [] : [node];
}

function ordered(items: OrderItem[]): Expression[] {
  return items.map((item) => item.expression);
}
