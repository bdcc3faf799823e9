import { SURVEYS } from '../../config.ts';
import type { Survey } from '../../config.ts';
import { OWNER_COLUMN, PUBLIC_COLUMN, viewDatabase } from '../../schema/views.ts';
import type { FromTable } from '../resolve/resolved.ts';
import { put, putList, putName } from './output.ts';
import type { Output } from './output.ts';

/**
 * A table of the description as the view that stands for it. Of rows that belong to lists the reader
 * gets those of public lists and of their own, wherever in the query the table is.
 */
export function putTable(output: Output, { table, sqlName, used }: FromTable): void {
  if (table === undefined) throw new Error('a sub-query is no table of the description');
  const survey = SURVEYS.find((one) => one === table.database) ?? output.survey;
  if (table.ownedBy === undefined) putView(output, survey, table.name);
  else {
    put(output, '(SELECT ');
    if (used.size === 0) put(output, '1 AS `one`');
    else putList(output, used, ', ', (column) => putName(output, column.sqlName));
    put(output, ' FROM ');
    putView(output, survey, table.name);
    put(output, ' WHERE ');
    putName(output, PUBLIC_COLUMN);
    put(output, ' = 1');
    if (output.reader !== undefined) {
      put(output, ' OR ');
      putName(output, OWNER_COLUMN);
      put(output, ` = ${checkedId(output.reader.userId)}`);
    }
    put(output, ')');
  }
  put(output, ' AS ');
  putName(output, sqlName);
}

function putView(output: Output, survey: Survey, name: string): void {
  putName(output, viewDatabase(survey));
  put(output, '.');
  putName(output, name);
}

function checkedId(userId: number): number {
  if (!Number.isSafeInteger(userId)) throw new Error('the number of an account is a whole number');
  return userId;
}
