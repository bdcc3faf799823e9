import type { Context } from '../../common/context.ts';
import { hasPosition } from '../../common/moc/moc.ts';
import type { Moc } from '../../common/moc/moc.ts';
import { advanceMatch, deleteMatch } from '../../common/store/lists/list-matches.ts';
import type { ListMatch } from '../../common/store/lists/list-matches.ts';
import type { Transaction } from '../../common/store/database.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import {
  deleteSomeWatchmapHits,
  deleteWatchmapHits,
  holdPlaces,
  insertWatchmapHits,
  selectObjectsBetween,
  selectObjectsWithoutCell,
  selectPlaces,
  selectWatchmapHitsAfter,
} from '../../common/store/lists/watchmap-hits.ts';
import type { PlacedId } from '../../common/store/lists/watchmap-hits.ts';
import { holdWatchmap, selectMoc } from '../../common/store/lists/watchmaps.ts';
import { scanSpans } from './scan-spans.ts';
import type { Span } from './scan-spans.ts';

type Tools = Pick<Context, 'db' | 'now'>;

/** Objects read at once, and objects whose hits are written in one transaction. */
const PAGE_OBJECTS = 5_000;
/** Ranges that are asked for one by one; of more, those that lie close together are scanned as one. */
const MOST_SPANS = 500;
const DELETED_AT_ONCE = 5_000;
/** Progress is counted in cells of order 14, 13 arcsec wide. */
const PROGRESS_BITS = 30n;

/**
 * Where a run stands. Its three parts come one after another: objects by their cells; Rubin's objects
 * that have no cell; and the hits there are, of which a changed watchmap no longer has some.
 */
type Place = { part: 'sky'; from: bigint } | { part: 'rest' | 'hits'; after: string };

interface Run {
  match: ListMatch;
  moc: Moc;
  spans: Span[];
}

/**
 * Matches a watchmap with all known objects of a survey for a while, from where it stands: each page is
 * stored with how far it got, so that nothing is done twice or left out whenever the process ends.
 *
 * @param isOver - Asked between pages.
 */
export async function matchWatchmap(
  tools: Tools,
  match: ListMatch,
  isOver: () => boolean,
): Promise<void> {
  const stored = await selectMoc(tools.db, match.listId);
  if (stored === undefined) return removeWatchmap(tools, match, isOver);
  // Changed just now: the run that was asked for with the change is found next.
  if (stored.version !== match.version) return;
  const { moc } = stored;
  const spans = scanSpans(moc, MOST_SPANS);
  let run: Run | undefined = { match: { ...match, total: cellsOf(spans) }, moc, spans };
  while (run !== undefined && run.match.endedAt === null && !isOver()) {
    run = await nextPage(tools, run);
  }
}

/** @returns The run one page on; undefined where the watchmap was changed meanwhile. */
function nextPage(tools: Tools, run: Run): Promise<Run | undefined> {
  const place = placeOf(run);
  if (place.part === 'sky') return skyPage(tools, run, place.from);
  return place.part === 'rest'
    ? restPage(tools, run, place.after)
    : hitsPage(tools, run, place.after);
}

async function skyPage(tools: Tools, run: Run, from: bigint): Promise<Run | undefined> {
  const { survey } = run.match;
  const objects: PlacedId[] = [];
  let at = from;
  for (const span of run.spans) {
    if (span.to <= at) continue;
    const start = span.from > at ? span.from : at;
    const left = PAGE_OBJECTS - objects.length;
    const page = await selectObjectsBetween(tools.db, survey, start, span.to, left);
    objects.push(...page.objects);
    at = page.next ?? span.to;
    if (page.next !== undefined || objects.length >= PAGE_OBJECTS) break;
  }
  const isLast = at >= (run.spans.at(-1)?.to ?? 0n);
  const next: Place = !isLast
    ? { part: 'sky', from: at }
    : { part: survey === 'lsst' ? 'rest' : 'hits', after: '' };
  const done = cellsOf(
    run.spans
      .filter((span) => span.from < at)
      .map(({ from, to }) => ({ from, to: to < at ? to : at })),
  );
  return storePage(tools, run, objects, next, done);
}

