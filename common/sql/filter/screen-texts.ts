import { isWide } from '../resolve/wide-texts.ts';
import type { Resolved } from '../resolve/resolved.ts';
import type { Layout } from './screen-numbers.ts';
import { ANY, FALSE, NULL, TRUE, truth } from './truth.ts';
import type { Test } from './truth.ts';

/** Letters that every collation tells apart in the same way, but for their case. */
const PLAIN = /^[A-Za-z0-9 ]*$/;
const PLAIN_PATTERN = /^[A-Za-z0-9 %_]*$/;

export function textOperand(expression: Resolved): boolean {
  return expression.type === 'text';
}

type Membership = Pick<Extract<Resolved, { kind: 'in' }>, 'operand' | 'values'>;

/**
 * Whether a text is one of several that are written out. Names in ASCII are compared letter by letter;
 * of texts for people only what no collation finds equal is surely different. Blanks at the end never
 * count.
 */
export function textIn({ operand, values }: Membership, layout: Layout): Test | undefined {
  if (operand.kind !== 'column' || operand.type !== 'text') return undefined;
  const at = layout.indexOf(operand);
  if (at === undefined) return undefined;
  const texts: string[] = [];
  for (const value of values) {
    if (value.kind !== 'string') return undefined;
    texts.push(withoutBlanks(value.value));
  }
  if (operand.column.isAscii) {
    if (texts.some(isWide)) return undefined;
    const known = new Set(texts);
    return (row) => {
      const value = row[at];
      return typeof value === 'string' ? truth(known.has(withoutBlanks(value))) : NULL;
    };
  }
  const folded = new Set(texts.map(fold));
  const isAllPlain = texts.every((text) => PLAIN.test(text));
  return (row) => {
    const value = row[at];
    if (typeof value !== 'string') return NULL;
    if (!isAllPlain || !PLAIN.test(value)) return TRUE | FALSE;
    return truth(folded.has(fold(value)));
  };
}

function withoutBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === ' ') end--;
  return end === text.length ? text : text.slice(0, end);
}

function fold(text: string): string {
  return withoutBlanks(text).toLowerCase();
}

/** `tns_type LIKE 'SN%'`, over columns and patterns that are written out. */
export function textLike(
  { operand, pattern }: Extract<Resolved, { kind: 'like' }>,
  layout: Layout,
): Test | undefined {
  if (operand.kind !== 'column' || operand.type !== 'text') return undefined;
  const at = layout.indexOf(operand);
  if (at === undefined || pattern.kind !== 'string') return undefined;
  const { isAscii } = operand.column;
  const written = pattern.value;
  // What a backslash at an odd place means is the server's own matter.
  if (!(isAscii ? !isWide(written) && !written.includes('\\') : PLAIN_PATTERN.test(written))) {
    return undefined;
  }
  const wanted = isAscii ? written : written.toLowerCase();
  return (row) => {
    const value = row[at];
    if (typeof value !== 'string') return NULL;
    if (isAscii) return truth(isLike(value, wanted));
    return PLAIN.test(value) ? truth(isLike(value.toLowerCase(), wanted)) : ANY & ~NULL;
  };
}

/** In time of length times length at the most, whatever the pattern. */
function isLike(text: string, pattern: string): boolean {
  let [at, inPattern] = [0, 0];
  // Where the last % was, and where the text went on behind it.
  let [star, resume] = [-1, 0];
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '%') {
      star = inPattern++;
      resume = at;
    } else if (wanted === '_' || (wanted !== undefined && wanted === text[at])) {
      at++;
      inPattern++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[inPattern] === '%') inPattern++;
  return inPattern === pattern.length;
}
