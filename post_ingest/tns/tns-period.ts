/** What a list of changes covers, UTC. */
export interface Period {
  from: Date;
  /** The first moment that it does not cover. For a whole list the same as `from`: when it was made. */
  to: Date;
}

const PERIOD =
  /^\ufeff?"?(\d{4}-\d\d-\d\d|\d\d-\d\d-\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?(?:\s*-\s*(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d):(\d\d)(?::(\d\d))?)?\s*"?\s*$/;

/**
 * Reads the line above the header: `2026-02-09 00:00:00` for a whole list, `2026-02-08 00:00 - 23:59`
 * or `2026-02-08 13:00:00 - 13:59:59` for changes.
 *
 * @returns undefined if it is something else.
 */
export function parsePeriod(line: string): Period | undefined {
  const match = PERIOD.exec(line.trim());
  if (match === null) return undefined;
  const [, day, hour, minute, second, lastDay, lastHour, lastMinute, lastSecond] = match as (
    string | undefined
  )[];
  const fullDay = day?.length === 8 ? `20${day}` : day;
  const from = dateOf(fullDay, hour, minute, second);
  if (from === undefined) return undefined;
  if (lastHour === undefined) return { from, to: from };
  const last = dateOf(lastDay ?? fullDay, lastHour, lastMinute, lastSecond);
  if (last === undefined || last < from) return undefined;
  // The last minute or second that is named is covered to its end.
  const step = lastSecond === undefined ? 60_000 : 1_000;
  return { from, to: new Date(last.getTime() + step) };
}

function dateOf(day = '', hour = '00', minute = '00', second = '00'): Date | undefined {
  const date = new Date(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
