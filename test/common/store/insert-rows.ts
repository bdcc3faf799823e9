import { quoteName, tableName } from '../../../common/schema/ddl.ts';
import { tableOf } from '../../../common/schema/tables.ts';
import type { Column, DatabaseName } from '../../../common/schema/types.ts';
import type { ParameterValue, Queries } from '../../../common/store/database.ts';

type Row = Record<string, ParameterValue>;

/**
 * Inserts rows of which only the columns that matter are named: required ones that are not named
 * get a harmless value of their type.
 */
export async function insertRows(
  db: Queries,
  database: DatabaseName,
  name: string,
  rows: Row[],
): Promise<void> {
  const table = tableOf(database, name);
  const columns = table.columns.filter(
    (column) =>
      rows.some((row) => column.name in row) ||
      (column.required === true && column.default === undefined && column.autoIncrement !== true),
  );
  for (const row of rows) {
    const unknown = Object.keys(row).find((key) => !columns.some((column) => column.name === key));
    if (unknown !== undefined) throw new Error(`${database}.${name} has no column ${unknown}`);
  }
  const values = rows.map((row) =>
    columns.map((column) => (column.name in row ? row[column.name] : harmless(column))),
  );
  await db.execute(
    `INSERT INTO ${tableName(table)} (${columns.map((each) => quoteName(each.name)).join(', ')}) VALUES :values`,
    { values },
  );
}

function harmless({ type, required }: Column): ParameterValue {
  if (required !== true) return null;
  if (type === 'timestamp') return new Date('2026-03-01T00:00:00Z');
  if (type === 'json') return '{}';
  if (typeof type === 'object' || type === 'blob') return '';
  return 0;
}
