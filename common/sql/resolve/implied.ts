import type { BinaryOperator } from '../ast.ts';
import type { Resolved, ResolvedColumn } from './resolved.ts';
import type { Statement } from './statement.ts';
import { negative, sumOf } from './sums.ts';

/** What rounding can do to a sum of some hundred terms, and more, relative to the terms. */
const ROUNDING = 1e-12;

const FLIPPED: Partial<Record<BinaryOperator, BinaryOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '=': '=',
};

/** The condition with the bounds that `withImplied` finds, where the statement may have them. */
export function withBounds(condition: Resolved, { options }: Statement): Resolved {
  return options.isForBatches === true ? condition : withImplied(condition, options.now);
}

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
