import type { Call, Expression, Name } from '../ast.ts';
import { expect, peek, placeFrom, placeOf, take, unexpected } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { parseSum } from './expressions.ts';

const UNITS = [
  'MICROSECOND',
  'SECOND',
  'MINUTE',
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
];

/**
 * INTERVAL 7 DAY, added to a date or taken away: TIMESTAMPADD(DAY, 7, date), which is the same for
 * the server, so that nothing behind the parser knows of intervals.
 */
export function parseInterval(cursor: Cursor, date: Expression, isMinus: boolean): Call {
  const interval = expect(cursor, 'INTERVAL', 'before the length of time');
  const length = parseSum(cursor);
  const unit = peek(cursor);
  if (!UNITS.includes(unit.word))
    throw unexpected(
      cursor,
      'SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR after INTERVAL n',
      UNITS,
    );
  take(cursor);
  const name = (text: string, place = placeOf(cursor, unit)): Name => ({ text, place });
  const count: Expression = isMinus
    ? { kind: 'unary', operator: '-', operand: length, place: length.place }
    : length;
  return {
    kind: 'call',
    name: name('timestampadd', placeOf(cursor, interval)),
    isStar: false,
    isDistinct: false,
    arguments: [
      { kind: 'column', names: [name(unit.word)], place: placeOf(cursor, unit) },
      count,
      date,
    ],
    place: placeFrom(cursor, date.place.start),
  };
}
