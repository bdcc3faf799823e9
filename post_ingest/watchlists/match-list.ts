import type { Survey } from '../../common/config.ts';
import type { Database, Transaction } from '../../common/store/database.ts';
import { advanceMatch, deleteMatch } from '../../common/store/lists/list-matches.ts';
import type { ListMatch } from '../../common/store/lists/list-matches.ts';
import type { ObjectPlace } from '../../common/store/places.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import {
  countHitObjects,
  deleteHitsOfObjects,
  deleteSomeHits,
  holdPlaces,
  selectHitsAfter,
  selectPlacesInRanges,
  selectPlacesWithoutCell,
  upsertHits,
} from '../../common/store/lists/watchlist-hits.ts';
import type { WatchlistHit } from '../../common/store/lists/watchlist-hits.ts';
import { deleteSomeSources, lockPastMatch } from '../../common/store/lists/watchlist-matching.ts';
import { findHits } from '../../common/watchlists/cone-index.ts';
import { rangesFrom } from './matched-list.ts';
import type { LoadedList } from './matched-list.ts';

/** Ranges asked for in one statement, objects read by it, and objects written in one transaction. */
const RANGES_AT_ONCE = 1_000;
const OBJECTS_AT_ONCE = 20_000;
const HITS_AT_ONCE = 5_000;
const DELETED_AT_ONCE = 10_000;

/**
 * Where the matching of a list goes on, as `next_key` has it: first stored hits are looked through, by
 * object; then objects without a cell; then the sky, by `hpx29`.
 */
type Stage =
  | { kind: 'stored'; after: string }
  | { kind: 'unplaced'; after: string }
  | { kind: 'sky'; from: bigint };

/**
 * Does the next portion of the matching of a list against all objects of a survey, and notes how far
 * it is, in one transaction: after a crash it goes on there. Objects stored while this goes on are
 * matched by ingest, which knows the list; those that move are held while they are looked at.
 *
 * @returns The match as it stands; undefined if the list was changed, and it has to be begun anew.
 */
export async function matchPortion(
  db: Database,
  list: LoadedList,
  match: ListMatch,
  now: () => Date,
): Promise<ListMatch | undefined> {
  const stage = readStage(match.nextKey);
  if (stage.kind === 'stored') return sweepPortion(db, list, match, stage.after, now);
  if (stage.kind === 'unplaced') return unplacedPortion(db, list, match, stage.after);
  return skyPortion(db, list, match, stage.from, now);
}

/** Deletes what is left of a list that is gone, in portions. */
export async function deleteRest(
  db: Database,
  match: ListMatch,
  isOver: () => boolean,
): Promise<void> {
  const { survey, listId } = match;
  while (!isOver()) {
    if ((await deleteSomeHits(db, survey, listId, DELETED_AT_ONCE)) > 0) continue;
    if ((await deleteSomeSources(db, listId, DELETED_AT_ONCE)) > 0) continue;
    return deleteMatch(db, 'watchlist', match);
  }
}

/** Looks through hits that are stored, and deletes those that are none any more. */
async function sweepPortion(
  db: Database,
  list: LoadedList,
  match: ListMatch,
  after: string,
  now: () => Date,
): Promise<ListMatch | undefined> {
  const { survey, listId } = match;
  const { hits, next } = await selectHitsAfter(db, survey, listId, after, HITS_AT_ONCE);
  return advance(db, match, async (tx) => {
    const ids = [...new Set(hits.map((hit) => hit.objectId))];
    const found = hitsOf(list, await holdPlaces(tx, survey, ids));
    const kept = new Set(found.map((hit) => `${hit.objectId} ${hit.coneId}`));
    const lost = hits.filter((hit) => !kept.has(`${hit.objectId} ${hit.coneId}`));
    const objects = new Set(lost.map((hit) => hit.objectId));
    await deleteHitsOfObjects(tx, survey, listId, [...objects]);
    // What remains of them is written again.
    const rest = found.filter((hit) => objects.has(hit.objectId));
    await upsertHits(tx, survey, rest);
    if (next !== undefined) return { ...match, nextKey: `stored ${next}` };
    // What is not active keeps what it has, and gets nothing new.
    if (!list.active) return ended(tx, list, match, now);
    return { ...match, nextKey: survey === 'lsst' ? 'unplaced ' : 'sky 0', total: list.sources };
  });
}

