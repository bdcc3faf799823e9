import { expect } from 'chai';

import { tableOf } from '../../common/schema/tables.ts';
import type { Database } from '../../common/store/database.ts';

export type StoredRow = Record<string, unknown>;

/**
 * All rows of a table, by their keys: 64-bit ids as text, floats with all the digits they have.
 *
 * @param keyColumns - Their values, joined by `/`, are the key.
 */
export async function storedRows(
  db: Database,
  database: 'ztf' | 'lsst',
  table: string,
  keyColumns: string[],
): Promise<Map<string, StoredRow>> {
  const { columns } = tableOf(database, table);
  // As FLOAT the server would write six digits.
  const list = columns.map(({ name, type }) =>
    type === 'float' ? `CAST(\`${name}\` AS DOUBLE)` : `\`${name}\``,
  );
  const rows = await db.arrays(`SELECT ${list.join(', ')} FROM ${database}.${table}`);
  return new Map(
    rows.map((values) => {
      const row = Object.fromEntries(columns.map(({ name }, i) => [name, values[i]]));
      return [keyColumns.map((name) => String(row[name])).join('/'), row];
    }),
  );
}

/** What a packet's value must be in the database. */
export function storedValue(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

/**
 * Compares every attribute of a packet's record with its column.
 *
 * @param renamed - Columns of attributes that have another name there.
 * @param ignored - Attributes that have their reasons to differ.
 * @returns How many were compared.
 */
export function compareColumns(
  database: 'ztf' | 'lsst',
  table: string,
  row: StoredRow | undefined,
  record: Record<string, unknown>,
  where: string,
  renamed: Readonly<Record<string, string>> = {},
  ignored: readonly string[] = [],
): number {
  if (row === undefined) expect.fail(`${where} is not in ${database}.${table}`);
  const columnOf = new Map(
    tableOf(database, table).columns.map(({ name, attribute }) => [attribute ?? name, name]),
  );
  let compared = 0;
  for (const [attribute, value] of Object.entries(record)) {
    if (ignored.includes(attribute)) continue;
    const column = renamed[attribute] ?? columnOf.get(attribute);
    if (column === undefined) expect.fail(`${database}.${table} has no column for ${attribute}`);
    if (row[column] !== storedValue(value))
      expect.fail(
        `${where} ${attribute}: ${String(row[column])} is not ${String(storedValue(value))}`,
      );
    compared++;
  }
  return compared;
}
