import { jdFromMjd, mjdUtcFromDate } from '../../astro/time.ts';
import type { BinaryOperator, ValueType } from '../ast.ts';
import type { Resolved, ResolvedColumn } from './resolved.ts';

/** What rounding can do to a sum of some hundred terms, and more, relative to the terms. */
const ROUNDING = 1e-12;
/** Servers keep four digits more of a quotient than of what is divided. */
const QUOTIENT_ERROR = 1e-4;
const JD_OF_MJD_0 = 2_400_000.5;

const FLIPPED: Partial<Record<BinaryOperator, BinaryOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '=': '=',
};
const MOVED_TYPES: readonly ValueType[] = ['double', 'float', 'int'];

/**
 * The condition and, besides each comparison in it that has a column in a sum, such as
 * `jdnow() - jdmax < 7`, the bound that follows for the column alone: one that an index serves. The
 * bound is a little wider, so that rounding loses no row, and NULL where the comparison is: both
 * together are exactly as true as the comparison.
 *
 * @param now - For mjdnow() and jdnow().
 */
export function withImplied(condition: Resolved, now: Date): Resolved {
  if (condition.kind === 'binary' && condition.operator === 'and') {
    const [left, right] = [condition.left, condition.right].map((one) => withImplied(one, now));
    return left === condition.left && right === condition.right
      ? condition
      : { ...condition, left, right };
  }
  return impliedBy(condition, now).reduce(both, condition);
}

function both(left: Resolved, right: Resolved): Resolved {
  return { kind: 'binary', operator: 'and', left, right, type: 'bool', place: left.place };
}

function impliedBy(condition: Resolved, now: Date): Resolved[] {
  if (condition.kind === 'binary') {
    return boundsOf(condition.operator, condition.left, condition.right, now);
  }
  if (condition.kind !== 'between' || condition.isNot) return [];
  const { operand, low, high } = condition;
  return [...boundsOf('>=', operand, low, now), ...boundsOf('<=', operand, high, now)];
}

/** What `left operator right` says of the one indexed column in it. */
function boundsOf(
  operator: BinaryOperator,
  left: Resolved,
  right: Resolved,
  now: Date,
): Resolved[] {
  const flipped = FLIPPED[operator];
  const [first, second] = flipped === undefined ? [] : [sumOf(left, now), sumOf(right, now)];
  if (flipped === undefined || first === undefined || second === undefined) return [];
  const { column, sign } = first.column === undefined ? negative(second) : first;
  if (column === undefined || (first.column !== undefined && second.column !== undefined))
    return [];
  // An index serves a column alone as it is.
  if (left === column || right === column || !leadsIndex(column)) return [];
  const bound = -sign * (first.value - second.value);
  const margin = first.error + second.error + ROUNDING * (first.size + second.size);
  if (!Number.isFinite(bound) || !Number.isFinite(margin)) return [];
  const ownOperator = sign > 0 ? operator : flipped;
  const low = ownOperator.startsWith('<') ? [] : [compare(column, '>=', bound - margin)];
  const high = ownOperator.startsWith('>') ? [] : [compare(column, '<=', bound + margin)];
  return [...low, ...high];
}

/** A sum of constants and at most one column, as far as double precision knows it. */
interface Sum {
  column: ResolvedColumn | undefined;
  sign: number;
  value: number;
  /** By how much the server's value of the constants may differ. */
  error: number;
  /** Of all constants in it together, without regard to their signs. */
  size: number;
}

function sumOf(expression: Resolved, now: Date): Sum | undefined {
  switch (expression.kind) {
    case 'number':
      return constant(Number(expression.digits));
    case 'column':
      return MOVED_TYPES.includes(expression.type)
        ? { ...constant(0), column: expression }
        : undefined;
    case 'unary': {
      const sum = sumOf(expression.operand, now);
      if (sum === undefined || expression.operator === '+') return sum;
      return expression.operator === '-' ? negative(sum) : undefined;
    }
    case 'binary': {
      const [left, right] = [sumOf(expression.left, now), sumOf(expression.right, now)];
      if (left === undefined || right === undefined) return undefined;
      if (expression.operator === '+') return plus(left, right);
      if (expression.operator === '-') return plus(left, negative(right));
      if (left.column !== undefined || right.column !== undefined) return undefined;
      if (expression.operator === '*') return product(left, right);
      return expression.operator === '/' ? quotient(left, right) : undefined;
    }
    case 'call':
      return callOf(expression, now);
    default:
      return undefined;
  }
}

function callOf({ called, arguments: [first] }: Extract<Resolved, { kind: 'call' }>, now: Date) {
  switch (called.name) {
    case 'mjdnow':
      return constant(mjdUtcFromDate(now));
    case 'jdnow':
      return constant(jdFromMjd(mjdUtcFromDate(now)));
    case 'mjd2jd':
    case 'jd2mjd': {
      const sum = sumOf(first, now);
      const step = constant(called.name === 'mjd2jd' ? JD_OF_MJD_0 : -JD_OF_MJD_0);
      return sum && plus(sum, step);
    }
    default:
      return undefined;
  }
}

function constant(value: number): Sum {
  return { column: undefined, sign: 1, value, error: 0, size: Math.abs(value) };
}

function negative(sum: Sum): Sum {
  return { ...sum, sign: -sum.sign, value: -sum.value };
}

function plus(left: Sum, right: Sum): Sum | undefined {
  if (left.column !== undefined && right.column !== undefined) return undefined;
  return {
    column: left.column ?? right.column,
    sign: left.column === undefined ? right.sign : left.sign,
    value: left.value + right.value,
    error: left.error + right.error,
    size: left.size + right.size,
  };
}

function product(left: Sum, right: Sum): Sum {
  const error = left.error * (right.size + right.error) + right.error * (left.size + left.error);
  return { ...constant(left.value * right.value), error, size: left.size * right.size };
}

/** Of exact numbers alone: what a divisor that is not known exactly does, nobody has to know. */
function quotient(left: Sum, right: Sum): Sum | undefined {
  if (right.value === 0 || right.error > 0 || right.size !== Math.abs(right.value))
    return undefined;
  const divisor = Math.abs(right.value);
  const error = left.error / divisor + QUOTIENT_ERROR;
  return { ...constant(left.value / right.value), error, size: left.size / divisor };
}

function leadsIndex({ table: { table }, column }: ResolvedColumn): boolean {
  if (table === undefined) return false;
  const indexes = [table.primaryKey, ...table.indexes.map(({ columns }) => columns)];
  return indexes.some(([first]) => first === column.name);
}

function compare(column: ResolvedColumn, operator: '>=' | '<=', bound: number): Resolved {
  const { place } = column;
  // With an exponent the server reads a double, as the column is.
  const digits = Math.abs(bound).toExponential();
  const number: Resolved = { kind: 'number', digits, type: 'double', place };
  const right: Resolved =
    bound < 0 ? { kind: 'unary', operator: '-', operand: number, type: 'double', place } : number;
  return { kind: 'binary', operator, left: column, right, type: 'bool', place };
}
