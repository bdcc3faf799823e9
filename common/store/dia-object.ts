import { tableOf } from '../schema/tables.ts';
import type { Queries } from './database.ts';
import { readWholeRows } from './row-reader.ts';
import type { Scalar } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('dia-object.sql', ['selectRecord']);
const ROWS = readWholeRows(tableOf('lsst', 'diaObjects'));

/** Rubin's own record of an object, from its newest alert; undefined where there is none. */
export async function selectLsstRecord(
  db: Queries,
  diaObjectId: string,
): Promise<Record<string, Scalar> | undefined> {
  const statement = sql.selectRecord.replace('COLUMNS', ROWS.columns);
  const [row] = await db.rows(ROWS.row, statement, { id: BigInt(diaObjectId) });
  return row;
}
