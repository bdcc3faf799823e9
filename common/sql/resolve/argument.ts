import type { Expression } from '../ast.ts';
import { LONGEST_SHORT, signatureOf } from '../functions/signature.ts';
import type { FunctionParameter, SqlFunction } from '../functions/signature.ts';
import { TIME_UNITS } from '../functions/times.ts';
import { closest } from '../suggest.ts';
import { resolveExpression } from './expression.ts';
import { checkNumber, checkTime } from './kinds.ts';
import type { Resolved } from './resolved.ts';
import type { Context } from './scope-of-select.ts';
import { refuse } from './statement.ts';

/** $.key, $[0], $.key[*], $**.key, $."a key": the paths that both servers know. */
const JSON_PATH =
  /^\$(?:\.(?:[A-Za-z_][A-Za-z0-9_]*|\*|"[^"\\]*")|\[(?:\d{1,9}|\*)\]|\*\*(?=[.[]))*$/;
/** Letters that DATE_FORMAT knows after a percent sign. */
const DATE_PATTERN = /^(?:[^%]|%[aAbcdDefhHiIjklmMprsSTuUvVwWxXyY%])*$/;
const SHORT = new RegExp(`^.{0,${LONGEST_SHORT}}$`, 'su');
/** Largest whole number where a function sets no limit of its own. */
const LARGEST_WHOLE = 1_000_000;
/** The earliest time that a number may mean, as YYYYMMDD. */
const EARLIEST_DAY = 10_000_101;

/** @throws {QueryError} if the function cannot do with it. */
export function resolveArgument(
  node: Expression,
  index: number,
  called: SqlFunction,
  context: Context,
): Resolved {
  const { parameters } = called;
  const parameter = parameters[Math.min(index, parameters.length - 1)];
  if (parameter.kind === 'unit') return resolveUnit(node, called);
  const resolved = resolveExpression(node, context);
  switch (parameter.kind) {
    case 'number':
      checkNumber(resolved, called.name);
      break;
    case 'time':
      checkTime(resolved);
      if (resolved.kind === 'number' && !(Number(resolved.digits) >= EARLIEST_DAY)) {
        refuse(`${called.name} wants a date, not a number`, node.place, 'use mjd2timestamp(mjd)');
      }
      break;
    case 'whole':
      checkWhole(node, called, parameter);
      break;
    case 'path':
      checkText(node, called, JSON_PATH, "a path in quotes: '$.key' or '$.list[0]'");
      break;
    case 'format':
      checkText(node, called, DATE_PATTERN, "a pattern in quotes: '%Y-%m-%d %H:%i:%s'");
      break;
    case 'short':
      checkText(node, called, SHORT, `a text in quotes of at most ${LONGEST_SHORT} letters`);
      break;
    default:
  }
  return resolved;
}

function resolveUnit(node: Expression, called: SqlFunction): Resolved {
  const word =
    node.kind === 'column' && node.names.length === 1 ? node.names[0].text.toUpperCase() : '';
  const unit = TIME_UNITS.find((known) => known === word);
  if (unit === undefined) {
    const near = closest(word, TIME_UNITS);
    return refuse(
      `${called.name} wants a unit of time`,
      node.place,
      near === undefined
        ? `write ${signatureOf(called)} with DAY, HOUR ...`
        : `did you mean ${near}?`,
    );
  }
  return { kind: 'word', word: unit, type: 'text', place: node.place };
}

function checkWhole(node: Expression, called: SqlFunction, { name }: FunctionParameter): void {
  const largest = called.largestWhole ?? LARGEST_WHOLE;
  const isWhole = node.kind === 'number' && /^\d+$/.test(node.digits);
  if (isWhole && Number(node.digits) <= largest) return;
  refuse(
    `${name} in ${called.name} is a whole number from 0 to ${largest}, written out`,
    node.place,
    `write ${signatureOf(called)}`,
  );
}

function checkText(node: Expression, called: SqlFunction, form: RegExp, wanted: string): void {
  if (node.kind === 'string' && form.test(node.value)) return;
  refuse(`${called.name} wants ${wanted}`, node.place, `write ${signatureOf(called)}`);
}
