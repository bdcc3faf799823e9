import type { Context } from '../../common/context.ts';
import type { Transaction } from '../../common/store/database.ts';
import { selectExpiring, switchFilter } from '../../common/store/filters.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import { saveProgress, selectProgress } from '../../common/store/job-progress.ts';
import { insertOwnerLetter } from '../../common/store/owner-letters.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import { selectOptionalQuery } from '../../common/store/saved-queries.ts';
import type { Job } from '../job.ts';

const DAY_MS = 86_400_000;
/** Owners are warned so many days before. */
const WARNINGS = [7, 28];

/** Switches off filters whose period is over, and warns their owners before. */
export const expireFilters: Job = {
  name: 'expire-filters',
  schedule: '23 * * * *',
  description: 'Switches off filters whose period is over, and warns their owners before.',
  async run(context) {
    const { ended, warned } = await expire(context);
    return `${ended} filters switched off, ${warned} owners warned`;
  },
};

/** Does what is due now; safe to repeat. Owners are told in the transaction of what they are told of. */
export async function expire(context: Context): Promise<{ ended: number; warned: number }> {
  const { db, now, config } = context;
  const outcome = { ended: 0, warned: 0 };
  const horizon = new Date(now().getTime() + Math.max(...WARNINGS) * DAY_MS);
  for (const filter of await selectExpiring(db, horizon)) {
    const leftMs = (filter.expiresAt?.getTime() ?? Infinity) - now().getTime();
    if (leftMs <= 0) {
      const reason = `It was on for ${config.filterDays} days, and nobody kept it on.`;
      await repeatTransaction(db, async (tx) => {
        await switchFilter(tx, filter.queryId, 'off', { reason, expiresAt: null, now: now() });
        await tell(tx, filter, now(), 'is switched off', [
          `${reason} What it matched stays on its page for a while.`,
          'Switch it on again there if you need it.',
        ]);
      });
      outcome.ended++;
    } else if (await warn(context, filter, leftMs)) outcome.warned++;
  }
  return outcome;
}

/** Warns once for each of the moments. @returns Whether it was time to. */
async function warn(context: Context, filter: StoredFilter, leftMs: number): Promise<boolean> {
  const { db, now, config } = context;
  const stage = WARNINGS.find((days) => leftMs <= days * DAY_MS);
  if (stage === undefined) return false;
  const task = `filter-expiry.${filter.queryId}`;
  const position = `${filter.expiresAt?.toISOString() ?? ''} ${stage}`;
  if ((await selectProgress(db, task)) === position) return false;
  await repeatTransaction(db, async (tx) => {
    await tell(tx, filter, now(), `ends in ${Math.ceil(leftMs / DAY_MS)} days`, [
      `It is switched off by itself on ${filter.expiresAt?.toISOString().slice(0, 10)}.`,
      `If you still need it, keep it on for another ${config.filterDays} days with the button on its page.`,
    ]);
    await saveProgress(tx, task, position, now());
  });
  return true;
}

async function tell(
  tx: Transaction,
  { queryId, userId }: StoredFilter,
  now: Date,
  what: string,
  more: string[],
): Promise<void> {
  const name = (await selectOptionalQuery(tx, queryId))?.name ?? `number ${queryId}`;
  const subject = `Your filter ${name} ${what}`;
  const paragraphs = [`Your filter “${name}” ${what}.`, ...more];
  await insertOwnerLetter(tx, { queryId, userId, subject, paragraphs }, now);
}
