import { jdFromMjd } from '../../astro/time.ts';
import type { Scalar } from '../../store/row-reader.ts';
import type { Resolved } from '../resolve/resolved.ts';
import { NUMBER_FUNCTIONS } from './screen-functions.ts';
import { known, register, ROUNDING, unknown } from './screen-register.ts';
import type { NumberOf } from './screen-register.ts';
import { FALSE, NULL, TRUE } from './truth.ts';
import type { Test } from './truth.ts';

/** What a screen is compiled with. */
export interface Layout {
  /** Where the value of a column of `objects` stands in a row; undefined for any other column. */
  indexOf(column: Extract<Resolved, { kind: 'column' }>): number | undefined;
  /** A condition within an expression. */
  testOf(condition: Resolved, layout: Layout): Test | undefined;
}

/** Digits that are the same decimal and double. */
const EXACT_DIGITS = 15;
/** Servers keep four digits more of a quotient of decimals than of what is divided. */
const QUOTIENT_ERROR = 1e-4;

/** The reckoning of an expression; undefined where it is not understood. */
export function numberOf(expression: Resolved, layout: Layout): NumberOf | undefined {
  switch (expression.kind) {
    case 'number': {
      const { value, error } = literal(expression.digits);
      return constant(value, error);
    }
    case 'boolean':
      return constant(expression.value ? 1 : 0, 0);
    case 'null':
      return constant(NaN, 0);
    case 'column':
      return columnNumber(expression, layout);
    case 'unary':
      return signed(expression, layout);
    case 'binary':
      return arithmetic(expression, layout) ?? truthNumber(expression, layout);
    case 'case':
      return caseNumber(expression, layout);
    case 'call':
      return callNumber(expression, layout);
    case 'between':
    case 'in':
    case 'is':
    case 'like':
      return truthNumber(expression, layout);
    default:
      return undefined;
  }
}

/** A number that is written out, and whether the server's is the same to the last digit. */
export function literal(digits: string): { value: number; error: number } {
  const value = Number(digits);
  const isExact = /[eE]/.test(digits) || digits.replace('.', '').length <= EXACT_DIGITS;
  return { value, error: isExact ? 0 : Math.abs(value) * ROUNDING };
}

function constant(value: number, error: number): NumberOf {
  return () => {
    register.error = error;
    return value;
  };
}

function columnNumber(
  column: Extract<Resolved, { kind: 'column' }>,
  layout: Layout,
): NumberOf | undefined {
  const at = layout.indexOf(column);
  if (at === undefined) return undefined;
  const read = readerOf(column.type);
  return (
    read &&
    ((row) => {
      register.error = 0;
      const value = row[at];
      return value === null ? NaN : read(value);
    })
  );
}

/** From the value that rows hold to the number that the server reckons with. */
export function readerOf(type: Resolved['type']): ((value: Scalar) => number) | undefined {
  switch (type) {
    case 'double':
    case 'int':
    case 'bool':
      return Number;
    case 'float':
      // Rows hold the shortest decimal of it.
      return (value) => Math.fround(Number(value));
    default:
      // Numbers of 64 bits are names.
      return undefined;
  }
}

function signed(
  { operator, operand }: Extract<Resolved, { kind: 'unary' }>,
  layout: Layout,
): NumberOf | undefined {
  if (operator !== '-' && operator !== '+') return undefined;
  const inner = numberOf(operand, layout);
  return inner && operator === '-' ? (row, now) => -inner(row, now) : inner;
}

function arithmetic(
  { operator, left, right, type }: Extract<Resolved, { kind: 'binary' }>,
  layout: Layout,
): NumberOf | undefined {
  if (!['+', '-', '*', '/'].includes(operator)) return undefined;
  const [first, second] = [numberOf(left, layout), numberOf(right, layout)];
  if (first === undefined || second === undefined) return undefined;
  if (operator === '*') return product(first, second);
  if (operator === '/') return quotient(first, second, type === 'double' ? 0 : QUOTIENT_ERROR);
  const sign = operator === '+' ? 1 : -1;
  return (row, now) => {
    const a = first(row, now);
    const errorA = register.error;
    const b = second(row, now);
    return known(a + sign * b, errorA + register.error + (Math.abs(a) + Math.abs(b)) * ROUNDING);
  };
}

function product(first: NumberOf, second: NumberOf): NumberOf {
  return (row, now) => {
    const a = first(row, now);
    const errorA = register.error;
    const b = second(row, now);
    const errorB = register.error;
    const [sizeA, sizeB] = [Math.abs(a), Math.abs(b)];
    const error = sizeA * errorB + sizeB * errorA + errorA * errorB + sizeA * sizeB * ROUNDING;
    return known(a * b, error);
  };
}

/** @param step - What the server leaves away of it. */
function quotient(first: NumberOf, second: NumberOf, step: number): NumberOf {
  return (row, now) => {
    const a = first(row, now);
    const errorA = register.error;
    const b = second(row, now);
    const errorB = register.error;
    if (Number.isNaN(a) || Number.isNaN(b)) return known(NaN, 0);
    const least = Math.abs(b) - errorB;
    if (least <= 0) return b === 0 && errorB === 0 ? known(NaN, 0) : unknown();
    const value = a / b;
    const error = (errorA + Math.abs(value) * errorB) / least;
    return known(value, error + step + Math.abs(value) * ROUNDING);
  };
}

/** 1 or 0 of a condition that is used as a number. */
function truthNumber(expression: Resolved, layout: Layout): NumberOf | undefined {
  const test = expression.type === 'bool' ? layout.testOf(expression, layout) : undefined;
  return (
    test &&
    ((row, now) => {
      switch (test(row, now)) {
        case TRUE:
          return known(1, 0);
        case FALSE:
          return known(0, 0);
        case NULL:
          return known(NaN, 0);
        default:
          return unknown();
      }
    })
  );
}

function caseNumber(
  expression: Extract<Resolved, { kind: 'case' }>,
  layout: Layout,
): NumberOf | undefined {
  const { operand, whens, otherwise } = expression;
  if (operand !== undefined) return undefined;
  const last = otherwise === undefined ? constant(NaN, 0) : numberOf(otherwise, layout);
  return whens.reduceRight(
    (rest, { when, then }) => choice(layout.testOf(when, layout), numberOf(then, layout), rest),
    last,
  );
}

/** One or the other, where all three are understood. */
export function choice(
  test: Test | undefined,
  then: NumberOf | undefined,
  otherwise: NumberOf | undefined,
): NumberOf | undefined {
  if (test === undefined || then === undefined || otherwise === undefined) return undefined;
  return (row, now) => {
    const held = test(row, now);
    if (held === TRUE) return then(row, now);
    return held & TRUE ? unknown() : otherwise(row, now);
  };
}

function callNumber(
  { called, arguments: args, over }: Extract<Resolved, { kind: 'call' }>,
  layout: Layout,
): NumberOf | undefined {
  if (called.kind !== 'scalar' || over !== undefined) return undefined;
  if (called.name === 'mjdnow') return (_, mjdUtc) => known(mjdUtc, 0);
  if (called.name === 'jdnow') return (_, mjdUtc) => known(jdFromMjd(mjdUtc), 0);
  if (called.name === 'IF') {
    const [condition, then, otherwise] = args;
    return choice(
      layout.testOf(condition, layout),
      numberOf(then, layout),
      numberOf(otherwise, layout),
    );
  }
  const make = NUMBER_FUNCTIONS.get(called.name);
  const inner = args.map((argument) => numberOf(argument, layout));
  return make && inner.every((one) => one !== undefined) ? make(inner) : undefined;
}
