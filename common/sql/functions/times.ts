import { describeFunctions } from './signature.ts';

/** Words that TIMESTAMPDIFF and its like know. */
export const TIME_UNITS: readonly string[] = [
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

/** Functions of dates and times, all UTC. */
export const TIMES = describeFunctions(
  'scalar',
  `
  NOW() timestamp The moment of the query, UTC.
  UTC_TIMESTAMP() timestamp The moment of the query, UTC.
  CURRENT_TIMESTAMP() timestamp The moment of the query, UTC.
  CURDATE() timestamp The day of the query, UTC.
  CURRENT_DATE() timestamp The day of the query, UTC.
  UTC_DATE() timestamp The day of the query, UTC.
  DATE(t time) timestamp The day of a time.
  TIMESTAMP(t time) timestamp A text as a time.
  YEAR(t time) int Year.
  QUARTER(t time) int Quarter of the year, 1 to 4.
  MONTH(t time) int Month, 1 to 12.
  DAY(t time) int Day of the month.
  DAYOFMONTH(t time) int Day of the month.
  DAYOFYEAR(t time) int Day of the year, from 1.
  DAYOFWEEK(t time) int 1 for Sunday to 7 for Saturday.
  WEEKDAY(t time) int 0 for Monday to 6 for Sunday.
  HOUR(t time) int Hour.
  MINUTE(t time) int Minute.
  SECOND(t time) int Second.
  DATEDIFF(later time, earlier time) int Days between two dates; the hours do not count.
  TIMESTAMPDIFF(unit unit, earlier time, later time) int Whole units between two times: DAY, HOUR, SECOND ...
  TIMESTAMPADD(unit unit, n number, t time) timestamp So many units later.
  DATE_ADD(t time, n number, unit unit) timestamp So many units later.
  DATE_SUB(t time, n number, unit unit) timestamp So many units earlier.
  ADDDATE(t time, days number) timestamp So many days later.
  SUBDATE(t time, days number) timestamp So many days earlier.
  FROM_UNIXTIME(seconds number) timestamp The time of so many seconds since 1970.
  UNIX_TIMESTAMP(t time) decimal Seconds since 1970.
  TO_SECONDS(t time) int Seconds since the beginning of the year 0.
  DATE_FORMAT(t time, format format) text A time in a form of one's own: '%Y-%m-%d %H:%i:%s'.`,
  {
    NOW: { writtenFrom: momentLiteral },
    UTC_TIMESTAMP: { writtenFrom: momentLiteral },
    CURRENT_TIMESTAMP: { writtenFrom: momentLiteral },
    CURDATE: { writtenFrom: dayLiteral },
    CURRENT_DATE: { writtenFrom: dayLiteral },
    UTC_DATE: { writtenFrom: dayLiteral },
    DATE_ADD: { written: 'DATE_ADD($1, INTERVAL $2 $3)' },
    DATE_SUB: { written: 'DATE_SUB($1, INTERVAL $2 $3)' },
  },
);

/** Written out, so that all pages of one query mean the same moment. */
function momentLiteral(now: Date): string {
  return `TIMESTAMP'${now.toISOString().slice(0, 19).replace('T', ' ')}'`;
}

function dayLiteral(now: Date): string {
  return `DATE'${now.toISOString().slice(0, 10)}'`;
}
