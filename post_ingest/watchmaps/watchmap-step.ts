import type { Survey } from '../../common/config.ts';
import { matchPositions, orderOnSky } from '../../common/moc/match-positions.ts';
import type { Queries, Transaction } from '../../common/store/database.ts';
import { holdGeneration } from '../../common/store/lists/list-generations.ts';
import {
  deleteWatchmapHits,
  insertWatchmapHits,
  selectHitsOfObjects,
} from '../../common/store/lists/watchmap-hits.ts';
import type { WatchmapHit } from '../../common/store/lists/watchmap-hits.ts';
import type { PlacedObject, Step } from '../steps/step.ts';
import { freshWatchmaps } from './held-watchmaps.ts';
import type { HeldWatchmaps } from './held-watchmaps.ts';

/** Finds out in which watchmaps objects are that are new or not exactly where they were. */
export const watchmapStep: Step = {
  name: 'watchmaps',
  isExact: true,
  async find(db, survey, objects) {
    const before = await freshWatchmaps(db);
    const found = findHits(before, objects);
    return {
      facts: new Map(),
      async write(tx) {
        // From here on no watchmap changes, until what is stored here is there for all to see.
        const generation = await holdGeneration(tx, 'area');
        const isSame = before.generation === generation;
        const held = isSame ? before : await freshWatchmaps(db, tx);
        await settleHits(tx, survey, objects, held, isSame ? found : findHits(held, objects));
      },
    };
  },
};

/** Every active watchmap with the objects that lie in it. */
function findHits({ watchmaps }: HeldWatchmaps, objects: readonly PlacedObject[]): WatchmapHit[] {
  const hits: WatchmapHit[] = [];
  if (watchmaps.size === 0) return hits;
  const ordered = orderOnSky(objects);
  for (const [watchmapId, { moc }] of watchmaps) {
    matchPositions(ordered, moc, (place) => hits.push({ watchmapId, id: objects[place].id }));
  }
  return hits;
}

/** Makes the stored hits of these objects those found; those of watchmaps that are off stay. */
async function settleHits(
  tx: Transaction,
  survey: Survey,
  objects: readonly PlacedObject[],
  { watchmaps }: HeldWatchmaps,
  found: readonly WatchmapHit[],
): Promise<void> {
  if (watchmaps.size === 0) return;
  const stored = await storedHits(tx, survey, objects);
  const wanted = new Set(found.map(keyOf));
  const known = new Set(stored.map(keyOf));
  const isLeft = (hit: WatchmapHit) => watchmaps.has(hit.watchmapId) && !wanted.has(keyOf(hit));
  await deleteWatchmapHits(tx, survey, stored.filter(isLeft));
  await insertWatchmapHits(
    tx,
    survey,
    found.filter((hit) => !known.has(keyOf(hit))),
  );
}

function storedHits(
  db: Queries,
  survey: Survey,
  objects: readonly PlacedObject[],
): Promise<WatchmapHit[]> {
  return selectHitsOfObjects(
    db,
    survey,
    objects.map(({ id }) => id),
  );
}

function keyOf({ watchmapId, id }: WatchmapHit): string {
  return `${watchmapId}/${id}`;
}
