import type { Call, Expression } from '../ast.ts';
import { TIME_UNITS } from '../functions/times.ts';
import { expect, peek, placeFrom, placeOf, take, unexpected } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { parseSum } from './expressions.ts';

/**
 * INTERVAL 7 DAY, added to a time or taken away, as a call of three arguments: nothing behind the
 * parser knows of intervals.
 */
export function parseInterval(cursor: Cursor, time: Expression, isMinus: boolean): Call {
  const interval = expect(cursor, 'INTERVAL', 'before the length of time');
  const length = parseSum(cursor);
  const token = peek(cursor);
  if (!TIME_UNITS.includes(token.word))
    throw unexpected(
      cursor,
      'SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR after INTERVAL n',
      TIME_UNITS,
    );
  take(cursor);
  const place = placeOf(cursor, token);
  const unit: Expression = { kind: 'column', names: [{ text: token.word, place }], place };
  return {
    kind: 'call',
    name: { text: isMinus ? 'date_sub' : 'date_add', place: placeOf(cursor, interval) },
    isStar: false,
    isDistinct: false,
    arguments: [time, length, unit],
    place: placeFrom(cursor, time.place.start),
  };
}
