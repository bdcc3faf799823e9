import { SURVEYS } from '../../config.ts';
import {
  BARRIER,
  OWNER_COLUMN,
  ownedViewDatabase,
  PUBLIC_COLUMN,
  viewDatabase,
} from '../../schema/views.ts';
import type { ViewDatabase } from '../../schema/views.ts';
import type { FromTable } from '../resolve/resolved.ts';
import { putExpression } from './expression.ts';
import { put, putList, putName } from './output.ts';
import type { Output } from './output.ts';

/**
 * A table of the description as the view that stands for it. Of rows that belong to lists the reader
 * gets those of public lists and of their own, wherever in the query the table is; the rest of the query
 * is kept from all others.
 */
export function putTable(output: Output, table: FromTable): void {
  const { table: described, sqlName } = table;
  if (described === undefined) throw new Error('a sub-query is no table of the description');
  const survey = SURVEYS.find((one) => one === described.database) ?? output.survey;
  if (described.ownedBy === undefined) putView(output, viewDatabase(survey), described.name);
  else putOwned(output, table, () => putView(output, ownedViewDatabase(survey), described.name));
  put(output, ' AS ');
  putName(output, sqlName);
}

function putOwned(output: Output, table: FromTable, putRows: () => void): void {
  const { sqlName, used, narrowing = { conditions: [], isVisible: false } } = table;
  put(output, '(SELECT ');
  if (used.size === 0) put(output, '1 AS `one`');
  else putList(output, used, ', ', (column) => putName(output, column.sqlName));
  put(output, ' FROM ');
  putRows();
  put(output, ' AS ');
  putName(output, sqlName);
  put(output, ' WHERE ');
  for (const condition of narrowing.conditions) {
    putExpression(output, condition);
    put(output, ' AND ');
  }
  put(output, '(');
  putName(output, PUBLIC_COLUMN);
  put(output, ' = 1');
  if (output.reader !== undefined) {
    put(output, ' OR ');
    putName(output, OWNER_COLUMN);
    put(output, ` = ${checkedId(output.reader.userId)}`);
  }
  put(output, narrowing.isVisible ? '))' : `)${BARRIER})`);
}

function putView(output: Output, database: ViewDatabase, name: string): void {
  putName(output, database);
  put(output, '.');
  putName(output, name);
}

function checkedId(userId: number): number {
  if (!Number.isSafeInteger(userId)) throw new Error('the number of an account is a whole number');
  return userId;
}
