import type { Context } from '../../common/context.ts';
import { UpstreamError } from '../../common/errors.ts';
import { selectKnownTnsIds } from '../../common/store/tns.ts';
import type { TnsEntry } from '../../common/store/tns.ts';
import { takeEntries } from './take-list.ts';
import type { TnsClient } from './tns-client.ts';
import { saveMilestone, selectMilestone } from './tns-progress.ts';
import { readReply } from './tns-reply.ts';

const OVERLAP_MS = 10 * 60_000;
const LONGEST_BACK_MS = 24 * 3_600_000;
/** Objects asked for one by one in a run; the rest comes with the next hour's list. */
const MOST_OBJECTS = 60;

/** Asks for names that became public after the newest list of changes, and what they are. */
export async function askForNewNames(
  context: Context,
  client: TnsClient,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { db, now } = context;
  const startedAt = now();
  const asked = await selectMilestone(context, 'new-names');
  const since = Math.max(
    (asked?.getTime() ?? 0) - OVERLAP_MS,
    startedAt.getTime() - LONGEST_BACK_MS,
  );
  const found = await client.searchSince(new Date(since));
  const known = await selectKnownTnsIds(
    db,
    'ztf',
    found.map((name) => name.objid),
  );
  // A number that is stored under another name has been renamed.
  const unknown = found.filter((name) => known.get(name.objid) !== name.objname);
  const entries = new Map<number, TnsEntry>();
  let failure: UpstreamError | undefined;
  let unreadable = 0;
  for (const { objname } of unknown.slice(0, MOST_OBJECTS)) {
    signal.throwIfAborted();
    try {
      const reply = await client.object(objname);
      const entry = reply === undefined ? undefined : readReply(reply).entry;
      if (entry === undefined) unreadable++;
      else entries.set(entry.id, entry);
    } catch (err) {
      if (!(err instanceof UpstreamError)) throw err;
      // What has been answered counts.
      failure = err;
      break;
    }
  }
  await takeEntries(context, [...entries.values()]);
  if (failure !== undefined) throw failure;
  if (unknown.length <= MOST_OBJECTS) await saveMilestone(context, 'new-names', startedAt);
  if (unknown.length === 0) return undefined;
  const rest = unknown.length - entries.size - unreadable;
  return [
    `${entries.size} new names`,
    ...(unreadable > 0 ? [`${unreadable} that it tells nothing of`] : []),
    ...(rest > 0 ? [`${rest} left for the next list`] : []),
  ].join(', ');
}
