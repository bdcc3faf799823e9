import { SURVEYS } from '../../config.ts';
import type { Survey } from '../../config.ts';
import type { Expression, FromItem, Place, TableItem } from '../ast.ts';
import { findTable } from '../dictionary.ts';
import type { DictionaryTable } from '../dictionary.ts';
import { binaryAt, columnAt } from './build.ts';

/** The column that names an object of each survey. */
export const OBJECT_ID: Readonly<Record<Survey, string>> = {
  ztf: 'objectId',
  lsst: 'diaObjectId',
};

/** A table of FROM, with what the dictionary says of it. */
export interface TableInFrom {
  item: TableItem;
  /** As the query calls it. */
  alias: string;
  /** Undefined where there is no such table: whoever resolves names says so. */
  table: DictionaryTable | undefined;
}

/** The table whose objects lists and the tables of the boxes are joined by. */
export interface Anchor {
  alias: string;
  survey: Survey;
}

/** The tables named in an item of FROM, in order; sub-queries are closed. */
export function tablesIn(item: FromItem, survey: Survey): TableInFrom[] {
  if (item.kind === 'join')
    return [...tablesIn(item.left, survey), ...tablesIn(item.right, survey)];
  if (item.kind !== 'table') return [];
  const table = findTable(databaseOf(item, survey), item.name.text);
  return [{ item, alias: (item.alias ?? item.name).text, table }];
}

/** Whether two names are the same to a query. */
export function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** The column by which a table says what object of its own survey a row is about. */
export function objectIdOf(table: DictionaryTable | undefined): string | undefined {
  if (table === undefined || table.database === 'glint') return undefined;
  const column = OBJECT_ID[table.database];
  return table.byName.has(column.toLowerCase()) ? column : undefined;
}

/** That two tables speak of the same object of the survey. */
export function sameObject(survey: Survey, left: string, right: string, place: Place): Expression {
  const id = OBJECT_ID[survey];
  return binaryAt('=', columnAt(place, left, id), columnAt(place, right, id), place);
}

function databaseOf(item: TableItem, survey: Survey): Survey {
  const written = item.database?.text.toLowerCase();
  return SURVEYS.find((name) => name === written) ?? survey;
}
