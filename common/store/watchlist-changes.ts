import { z } from 'zod';

import { ForbiddenError, InvalidInputError, NotFoundError } from '../errors.ts';
import {
  MAX_LIST_NAME_LENGTH,
  MAX_LISTS,
  MAX_SOURCES_OF_ACCOUNT,
} from '../watchlists/watchlist.ts';
import type { WatchlistSettings } from '../watchlists/watchlist.ts';
import type { Transaction } from './database.ts';
import { raiseGeneration } from './list-generations.ts';
import { shortestFloat32 } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';
import { lockUser } from './users.ts';
import { checkExtent } from './watchlist-sources.ts';

const sql = loadSql('watchlist-changes.sql', [
  'lockWatchlist',
  'selectNames',
  'raiseVersion',
  'sumSources',
  'askForMatches',
]);

const NameRow = z.strictObject({ wl_id: z.int(), name: z.string() });
const TotalRow = z.strictObject({ total: z.coerce.number() });
const LockedRow = z
  .strictObject({
    wl_id: z.int(),
    user_id: z.int(),
    name: z.string(),
    description: z.string(),
    active: z.coerce.number(),
    public: z.coerce.number(),
    radius: z.number(),
    sources: z.int(),
  })
  .transform((row) => ({
    watchlistId: row.wl_id,
    userId: row.user_id,
    sources: row.sources,
    settings: {
      name: row.name,
      description: row.description,
      active: row.active === 1,
      public: row.public === 1,
      radiusArcsec: shortestFloat32(row.radius),
    } satisfies WatchlistSettings,
  }));
type LockedList = z.infer<typeof LockedRow>;

/** Who changes a list, and when. Lists are changed by their owners alone; staff is no exception. */
export interface ListEditor {
  userId: number;
  now: Date;
}

/** One list of an owner is changed at a time, so that limits and names hold. */
export async function lockOwnList(
  tx: Transaction,
  { userId }: ListEditor,
  watchlistId: number,
): Promise<LockedList> {
  await lockUser(tx, userId);
  const [list] = await tx.rows(LockedRow, sql.lockWatchlist, { watchlistId });
  if (list?.userId === userId) return list;
  if (list?.settings.public !== true) {
    throw new NotFoundError(`There is no watchlist ${watchlistId} here that you may see.`);
  }
  throw new ForbiddenError('This watchlist is another’s: copy it, and change the copy.');
}

export async function checkName(
  tx: Transaction,
  { userId }: ListEditor,
  name: string,
  watchlistId: number | undefined,
): Promise<void> {
  const taken = await tx.rows(NameRow, sql.selectNames, { userId });
  if (watchlistId === undefined && taken.length >= MAX_LISTS) {
    throw new InvalidInputError(
      `You keep ${taken.length} watchlists, as many as an account may: delete one that you no longer need.`,
    );
  }
  const others = taken.filter((row) => row.wl_id !== watchlistId);
  if (others.some((row) => nameKey(row.name) === nameKey(name))) {
    throw new InvalidInputError(
      `There is a watchlist called “${name}” among yours: choose another name.`,
    );
  }
}

/** What every change of what a list matches ends with. */
export async function writeChange(
  tx: Transaction,
  { userId, now }: ListEditor,
  watchlistId: number,
  { radiusArcsec }: WatchlistSettings,
): Promise<void> {
  const sources = await checkExtent(tx, watchlistId, radiusArcsec);
  await tx.execute(sql.raiseVersion, { watchlistId, sources, now });
  const [{ total }] = await tx.rows(TotalRow, sql.sumSources, { userId });
  if (total > MAX_SOURCES_OF_ACCOUNT) {
    throw new InvalidInputError(
      `Your watchlists would have ${total} sources together; the most are ${MAX_SOURCES_OF_ACCOUNT}: delete what you no longer need.`,
    );
  }
  await tx.execute(sql.askForMatches, { watchlistId, now });
  await raiseGeneration(tx, 'watchlist');
}

function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The name itself where the owner has none of it, else with a number behind it. */
export async function freeName(
  tx: Transaction,
  { userId }: ListEditor,
  wanted: string,
): Promise<string> {
  const taken = await tx.rows(NameRow, sql.selectNames, { userId });
  const keys = new Set(taken.map(({ name }) => nameKey(name)));
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : ` (${number})`;
    const name = `${wanted.slice(0, MAX_LIST_NAME_LENGTH - ending.length).trimEnd()}${ending}`;
    if (!keys.has(nameKey(name))) return name;
  }
}
