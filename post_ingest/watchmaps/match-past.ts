import type { Context } from '../../common/context.ts';
import { describeError } from '../../common/errors.ts';
import { noteMatchProblem, selectOpenMatches } from '../../common/store/lists/list-matches.ts';
import type { ListMatch } from '../../common/store/lists/list-matches.ts';
import { withNamedLock } from '../../common/store/locks.ts';
import { keepLooking } from '../keep-looking.ts';
import { matchWatchmap } from './match-watchmap.ts';

/** New watchmaps are looked for so often. */
const EVERY_MS = 1_000;
/** After so long the next one has its turn: a small one does not wait for one of the whole sky. */
const TURN_MS = 1_000;
/** One that failed is left alone for so long. */
const PAUSE_MS = 30_000;

/**
 * Matches watchmaps with what was stored before them, until nothing is left to do.
 *
 * @param failed - When those that failed before may be tried again; those that fail are noted in it.
 */
export async function matchPastOfWatchmaps(
  context: Context,
  signal: AbortSignal,
  failed = new Map<string, number>(),
): Promise<void> {
  for (;;) {
    const now = performance.now();
    const open = (await selectOpenMatches(context.db, 'area')).filter(
      (match) => now >= (failed.get(nameOf(match)) ?? 0),
    );
    if (open.length === 0) return;
    for (const match of open) {
      if (signal.aborted) return;
      const endsAt = performance.now() + TURN_MS;
      try {
        await matchWatchmap(context, match, () => signal.aborted || performance.now() > endsAt);
      } catch (err) {
        // One watchmap that fails must not hold the others up.
        failed.set(nameOf(match), performance.now() + PAUSE_MS);
        const problem = describeError(err);
        context.log.error(`watchmap ${match.listId}: matching the past failed: ${problem}`, {
          err,
        });
        await noteMatchProblem(context.db, 'area', match, problem);
      }
    }
  }
}

/** Looks every second for watchmaps to be matched with the past, until stopped; one process does. */
export function startWatchmapMatching(context: Context) {
  const { db, log } = context;
  const failed = new Map<string, number>();
  return keepLooking(
    EVERY_MS,
    async (signal) => {
      if ((await selectOpenMatches(db, 'area')).length === 0) return;
      await withNamedLock(db, 'watchmaps.past', (lost) =>
        matchPastOfWatchmaps(context, AbortSignal.any([lost, signal]), failed),
      );
    },
    {
      log,
      describe: (err) => `watchmaps could not be matched with the past: ${describeError(err)}`,
    },
  );
}

function nameOf({ listId, survey, version }: ListMatch): string {
  return `${listId}/${survey}/${version}`;
}
