import type { BinaryOperator, Expression } from '../ast.ts';
import { MAX_IN_VALUES } from '../limits.ts';
import type { Token } from '../tokens/token.ts';
import {
  accept,
  enter,
  expect,
  isAt,
  leave,
  peek,
  placeFrom,
  refuse,
  take,
  unexpected,
} from './cursor.ts';
import type { Cursor } from './cursor.ts';
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

/** Operators of numbers by how tightly they bind, loosest first, as MySQL has them. */
const LEVELS: Map<string, BinaryOperator>[] = [
  new Map([['|', '|']]),
  new Map([['&', '&']]),
  new Map([
    ['<<', '<<'],
    ['>>', '>>'],
  ]),
  new Map([
    ['+', '+'],
    ['-', '-'],
  ]),
  new Map([
    ['*', '*'],
    ['/', '/'],
    ['DIV', 'div'],
    ['%', '%'],
    ['MOD', '%'],
  ]),
  new Map([['^', '^']]),
];
const SUMS = 3;

/** Any expression: OR, XOR, AND, NOT, comparisons, sums, in the order in which MySQL binds them. */
export function parseExpression(cursor: Cursor): Expression {
  return parseChain(cursor, 'OR', 'or', parseXor);
}

/** One or more, with commas between. */
export function parseExpressions(cursor: Cursor): Expression[] {
  const expressions = [parseExpression(cursor)];
  while (accept(cursor, ',')) expressions.push(parseExpression(cursor));
  return expressions;
}

/** An expression without comparisons: what stands at either side of one. */
export function parseSum(cursor: Cursor): Expression {
  return parseLevel(cursor, 0);
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
  const place = { ...left.place, end: right.place.end };
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
  const bracket = expect(cursor, '(', 'after IN');
  enter(cursor, bracket);
  if (isAt(cursor, 'SELECT')) {
    const query = parseQuery(cursor);
    expect(cursor, ')', 'at the end of the sub-query');
    leave(cursor);
    return query;
  }
  const values: Expression[] = [];
  do {
    if (values.length === MAX_IN_VALUES)
      throw refuse(
        cursor,
        peek(cursor),
        `more than ${MAX_IN_VALUES} values stand in IN`,
        'make a watchlist of them, or write several queries',
      );
    values.push(parseExpression(cursor));
  } while (accept(cursor, ','));
  if (!isAt(cursor, ')')) throw unexpected(cursor, 'a comma or ) in the list of IN', []);
  take(cursor);
  leave(cursor);
  // IN ((SELECT ...)): more brackets than needed, not a list of one.
  return values.length === 1 && values[0].kind === 'subquery' ? values[0].query : values;
}

function parseLevel(cursor: Cursor, level: number): Expression {
  if (level === LEVELS.length) return parseUnary(cursor);
  let left = parseLevel(cursor, level + 1);
  const { start } = left.place;
  for (;;) {
    const operator = LEVELS[level].get(peek(cursor).word);
    if (operator === undefined) return left;
    take(cursor);
    if (level === SUMS && isAt(cursor, 'INTERVAL')) {
      left = parseInterval(cursor, left, operator === '-');
      continue;
    }
    const right = parseLevel(cursor, level + 1);
    left = { kind: 'binary', operator, left, right, place: placeFrom(cursor, start) };
  }
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
