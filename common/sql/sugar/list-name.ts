import type { Expression } from '../ast.ts';

/** The number or name of a list as it is looked up; undefined if the expression is neither. */
export function listName(expression: Expression): string | undefined {
  if (expression.kind === 'string') return expression.value;
  if (expression.kind !== 'number' || !/^\d+$/.test(expression.digits)) return undefined;
  return expression.digits;
}
