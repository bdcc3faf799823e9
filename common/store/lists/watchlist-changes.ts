import { z } from 'zod';

import { InvalidInputError } from '../../errors.ts';
import { MAX_SOURCES_OF_ACCOUNT } from '../../watchlists/watchlist.ts';
import type { Transaction } from '../database.ts';
import type { ListEditor } from './list-changes.ts';
import { raiseGeneration } from './list-generations.ts';
import { loadSql } from '../sql-blocks.ts';
import { checkExtent } from './watchlist-sources.ts';

const sql = loadSql('watchlist-changes.sql', ['raiseVersion', 'sumSources', 'askForMatches']);

const TotalRow = z.strictObject({ total: z.coerce.number() });

/**
 * What every change of what a watchlist matches ends with.
 *
 * @param radiusArcsec - Of sources without a radius of their own.
 * @throws {InvalidInputError} if its cones, or all sources of the owner, become too many.
 */
export async function writeChange(
  tx: Transaction,
  { userId, now }: ListEditor,
  watchlistId: number,
  { radiusArcsec }: { radiusArcsec: number },
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
