import type { BinaryOperator, Expression } from '../ast.ts';
import { refuseDepth } from '../depth.ts';
import { MAX_DEPTH, MAX_IN_VALUES } from '../limits.ts';
import type { Token } from '../tokens/token.ts';
import {
  accept,
  enter,
  expect,
  isAt,
  leave,
  parseList,
  peek,
  placeFrom,
  placeOf,
  refuse,
  take,
  unexpected,
} from './cursor.ts';
import type { Cursor, ListLimit } from './cursor.ts';
import { parseOperand } from './operands.ts';
import { parseInterval } from './intervals.ts';
import { parseQuery } from './queries.ts';

const COMPARISONS = new Map<string, BinaryOperator>([
  ['=', '='],
  ['<=>', '<=>'],
  ['<>', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

const IN_VALUES: ListLimit = {
  most: MAX_IN_VALUES,
  what: 'values stand in IN',
  advice: 'make a watchlist of them, or write several queries',
};

/** Operators of numbers, and how tightly they bind, as in MySQL. */
const OPERATORS = new Map<string, { operator: BinaryOperator; level: number }>([
  ['|', { operator: '|', level: 0 }],
  ['&', { operator: '&', level: 1 }],
  ['<<', { operator: '<<', level: 2 }],
  ['>>', { operator: '>>', level: 2 }],
  ['+', { operator: '+', level: 3 }],
  ['-', { operator: '-', level: 3 }],
  ['*', { operator: '*', level: 4 }],
  ['/', { operator: '/', level: 4 }],
  ['DIV', { operator: 'div', level: 4 }],
  ['%', { operator: '%', level: 4 }],
  ['MOD', { operator: '%', level: 4 }],
  ['^', { operator: '^', level: 5 }],
]);

/** Any expression: OR, XOR, AND, NOT, comparisons, sums, in the order in which MySQL binds them. */
export function parseExpression(cursor: Cursor): Expression {
  return parseChain(cursor, 'OR', 'or', parseXor);
}

/**
 * An expression without comparisons: what stands at either side of one.
 *
 * @param loosest - Operators that bind less tightly end it.
 */
export function parseSum(cursor: Cursor, loosest = 0): Expression {
  let left = parseUnary(cursor);
  const { start } = left.place;
  for (let length = 1; ; length++) {
    const token = peek(cursor);
    const { word } = token;
    const next = OPERATORS.get(word);
    if (next === undefined || next.level < loosest) return left;
    if (length > MAX_DEPTH) throw refuseDepth(placeOf(cursor, token));
    take(cursor);
    if ((word === '+' || word === '-') && isAt(cursor, 'INTERVAL')) {
      left = parseInterval(cursor, left, word === '-');
    } else {
      const right = parseSum(cursor, next.level + 1);
      const { operator } = next;
      left = { kind: 'binary', operator, left, right, place: placeFrom(cursor, start) };
    }
  }
}

function parseXor(cursor: Cursor): Expression {
  let left = parseAnd(cursor);
  const { start } = left.place;
  while (accept(cursor, 'XOR')) {
    const right = parseAnd(cursor);
    left = { kind: 'binary', operator: 'xor', left, right, place: placeFrom(cursor, start) };
  }
  return left;
}

function parseAnd(cursor: Cursor): Expression {
  return parseChain(cursor, 'AND', 'and', parseNot);
}

/** Members joined by AND or OR, as a tree of little depth: how they are grouped changes nothing. */
function parseChain(
  cursor: Cursor,
  word: string,
  operator: 'and' | 'or',
  parseMember: (cursor: Cursor) => Expression,
): Expression {
  const members = [parseMember(cursor)];
  while (accept(cursor, word)) members.push(parseMember(cursor));
  return balance(members, operator, 0, members.length);
}

function balance(
  members: Expression[],
  operator: 'and' | 'or',
  from: number,
  to: number,
): Expression {
  if (to - from === 1) return members[from];
  const middle = Math.ceil((from + to) / 2);
  const left = balance(members, operator, from, middle);
  const right = balance(members, operator, middle, to);
  const { part, start } = left.place;
  const place = { part, start, end: right.place.end };
  return { kind: 'binary', operator, left, right, place };
}

function parseNot(cursor: Cursor): Expression {
  const not = accept(cursor, 'NOT');
  if (not === undefined) return parseComparison(cursor);
  enter(cursor, not);
  const operand = parseNot(cursor);
  leave(cursor);
  return { kind: 'unary', operator: 'not', operand, place: placeFrom(cursor, not.start) };
}

/**
 * A comparison and tests by IS. A second comparison in a row compares the truth of the first, as a
 * number, in MySQL: 17 < gmag < 19 is always true there. Nobody means that, so it is refused.
 */
function parseComparison(cursor: Cursor): Expression {
  let left = parsePredicate(cursor);
  const { start } = left.place;
  let isCompared = false;
  for (;;) {
    const token = peek(cursor);
    const operator = COMPARISONS.get(token.word);
    if (operator !== undefined) {
      if (isCompared) throw refuseSecond(cursor, token);
      take(cursor);
      refuseQuantifier(cursor);
      const right = parsePredicate(cursor);
      left = { kind: 'binary', operator, left, right, place: placeFrom(cursor, start) };
    } else if (accept(cursor, 'IS')) {
      const isNot = accept(cursor, 'NOT') !== undefined;
      const what = expectTruth(cursor);
      left = { kind: 'is', isNot, operand: left, what, place: placeFrom(cursor, start) };
    } else return left;
    isCompared = true;
  }
}

function refuseSecond(cursor: Cursor, token: Token): Error {
  return refuse(
    cursor,
    token,
    'comparisons cannot follow one another',
    'write a < x AND x < b, or x BETWEEN a AND b; round brackets where a truth is compared',
  );
}

/** = ANY (SELECT ...) and its like. */
function refuseQuantifier(cursor: Cursor): void {
  const token = peek(cursor);
  if (['ANY', 'SOME', 'ALL'].includes(token.word) && peek(cursor, 1).word === '(')
    throw refuse(
      cursor,
      token,
      `${token.word} is not available`,
      'write IN (SELECT ...), or compare with a MIN or MAX of the sub-query',
    );
}

function expectTruth(cursor: Cursor): 'null' | 'true' | 'false' {
  if (accept(cursor, 'NULL') ?? accept(cursor, 'UNKNOWN')) return 'null';
  if (accept(cursor, 'TRUE')) return 'true';
  if (accept(cursor, 'FALSE')) return 'false';
  throw unexpected(cursor, 'NULL, NOT NULL, TRUE or FALSE after IS', ['NULL', 'TRUE', 'FALSE']);
}

function parsePredicate(cursor: Cursor): Expression {
  const operand = parseSum(cursor);
  const { start } = operand.place;
  const isNot = isAt(cursor, 'NOT');
  const word = peek(cursor, isNot ? 1 : 0).word;
  if (word !== 'IN' && word !== 'BETWEEN' && word !== 'LIKE') {
    if (isNot) {
      take(cursor);
      throw unexpected(cursor, 'IN, BETWEEN or LIKE after NOT', ['BETWEEN', 'LIKE']);
    }
    return operand;
  }
  if (isNot) take(cursor);
  take(cursor);
  if (word === 'IN') {
    const values = parseInValues(cursor);
    return { kind: 'in', isNot, operand, values, place: placeFrom(cursor, start) };
  }
  const first = parseSum(cursor);
  if (word === 'LIKE')
    return { kind: 'like', isNot, operand, pattern: first, place: placeFrom(cursor, start) };
  expect(cursor, 'AND', 'between the two limits of BETWEEN');
  const high = parseSum(cursor);
  return { kind: 'between', isNot, operand, low: first, high, place: placeFrom(cursor, start) };
}

function parseInValues(cursor: Cursor): Extract<Expression, { kind: 'in' }>['values'] {
  // Lasair's cookbook writes IN ["SN II", "AGN"].
  const bracket = accept(cursor, '[') ?? expect(cursor, '(', 'after IN');
  const end = bracket.word === '[' ? ']' : ')';
  enter(cursor, bracket);
  if (isAt(cursor, 'SELECT')) {
    const query = parseQuery(cursor);
    expect(cursor, ')', 'at the end of the sub-query');
    leave(cursor);
    return query;
  }
  const values = parseList(cursor, parseExpression, IN_VALUES);
  if (!isAt(cursor, end)) throw unexpected(cursor, `a comma or ${end} in the list of IN`, []);
  take(cursor);
  leave(cursor);
  // IN ((SELECT ...)): more brackets than needed, not a list of one.
  return values.length === 1 && values[0].kind === 'subquery' ? values[0].query : values;
}

function parseUnary(cursor: Cursor): Expression {
  const token = peek(cursor);
  const { word } = token;
  if (word !== '-' && word !== '+' && word !== '~') return parseOperand(cursor);
  take(cursor);
  enter(cursor, token);
  const operand = parseUnary(cursor);
  leave(cursor);
  return { kind: 'unary', operator: word, operand, place: placeFrom(cursor, token.start) };
}
