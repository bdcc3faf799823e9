import { z } from 'zod';

import type { CompiledQuery } from '../../sql/compile.ts';
import type { Queries } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';
import { selectParents } from './select-tree.ts';

const sql = loadSql('table-sizes.sql', ['selectTableRows']);

/** How long a size is believed: no table doubles meanwhile. */
const KEPT_MS = 10 * 60_000;
/** What the server tells is an estimate. */
const DOUBT = 2;

const SizeRow = z.strictObject({ estimate: z.coerce.number().nullable() });

/** Rows of a table, about; undefined where the server does not tell. */
export type TableSizes = (database: string, table: string) => Promise<number | undefined>;

/** Asks for the size of each table now and then. */
export function createTableSizes(db: Queries): TableSizes {
  const kept = new Map<string, { size: Promise<number | undefined>; at: number }>();
  const ask = async (database: string, table: string) => {
    const [row] = await db.rows(SizeRow, sql.selectTableRows, { database, table });
    return row?.estimate ?? undefined;
  };
  return (database, table) => {
    const name = `${database}.${table}`;
    const known = kept.get(name);
    if (known !== undefined && performance.now() - known.at < KEPT_MS) return known.size;
    const size = ask(database, table);
    kept.set(name, { size, at: performance.now() });
    size.catch(() => kept.delete(name));
    return size;
  };
}

/**
 * Whether a query cannot look at too many rows, however the server goes about it: one SELECT from one
 * table reads each row once at the most. It need not be explained.
 */
export async function isModest(
  { tables, sql: text }: Pick<CompiledQuery, 'tables' | 'sql'>,
  sizeOf: TableSizes,
  maxRows: number,
): Promise<boolean> {
  if (tables.length > 1 || selectParents(text).size !== 1) return false;
  const sizes = await Promise.all(tables.map(({ database, table }) => sizeOf(database, table)));
  return sizes.every((size) => size !== undefined && DOUBT * size <= maxRows);
}
