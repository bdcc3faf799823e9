import type { Survey } from '../../common/config.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectListsOfObject } from '../../common/store/lists/watchlist-results.ts';

const SHOWN = 20;

/** The watchlists that an object is in, as its page shows them: only those that the reader may see. */
export async function watchlistsOfObject(
  db: Queries,
  survey: Survey,
  id: string,
  readerId: number | undefined,
) {
  const found = await selectListsOfObject(db, survey, id, readerId, SHOWN + 1);
  return {
    lists: found.slice(0, SHOWN).map((list) => ({
      ...list,
      ownerName: list.owner ?? 'an account that is gone',
      isOwn: list.userId === readerId,
    })),
    hasMore: found.length > SHOWN,
  };
}
