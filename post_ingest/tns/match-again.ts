import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import { selectLostNames } from '../../common/store/tns-matches.ts';
import { selectTnsNamesChangedSince } from '../../common/store/tns.ts';
import { matchNames } from './match-names.ts';
import { saveMilestone, selectMilestone } from './tns-progress.ts';

const CHUNK = 500;
/** Longer than ingest takes from reading names to storing the objects. */
const OVERLAP_MS = 10 * 60_000;
/** All names are matched again so often. */
const ALL_EVERY_MS = 20 * 3_600_000;
const BEGINNING = new Date(0);

/**
 * Matches names once more that changed shortly before the last run, and once a day all of them: an
 * object that was being stored at the moment when its name came saw neither the name nor was seen.
 *
 * @returns One sentence.
 */
export async function matchAgain(context: Context, signal: AbortSignal): Promise<string> {
  const startedAt = context.now();
  const matchedAt = await selectMilestone(context, 'matched');
  const allAt = await selectMilestone(context, 'all-matched');
  const isAllDue = allAt === undefined || startedAt.getTime() - allAt.getTime() > ALL_EVERY_MS;
  const since =
    isAllDue || matchedAt === undefined ? BEGINNING : new Date(matchedAt.getTime() - OVERLAP_MS);
  const counts = { names: 0, objects: 0 };
  for (const survey of SURVEYS) {
    const { names, objects } = await matchSince(context, survey, since, signal);
    counts.names = Math.max(counts.names, names);
    counts.objects += objects;
  }
  await saveMilestone(context, 'matched', startedAt);
  if (isAllDue) await saveMilestone(context, 'all-matched', startedAt);
  return `${counts.names} names matched again: ${counts.objects} objects have one of them`;
}

async function matchSince(
  { db }: Context,
  survey: Survey,
  since: Date,
  signal: AbortSignal,
): Promise<{ names: number; objects: number }> {
  let names = 0;
  let objects = 0;
  for (let after = 0; ;) {
    signal.throwIfAborted();
    const page = await selectTnsNamesChangedSince(db, survey, { since, after, count: CHUNK });
    if (page.length === 0) break;
    names += page.length;
    objects += await repeatTransaction(db, (tx) =>
      matchNames(
        tx,
        survey,
        page.map((entry) => entry.name),
      ),
    );
    after = page[page.length - 1].id;
  }
  for (;;) {
    signal.throwIfAborted();
    const lost = await selectLostNames(db, survey, CHUNK);
    if (lost.length === 0) return { names, objects };
    await repeatTransaction(db, (tx) => matchNames(tx, survey, lost));
  }
}
