import { z } from 'zod';

import type { Queries } from '../database.ts';
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

const sql = loadSql('watchlists.sql', [
  'selectWatchlist',
  'listWatchlists',
  'countWatchlists',
  'lockWatchlist',
  'selectNames',
]);

const WatchlistRow = z
  .strictObject({ ...LIST_COLUMNS, wl_id: z.int(), radius: z.number(), sources: z.int() })
  .transform((row) => ({
    watchlistId: row.wl_id,
    ...listOfRow(row),
    /** Of sources without one of their own. */
    radiusArcsec: shortestFloat32(row.radius),
    sources: row.sources,
  }));
/** A watchlist, without its sources. */
export type Watchlist = z.infer<typeof WatchlistRow>;

export const WATCHLISTS: ListTable<Watchlist> = {
  kind: 'watchlist',
  noun: 'watchlist',
  row: WatchlistRow,
  select: sql.selectWatchlist,
  page: sql.listWatchlists,
  count: sql.countWatchlists,
  lock: sql.lockWatchlist,
  names: sql.selectNames,
};

/** A watchlist, for somebody who may see it. @throws as `selectReadableList`. */
export function selectWatchlist(
  db: Queries,
  watchlistId: number,
  readerId: number | undefined,
): Promise<Watchlist> {
  return selectReadableList(db, WATCHLISTS, watchlistId, readerId);
}

/** A watchlist, for its owner. @throws as `selectOwnList`. */
export function selectOwnWatchlist(
  db: Queries,
  watchlistId: number,
  userId: number,
): Promise<Watchlist> {
  return selectOwnList(db, WATCHLISTS, watchlistId, userId);
}

/** Watchlists of an owner, and public ones, as `selectLists`. */
export function selectWatchlists(
  db: Queries,
  order: ListOrder,
): Promise<{ lists: Watchlist[]; total: number }> {
  return selectLists(db, WATCHLISTS, order);
}
