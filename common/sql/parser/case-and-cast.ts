import type { CastType, Expression } from '../ast.ts';
import { MAX_CASE_BRANCHES } from '../limits.ts';
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
import { parseExpression } from './expressions.ts';

/** Types as servers call them; MariaDB and MySQL have no shorter words in common. */
const CAST_TYPES = new Map<string, CastType>([
  ['DOUBLE', 'double'],
  ['REAL', 'double'],
  ['FLOAT', 'float'],
  ['SIGNED', 'signed'],
  ['INT', 'signed'],
  ['INTEGER', 'signed'],
  ['BIGINT', 'signed'],
  ['UNSIGNED', 'unsigned'],
  ['CHAR', 'char'],
  ['DATE', 'date'],
  ['DATETIME', 'datetime'],
]);

/** CASE [value] WHEN ... THEN ... [ELSE ...] END */
export function parseCase(cursor: Cursor): Expression {
  const token = take(cursor);
  enter(cursor, token);
  const operand = isAt(cursor, 'WHEN') ? undefined : parseExpression(cursor);
  const whens: { when: Expression; then: Expression }[] = [];
  while (isAt(cursor, 'WHEN')) {
    const branch = take(cursor);
    if (whens.length === MAX_CASE_BRANCHES)
      throw refuse(
        cursor,
        branch,
        `this CASE has more than ${MAX_CASE_BRANCHES} branches`,
        'write fewer',
      );
    const when = parseExpression(cursor);
    expect(cursor, 'THEN', 'after the condition of WHEN');
    whens.push({ when, then: parseExpression(cursor) });
  }
  if (whens.length === 0) throw unexpected(cursor, 'WHEN in CASE', ['WHEN']);
  const otherwise = accept(cursor, 'ELSE') ? parseExpression(cursor) : undefined;
  if (!isAt(cursor, 'END'))
    throw unexpected(cursor, otherwise ? 'END of CASE' : 'WHEN, ELSE or END in CASE', [
      'WHEN',
      'ELSE',
      'END',
    ]);
  take(cursor);
  leave(cursor);
  return { kind: 'case', operand, whens, otherwise, place: placeFrom(cursor, token.start) };
}

/** CAST(value AS type), without lengths */
export function parseCast(cursor: Cursor): Expression {
  const { start } = take(cursor);
  enter(cursor, take(cursor));
  const operand = parseExpression(cursor);
  expect(cursor, 'AS', 'in CAST(value AS type)');
  const token = peek(cursor);
  const type = CAST_TYPES.get(token.word);
  if (type === undefined)
    throw refuse(
      cursor,
      token,
      `${token.text || 'this'} is not a type for CAST`,
      'write DOUBLE, FLOAT, SIGNED, UNSIGNED, CHAR, DATE or DATETIME',
    );
  take(cursor);
  if (token.word === 'DOUBLE') accept(cursor, 'PRECISION');
  if (token.word === 'SIGNED' || token.word === 'UNSIGNED') accept(cursor, 'INTEGER');
  if (isAt(cursor, '('))
    throw refuse(
      cursor,
      peek(cursor),
      'types for CAST have no length here',
      'write ROUND() for digits, LEFT() for letters',
    );
  expect(cursor, ')', 'at the end of CAST');
  leave(cursor);
  return { kind: 'cast', operand, type, place: placeFrom(cursor, start) };
}
