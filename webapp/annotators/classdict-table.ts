import { classdictOf } from './annotation-answer.ts';

/** Rows shown of one classdict; what is beyond is counted. */
const MOST_ROWS = 40;
/** Levels that are shown as rows of their own: deeper ones are shown as JSON. */
const DEEPEST_ROW = 4;
const LONGEST_VALUE = 200;

export interface ClassdictTable {
  rows: { name: string; value: string; isNumber: boolean }[];
  /** Rows that are not shown. */
  more: number;
}

/** What a classdict says, a row for each value: keys within keys stand behind dots. */
export function classdictTable(text: string): ClassdictTable {
  const rows = [...rowsOf(classdictOf(text), [])];
  return { rows: rows.slice(0, MOST_ROWS), more: Math.max(0, rows.length - MOST_ROWS) };
}

function* rowsOf(
  value: Record<string, unknown>,
  path: readonly string[],
): Generator<ClassdictTable['rows'][number]> {
  for (const [key, inner] of Object.entries(value)) {
    const names = [...path, key];
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    if (isObject && names.length < DEEPEST_ROW && Object.keys(inner).length > 0) {
      yield* rowsOf(inner as Record<string, unknown>, names);
    } else {
      const shown = typeof inner === 'string' ? inner : JSON.stringify(inner);
      yield {
        name: names.join('.'),
        value: shown.length > LONGEST_VALUE ? `${shown.slice(0, LONGEST_VALUE)}…` : shown,
        isNumber: typeof inner === 'number',
      };
    }
  }
}
