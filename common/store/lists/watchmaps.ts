import { z } from 'zod';

import { EMPTY_MOC } from '../../moc/moc.ts';
import type { Moc } from '../../moc/moc.ts';
import { unpackMoc } from '../../moc/pack.ts';
import type { Queries, Transaction } from '../database.ts';
import {
  LIST_COLUMNS,
  listOfRow,
  selectLists,
  selectOwnList,
  selectReadableList,
} from './owned-lists.ts';
import type { ListOrder, ListTable } from './owned-lists.ts';
import { shortestFloat32 } from '../row-reader.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('watchmaps.sql', [
  'selectWatchmap',
  'listWatchmaps',
  'countWatchmaps',
  'lockWatchmap',
  'selectNames',
  'selectMoc',
  'selectActive',
  'holdWatchmap',
]);

const WatchmapRow = z
  .strictObject({
    ...LIST_COLUMNS,
    ar_id: z.int(),
    square_degrees: z.number().nullable(),
    max_order: z.int().nullable(),
    ranges: z.int().nullable(),
  })
  .transform((row) => ({
    watchmapId: row.ar_id,
    ...listOfRow(row),
    squareDegrees: row.square_degrees === null ? 0 : shortestFloat32(row.square_degrees),
    /** Order of its smallest cells. */
    order: row.max_order ?? 0,
    ranges: row.ranges ?? 0,
  }));
/** A watchmap, without what it covers. */
export type Watchmap = z.infer<typeof WatchmapRow>;

const ActiveRow = z
  .strictObject({ ar_id: z.int(), version: z.int() })
  .transform((row) => ({ watchmapId: row.ar_id, version: row.version }));
/** A watchmap that new alerts are matched with. */
export type ActiveWatchmap = z.infer<typeof ActiveRow>;

export const WATCHMAPS: ListTable<Watchmap> = {
  kind: 'area',
  noun: 'watchmap',
  row: WatchmapRow,
  select: sql.selectWatchmap,
  page: sql.listWatchmaps,
  count: sql.countWatchmaps,
  lock: sql.lockWatchmap,
  names: sql.selectNames,
};

/** A watchmap, for somebody who may see it. @throws as `selectReadableList`. */
export function selectWatchmap(
  db: Queries,
  watchmapId: number,
  readerId: number | undefined,
): Promise<Watchmap> {
  return selectReadableList(db, WATCHMAPS, watchmapId, readerId);
}

/** A watchmap, for its owner. @throws as `selectOwnList`. */
export function selectOwnWatchmap(
  db: Queries,
  watchmapId: number,
  userId: number,
): Promise<Watchmap> {
  return selectOwnList(db, WATCHMAPS, watchmapId, userId);
}

/** Watchmaps of an owner, and public ones, as `selectLists`. */
export function selectWatchmaps(
  db: Queries,
  order: ListOrder,
): Promise<{ lists: Watchmap[]; total: number }> {
  return selectLists(db, WATCHMAPS, order);
}

/**
 * What a watchmap covers, whoever asks, and of which version; undefined if there is none. A watchmap
 * that something else put into the table may cover nothing.
 */
export async function selectMoc(
  db: Queries,
  watchmapId: number,
): Promise<{ version: number; moc: Moc } | undefined> {
  const parts = await db.arrays(sql.selectMoc, { watchmapId });
  if (parts.length === 0) return undefined;
  const packed = parts.map(([, , moc]) => moc as Buffer);
  return { version: Number(parts[0][0]), moc: await unpackMoc(Number(parts[0][1]), packed) };
}

/** The same for somebody who may see the watchmap: empty where nothing was stored. */
export async function selectCoverage(db: Queries, watchmap: Watchmap): Promise<Moc> {
  return (await selectMoc(db, watchmap.watchmapId))?.moc ?? EMPTY_MOC;
}

/** All watchmaps that are on. */
export function selectActiveWatchmaps(db: Queries): Promise<ActiveWatchmap[]> {
  return db.rows(ActiveRow, sql.selectActive);
}

/** Version of a watchmap, which does not change until the transaction ends; undefined if it is gone. */
export async function holdWatchmap(
  tx: Transaction,
  watchmapId: number,
): Promise<number | undefined> {
  const [row] = await tx.arrays(sql.holdWatchmap, { watchmapId });
  return row === undefined ? undefined : Number(row[0]);
}
