import type { Resolved, ResolvedQuery } from './resolved.ts';

/** The expressions directly inside of one; sub-queries are closed. */
export function partsOf(expression: Resolved): Resolved[] {
  switch (expression.kind) {
    case 'unary':
    case 'cast':
    case 'wide':
    case 'is':
    case 'in-batch':
    case 'in-query':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'between':
      return [expression.operand, expression.low, expression.high];
    case 'in':
      return [expression.operand, ...expression.values];
    case 'like':
      return [expression.operand, expression.pattern];
    case 'case':
      return [
        ...(expression.operand ? [expression.operand] : []),
        ...expression.whens.flatMap(({ when, then }) => [when, then]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ];
    case 'call':
      return [
        ...expression.arguments,
        ...(expression.over?.partitionBy ?? []),
        ...(expression.over?.orderBy ?? []).map((order) => order.expression),
      ];
    default:
      return [];
  }
}

/** The expression with each of its parts changed. */
export function withParts(expression: Resolved, change: (part: Resolved) => Resolved): Resolved {
  switch (expression.kind) {
    case 'unary':
    case 'cast':
    case 'wide':
    case 'is':
    case 'in-batch':
    case 'in-query':
      return { ...expression, operand: change(expression.operand) };
    case 'binary':
      return { ...expression, left: change(expression.left), right: change(expression.right) };
    case 'between':
      return {
        ...expression,
        operand: change(expression.operand),
        low: change(expression.low),
        high: change(expression.high),
      };
    case 'in':
      return {
        ...expression,
        operand: change(expression.operand),
        values: expression.values.map(change),
      };
    case 'like':
      return {
        ...expression,
        operand: change(expression.operand),
        pattern: change(expression.pattern),
      };
    case 'case':
      return {
        ...expression,
        operand: expression.operand && change(expression.operand),
        whens: expression.whens.map(({ when, then }) => ({
          when: change(when),
          then: change(then),
        })),
        otherwise: expression.otherwise && change(expression.otherwise),
      };
    case 'call':
      return {
        ...expression,
        arguments: expression.arguments.map(change),
        over: expression.over && {
          ...expression.over,
          partitionBy: expression.over.partitionBy.map(change),
          orderBy: expression.over.orderBy.map((order) => ({
            ...order,
            expression: change(order.expression),
          })),
        },
      };
    default:
      return expression;
  }
}

/** The sub-query that an expression holds itself. */
export function queryOf(expression: Resolved): ResolvedQuery | undefined {
  return expression.kind === 'exists' ||
    expression.kind === 'subquery' ||
    expression.kind === 'in-query'
    ? expression.query
    : undefined;
}
