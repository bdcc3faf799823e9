import type { Context } from '../../common/context.ts';
import { saveProgress, selectProgress } from '../../common/store/job-progress.ts';

/** What is kept of the following: each a moment. */
export type TnsMilestone =
  /** When the whole list was last taken. */
  | 'whole-list'
  /** Up to when changes are known. */
  | 'changes'
  /** Up to when new names were asked for. */
  | 'new-names'
  /** When changed names were last matched again. */
  | 'matched'
  /** When all names were. */
  | 'all-matched';

export async function selectMilestone(
  { db }: Context,
  milestone: TnsMilestone,
): Promise<Date | undefined> {
  const kept = await selectProgress(db, `follow-tns.${milestone}`);
  return kept === undefined ? undefined : new Date(kept);
}

export async function saveMilestone(
  { db, now }: Context,
  milestone: TnsMilestone,
  moment: Date,
): Promise<void> {
  await saveProgress(db, `follow-tns.${milestone}`, moment.toISOString(), now());
}