async function restPage(tools: Tools, run: Run, after: string): Promise<Run | undefined> {
  const objects = await selectObjectsWithoutCell(tools.db, after, PAGE_OBJECTS);
  const last = objects.length < PAGE_OBJECTS ? undefined : objects.at(-1);
  const next: Place =
    last === undefined ? { part: 'hits', after: '' } : { part: 'rest', after: last.id };
  return storePage(tools, run, objects, next, run.match.total);
}

/** Stores which of these objects are in the watchmap, and how far the run has come. */
async function storePage(
  { db }: Tools,
  run: Run,
  objects: readonly PlacedId[],
  next: Place,
  done: number,
): Promise<Run | undefined> {
  const { match, moc } = run;
  const inside = insideOf(moc, objects);
  return repeatTransaction(db, async (tx) => {
    if ((await holdWatchmap(tx, match.listId)) !== match.version) return undefined;
    // Where they are now, and stay until this is stored: ingest may have moved some.
    const held = await holdPlaces(tx, match.survey, inside);
    const hits = insideOf(moc, held).map((id) => ({ watchmapId: match.listId, id }));
    await insertWatchmapHits(tx, match.survey, hits);
    return advance(tx, run, { next, done, hits: match.hits + hits.length, endedAt: null });
  });
}

/** Takes away hits of what the watchmap covered before. */
async function hitsPage(tools: Tools, run: Run, after: string): Promise<Run | undefined> {
  const { match, moc } = run;
  const { listId, survey } = match;
  const ids = await selectWatchmapHitsAfter(tools.db, survey, listId, after, PAGE_OBJECTS);
  const isLast = ids.length < PAGE_OBJECTS;
  const outside = await outsideOf(tools, run, ids);
  return repeatTransaction(tools.db, async (tx) => {
    if ((await holdWatchmap(tx, listId)) !== match.version) return undefined;
    const held = await holdPlaces(tx, survey, outside);
    const inside = new Set(insideOf(moc, held));
    const left = outside.filter((id) => !inside.has(id)).map((id) => ({ watchmapId: listId, id }));
    await deleteWatchmapHits(tx, survey, left);
    return advance(tx, run, {
      next: { part: 'hits', after: ids.at(-1) ?? after },
      done: match.total,
      hits: match.hits,
      endedAt: isLast ? tools.now() : null,
    });
  });
}

/** Those that lie outside as far as can be seen without holding them; objects that are gone too. */
async function outsideOf({ db }: Tools, run: Run, ids: readonly string[]): Promise<string[]> {
  const places = await selectPlaces(db, run.match.survey, ids);
  const inside = new Set(insideOf(run.moc, places));
  return ids.filter((id) => !inside.has(id));
}

async function advance(
  tx: Transaction,
  run: Run,
  to: { next: Place; done: number; hits: number; endedAt: Date | null },
): Promise<Run> {
  const { next, ...rest } = to;
  const match = { ...run.match, ...rest, nextKey: keyOfPlace(next), problem: '' };
  await advanceMatch(tx, 'area', match);
  return { ...run, match };
}

/** Deletes what a watchmap matched that is gone, in portions. */
async function removeWatchmap(
  { db }: Tools,
  match: ListMatch,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const deleted = await deleteSomeWatchmapHits(db, match.survey, match.listId, DELETED_AT_ONCE);
    if (deleted === DELETED_AT_ONCE) continue;
    await deleteMatch(db, 'area', match);
    return;
  }
}

function insideOf(moc: Moc, objects: readonly PlacedId[]): string[] {
  const ids: string[] = [];
  for (const { id, ra, decl } of objects) {
    if (ra !== null && decl !== null && hasPosition(moc, ra, decl)) ids.push(id);
  }
  return ids;
}

function placeOf({ match: { nextKey }, spans }: Run): Place {
  if (nextKey === '') return { part: 'sky', from: spans[0]?.from ?? 0n };
  const [part, rest] = [nextKey[0], nextKey.slice(1)];
  if (part === 'S') return { part: 'sky', from: BigInt(rest) };
  return { part: part === 'R' ? 'rest' : 'hits', after: rest };
}

function keyOfPlace(place: Place): string {
  if (place.part === 'sky') return `S${place.from}`;
  return `${place.part === 'rest' ? 'R' : 'H'}${place.after}`;
}

function cellsOf(spans: readonly Span[]): number {
  return Number(spans.reduce((sum, { from, to }) => sum + (to - from), 0n) >> PROGRESS_BITS);
}
