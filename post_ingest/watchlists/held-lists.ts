import type { Queries } from '../../common/store/database.ts';
import { selectGeneration } from '../../common/store/lists/list-generations.ts';
import { readCones, selectActiveLists } from '../../common/store/lists/watchlist-matching.ts';
import type { ActiveList } from '../../common/store/lists/watchlist-matching.ts';
import {
  indexCones,
  mergeCones,
  NO_CONES,
  noLooseCones,
} from '../../common/watchlists/cone-index.ts';
import type { ConeIndex } from '../../common/watchlists/cone-index.ts';

/** All lists that are on, as they were when their generation was read, or later. */
export interface HeldLists {
  generation: bigint;
  /** Version of each list by its number. */
  versions: ReadonlyMap<number, number>;
  index: ConeIndex;
}

/** Cones are put into order so many at a time. */
const CONES_AT_ONCE = 200_000;
const NO_LISTS: HeldLists = { generation: -1n, versions: new Map(), index: NO_CONES };

interface Holder {
  held: HeldLists;
  /** The last loading that was begun: they come one after another. */
  loading: Promise<unknown>;
}

/** By pool: what its process has in memory. Lists are much larger than what batches ask of them. */
const holders = new WeakMap<Queries, Holder>();

/**
 * All lists that are on: from memory where none was changed since; only what was changed is loaded.
 *
 * @param pool - Whose memory it is.
 * @param db - What is asked: the pool itself, or a transaction that holds the generation.
 */
export async function freshLists(pool: Queries, db: Queries = pool): Promise<HeldLists> {
  const holder = holders.get(pool) ?? { held: NO_LISTS, loading: Promise.resolve() };
  holders.set(pool, holder);
  // Read before the lists: what changes while they are read is found out by it.
  const generation = await selectGeneration(db, 'watchlist');
  if (holder.held.generation === generation) return holder.held;
  const load = async () => {
    if (holder.held.generation < generation)
      holder.held = await loadLists(db, holder.held, generation);
    return holder.held;
  };
  const loading = holder.loading.then(load, load);
  holder.loading = loading;
  return loading;
}

async function loadLists(db: Queries, held: HeldLists, generation: bigint): Promise<HeldLists> {
  const lists = await selectActiveLists(db);
  const versions = new Map(lists.map(({ watchlistId, version }) => [watchlistId, version]));
  const changed = lists.filter((list) => held.versions.get(list.watchlistId) !== list.version);
  const kept = new Set(lists.map(({ watchlistId }) => watchlistId));
  for (const { watchlistId } of changed) kept.delete(watchlistId);
  let without = new Set([...held.versions.keys()].filter((id) => !kept.has(id)));
  let { index } = held;
  for await (const added of indexLists(db, changed)) {
    index = mergeCones(index, without, added);
    without = new Set();
  }
  if (without.size > 0) index = mergeCones(index, without, NO_CONES);
  return { generation, versions, index };
}

async function* indexLists(db: Queries, lists: readonly ActiveList[]): AsyncGenerator<ConeIndex> {
  let cones = noLooseCones();
  for (const { watchlistId, radiusArcsec } of lists) {
    await readCones(db, watchlistId, radiusArcsec, cones);
    if (cones.coneId.length < CONES_AT_ONCE) continue;
    yield indexCones(cones);
    cones = noLooseCones();
  }
  if (cones.coneId.length > 0) yield indexCones(cones);
}
