import { z } from 'zod';

import { NotFoundError } from '../errors.ts';
import type { Queries } from './database.ts';
import { shortestFloat32 } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('watchlists.sql', ['selectWatchlist', 'listWatchlists', 'countWatchlists']);

const WatchlistRow = z
  .strictObject({
    wl_id: z.int(),
    user_id: z.int(),
    owner: z.string().nullable(),
    name: z.string(),
    description: z.string(),
    active: z.coerce.number(),
    public: z.coerce.number(),
    radius: z.number(),
    version: z.int(),
    created_at: z.date(),
    updated_at: z.date(),
    sources: z.int(),
  })
  .transform((row) => ({
    watchlistId: row.wl_id,
    userId: row.user_id,
    /** Login name of the owner; null if the account is gone. */
    owner: row.owner,
    name: row.name,
    description: row.description,
    active: row.active === 1,
    public: row.public === 1,
    /** Of sources without one of their own. */
    radiusArcsec: shortestFloat32(row.radius),
    /** Raised by every change of what it matches. */
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    sources: row.sources,
  }));
/** A watchlist, without its sources. */
export type Watchlist = z.infer<typeof WatchlistRow>;

const CountRow = z.strictObject({ count: z.coerce.number() });

export interface WatchlistListOrder {
  /** Whose lists, private ones too; undefined for nobody's in particular. */
  ownerId?: number;
  /** Whether public lists are listed whoever owns them. */
  withPublic?: boolean;
  /** What name, description or owner's name must hold; everything without. */
  find?: string;
  /** Those changed last or with most sources first; by name without. */
  sort?: 'name' | 'updated' | 'sources';
  limit: number;
  offset?: number;
}

/** The one rule about private lists: they are their owner's alone. */
export function isReadableList(
  list: Pick<Watchlist, 'userId' | 'public'>,
  readerId: number | undefined,
): boolean {
  return list.public || (readerId !== undefined && list.userId === readerId);
}

/**
 * A watchlist, for somebody who may see it.
 *
 * @param readerId - Account of the reader; undefined for visitors.
 * @throws {NotFoundError} if there is none, and in the same words if it is another's private one.
 */
export async function selectWatchlist(
  db: Queries,
  watchlistId: number,
  readerId: number | undefined,
): Promise<Watchlist> {
  const [list] = await db.rows(WatchlistRow, sql.selectWatchlist, { watchlistId });
  if (list === undefined || !isReadableList(list, readerId)) {
    throw new NotFoundError(`There is no watchlist ${watchlistId} here that you may see.`);
  }
  return list;
}

/** Lists of an owner and, if asked for, everybody's public ones: the owner's first, then in the order asked for. */
export async function selectWatchlists(
  db: Queries,
  order: WatchlistListOrder,
): Promise<{ lists: Watchlist[]; total: number }> {
  const values = {
    ownerId: order.ownerId ?? null,
    withPublic: order.withPublic === true ? 1 : 0,
    find: `%${(order.find ?? '').replace(/[\\%_]/g, '\\$&')}%`,
    sort: order.sort ?? 'name',
    limit: order.limit,
    offset: order.offset ?? 0,
  };
  const lists = await db.rows(WatchlistRow, sql.listWatchlists, values);
  const [{ count }] = await db.rows(CountRow, sql.countWatchlists, values);
  return { lists, total: count };
}
