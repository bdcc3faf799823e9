import type { NumberLiteral, Parameter } from '../ast.ts';
import type { Resolved } from './resolved.ts';
import { refuse } from './statement.ts';

/** What a number may look like: the only text of a user's own that SQL is made of. */
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WHOLE = /^\d+$/;
/** Digits that both servers keep of a number without an exponent. */
const MOST_DIGITS = 65;
const LARGEST_INT = 2n ** 64n - 1n;

/** @throws {QueryError} if no server could hold it. */
export function resolveNumber({ digits, place }: NumberLiteral): Resolved {
  if (!NUMBER.test(digits)) refuse(`${digits} is not a number`, place);
  const hasExponent = /[eE]/.test(digits);
  if (hasExponent && !Number.isFinite(Number(digits))) {
    refuse(`${digits} is larger than numbers can be`, place, 'they end at 1.8e308');
  }
  if (!hasExponent && digits.replace('.', '').length > MOST_DIGITS) {
    refuse('a number of so many digits', place, `at most ${MOST_DIGITS} are kept`);
  }
  const isWhole = WHOLE.test(digits);
  const type = hasExponent ? 'double' : isWhole ? wholeType(digits) : 'decimal';
  return { kind: 'number', digits, type, place };
}

function wholeType(digits: string): 'int' | 'id' | 'decimal' {
  // Most numbers are short: no need to look closely.
  if (digits.length < 16) return 'int';
  return BigInt(digits) <= LARGEST_INT ? 'id' : 'decimal';
}

/** @throws {QueryError} if the field has no value, or one that is no number. */
export function resolveParameter(
  { name, place }: Parameter,
  fields: Readonly<Record<string, number>> | undefined,
): Resolved {
  const digits = String(fieldValue(name, place, fields));
  const isNegative = digits.startsWith('-');
  const number = resolveNumber({
    kind: 'number',
    digits: isNegative ? digits.slice(1) : digits,
    place,
  });
  if (!isNegative) return number;
  return { kind: 'unary', operator: '-', operand: number, type: number.type, place };
}

function fieldValue(
  name: string,
  place: Parameter['place'],
  fields: Readonly<Record<string, number>> | undefined,
): number {
  const value = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined) {
    return refuse(`the field :${name} has no value`, place, `give a number for ${name}`);
  }
  if (!Number.isFinite(value)) {
    refuse(`the value of :${name} is not a number`, place, `give a number for ${name}`);
  }
  return value;
}

/**
 * LIMIT or OFFSET, as far as servers count.
 *
 * @throws {QueryError} if it is not a whole number of at least 0.
 */
export function wholeNumber(
  node: NumberLiteral | Parameter | undefined,
  what: 'LIMIT' | 'OFFSET',
  fields: Readonly<Record<string, number>> | undefined,
): bigint | undefined {
  if (node === undefined) return undefined;
  const digits =
    node.kind === 'number' ? node.digits : String(fieldValue(node.name, node.place, fields));
  if (!WHOLE.test(digits)) {
    refuse(`${what} is a whole number of at least 0`, node.place, `write ${what} 100`);
  }
  const value = BigInt(digits);
  return value < LARGEST_INT ? value : LARGEST_INT;
}
