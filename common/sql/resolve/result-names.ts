import type { Expression, Name } from '../ast.ts';
import type { Statement } from './statement.ts';

/** Longest name of a column of a result: what MySQL allows. */
const LONGEST_NAME = 64;

/**
 * Names of a result's columns, each different from the others without regard to case, because rows
 * become dictionaries and files: the first of a name keeps it, the next have their table's name
 * before it (`o.objectId, c.objectId` are objectId and c_objectId), the rest a number behind it.
 */
export function uniqueNames(
  wanted: readonly { name: string; table: string | undefined }[],
): string[] {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return wanted.map(({ name, table }) => {
    let unique = name;
    if (taken.has(unique.toLowerCase()) && table !== undefined) unique = `${table}_${name}`;
    const base = unique;
    const lowerBase = base.toLowerCase();
    while (taken.has(unique.toLowerCase())) {
      const count = (counts.get(lowerBase) ?? 1) + 1;
      counts.set(lowerBase, count);
      unique = `${base}_${count}`;
    }
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/**
 * What an item of SELECT is called, as MySQL does it: by its alias, by the column's name as the user
 * wrote it, or by the words of the expression.
 */
export function itemName(
  expression: Expression,
  alias: Name | undefined,
  statement: Statement,
): { name: string; called: string | undefined } {
  if (alias !== undefined) return { name: alias.text, called: alias.text };
  if (expression.kind === 'column') {
    const { text } = expression.names[expression.names.length - 1];
    return { name: text, called: text };
  }
  const words = statement.wordsAt(expression.place);
  return { name: words === '' ? 'value' : words.slice(0, LONGEST_NAME), called: undefined };
}
