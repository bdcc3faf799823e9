import type { Frame, FrameBound, Window } from '../ast.ts';
import {
  accept,
  enter,
  expect,
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
import { parseOrderBy } from './queries.ts';

/** (PARTITION BY ... ORDER BY ... ROWS ...), after OVER. */
export function parseWindow(cursor: Cursor): Window {
  const bracket = peek(cursor);
  if (bracket.kind === 'word')
    throw refuse(
      cursor,
      bracket,
      'windows have no names',
      'write the window in brackets after OVER',
    );
  expect(cursor, '(', 'after OVER');
  enter(cursor, bracket);
  let partitionBy: Window['partitionBy'] = [];
  if (accept(cursor, 'PARTITION')) {
    expect(cursor, 'BY', 'after PARTITION');
    partitionBy = parseList(cursor, parseExpression);
  }
  const orderBy = parseOrderBy(cursor);
  const frame = parseFrame(cursor);
  if (peek(cursor).word !== ')')
    throw unexpected(cursor, 'PARTITION BY, ORDER BY, ROWS, RANGE or ) in OVER', [
      'PARTITION',
      'ORDER',
      'ROWS',
      'RANGE',
    ]);
  take(cursor);
  leave(cursor);
  return { partitionBy, orderBy, frame, place: placeFrom(cursor, bracket.start) };
}

function parseFrame(cursor: Cursor): Frame | undefined {
  const unit = accept(cursor, 'ROWS') ? 'rows' : accept(cursor, 'RANGE') ? 'range' : undefined;
  if (unit === undefined) return undefined;
  if (!accept(cursor, 'BETWEEN')) return { unit, start: parseBound(cursor) };
  const start = parseBound(cursor);
  expect(cursor, 'AND', 'between the two ends of the frame');
  return { unit, start, end: parseBound(cursor) };
}

function parseBound(cursor: Cursor): FrameBound {
  if (accept(cursor, 'CURRENT')) {
    expect(cursor, 'ROW', 'after CURRENT');
    return { kind: 'current' };
  }
  if (accept(cursor, 'UNBOUNDED')) return { kind: 'unbounded', direction: expectDirection(cursor) };
  const token = peek(cursor);
  if (token.kind !== 'number')
    throw unexpected(cursor, 'CURRENT ROW, UNBOUNDED PRECEDING or a number in the frame', [
      'CURRENT',
      'UNBOUNDED',
    ]);
  take(cursor);
  const offset = { kind: 'number' as const, digits: token.text, place: placeOf(cursor, token) };
  return { kind: 'offset', offset, direction: expectDirection(cursor) };
}

function expectDirection(cursor: Cursor): 'preceding' | 'following' {
  if (accept(cursor, 'PRECEDING')) return 'preceding';
  if (accept(cursor, 'FOLLOWING')) return 'following';
  throw unexpected(cursor, 'PRECEDING or FOLLOWING', ['PRECEDING', 'FOLLOWING']);
}