/** Matches objects of Rubin that have no cell. */
async function unplacedPortion(
  db: Database,
  list: LoadedList,
  match: ListMatch,
  after: string,
): Promise<ListMatch | undefined> {
  const places = await selectPlacesWithoutCell(db, after, OBJECTS_AT_ONCE);
  return advance(db, match, async (tx) => {
    const hits = await writeHits(tx, list, match.survey, places);
    const isWhole = places.length === OBJECTS_AT_ONCE;
    const nextKey = isWhole ? `unplaced ${places[places.length - 1].id}` : 'sky 0';
    return { ...match, nextKey, hits: match.hits + hits };
  });
}

/** Matches the objects in the next parts of the sky where there are cones. */
async function skyPortion(
  db: Database,
  list: LoadedList,
  match: ListMatch,
  from: bigint,
  now: () => Date,
): Promise<ListMatch | undefined> {
  const { survey } = match;
  const { ranges, done, total, next } = rangesFrom(list, from, RANGES_AT_ONCE);
  const read = await selectPlacesInRanges(db, survey, ranges, OBJECTS_AT_ONCE);
  const goOn = read.next ?? next;
  return advance(db, match, async (tx) => {
    const hits = match.hits + (await writeHits(tx, list, survey, read.places));
    if (goOn === undefined) return ended(tx, list, { ...match, hits }, now);
    const ahead = read.next === undefined ? ranges.length : 0;
    const share = (done + ahead) / Math.max(total, 1);
    return { ...match, nextKey: `sky ${goOn}`, hits, done: Math.floor(share * list.sources) };
  });
}

/** Does a portion of work and notes how far it leads, unless the list was changed meanwhile. */
function advance(
  db: Database,
  match: ListMatch,
  work: (tx: Transaction) => Promise<ListMatch>,
): Promise<ListMatch | undefined> {
  return repeatTransaction(db, async (tx) => {
    if (!(await lockPastMatch(tx, match))) return undefined;
    const next = await work(tx);
    await advanceMatch(tx, 'watchlist', next);
    return next;
  });
}

async function ended(
  tx: Transaction,
  list: LoadedList,
  match: ListMatch,
  now: () => Date,
): Promise<ListMatch> {
  const { objects } = await countHitObjects(tx, match.survey, match.listId);
  const { sources } = list;
  return { ...match, nextKey: '', hits: objects, done: sources, total: sources, endedAt: now() };
}

/** @returns How many of these objects are near sources of the list. */
async function writeHits(
  tx: Transaction,
  list: LoadedList,
  survey: Survey,
  places: readonly ObjectPlace[],
): Promise<number> {
  const near = new Set(hitsOf(list, places).map((hit) => hit.objectId));
  if (near.size === 0) return 0;
  // They may have moved since they were read.
  const hits = hitsOf(list, await holdPlaces(tx, survey, [...near]));
  await upsertHits(tx, survey, hits);
  return new Set(hits.map((hit) => hit.objectId)).size;
}

function hitsOf(list: LoadedList, places: readonly ObjectPlace[]): WatchlistHit[] {
  return findHits(list.index, places).map(({ place, ...hit }) => ({
    objectId: places[place].id,
    ...hit,
  }));
}

function readStage(nextKey: string): Stage {
  const [kind, rest = ''] = nextKey.split(' ');
  if (kind === 'sky') return { kind, from: BigInt(rest) };
  if (kind === 'unplaced') return { kind, after: rest };
  return { kind: 'stored', after: rest };
}
