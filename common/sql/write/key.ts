import type { Resolved } from '../resolve/resolved.ts';
import { putExpression } from './expression.ts';
import type { Output } from './output.ts';

/** The same text for two expressions that mean the same because they are the same. */
export function keyOf(expression: Resolved): string {
  const output: Output = {
    dialect: 'mariadb',
    now: new Date(0),
    survey: 'ztf',
    reader: undefined,
    sql: '',
    parameters: [],
  };
  putExpression(output, expression);
  return JSON.stringify([output.sql, output.parameters]);
}
