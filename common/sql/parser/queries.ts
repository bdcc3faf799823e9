import type {
  NumberLiteral,
  OrderItem,
  Parameter,
  Query,
  Select,
  SelectItem,
  Union,
} from '../ast.ts';
import { MAX_SELECT_ITEMS, MAX_SELECTS } from '../limits.ts';
import { QueryError } from '../query-error.ts';
import type { Token } from '../tokens/token.ts';
import { acceptAlias } from './aliases.ts';
import {
  accept,
  acceptName,
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
import { parseExpression } from './expressions.ts';
import { parseFrom } from './from-items.ts';
import { beginsOtherStatement } from './keywords.ts';

/** Where a query ends, or goes on after a sub-query in brackets. */
const QUERY_TAILS = ['UNION', 'ORDER', 'LIMIT'];

/** SELECT ... [UNION ...] [ORDER BY ...] [LIMIT ...], from here on. */
export function parseQuery(cursor: Cursor): Query {
  const start = peek(cursor).start;
  return continueQuery(cursor, parseMember(cursor), start);
}

/** Whether a sub-query in brackets goes on behind them. */
export function isAtQueryTail(cursor: Cursor): boolean {
  return QUERY_TAILS.includes(peek(cursor).word);
}

/** What follows the first SELECT of a query: UNION with others, ORDER BY, LIMIT. */
export function continueQuery(cursor: Cursor, first: Query | Select, start: number): Query {
  let body: Query | Select | Union = unwrap(first);
  while (accept(cursor, 'UNION')) {
    const isAll = accept(cursor, 'ALL') !== undefined;
    if (!isAll) accept(cursor, 'DISTINCT');
    const right = unwrap(parseMember(cursor));
    body = { kind: 'union', isAll, left: body, right, place: placeFrom(cursor, start) };
  }
  const tail = peek(cursor);
  const orderBy = parseOrderBy(cursor);
  const { limit, offset } = parseLimit(cursor);
  if (isAt(cursor, 'UNION'))
    throw refuse(
      cursor,
      tail,
      `${tail.word} stands before UNION`,
      'put this SELECT into round brackets, or write it at the end for all',
    );
  if (body.kind !== 'query')
    return { kind: 'query', body, orderBy, limit, offset, place: placeFrom(cursor, start) };
  if (peek(cursor) === tail) return body;
  // (SELECT ...) ORDER BY x: the brackets mean nothing unless they hold an order of their own.
  if (body.orderBy.length > 0 || body.limit !== undefined)
    throw refuse(
      cursor,
      tail,
      'the query in brackets has an ORDER BY or LIMIT of its own',
      'write SELECT * FROM (SELECT ...) AS q, and the second one behind it',
    );
  return { ...body, orderBy, limit, offset, place: placeFrom(cursor, start) };
}

/** A SELECT, or a query in brackets. */
function parseMember(cursor: Cursor): Query | Select {
  const bracket = accept(cursor, '(');
  if (bracket === undefined) return parseSelect(cursor);
  enter(cursor, bracket);
  const query = parseQuery(cursor);
  expect(cursor, ')', 'at the end of the query in brackets');
  leave(cursor);
  return query;
}

/** Brackets around a SELECT that is neither ordered nor cut mean nothing. */
function unwrap(query: Query | Select): Query | Select {
  if (query.kind === 'select' || query.body.kind !== 'select') return query;
  return query.orderBy.length === 0 && query.limit === undefined ? query.body : query;
}

function parseSelect(cursor: Cursor): Select {
  const { start } = expectSelect(cursor);
  const isDistinct = parseDistinct(cursor);
  const items = parseItems(cursor);
  const from = accept(cursor, 'FROM') === undefined ? [] : parseFrom(cursor);
  const select: Select = {
    kind: 'select',
    isDistinct,
    items,
    from,
    groupBy: [],
    place: placeFrom(cursor, start),
  };
  if (accept(cursor, 'WHERE')) select.where = parseExpression(cursor);
  parseGroups(cursor, select);
  select.place = placeFrom(cursor, start);
  return select;
}

function expectSelect(cursor: Cursor): Token {
  const token = peek(cursor);
  if (++cursor.tally.selects > MAX_SELECTS)
    throw refuse(
      cursor,
      token,
      `there are more than ${MAX_SELECTS} SELECTs`,
      'write several queries',
    );
  if (token.word === 'SELECT') return take(cursor);
  if (token.kind === 'end' && cursor.previous === undefined)
    throw new QueryError('the query is empty', placeOf(cursor, token), 'write SELECT ... FROM ...');
  if (beginsOtherStatement(token.word))
    throw refuse(
      cursor,
      token,
      `only a SELECT can be run, not ${token.word}`,
      token.word === 'WITH' ? 'write (SELECT ...) AS name in FROM' : undefined,
    );
  throw unexpected(cursor, 'SELECT', ['SELECT']);
}

/** DISTINCT or ALL, if either stands here. */
export function parseDistinct(cursor: Cursor): boolean {
  if (accept(cursor, 'DISTINCT')) return true;
  accept(cursor, 'ALL');
  return false;
}

const ITEMS: ListLimit = {
  most: MAX_SELECT_ITEMS,
  what: 'columns are selected',
  advice: 'select fewer, or *',
};

/** What is selected: at least one expression or star. */
export function parseItems(cursor: Cursor): SelectItem[] {
  return parseList(cursor, parseItem, ITEMS);
}

function parseItem(cursor: Cursor): SelectItem {
  const first = peek(cursor);
  if (accept(cursor, '*')) return { kind: 'star', place: placeOf(cursor, first) };
  if (peek(cursor, 1).word === '.' && peek(cursor, 2).word === '*') {
    const table = acceptName(cursor);
    if (table !== undefined) {
      take(cursor);
      take(cursor);
      return { kind: 'star', table, place: placeFrom(cursor, first.start) };
    }
  }
  const expression = parseExpression(cursor);
  const alias = acceptAlias(cursor);
  return { kind: 'item', expression, alias, place: placeFrom(cursor, first.start) };
}

/** GROUP BY and HAVING, into the SELECT. */
export function parseGroups(cursor: Cursor, select: Select): void {
  if (accept(cursor, 'GROUP')) {
    expect(cursor, 'BY', 'after GROUP');
    select.groupBy = parseList(cursor, parseExpression);
  }
  if (accept(cursor, 'HAVING')) select.having = parseExpression(cursor);
}

/** ORDER BY, if it stands here; nothing otherwise. */
export function parseOrderBy(cursor: Cursor): OrderItem[] {
  if (!accept(cursor, 'ORDER')) return [];
  expect(cursor, 'BY', 'after ORDER');
  return parseList(cursor, parseOrderItem);
}

function parseOrderItem(cursor: Cursor): OrderItem {
  const { start } = peek(cursor);
  const expression = parseExpression(cursor);
  const isDescending = accept(cursor, 'DESC') !== undefined;
  if (!isDescending) accept(cursor, 'ASC');
  return { expression, isDescending, place: placeFrom(cursor, start) };
}

type Count = NumberLiteral | Parameter;

/** LIMIT n, LIMIT n OFFSET m, or MySQL's LIMIT m, n. */
export function parseLimit(cursor: Cursor): { limit?: Count; offset?: Count } {
  if (!accept(cursor, 'LIMIT')) {
    if (isAt(cursor, 'OFFSET'))
      throw refuse(cursor, peek(cursor), 'OFFSET stands without LIMIT', 'write LIMIT n OFFSET m');
    return {};
  }
  const first = parseCount(cursor, 'LIMIT');
  if (accept(cursor, ',')) return { limit: parseCount(cursor, 'LIMIT'), offset: first };
  if (accept(cursor, 'OFFSET')) return { limit: first, offset: parseCount(cursor, 'OFFSET') };
  return { limit: first };
}

function parseCount(cursor: Cursor, word: string): Count {
  const token = peek(cursor);
  if (token.kind === 'parameter') {
    take(cursor);
    return { kind: 'parameter', name: token.text, place: placeOf(cursor, token) };
  }
  // Servers count rows in 64 bits; so many digits are never too many for that.
  if (token.kind === 'number' && /^\d{1,18}$/.test(token.text)) {
    take(cursor);
    return { kind: 'number', digits: token.text, place: placeOf(cursor, token) };
  }
  throw unexpected(cursor, `a whole number after ${word}`);
}
