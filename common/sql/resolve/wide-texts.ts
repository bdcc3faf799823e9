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
  const parts = partsOf(expression);
  if (parts.length < 2 || !parts.some(isAsciiText) || !parts.some(isWideConstant)) {
    return expression;
  }
  return withParts(expression, (part) =>
    isWideConstant(part)
      ? { kind: 'wide', operand: part, type: part.type, place: part.place }
      : part,
  );
}

/** Whether it is a text that the server keeps in ASCII, with the rules of such names. */
export function isAsciiText(expression: Resolved): boolean {
  if (expression.kind === 'column' || expression.kind === 'item') return expression.column.isAscii;
  if (expression.type !== 'text') return false;
  if (expression.kind === 'subquery') return expression.query.columns[0].isAscii;
  if (expression.kind !== 'call' && expression.kind !== 'case') return false;
  const parts = partsOf(expression).filter((part) => part.type === 'text');
  return parts.some(isAsciiText) && parts.every((part) => isAsciiText(part) || isLiteral(part));
}

/** Whether it is made of texts that are written out, one of them with other letters than ASCII's. */
export function isWideConstant(expression: Resolved): boolean {
  if (expression.kind === 'string') return isWide(expression.value);
  if (expression.kind !== 'call' && expression.kind !== 'case') return false;
  const parts = partsOf(expression);
  return (
    parts.some(isWideConstant) && parts.every((part) => isLiteral(part) || isWideConstant(part))
  );
}

function isLiteral(expression: Resolved): boolean {
  return ['string', 'number', 'null', 'boolean'].includes(expression.kind);
}
