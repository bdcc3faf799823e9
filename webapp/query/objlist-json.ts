import type { QueryAnswer } from '../../common/queries/query-request.ts';
import type { ResultColumn } from '../../common/sql/ast.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import { valueText } from './result-cells.ts';

/**
 * Rows as Lasair's page gave them in 2019: an array of dictionaries without anything around it, ids
 * as bare digits, times as `2019-05-01 10:22:33`, NULL as null. Of two columns of one name the last
 * counts.
 */
export function objlistJson({ columns, rows }: QueryAnswer): string {
  const names = columns.map(({ name }) => JSON.stringify(name));
  const lines = rows.map((row) => {
    const cells = new Map(row.map((value, i) => [names[i], jsonValue(columns[i], value)]));
    return `{${[...cells].map(([name, value]) => `${name}: ${value}`).join(', ')}}`;
  });
  return `[${lines.join(',\n')}]\n`;
}

function jsonValue(column: ResultColumn, value: Scalar): string {
  if (value === null) return 'null';
  const text = valueText(column, value);
  if (column.type === 'id' || column.type === 'bool') return isNumber(text) ? text : quote(text);
  if (typeof value === 'number') return text;
  return column.type === 'decimal' && isNumber(text) ? text : quote(text);
}

function isNumber(text: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
