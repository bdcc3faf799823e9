import type { ColumnName, Expression, Name } from '../ast.ts';
import { MAX_NAME_PARTS } from '../limits.ts';
import { parseCall } from './calls.ts';
import { parseCase, parseCast } from './case-and-cast.ts';
import {
  acceptName,
  enter,
  expect,
  isAt,
  leave,
  peek,
  placeFrom,
  placeOf,
  refuse,
  take,
  unexpected,
} from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { insteadOf } from './keywords.ts';
import { continueQuery, isAtQueryTail, parseQuery } from './queries.ts';

/** Keywords that are functions too. */
const CALLABLE = new Set(['LEFT', 'RIGHT', 'MOD']);

/** Functions that SQL lets stand without brackets. */
const BARE_CALLS = new Set([
  'CURRENT_TIMESTAMP',
  'CURRENT_DATE',
  'CURRENT_TIME',
  'LOCALTIME',
  'LOCALTIMESTAMP',
]);

/** What operators stand between: a literal, a column, a call, a CASE, something in brackets. */
export function parseOperand(cursor: Cursor): Expression {
  const token = peek(cursor);
  const place = placeOf(cursor, token);
  switch (token.kind) {
    case 'number':
      take(cursor);
      return { kind: 'number', digits: token.text, place };
    case 'string':
      take(cursor);
      return { kind: 'string', value: token.text, place };
    case 'parameter':
      take(cursor);
      return { kind: 'parameter', name: token.text, place };
    case 'list':
      throw refuse(
        cursor,
        token,
        `${token.text}: stands only in FROM`,
        `write in_${token.list?.token === 'area' ? 'watchmap' : 'watchlist'}('name') in conditions`,
      );
    case 'symbol':
      if (token.word === '(') return parseBrackets(cursor);
      throw refuseMissing(cursor);
    case 'quoted':
      return parseNames(cursor);
    case 'word':
      return parseWord(cursor);
    default:
      throw refuseMissing(cursor);
  }
}

function parseWord(cursor: Cursor): Expression {
  const token = peek(cursor);
  const place = placeOf(cursor, token);
  switch (token.word) {
    case 'NULL':
      take(cursor);
      return { kind: 'null', place };
    case 'TRUE':
    case 'FALSE':
      take(cursor);
      return { kind: 'boolean', value: token.word === 'TRUE', place };
    case 'CASE':
      return parseCase(cursor);
    case 'EXISTS':
      return parseExists(cursor);
    case 'NOT':
      throw refuse(
        cursor,
        token,
        'NOT stands behind an operator',
        'put NOT and its condition into round brackets',
      );
    case 'INTERVAL':
      throw refuse(
        cursor,
        token,
        'INTERVAL stands only behind + or - and in DATE_ADD() or DATE_SUB()',
        'write date + INTERVAL 7 DAY',
      );
  }
  if (peek(cursor, 1).word === '(') {
    if (token.word === 'CAST') return parseCast(cursor);
    if (CALLABLE.has(token.word) || insteadOf(token.word) === undefined) {
      const name = CALLABLE.has(token.word) ? nameOf(cursor) : acceptName(cursor);
      if (name !== undefined) return parseCall(cursor, name);
    }
  }
  if (BARE_CALLS.has(token.word) && peek(cursor, 1).word !== '.') {
    return {
      kind: 'call',
      name: nameOf(cursor),
      isStar: false,
      isDistinct: false,
      arguments: [],
      place,
    };
  }
  if (peek(cursor, 1).kind === 'string' && ['DATE', 'TIME', 'TIMESTAMP'].includes(token.word))
    throw refuse(
      cursor,
      token,
      `${token.word} stands directly before a text`,
      `write CAST('...' AS ${token.word === 'DATE' ? 'DATE' : 'DATETIME'})`,
    );
  return parseNames(cursor);
}

function nameOf(cursor: Cursor): Name {
  const token = take(cursor);
  return { text: token.text, place: placeOf(cursor, token) };
}

