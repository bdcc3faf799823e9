import { conjuncts } from '../resolve/grouping.ts';
import { partsOf, queryOf } from '../resolve/parts.ts';
import type { Resolved, ResolvedColumn } from '../resolve/resolved.ts';

/** Lines of an explanation: parts beyond are left out. */
const MOST_LINES = 300;

/** One line: a condition, or a part of one. */
export interface Line {
  expression: Resolved;
  depth: number;
  /** Whether parts of it follow. */
  hasParts: boolean;
}

/**
 * Conditions as lines: beneath an OR its parts, beneath an AND within these its own. What words such as
 * cone() were expanded to stays one line, since it stands at one place.
 */
export function linesOf(conditions: readonly Resolved[]): Line[] {
  const lines: Line[] = [];
  for (const one of atOnePlace(conditions)) addLines(one, 0, lines);
  return lines;
}

function addLines(expression: Resolved, depth: number, lines: Line[]): void {
  if (lines.length >= MOST_LINES) return;
  const parts = isMade(expression) ? [] : splitParts(expression);
  lines.push({ expression, depth, hasParts: parts.length > 0 });
  for (const part of parts) addLines(part, depth + 1, lines);
}

function splitParts(expression: Resolved): Resolved[] {
  if (expression.kind !== 'binary') return [];
  if (expression.operator === 'and') return atOnePlace(conjuncts(expression));
  return expression.operator === 'or' ? disjuncts(expression) : [];
}

function disjuncts(expression: Resolved): Resolved[] {
  const isOr = expression.kind === 'binary' && expression.operator === 'or';
  if (!isOr || isMade(expression)) return [expression];
  return [...disjuncts(expression.left), ...disjuncts(expression.right)];
}

/** Whether it was made of one word of the user's: its parts stand where it stands itself. */
function isMade(expression: Resolved): boolean {
  if (expression.kind !== 'binary') return false;
  const { left, right, place } = expression;
  return [left, right].every((one) => placeKey(one.place) === placeKey(place));
}

/** Conditions that were made of one word, together again. */
function atOnePlace(conditions: readonly Resolved[]): Resolved[] {
  const byPlace = new Map<string, Resolved>();
  for (const one of conditions) {
    const key = placeKey(one.place);
    const before = byPlace.get(key);
    byPlace.set(
      key,
      before === undefined
        ? one
        : {
            kind: 'binary',
            operator: 'and',
            left: before,
            right: one,
            type: 'bool',
            place: one.place,
          },
    );
  }
  return [...byPlace.values()];
}

function placeKey({ part, start, end }: Resolved['place']): string {
  return `${part} ${start} ${end}`;
}

/** What a condition goes by: columns of the query's own, and values that sub-queries reckon. */
export function termsOf(expression: Resolved): Resolved[] {
  const terms = new Map<string, Resolved>();
  const note = (one: Resolved) => {
    if (one.kind === 'column') terms.set(columnKey(one), one);
    else if (one.kind === 'subquery') terms.set(`query ${placeKey(one.place)}`, one);
    // What a sub-query takes from around it.
    for (const outer of queryOf(one)?.outerColumns ?? []) note(outer);
    partsOf(one).forEach(note);
  };
  note(expression);
  return [...terms.values()];
}

function columnKey({ table, column }: ResolvedColumn): string {
  return `${table.sqlName}.${column.sqlName}`;
}
