import type { Expression } from '../ast.ts';
import type { ExpansionContext } from '../resolve/scope.ts';

/**
 * The value of an expression of numbers, signs and `:name` fields, as in 83.63, -5.4, 12/60 or
 * :radius * 60. A string is its own value.
 *
 * @returns undefined if it holds anything else, a column above all.
 */
export function constantOf(
  expression: Expression,
  context: ExpansionContext,
): number | string | undefined {
  switch (expression.kind) {
    case 'number':
      return Number(expression.digits);
    case 'string':
      return expression.value;
    case 'parameter':
      return context.fields[expression.name];
    case 'unary': {
      const operand = constantOf(expression.operand, context);
      if (typeof operand !== 'number') return undefined;
      return expression.operator === '-'
        ? -operand
        : expression.operator === '+'
          ? operand
          : undefined;
    }
    case 'binary': {
      const left = constantOf(expression.left, context);
      const right = constantOf(expression.right, context);
      if (typeof left !== 'number' || typeof right !== 'number') return undefined;
      return calculate(expression.operator, left, right);
    }
    default:
      return undefined;
  }
}

function calculate(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    default:
      return undefined;
  }
}
