import { dateFromMjdUtc } from '../../astro/time.ts';
import type { Resolved } from '../resolve/resolved.ts';
import { negative, sumOf } from '../resolve/sums.ts';
import { literal } from './screen-numbers.ts';
import type { Layout } from './screen-numbers.ts';
import { ANY, FALSE, NULL, TRUE } from './truth.ts';
import type { Test } from './truth.ts';

export type Comparison = '=' | '<=>' | '<>' | '<' | '<=' | '>' | '>=';

const FLIPPED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** What rounding can do to a sum of some hundred terms, and more, relative to the terms. */
const ROUNDING = 1e-12;

/** Which numbers a column is compared with, and from where on that is certain. */
interface Limit {
  limit: number;
  margin: number;
}

/**
 * The commonest conditions by far, a column against what is written out or goes with the clock: `gmag <
 * 18`, `jdnow() - jdmax < 7`. One comparison for each row.
 */
export function againstLimit(
  operator: Exclude<Comparison, '<=>'>,
  left: Resolved,
  right: Resolved,
  layout: Layout,
): Test | undefined {
  const plain = limitOf(right);
  if (left.kind === 'column' && plain !== undefined) {
    return columnTest(operator, left, layout, () => plain);
  }
  const flipped = limitOf(left);
  if (right.kind === 'column' && flipped !== undefined) {
    return columnTest(FLIPPED[operator], right, layout, () => flipped);
  }
  return againstSum(operator, left, right, layout);
}

/** A number that is written out with few enough digits to be the same everywhere. */
function limitOf(expression: Resolved): Limit | undefined {
  const isNegative = expression.kind === 'unary' && expression.operator === '-';
  const number = isNegative ? expression.operand : expression;
  if (number.kind !== 'number') return undefined;
  const { value, error } = literal(number.digits);
  return { limit: isNegative ? -value : value, margin: error };
}

/** One column in sums of constants, on either side. */
function againstSum(
  operator: Exclude<Comparison, '<=>'>,
  left: Resolved,
  right: Resolved,
  layout: Layout,
): Test | undefined {
  const sums = (mjdUtc: number) => {
    const now = dateFromMjdUtc(mjdUtc);
    return [sumOf(left, now), sumOf(right, now)];
  };
  const [first, second] = sums(0);
  if (first === undefined || second === undefined) return undefined;
  const { column, sign } = first.column === undefined ? negative(second) : first;
  if (column === undefined || (first.column !== undefined && second.column !== undefined)) {
    return undefined;
  }
  return columnTest(sign > 0 ? operator : FLIPPED[operator], column, layout, (mjdUtc) => {
    const [a, b] = sums(mjdUtc);
    if (a === undefined || b === undefined) return { limit: 0, margin: Infinity };
    const limit = -sign * (a.value - b.value);
    const margin = a.error + b.error + ROUNDING * (a.size + b.size);
    return Number.isFinite(limit) ? { limit, margin } : { limit: 0, margin: Infinity };
  });
}

function columnTest(
  operator: Exclude<Comparison, '<=>'>,
  column: Extract<Resolved, { kind: 'column' }>,
  layout: Layout,
  limitAt: (mjdUtc: number) => Limit,
): Test | undefined {
  const at = layout.indexOf(column);
  if (at === undefined || !['double', 'float', 'int', 'bool'].includes(column.type)) {
    return undefined;
  }
  const isFloat = column.type === 'float';
  let moment = NaN;
  let [limit, margin] = [NaN, NaN];
  const less = operator === '<' || operator === '<=' || operator === '<>' ? TRUE : FALSE;
  const equal = operator === '=' || operator === '<=' || operator === '>=' ? TRUE : FALSE;
  const more = operator === '>' || operator === '>=' || operator === '<>' ? TRUE : FALSE;
  return (row, mjdUtc) => {
    if (mjdUtc !== moment) {
      moment = mjdUtc;
      ({ limit, margin } = limitAt(mjdUtc));
    }
    const raw = row[at];
    if (raw === null) return NULL;
    // Rows hold the shortest decimal of a number in single precision.
    const away = (isFloat ? Math.fround(Number(raw)) : Number(raw)) - limit;
    if (away < -margin) return less;
    if (away > margin) return more;
    return margin === 0 ? equal : ANY & ~NULL;
  };
}

export function holds(operator: Comparison, a: number, b: number): boolean {
  switch (operator) {
    case '=':
    case '<=>':
      return a === b;
    case '<>':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}
