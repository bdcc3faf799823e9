import type { Call, Expression, LightCurveCondition, Name } from '../ast.ts';
import type { ListReference } from '../compile.ts';
import {
  accept,
  acceptName,
  countTables,
  enter,
  isAt,
  leave,
  parseList,
  peek,
  placeFrom,
  refuse,
  take,
  unexpected,
} from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { parseInterval } from './intervals.ts';
import { parseOperand } from './operands.ts';
import { parseWindow } from './windows.ts';

/** Functions whose second argument is an INTERVAL, and whether they take it away. */
const DATE_SUMS = new Map([
  ['DATE_ADD', false],
  ['ADDDATE', false],
  ['DATE_SUB', true],
  ['SUBDATE', true],
]);

/** Functions that some servers let take words between their arguments. */
const WORDY = new Map([
  ['CONVERT', 'write CAST(value AS type)'],
  ['EXTRACT', 'write YEAR(date), MONTH(date) and so on'],
]);

const LIGHT_CURVE_USAGE = "write light_curve(COUNT(*) WHERE band = 'r' AND mag < 19) >= 3";

/** Functions that name a list in their argument. */
const LIST_FUNCTIONS = new Map<string, ListReference['token']>([
  ['IN_WATCHLIST', 'watchlist'],
  ['IN_WATCHMAP', 'area'],
]);

/** name(...), from the bracket on. */
export function parseCall(cursor: Cursor, name: Name): Expression {
  const word = name.text.toUpperCase();
  const bracket = take(cursor);
  enter(cursor, bracket);
  const call =
    word === 'LIGHT_CURVE' ? parseLightCurve(cursor, name) : parseArguments(cursor, name, word);
  expectClosed(cursor, name, word);
  leave(cursor);
  call.place = placeFrom(cursor, name.place.start);
  if (call.kind === 'call') {
    if (accept(cursor, 'OVER')) {
      call.over = parseWindow(cursor);
      call.place = placeFrom(cursor, name.place.start);
    }
    noteReference(cursor, call, word);
  }
  return call;
}

function parseArguments(cursor: Cursor, name: Name, word: string): Call {
  const call: Call = {
    kind: 'call',
    name,
    isStar: false,
    isDistinct: false,
    arguments: [],
    place: name.place,
  };
  if (isAt(cursor, ')')) return call;
  if (isAt(cursor, '*') && peek(cursor, 1).word === ')') {
    take(cursor);
    return { ...call, isStar: true };
  }
  call.isDistinct = accept(cursor, 'DISTINCT') !== undefined;
  if (!call.isDistinct) accept(cursor, 'ALL');
  const first = parseExpression(cursor);
  const isMinus = DATE_SUMS.get(word);
  if (isMinus !== undefined && peek(cursor, 1).word === 'INTERVAL' && accept(cursor, ','))
    return parseInterval(cursor, first, isMinus);
  call.arguments.push(first);
  if (accept(cursor, ',')) call.arguments.push(...parseList(cursor, parseExpression));
  return call;
}

/** What stands in light_curve(...): a table and a comma, if need be, an aggregate, WHERE. */
function parseLightCurve(cursor: Cursor, name: Name): LightCurveCondition {
  countTables(cursor, name.place);
  let table: Name | undefined;
  if (peek(cursor, 1).word === ',') {
    table = acceptName(cursor);
    if (table !== undefined) take(cursor);
  }
  const token = peek(cursor);
  const aggregate = isAt(cursor, ')') ? undefined : parseOperand(cursor);
  if (aggregate?.kind !== 'call' || aggregate.over !== undefined)
    throw refuse(
      cursor,
      token,
      'light_curve() wants an aggregate',
      "write light_curve(COUNT(*) WHERE band = 'r') or MIN, MAX, AVG, SUM of a column",
    );
  const where = accept(cursor, 'WHERE') ? parseExpression(cursor) : undefined;
  return { kind: 'light_curve', table, aggregate, where, place: name.place };
}

function expectClosed(cursor: Cursor, name: Name, word: string): void {
  if (accept(cursor, ')')) return;
  const token = peek(cursor);
  const advice =
    WORDY.get(word) ??
    (['FROM', 'FOR', 'IN', 'ORDER', 'USING'].includes(token.word)
      ? 'write its arguments with commas between'
      : undefined);
  if (word === 'LIGHT_CURVE' && token.kind === 'symbol')
    throw refuse(
      cursor,
      token,
      `expected WHERE or ) in ${name.text}(), found ${token.text}`,
      LIGHT_CURVE_USAGE,
    );
  if (advice !== undefined && token.kind === 'word')
    throw refuse(cursor, token, `${token.word} cannot stand in ${name.text}()`, advice);
  throw unexpected(cursor, `a comma or ) in ${name.text}()`, []);
}

/** A list that is named in a condition is looked up as one that is named in FROM. */
function noteReference(cursor: Cursor, call: Call, word: string): void {
  const token = LIST_FUNCTIONS.get(word);
  if (token === undefined) return;
  countTables(cursor, call.name.place);
  for (const argument of call.arguments) {
    if (argument.kind === 'string') cursor.tally.references.push({ token, name: argument.value });
    if (argument.kind === 'number') cursor.tally.references.push({ token, name: argument.digits });
  }
}
