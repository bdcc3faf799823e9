import type { Expression, FromItem, Join, Name, Query } from '../ast.ts';
import { acceptTableAlias } from './aliases.ts';
import {
  accept,
  acceptName,
  countTables,
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
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { continueQuery, isAtQueryTail, parseQuery } from './queries.ts';

/** The items of FROM: tables, lists, sub-queries and joins of them, with commas between. */
export function parseFrom(cursor: Cursor): FromItem[] {
  return parseList(cursor, (at) => parseJoins(at, parseFactor(at)));
}

/** A table or list by its name, with an alias. */
export function parseTable(cursor: Cursor): FromItem {
  const first = peek(cursor);
  countTables(cursor, placeOf(cursor, first), first.list?.names.length);
  if (first.list !== undefined) {
    take(cursor);
    const alias = acceptTableAlias(cursor);
    for (const { text } of first.list.names)
      cursor.tally.references.push({ token: first.list.token, name: text });
    return { kind: 'token', ...first.list, alias, place: placeFrom(cursor, first.start) };
  }
  const name = expectTableName(cursor);
  if (!accept(cursor, '.')) {
    const alias = acceptTableAlias(cursor);
    return { kind: 'table', name, alias, place: placeFrom(cursor, first.start) };
  }
  const table = acceptName(cursor, 'after dot');
  if (table === undefined) throw unexpected(cursor, 'the name of a table after the dot', []);
  const alias = acceptTableAlias(cursor);
  return {
    kind: 'table',
    database: name,
    name: table,
    alias,
    place: placeFrom(cursor, first.start),
  };
}

function expectTableName(cursor: Cursor): Name {
  const token = peek(cursor);
  const name = acceptName(cursor);
  if (name === undefined) throw unexpected(cursor, 'the name of a table', []);
  if (isAt(cursor, '('))
    throw refuse(
      cursor,
      token,
      `${token.text}() is not a table`,
      'functions stand in SELECT and WHERE',
    );
  return name;
}

function parseFactor(cursor: Cursor): FromItem {
  if (!isAt(cursor, '(')) return parseTable(cursor);
  const { start } = peek(cursor);
  const inner = parseBrackets(cursor);
  return inner.kind === 'query' ? nameQuery(cursor, inner, start) : inner;
}

/** What stands in brackets: a query that still wants its alias, or a join. */
function parseBrackets(cursor: Cursor): FromItem | Query {
  const bracket = take(cursor);
  enter(cursor, bracket);
  let content: FromItem | Query;
  if (isAt(cursor, 'SELECT')) content = parseQuery(cursor);
  else if (isAt(cursor, '(')) content = parseInnerBrackets(cursor);
  else content = parseRest(cursor, parseFactor(cursor));
  expect(cursor, ')', 'to close the bracket');
  leave(cursor);
  return content;
}

/** ((SELECT ...) UNION ...), ((SELECT ...)), or ((SELECT ...) AS a JOIN ...): told by what follows. */
function parseInnerBrackets(cursor: Cursor): FromItem | Query {
  const { start } = peek(cursor);
  const inner = parseBrackets(cursor);
  if (inner.kind !== 'query') return parseRest(cursor, inner);
  if (isAtQueryTail(cursor)) return continueQuery(cursor, inner, start);
  if (isAt(cursor, ')')) return inner;
  return parseRest(cursor, nameQuery(cursor, inner, start));
}

/** Joins and, as MySQL has it within brackets, commas, which are cross joins. */
function parseRest(cursor: Cursor, first: FromItem): FromItem {
  let item = parseJoins(cursor, first);
  while (accept(cursor, ',')) {
    const right = parseJoins(cursor, parseFactor(cursor));
    item = {
      kind: 'join',
      join: 'cross',
      left: item,
      right,
      place: placeFrom(cursor, first.place.start),
    };
  }
  return item;
}

function nameQuery(cursor: Cursor, query: Query, start: number): FromItem {
  const token = peek(cursor);
  countTables(cursor, placeOf(cursor, token));
  const alias = acceptTableAlias(cursor);
  if (alias === undefined) {
    if (token.error !== undefined) throw token.error;
    throw refuse(cursor, token, 'a sub-query in FROM needs a name', 'write AS q after its bracket');
  }
  return { kind: 'derived', query, alias, place: placeFrom(cursor, start) };
}

function parseJoins(cursor: Cursor, first: FromItem): FromItem {
  let item = first;
  for (;;) {
    const join = acceptJoin(cursor);
    if (join === undefined) return item;
    const right = parseFactor(cursor);
    const joined: Join = { kind: 'join', join, left: item, right, place: item.place };
    Object.assign(joined, parseJoinCondition(cursor, join));
    // CROSS JOIN ... ON is an inner join for MySQL.
    if (joined.on !== undefined && join === 'cross') joined.join = 'inner';
    joined.place = placeFrom(cursor, first.place.start);
    item = joined;
  }
}

/** JOIN with the words before it, if it stands here. */
function acceptJoin(cursor: Cursor): Join['join'] | undefined {
  if (accept(cursor, 'JOIN')) return 'inner';
  for (const [word, join] of [
    ['INNER', 'inner'],
    ['CROSS', 'cross'],
  ] as const) {
    if (!accept(cursor, word)) continue;
    expect(cursor, 'JOIN', `after ${word}`);
    return join;
  }
  for (const [word, join] of [
    ['LEFT', 'left'],
    ['RIGHT', 'right'],
  ] as const) {
    if (!accept(cursor, word)) continue;
    accept(cursor, 'OUTER');
    expect(cursor, 'JOIN', `after ${word}`);
    return join;
  }
  return undefined;
}

function parseJoinCondition(
  cursor: Cursor,
  join: Join['join'],
): { on?: Expression; using?: Name[] } {
  if (accept(cursor, 'ON')) return { on: parseExpression(cursor) };
  if (accept(cursor, 'USING')) {
    expect(cursor, '(', 'after USING');
    const using = parseList(cursor, expectColumn);
    expect(cursor, ')', 'after the columns of USING');
    return { using };
  }
  if (join === 'left' || join === 'right')
    throw unexpected(cursor, `ON or USING for the ${join.toUpperCase()} JOIN`, ['USING']);
  return {};
}

function expectColumn(cursor: Cursor): Name {
  const name = acceptName(cursor);
  if (name === undefined) throw unexpected(cursor, 'the name of a column', []);
  return name;
}
