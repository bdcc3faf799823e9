import { jdFromMjd, mjdUtcFromDate } from '../../astro/time.ts';
import type { ValueType } from '../ast.ts';
import type { Resolved, ResolvedColumn } from './resolved.ts';

/** Servers keep four digits more of a quotient than of what is divided. */
const QUOTIENT_ERROR = 1e-4;
const JD_OF_MJD_0 = 2_400_000.5;
const MOVED_TYPES: readonly ValueType[] = ['double', 'float', 'int'];

/** A sum of constants and at most one column, as far as double precision knows it. */
export interface Sum {
  column: ResolvedColumn | undefined;
  sign: number;
  value: number;
  /** By how much the server's value of the constants may differ. */
  error: number;
  /** Of all constants in it together, without regard to their signs. */
  size: number;
}

/**
 * The expression as such a sum; undefined if it is none.
 *
 * @param now - For mjdnow() and jdnow().
 */
export function sumOf(expression: Resolved, now: Date): Sum | undefined {
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

export function negative(sum: Sum): Sum {
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
