import { z } from 'zod';

import { NotFoundError } from '../errors.ts';
import { EMPTY_MOC } from '../moc/moc.ts';
import type { Moc } from '../moc/moc.ts';
import { unpackMoc } from '../moc/pack.ts';
import type { Queries, Transaction } from './database.ts';
import { shortestFloat32 } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';
import { isReadableList } from './watchlists.ts';

const sql = loadSql('watchmaps.sql', [
  'selectWatchmap',
  'listWatchmaps',
  'countWatchmaps',
  'selectMoc',
  'selectActive',
  'holdWatchmap',
]);

const WatchmapRow = z
  .strictObject({
    ar_id: z.int(),
    user_id: z.int(),
    owner: z.string().nullable(),
    name: z.string(),
    description: z.string(),
    active: z.coerce.number(),
    public: z.coerce.number(),
    square_degrees: z.number().nullable(),
    version: z.int(),
    max_order: z.int().nullable(),
    ranges: z.int().nullable(),
    created_at: z.date(),
    updated_at: z.date(),
  })
  .transform((row) => ({
    watchmapId: row.ar_id,
    userId: row.user_id,
    /** Login name of the owner; null if the account is gone. */
    owner: row.owner,
    name: row.name,
    description: row.description,
    active: row.active === 1,
    public: row.public === 1,
    squareDegrees: row.square_degrees === null ? 0 : shortestFloat32(row.square_degrees),
    /** Raised by every change of what it matches. */
    version: row.version,
    /** Order of its smallest cells. */
    order: row.max_order ?? 0,
    ranges: row.ranges ?? 0,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
/** A watchmap, without what it covers. */
export type Watchmap = z.infer<typeof WatchmapRow>;

const CountRow = z.strictObject({ count: z.coerce.number() });
const ActiveRow = z
  .strictObject({ ar_id: z.int(), version: z.int() })
  .transform((row) => ({ watchmapId: row.ar_id, version: row.version }));
/** A watchmap that new alerts are matched with. */
export type ActiveWatchmap = z.infer<typeof ActiveRow>;

export interface WatchmapListOrder {
  /** Whose watchmaps, private ones too; undefined for nobody's in particular. */
  ownerId?: number;
  /** Whether public ones are listed whoever owns them. */
  withPublic?: boolean;
  /** What name, description or owner's name must hold; everything without. */
  find?: string;
  /** Those changed last, or the largest, first; by name without. */
  sort?: 'name' | 'updated' | 'area';
  limit: number;
  offset?: number;
}

/**
 * A watchmap, for somebody who may see it.
 *
 * @param readerId - Account of the reader; undefined for visitors.
 * @throws {NotFoundError} if there is none, and in the same words if it is another's private one.
 */
export async function selectWatchmap(
  db: Queries,
  watchmapId: number,
  readerId: number | undefined,
): Promise<Watchmap> {
  const [watchmap] = await db.rows(WatchmapRow, sql.selectWatchmap, { watchmapId });
  if (watchmap === undefined || !isReadableList(watchmap, readerId)) {
    throw new NotFoundError(`There is no watchmap ${watchmapId} here that you may see.`);
  }
  return watchmap;
}

/** Watchmaps of an owner and, if asked for, everybody's public ones: the owner's first. */
export async function selectWatchmaps(
  db: Queries,
  order: WatchmapListOrder,
): Promise<{ watchmaps: Watchmap[]; total: number }> {
  const values = {
    ownerId: order.ownerId ?? null,
    withPublic: order.withPublic === true ? 1 : 0,
    find: `%${(order.find ?? '').replace(/[\\%_]/g, '\\$&')}%`,
    sort: order.sort ?? 'name',
    limit: order.limit,
    offset: order.offset ?? 0,
  };
  const watchmaps = await db.rows(WatchmapRow, sql.listWatchmaps, values);
  const [{ count }] = await db.rows(CountRow, sql.countWatchmaps, values);
  return { watchmaps, total: count };
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
  return { version: Number(parts[0][0]), moc: unpackMoc(Number(parts[0][1]), packed) };
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
