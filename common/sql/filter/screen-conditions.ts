import type { Resolved } from '../resolve/resolved.ts';
import { againstLimit, holds } from './screen-limits.ts';
import type { Comparison } from './screen-limits.ts';
import { numberOf } from './screen-numbers.ts';
import type { Layout } from './screen-numbers.ts';
import { register } from './screen-register.ts';
import { textIn, textLike, textOperand } from './screen-texts.ts';
import { AND, ANY, FALSE, IS_FALSE, IS_TRUE, NOT, NULL, OR, TRUE, truth, XOR } from './truth.ts';
import type { Test } from './truth.ts';

/** A condition over rows of `objects`; undefined where nothing can be said of it. */
export function testOf(condition: Resolved, layout: Layout): Test | undefined {
  switch (condition.kind) {
    case 'binary':
      return binaryTest(condition, layout);
    case 'unary': {
      const inner = condition.operator === 'not' ? testOf(condition.operand, layout) : undefined;
      return inner === undefined
        ? numberTest(condition, layout)
        : (row, now) => NOT[inner(row, now)];
    }
    case 'between': {
      const { operand, low, high, isNot } = condition;
      const [above, below] = [
        compare('>=', operand, low, layout),
        compare('<=', operand, high, layout),
      ];
      return negated(combined(AND, above, below), isNot);
    }
    case 'in': {
      const { operand, values, isNot } = condition;
      const text = textIn(condition, layout);
      if (text !== undefined) return negated(text, isNot);
      const each = values.map((value) => compare('=', operand, value, layout));
      if (each.every((one) => one === undefined)) return undefined;
      return negated(
        each.reduce((left, right) => combined(OR, left, right)),
        isNot,
      );
    }
    case 'like':
      return negated(textLike(condition, layout), condition.isNot);
    case 'is':
      return isTest(condition, layout);
    case 'boolean':
      return () => truth(condition.value);
    default:
      return numberTest(condition, layout);
  }
}

function negated(test: Test | undefined, isNot: boolean): Test | undefined {
  return test && isNot ? (row, now) => NOT[test(row, now)] : test;
}

/** Both sides, of which one may be anything where nothing is known of it. */
function combined(
  table: readonly number[],
  left: Test | undefined,
  right: Test | undefined,
): Test | undefined {
  if (left === undefined && right === undefined) return undefined;
  const [first, second] = [left ?? anything, right ?? anything];
  return (row, now) => table[first(row, now) * 8 + second(row, now)];
}

function anything(): number {
  return ANY;
}

function binaryTest(
  condition: Extract<Resolved, { kind: 'binary' }>,
  layout: Layout,
): Test | undefined {
  const { operator, left, right } = condition;
  const both = (table: readonly number[]) =>
    combined(table, testOf(left, layout), testOf(right, layout));
  switch (operator) {
    case 'and':
      return both(AND);
    case 'or':
      return both(OR);
    case 'xor':
      return both(XOR);
    case '=':
    case '<=>':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(operator, left, right, layout);
    default:
      return numberTest(condition, layout);
  }
}

/** A number as a condition: true where it is not 0. */
function numberTest(expression: Resolved, layout: Layout): Test | undefined {
  if (
    expression.type === 'bool' &&
    expression.kind !== 'column' &&
    expression.kind !== 'case' &&
    expression.kind !== 'call'
  ) {
    return undefined;
  }
  const number = numberOf(expression, layout);
  return (
    number &&
    ((row, now) => {
      const value = number(row, now);
      if (Number.isNaN(value)) return NULL;
      return Math.abs(value) > register.error ? TRUE : register.error === 0 ? FALSE : ANY;
    })
  );
}

function compare(
  operator: Comparison,
  left: Resolved,
  right: Resolved,
  layout: Layout,
): Test | undefined {
  const quick = operator === '<=>' ? undefined : againstLimit(operator, left, right, layout);
  if (quick !== undefined) return quick;
  const text = textIn({ operand: left, values: [right] }, layout);
  if (text !== undefined) {
    if (operator === '=') return text;
    return operator === '<>' ? negated(text, true) : undefined;
  }
  const [first, second] = [numberOf(left, layout), numberOf(right, layout)];
  if (first === undefined || second === undefined) return undefined;
  return (row, now) => {
    const a = first(row, now);
    const errorA = register.error;
    const b = second(row, now);
    const error = 2 * (errorA + register.error);
    const [isNullA, isNullB] = [Number.isNaN(a), Number.isNaN(b)];
    if (operator === '<=>' && (isNullA || isNullB)) {
      return error === Infinity ? ANY : truth(isNullA && isNullB);
    }
    if (isNullA || isNullB) return NULL;
    if (error === Infinity) return ANY;
    return Math.abs(a - b) > error || error === 0 ? truth(holds(operator, a, b)) : ANY & ~NULL;
  };
}

function isTest(
  { operand, what, isNot }: Extract<Resolved, { kind: 'is' }>,
  layout: Layout,
): Test | undefined {
  if (what !== 'null') {
    const inner = testOf(operand, layout);
    const table = what === 'true' ? IS_TRUE : IS_FALSE;
    return inner && negated((row, now) => table[inner(row, now)], isNot);
  }
  const at = operand.kind === 'column' ? layout.indexOf(operand) : undefined;
  if (at !== undefined) return (row) => truth((row[at] === null) !== isNot);
  const number = textOperand(operand) ? undefined : numberOf(operand, layout);
  return (
    number &&
    negated((row, now) => {
      const value = number(row, now);
      return register.error === Infinity ? TRUE | FALSE : truth(Number.isNaN(value));
    }, isNot)
  );
}
