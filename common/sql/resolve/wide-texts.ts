import { partsOf, withParts } from './parts.ts';
import type { Resolved } from './resolved.ts';

/** Whether a text has letters that ASCII does not have. */
export function isWide(value: string): boolean {
  // eslint-disable-next-line no-control-regex -- all of ASCII is meant, control characters too
  return /[^\x00-\x7f]/.test(value);
}

/**
 * The expression with texts such as 'Ü' marked where they meet names that the server keeps in ASCII:
 * it would refuse to compare the two instead of finding them different.
 */
export function widened(expression: Resolved): Resolved {
  if (expression.kind === 'in-query') return widenedOperand(expression);
  const parts = partsOf(expression);
  if (parts.length < 2 || !parts.some(isAsciiText) || !parts.some(isWideText)) return expression;
  // A text that is kept with all letters decides how all are compared.
  if (parts.some(isKeptWide)) return expression;
  return withParts(expression, (part) => (isWideText(part) ? marked(part) : part));
}

/** Of a sub-query after IN it is the operand that is marked: it decides how both are compared. */
function widenedOperand(expression: Extract<Resolved, { kind: 'in-query' }>): Resolved {
  const { operand, query } = expression;
  const [column] = query.columns;
  const doMeet =
    (isAsciiText(operand) && column.isWide === true) || (isWideText(operand) && column.isAscii);
  return doMeet ? { ...expression, operand: marked(operand) } : expression;
}

export function marked(operand: Resolved): Resolved {
  return { kind: 'wide', operand, type: operand.type, place: operand.place };
}

function isKeptWide(part: Resolved): boolean {
  return part.type === 'text' && part.kind !== 'string' && !isAsciiText(part) && !isWideText(part);
}

/** Whether it is a text that the server keeps in ASCII, with the rules of such names. */
export function isAsciiText(expression: Resolved): boolean {
  if (expression.kind === 'column' || expression.kind === 'item') return expression.column.isAscii;
  if (expression.type !== 'text') return false;
  if (expression.kind === 'subquery') return expression.query.columns[0].isAscii;
  return isMadeOf(expression, isAsciiText);
}

/** Whether it is made of texts that are written out, one of them with other letters than ASCII's. */
export function isWideText(expression: Resolved): boolean {
  if (expression.kind === 'string') return isWide(expression.value);
  if (expression.kind === 'column' || expression.kind === 'item') {
    return expression.column.isWide === true;
  }
  if (expression.type !== 'text') return false;
  if (expression.kind === 'subquery') return expression.query.columns[0].isWide === true;
  return isMadeOf(expression, isWideText);
}

/** Whether a call or CASE has such texts in it, and besides them only such as are written out. */
function isMadeOf(expression: Resolved, isOne: (part: Resolved) => boolean): boolean {
  if (!['call', 'case', 'cast'].includes(expression.kind)) return false;
  const parts = partsOf(expression).filter((part) => part.type === 'text');
  return parts.some(isOne) && parts.every((part) => part.kind === 'string' || isOne(part));
}
