import type { Queries, Transaction } from '../../common/store/database.ts';
import type { KnownObject } from '../../common/store/object-contexts.ts';

/** What is known of one object, and whether this batch changes it. */
export interface ObjectState<History> {
  history: History;
  /** Version of the stored row; 0 where there is none. */
  version: number;
  isTouched: boolean;
  /** What is stored besides the history; null for what is no object, or new. */
  known: KnownObject | null;
}

/** One row of a `histories` table. */
export interface StoredHistory<Key> {
  key: Key;
  version: number;
  points: Buffer;
}

/** How a survey's histories are read; `key` is the text that names an object. */
export interface HistoryStore<History> {
  empty(): History;
  unpack(points: Buffer): History;
  clone(history: History): History;
  select(db: Queries, keys: string[], isLocking: boolean): Promise<StoredHistory<string>[]>;
  lockVersions(tx: Transaction, keys: string[]): Promise<{ key: string; version: number }[]>;
  /** What is stored of these objects besides their histories, by key. */
  known(db: Queries, keys: string[]): Promise<Map<string, KnownObject>>;
}

/** The objects of one batch, by key, in the order of their keys: locks taken in one order never cross. */
export type ObjectStates<History> = Map<string, ObjectState<History>>;

/**
 * Reads the states of these objects. Those that the batch before is changing are copied from it, as
 * they will be when it is stored.
 */
export async function readStates<History>(
  db: Queries,
  store: HistoryStore<History>,
  keys: Iterable<string>,
  options: { before?: ObjectStates<History>; isLocking?: boolean },
): Promise<ObjectStates<History>> {
  const sorted = [...new Set(keys)].sort();
  const states: ObjectStates<History> = new Map();
  const unread: string[] = [];
  for (const key of sorted) {
    const earlier = options.before?.get(key);
    if (earlier === undefined) unread.push(key);
    else {
      const version = earlier.version + (earlier.isTouched ? 1 : 0);
      const { known } = earlier;
      states.set(key, { history: store.clone(earlier.history), version, isTouched: false, known });
    }
  }
  if (unread.length > 0) {
    const stored = await store.select(db, unread, options.isLocking ?? false);
    const known = await store.known(
      db,
      stored.map(({ key }) => key),
    );
    for (const { key, version, points } of stored) {
      const history = store.unpack(points);
      states.set(key, { history, version, isTouched: false, known: known.get(key) ?? null });
    }
  }
  // Insertion order is what `write` goes by.
  return new Map(
    sorted.map((key) => [
      key,
      states.get(key) ?? { history: store.empty(), version: 0, isTouched: false, known: null },
    ]),
  );
}

/** Locks the rows of these objects; false if any is not of the version that was read. */
export async function lockStates<History>(
  tx: Transaction,
  store: HistoryStore<History>,
  states: ObjectStates<History>,
): Promise<boolean> {
  if (states.size === 0) return true;
  const stored = new Map(
    (await store.lockVersions(tx, [...states.keys()])).map(({ key, version }) => [key, version]),
  );
  for (const [key, state] of states) if ((stored.get(key) ?? 0) !== state.version) return false;
  return true;
}
