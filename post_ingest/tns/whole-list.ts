import type { Context } from '../../common/context.ts';
import { UpstreamError } from '../../common/errors.ts';
import { unzipCsv } from './read-zip.ts';
import { describeTaken, takeList } from './take-list.ts';
import type { TnsClient } from './tns-client.ts';
import { saveMilestone, selectMilestone } from './tns-progress.ts';

const FILE = 'tns_public_objects.csv.zip';
/** The server makes the list after midnight UTC; at this hour it has. */
const READY_HOUR = 1;

/** Takes the whole list of public objects, once a day: it heals whatever the changes missed. */
export async function takeWholeList(
  context: Context,
  client: TnsClient,
  signal: AbortSignal,
): Promise<string | undefined> {
  const now = context.now();
  const readyAt = new Date(now);
  readyAt.setUTCHours(READY_HOUR, 0, 0, 0);
  const takenAt = await selectMilestone(context, 'whole-list');
  if (takenAt !== undefined && (now < readyAt || takenAt >= readyAt)) return undefined;
  const archive = await client.download(FILE);
  if (archive === undefined) {
    throw new UpstreamError(`the Transient Name Server has no ${FILE}`);
  }
  const taken = await takeList(context, unzipCsv(archive), { isWhole: true, signal });
  if (taken.doubt !== undefined) context.log.warn(`the whole list of names: ${taken.doubt}`);
  await saveMilestone(context, 'whole-list', now);
  const known = await selectMilestone(context, 'changes');
  const { period } = taken;
  if (period !== undefined && period.to <= now && (known === undefined || known < period.to)) {
    await saveMilestone(context, 'changes', period.to);
  }
  return `whole list: ${describeTaken(taken)}`;
}
