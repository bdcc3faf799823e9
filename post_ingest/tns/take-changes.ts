import type { Context } from '../../common/context.ts';
import { unzipCsv } from './read-zip.ts';
import { describeTaken, takeList } from './take-list.ts';
import type { TnsClient } from './tns-client.ts';
import { saveMilestone, selectMilestone } from './tns-progress.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Older changes are in the whole list only. */
const MOST_DAYS = 30;
/** A list of yesterday that is not there at this hour will not come. */
const LATEST_HOUR = 6;

/** A list of changes that there should be. */
interface ChangeList {
  file: string;
  kind: 'day' | 'hour';
  /** When the day or hour of its name begins. */
  from: Date;
}

/**
 * Takes the lists of changes that came since the last run: of whole days, then of today's hours. The
 * last hour is taken again, for it is not known to be complete.
 */
export async function takeChanges(
  context: Context,
  client: TnsClient,
  signal: AbortSignal,
): Promise<string | undefined> {
  const now = context.now();
  const today = startOfDay(now);
  const kept = await selectMilestone(context, 'changes');
  let known = kept ?? new Date(today.getTime() - DAY_MS);
  let isYesterdayMissing = false;
  const outcomes: string[] = [];
  for (const list of listsSince(known, now)) {
    signal.throwIfAborted();
    const archive = await client.download(list.file);
    if (archive === undefined) {
      isYesterdayMissing ||=
        list.kind === 'day' && list.from.getTime() === today.getTime() - DAY_MS;
      continue;
    }
    const taken = await takeList(context, unzipCsv(archive), { isWhole: false, signal });
    // The hours' lists have yesterday's contents until they are made anew: those are known.
    const isOfYesterday = taken.period !== undefined && taken.period.to <= list.from;
    const to = taken.period?.to ?? nominalEnd(list);
    // Today's hours must not hide that yesterday's list is still to come.
    const isToCome = isYesterdayMissing && now.getUTCHours() < LATEST_HOUR;
    if (!isOfYesterday && !isToCome && to > known) {
      known = to < now ? to : now;
      await saveMilestone(context, 'changes', known);
    }
    if (taken.added + taken.changed + taken.refused > 0) {
      outcomes.push(`${list.file}: ${describeTaken(taken)}`);
    }
  }
  return outcomes.length === 0 ? undefined : outcomes.join('; ');
}

function listsSince(known: Date, now: Date): ChangeList[] {
  const today = startOfDay(now);
  const lists: ChangeList[] = [];
  const firstDay = Math.max(startOfDay(known).getTime(), today.getTime() - MOST_DAYS * DAY_MS);
  for (let at = firstDay; at < today.getTime(); at += DAY_MS) {
    const from = new Date(at);
    const day = from.toISOString().slice(0, 10).replaceAll('-', '');
    lists.push({ file: `tns_public_objects_${day}.csv.zip`, kind: 'day', from });
  }
  const firstHour = Math.max(today.getTime(), hourBefore(known));
  for (let at = firstHour; at <= now.getTime(); at += HOUR_MS) {
    const from = new Date(at);
    const hour = String(from.getUTCHours()).padStart(2, '0');
    lists.push({ file: `tns_public_objects_${hour}.csv.zip`, kind: 'hour', from });
  }
  return lists;
}

/** Without a line that says it: a day's list is complete, an hour's may be that of the hour before. */
function nominalEnd({ kind, from }: ChangeList): Date {
  return kind === 'day' ? new Date(from.getTime() + DAY_MS) : from;
}

function hourBefore(date: Date): number {
  return Math.floor(date.getTime() / HOUR_MS) * HOUR_MS - HOUR_MS;
}

function startOfDay(date: Date): Date {
  return new Date(Math.floor(date.getTime() / DAY_MS) * DAY_MS);
}
