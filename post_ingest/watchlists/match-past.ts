import type { Context } from '../../common/context.ts';
import { describeError } from '../../common/errors.ts';
import { isRepeatable } from '../../common/store/database.ts';
import { withNamedLock } from '../../common/store/locks.ts';
import { noteMatchProblem, selectOpenMatches } from '../../common/store/lists/list-matches.ts';
import type { ListMatch } from '../../common/store/lists/list-matches.ts';
import { keepLooking } from '../keep-looking.ts';
import { loadList } from './matched-list.ts';
import { deleteRest, matchPortion } from './match-list.ts';

const EVERY_MS = 1_000;
/** A list that takes longer lets the others have a turn. */
const TURN_MS = 4_000;
/** One that failed is left alone for so long. */
const PAUSE_MS = 60_000;

type Tools = Pick<Context, 'db' | 'log' | 'now'>;

/** What several looks remember: when lists that failed are tried again, by survey, list and version. */
export type Pauses = Map<string, number>;

/**
 * Matches all lists that were made or changed against all known objects, by turns, until none is left;
 * and deletes what is left of lists that are gone. One process of many does it.
 *
 * @returns How many were ended.
 */
export async function matchPast(
  tools: Tools,
  signal: AbortSignal,
  pauses: Pauses = new Map(),
): Promise<number> {
  if ((await openMatches(tools, pauses)).length === 0) return 0;
  const locked = await withNamedLock(tools.db, 'watchlists.match-past', async (lost) => {
    const isOver = () => signal.aborted || lost.aborted;
    let ended = 0;
    for (;;) {
      const open = await openMatches(tools, pauses);
      if (open.length === 0 || isOver()) return ended;
      for (const match of open) if (await takeTurn(tools, match, isOver, pauses)) ended++;
    }
  });
  return locked?.result ?? 0;
}

/** Looks every second for lists to be matched, until stopped. */
export function startPastMatching(context: Tools) {
  const pauses: Pauses = new Map();
  return keepLooking(EVERY_MS, (signal) => matchPast(context, signal, pauses), {
    log: context.log,
    describe: (err) => `watchlists could not be matched: ${describeError(err)}`,
  });
}

async function openMatches({ db, now }: Tools, pauses: Pauses): Promise<ListMatch[]> {
  const at = now().getTime();
  return (await selectOpenMatches(db, 'watchlist')).filter(
    (match) => (pauses.get(keyOf(match)) ?? 0) <= at,
  );
}

/** @returns Whether it was ended. One list's failure keeps no other waiting. */
async function takeTurn(
  { db, log, now }: Tools,
  match: ListMatch,
  isOver: () => boolean,
  pauses: Pauses,
): Promise<boolean> {
  const { listId, survey, version } = match;
  const startedAt = performance.now();
  const isLong = () => performance.now() - startedAt > TURN_MS;
  try {
    const list = await loadList(db, listId);
    if (list === undefined) {
      await deleteRest(db, match, () => isLong() || isOver());
      return false;
    }
    // It was changed a moment ago: it stands at the beginning again.
    if (list.version !== version) {
      pauses.set(keyOf(match), now().getTime() + EVERY_MS);
      return false;
    }
    for (let at: ListMatch | undefined = match; !isLong() && !isOver();) {
      at = await matchPortion(db, list, at, now);
      if (at === undefined) return false;
      if (at.endedAt === null) continue;
      log.info(`watchlist ${listId}: ${at.hits} objects of ${survey} are near its sources`);
      return true;
    }
    return false;
  } catch (err) {
    // The database is away, and all lists with it.
    if (isRepeatable(err)) throw err;
    log.error(`watchlist ${listId} cannot be matched with ${survey}`, { err });
    pauses.set(keyOf(match), now().getTime() + PAUSE_MS);
    await noteMatchProblem(db, 'watchlist', match, describeError(err));
    return false;
  }
}

function keyOf({ listId, survey, version }: ListMatch): string {
  return `${survey} ${listId} ${version}`;
}
