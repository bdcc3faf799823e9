import { z } from 'zod';

import type { Survey } from '../config.ts';
import { carryNewest } from '../features/ztf/newest.ts';
import { quoteName } from '../schema/ddl.ts';
import { tableOf } from '../schema/tables.ts';
import type { Queries, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('histories.sql', [
  'lockZtfHistories',
  'lockLsstHistories',
  'touchZtfHistories',
  'touchLsstHistories',
  'selectZtfNewest',
  'selectLsstNewest',
  'selectZtfPage',
  'selectLsstPage',
  'countZtfObjects',
  'countLsstObjects',
]);

const IdRow = z.strictObject({ id: z.string() });
const CountRow = z.strictObject({ objects: z.coerce.number() });

type PacketRecord = Readonly<Record<string, unknown>>;

/**
 * Packed histories of these objects, by id, locked until the transaction ends: ingest waits for
 * them, and takes its locks in the same order.
 */
export async function lockHistories(
  tx: Transaction,
  survey: Survey,
  ids: readonly string[],
): Promise<Map<string, Buffer>> {
  const rows = await tx.arrays(survey === 'ztf' ? sql.lockZtfHistories : sql.lockLsstHistories, {
    ids: keysOf(survey, ids),
  });
  return new Map(rows.map(([id, points]) => [id as string, points as Buffer]));
}

/** Has ingest read these objects again, if it has read them ahead: what it knows of them changes. */
export async function touchHistories(
  tx: Transaction,
  survey: Survey,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const statement = survey === 'ztf' ? sql.touchZtfHistories : sql.touchLsstHistories;
  await tx.execute(statement, { ids: keysOf(survey, ids) });
}

/**
 * What the newest packets said of these objects, by id, under the packets' own names: of ZTF's
 * `candidate` only what features use, of Rubin's `diaObject` all that is stored.
 */
export async function selectNewestRecords(
  db: Queries,
  survey: Survey,
  ids: readonly string[],
): Promise<Map<string, PacketRecord>> {
  return survey === 'ztf' ? ztfNewest(db, ids) : lsstNewest(db, ids);
}

/** Ids in the order of the table's key, those after one; '' begins. */
export async function selectObjectPage(
  db: Queries,
  survey: Survey,
  after: string,
  count: number,
): Promise<string[]> {
  const rows =
    survey === 'ztf'
      ? await db.rows(IdRow, sql.selectZtfPage, { after, count })
      : await db.rows(IdRow, sql.selectLsstPage, { after: BigInt(after || -1), count });
  return rows.map((row) => row.id);
}

export async function countObjects(db: Queries, survey: Survey): Promise<number> {
  const statement = survey === 'ztf' ? sql.countZtfObjects : sql.countLsstObjects;
  const [{ objects }] = await db.rows(CountRow, statement);
  return objects;
}

async function ztfNewest(db: Queries, ids: readonly string[]): Promise<Map<string, PacketRecord>> {
  const newest = new Map<string, PacketRecord>();
  for (const row of await db.arrays(sql.selectZtfNewest, { ids: [...ids] })) {
    const [id, sgscore1, distpsnr1, sgmag1, srmag1, ssnamenr] = row;
    const record = { sgscore1, distpsnr1, sgmag1, srmag1, ssnamenr };
    newest.set(id as string, carryNewest(record, newest.get(id as string)));
  }
  return newest;
}

async function lsstNewest(db: Queries, ids: readonly string[]): Promise<Map<string, PacketRecord>> {
  const { columns } = tableOf('lsst', 'diaObjects');
  const rows = await db.arrays(
    sql.selectLsstNewest.replace(
      'COLUMNS',
      columns
        .map(({ name, type }) =>
          type === 'float' ? `CAST(${quoteName(name)} AS DOUBLE)` : quoteName(name),
        )
        .join(', '),
    ),
    { ids: keysOf('lsst', ids) as bigint[] },
  );
  const names = columns.map((column) => column.attribute ?? column.name);
  return new Map(
    rows.map((row) => [
      row[0] as string,
      Object.fromEntries(names.map((name, i) => [name, row[i]])),
    ]),
  );
}

function keysOf(survey: Survey, ids: readonly string[]): string[] | bigint[] {
  return survey === 'ztf' ? [...ids].sort() : ids.map((id) => BigInt(id)).sort(compare);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
