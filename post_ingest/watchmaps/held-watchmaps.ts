import type { Moc } from '../../common/moc/moc.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectGeneration } from '../../common/store/lists/list-generations.ts';
import { selectActiveWatchmaps, selectMoc } from '../../common/store/lists/watchmaps.ts';

interface HeldWatchmap {
  version: number;
  moc: Moc;
}

/** All watchmaps that are on, as they were when their generation was read, or later. */
export interface HeldWatchmaps {
  generation: bigint;
  /** By number. */
  watchmaps: ReadonlyMap<number, HeldWatchmap>;
}

interface Holder {
  held: HeldWatchmaps;
  /** The last loading that was begun: they come one after another. */
  loading: Promise<unknown>;
}

/** By pool: what its process has in memory, for they are much larger than what batches ask of them. */
const holders = new WeakMap<Queries, Holder>();

/**
 * All watchmaps that are on: from memory where none was changed since; only what was is loaded.
 *
 * @param pool - Whose memory it is.
 * @param db - What is asked: the pool itself, or a transaction that holds the generation.
 */
export async function freshWatchmaps(pool: Queries, db: Queries = pool): Promise<HeldWatchmaps> {
  const holder = holders.get(pool) ?? {
    held: { generation: -1n, watchmaps: new Map() },
    loading: Promise.resolve(),
  };
  holders.set(pool, holder);
  // Read before the watchmaps: what changes while they are read is found out by it.
  const generation = await selectGeneration(db, 'area');
  if (holder.held.generation === generation) return holder.held;
  const load = async () => {
    if (holder.held.generation < generation) {
      holder.held = await loadWatchmaps(db, holder.held, generation);
    }
    return holder.held;
  };
  const loading = holder.loading.then(load, load);
  holder.loading = loading;
  return loading;
}

async function loadWatchmaps(
  db: Queries,
  held: HeldWatchmaps,
  generation: bigint,
): Promise<HeldWatchmaps> {
  const watchmaps = new Map<number, HeldWatchmap>();
  for (const { watchmapId, version } of await selectActiveWatchmaps(db)) {
    const known = held.watchmaps.get(watchmapId);
    // One without cells was put into the table by other means than ours, or is gone by now.
    const loaded = known?.version === version ? known : await selectMoc(db, watchmapId);
    if (loaded !== undefined) watchmaps.set(watchmapId, loaded);
  }
  return { generation, watchmaps };
}
