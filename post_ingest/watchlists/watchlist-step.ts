import { holdGeneration } from '../../common/store/lists/list-generations.ts';
import { replaceHits } from '../../common/store/lists/watchlist-hits.ts';
import type { WatchlistHit } from '../../common/store/lists/watchlist-hits.ts';
import { findHits } from '../../common/watchlists/cone-index.ts';
import type { PlacedObject, Step } from '../steps/step.ts';
import { freshLists } from './held-lists.ts';
import type { HeldLists } from './held-lists.ts';

/**
 * Finds which objects are near sources of watchlists that are on. A list counts from the moment it is
 * saved: objects stored after it are matched here, those before it by `matchPast`.
 */
export const watchlistStep: Step = {
  name: 'watchlists',
  isExact: true,
  async find(db, survey, objects) {
    const lists = await freshLists(db);
    const found = hitsOf(lists, objects);
    const ids = objects.map((object) => object.id);
    return {
      facts: new Map(),
      async write(tx) {
        const generation = await holdGeneration(tx, 'watchlist');
        if (generation === lists.generation) {
          await replaceHits(tx, survey, ids, lists.versions, found);
          return;
        }
        // A list was changed since: whoever matches the past for it cannot see these objects yet.
        const fresh = await freshLists(db, tx);
        await replaceHits(tx, survey, ids, fresh.versions, hitsOf(fresh, objects));
      },
    };
  },
};

function hitsOf({ index }: HeldLists, objects: readonly PlacedObject[]): WatchlistHit[] {
  return findHits(index, objects).map(({ place, ...hit }) => ({
    objectId: objects[place].id,
    ...hit,
  }));
}
