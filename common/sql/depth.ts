import type { Expression, FromItem, OrderItem, Place, Query, Select, Union } from './ast.ts';
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
    if (depth > MAX_DEPTH) throw refuseDepth(level[0].place);
    const next: Node[] = [];
    for (const node of level) pushChildren(node, next);
    level = next;
  }
}

export function refuseDepth(place: Place): QueryError {
  const problem = `more than ${MAX_DEPTH} operators follow one another here`;
  return new QueryError(problem, place, 'put them into groups by round brackets');
}

/** Adds the nodes directly below one. */
function pushChildren(node: Node, into: Node[]): void {
  switch (node.kind) {
    case 'binary':
    case 'union':
      into.push(node.left, node.right);
      return;
    case 'unary':
    case 'is':
    case 'cast':
      into.push(node.operand);
      return;
    case 'between':
      into.push(node.operand, node.low, node.high);
      return;
    case 'like':
      into.push(node.operand, node.pattern);
      return;
    case 'in':
      into.push(node.operand);
      if (Array.isArray(node.values)) into.push(...node.values);
      else into.push(node.values);
      return;
    case 'case':
      for (const { when, then } of node.whens) into.push(when, then);
      pushGiven(into, node.operand, node.otherwise);
      return;
    case 'call':
      into.push(...node.arguments, ...(node.over?.partitionBy ?? []));
      pushOrder(into, node.over?.orderBy ?? []);
      return;
    case 'light_curve':
      into.push(node.aggregate);
      pushGiven(into, node.where);
      return;
    case 'derived':
    case 'exists':
    case 'subquery':
      into.push(node.query);
      return;
    case 'join':
      into.push(node.left, node.right);
      pushGiven(into, node.on);
      return;
    case 'select':
      for (const item of node.items) if (item.kind === 'item') into.push(item.expression);
      into.push(...node.from, ...node.groupBy);
      pushGiven(into, node.where, node.having);
      return;
    case 'query':
      into.push(node.body);
      pushOrder(into, node.orderBy);
      return;
    case 'table':
    case 'token':
    case 'number':
    case 'string':
    case 'null':
    case 'boolean':
    case 'parameter':
    case 'column':
  }
}

function pushGiven(into: Node[], ...nodes: (Expression | undefined)[]): void {
  for (const node of nodes) if (node !== undefined) into.push(node);
}

function pushOrder(into: Node[], items: OrderItem[]): void {
  for (const item of items) into.push(item.expression);
}
