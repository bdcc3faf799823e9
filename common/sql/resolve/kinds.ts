import { isNumeric } from '../functions/signature.ts';
import type { Resolved } from './resolved.ts';
import { refuse } from './statement.ts';

/** What the servers read as a number from its first sign to its last. */
const NUMERIC_TEXT = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const TIME_TEXT =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.\d*)?)?)?)?\s*$/;
const COMPACT_TIME_TEXT = /^\s*(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?\s*$/;
/** The earliest day that a number may mean, as YYYYMMDD. */
const EARLIEST_DAY = 10_000_101;

/**
 * Whether two expressions can be compared. Only what is surely a mistake is refused: a text that is
 * no number beside a number, one that is no date beside a time, an MJD beside a time. Digits in
 * quotes are fine.
 */
export function checkComparable(left: Resolved, right: Resolved): void {
  checkBeside(left, right);
  checkBeside(right, left);
}

function checkBeside(known: Resolved, literal: Resolved): void {
  if (literal.kind === 'string' && isNumeric(known.type)) {
    if (NUMERIC_TEXT.test(literal.value)) return;
    const isTruth = known.type === 'bool' && /^(t|f|true|false|y|n|yes|no)$/i.test(literal.value);
    const isName = /^[A-Za-z_]\w*$/.test(literal.value) && isConstant(known);
    refuse(
      `${describe(known)} and '${literal.value}' is a text`,
      literal.place,
      isTruth
        ? 'write 1 for true, 0 for false'
        : isName
          ? `columns stand without quotes: ${literal.value}`
          : 'compare it with a number',
    );
  }
  if (literal.kind === 'boolean' && known.kind === 'column' && known.type === 'text') {
    refuse(
      `${known.column.name} is a text, and never TRUE or FALSE`,
      literal.place,
      "compare it with a text such as 't'",
    );
  }
  if (known.type !== 'timestamp' || isConstant(known)) return;
  if (literal.kind === 'string') checkTime(literal, known);
  if (isNumeric(literal.type) && isConstant(literal) && !isDay(literal)) {
    refuse(
      `${describe(known)}, not a number such as an MJD`,
      literal.place,
      "compare it with a text such as '2026-01-31', or with NOW() - INTERVAL 14 DAY",
    );
  }
}

/** That nobody asks whether something equals NULL: neither yes nor no is the answer, ever. */
export function checkNull(operator: string, left: Resolved, right: Resolved): void {
  const nothing = [left, right].find(({ kind }) => kind === 'null');
  if (nothing === undefined) return;
  refuse(
    `a comparison with NULL is never true`,
    nothing.place,
    operator === '<>' ? 'write IS NOT NULL' : 'write IS NULL, or IS NOT NULL',
  );
}

/** That no number is added to a time: the server would read 20260131235959 for it. */
export function checkDateSum(left: Resolved, right: Resolved): void {
  for (const [time, number] of [
    [left, right],
    [right, left],
  ]) {
    if (time.type !== 'timestamp' || !isNumeric(number.type) || !isConstant(number)) continue;
    refuse(
      'a number of days is not added to a date or taken from it like that',
      number.place,
      'write INTERVAL 7 DAY for a date; for Julian Dates take jdnow() or mjdnow()',
    );
  }
}

/** That a text which stands for a time is one. */
export function checkTime(literal: Resolved, known?: Resolved): void {
  if (literal.kind !== 'string') return;
  if (isTime(literal.value)) return;
  const problem = `'${literal.value}' is no date`;
  refuse(
    known === undefined ? problem : `${describe(known)} and ${problem}`,
    literal.place,
    "write it as '2026-01-31' or '2026-01-31 23:59:59', UTC",
  );
}

/** Whether a text is a day that there is, with a time of day or without. */
function isTime(text: string): boolean {
  const match = TIME_TEXT.exec(text) ?? COMPACT_TIME_TEXT.exec(text);
  if (match === null) return false;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((digits: string | undefined) => (digits === undefined ? undefined : Number(digits)));
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay && hour < 24 && minute < 60 && second < 60;
}

/** That an operand of arithmetic, or a number that a function wants, can be one. */
export function checkNumber(operand: Resolved, what: string): void {
  if (operand.kind !== 'string' || NUMERIC_TEXT.test(operand.value)) return;
  refuse(
    `${what} wants a number, and '${operand.value}' is a text`,
    operand.place,
    'write a number',
  );
}

function describe(known: Resolved): string {
  const name =
    known.kind === 'column' || known.kind === 'item'
      ? known.column.name
      : known.kind === 'number'
        ? known.digits
        : 'what it is compared with';
  if (known.type === 'timestamp') return `${name} is a date and time`;
  return known.type === 'bool' ? `${name} is 1 or 0` : `${name} is a number`;
}

function isDay(literal: Resolved): boolean {
  return literal.kind === 'number' && Number(literal.digits) >= EARLIEST_DAY;
}

/** Whether it is written out of numbers and texts alone. */
export function isConstant(expression: Resolved): boolean {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'null':
    case 'boolean':
    case 'word':
      return true;
    case 'unary':
      return isConstant(expression.operand);
    case 'binary':
      return isConstant(expression.left) && isConstant(expression.right);
    case 'call':
      return (
        expression.called.kind === 'scalar' &&
        expression.arguments.every(isConstant) &&
        expression.called.name !== 'RAND'
      );
    default:
      return false;
  }
}