/** column, table.column or database.table.column, and behind a column of JSON the keys within it. */
function parseNames(cursor: Cursor): ColumnName {
  const token = peek(cursor);
  const isTop = isAt(cursor, 'TOP') && peek(cursor, 1).kind === 'number';
  const first = isTop ? undefined : acceptName(cursor, 'value');
  if (first === undefined) throw refuseMissing(cursor);
  if (isAt(cursor, '('))
    throw token.kind === 'quoted'
      ? refuse(cursor, token, 'the name of a function stands in back-quotes', 'leave them out')
      : refuse(cursor, token, `there is no function ${token.text}()`, insteadOf(token.word));
  const names = [first];
  while (isAt(cursor, '.')) {
    const dot = take(cursor);
    const name = acceptName(cursor, 'after dot');
    if (name === undefined) {
      if (isAt(cursor, '*'))
        throw refuse(
          cursor,
          peek(cursor),
          'a star with a table before it stands only by itself in SELECT',
          'name a column',
        );
      throw unexpected(cursor, 'the name of a column after the dot', []);
    }
    names.push(name);
    if (names.length > MAX_NAME_PARTS)
      throw refuse(
        cursor,
        dot,
        `a name has more than ${MAX_NAME_PARTS} parts`,
        'write JSON_VALUE(column, path) for what lies deep within a column of JSON',
      );
    if (isAt(cursor, '('))
      throw refuse(
        cursor,
        dot,
        `${name.text}() stands behind a dot`,
        'write functions by their name alone',
      );
  }
  return { kind: 'column', names, place: placeFrom(cursor, first.place.start) };
}

/** An expression in brackets, or a query: brackets around brackets are told by what follows them. */
function parseBrackets(cursor: Cursor): Expression {
  const bracket = take(cursor);
  enter(cursor, bracket);
  let content: Expression;
  if (isAt(cursor, 'SELECT')) {
    const query = parseQuery(cursor);
    content = { kind: 'subquery', query, place: query.place };
  } else {
    const { start } = peek(cursor);
    content = parseExpression(cursor);
    if (content.kind === 'subquery' && isAtQueryTail(cursor)) {
      const query = continueQuery(cursor, content.query, start);
      content = { kind: 'subquery', query, place: query.place };
    }
  }
  if (isAt(cursor, ','))
    throw refuse(
      cursor,
      peek(cursor),
      'several values stand in one bracket',
      'compare one value at a time, with AND between',
    );
  expect(cursor, ')', 'to close the bracket');
  leave(cursor);
  content.place = placeFrom(cursor, bracket.start);
  return content;
}

function parseExists(cursor: Cursor): Expression {
  const { start } = take(cursor);
  const bracket = expect(cursor, '(', 'after EXISTS');
  enter(cursor, bracket);
  const query = parseQuery(cursor);
  expect(cursor, ')', 'at the end of the sub-query');
  leave(cursor);
  return { kind: 'exists', query, place: placeFrom(cursor, start) };
}

function refuseMissing(cursor: Cursor): Error {
  const token = peek(cursor);
  if (token.word === 'SELECT')
    return refuse(
      cursor,
      token,
      'SELECT stands where a value is expected',
      'put a sub-query into round brackets of its own',
    );
  if (cursor.previous === undefined && ['AND', 'OR'].includes(token.word))
    return refuse(cursor, token, `${token.text} has no condition before it`, 'delete it');
  if (cursor.previous?.word === '%')
    return refuse(
      cursor,
      token.kind === 'end' ? cursor.previous : token,
      'expected a number after %, which gives the remainder of a division',
      "patterns of LIKE stand in quotes: 'ZTF%'",
    );
  if (token.word !== '' && cursor.previous?.word === ',')
    return insteadOf(token.word) === undefined
      ? refuse(
          cursor,
          token,
          `expected a value or column after the comma, found ${token.text}`,
          'is there one comma too many?',
        )
      : unexpected(cursor, 'a value or column', []);
  return unexpected(cursor, 'a value or column', []);
}
