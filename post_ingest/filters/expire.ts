import type { Context } from '../../common/context.ts';
import { describeError } from '../../common/errors.ts';
import { createMail } from '../../common/mail.ts';
import type { Letter, Mail } from '../../common/mail.ts';
import { selectExpiring, switchFilter } from '../../common/store/filters.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import { saveProgress, selectProgress } from '../../common/store/job-progress.ts';
import { selectOptionalQuery } from '../../common/store/saved-queries.ts';
import { selectUser } from '../../common/store/users.ts';
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
    const mail = createMail(context.config, context.log);
    try {
      const { ended, warned } = await expire({ ...context, mail });
      return `${ended} filters switched off, ${warned} owners warned`;
    } finally {
      mail.close();
    }
  },
};

interface ExpiryTools extends Context {
  mail: Mail;
}

/** Does what is due now; safe to repeat. */
export async function expire(tools: ExpiryTools): Promise<{ ended: number; warned: number }> {
  const { db, now, config } = tools;
  const outcome = { ended: 0, warned: 0 };
  const horizon = new Date(now().getTime() + Math.max(...WARNINGS) * DAY_MS);
  for (const filter of await selectExpiring(db, horizon)) {
    const leftMs = (filter.expiresAt?.getTime() ?? Infinity) - now().getTime();
    if (leftMs <= 0) {
      const reason = `It was on for ${config.filterDays} days, and nobody kept it on.`;
      await db.transaction((tx) =>
        switchFilter(tx, filter.queryId, 'off', { reason, expiresAt: null, now: now() }),
      );
      outcome.ended++;
      await tell(tools, filter, 'is switched off', [
        `${reason} What it matched stays on its page for a while.`,
        'Switch it on again there if you need it.',
      ]);
    } else if (await warn(tools, filter, leftMs)) outcome.warned++;
  }
  return outcome;
}

/** Warns once for each of the moments. @returns Whether it was time to. */
async function warn(tools: ExpiryTools, filter: StoredFilter, leftMs: number): Promise<boolean> {
  const { db, now, config } = tools;
  const stage = WARNINGS.find((days) => leftMs <= days * DAY_MS);
  if (stage === undefined) return false;
  const task = `filter-expiry.${filter.queryId}`;
  const position = `${filter.expiresAt?.toISOString() ?? ''} ${stage}`;
  if ((await selectProgress(db, task)) === position) return false;
  await tell(tools, filter, `ends in ${Math.ceil(leftMs / DAY_MS)} days`, [
    `It is switched off by itself on ${filter.expiresAt?.toISOString().slice(0, 10)}.`,
    `If you still need it, keep it on for another ${config.filterDays} days with the button on its page.`,
  ]);
  await saveProgress(db, task, position, now());
  return true;
}

/** What cannot be sent now is on the page of the filter too, and must not keep the others waiting. */
async function tell(
  { db, mail, log, config }: ExpiryTools,
  { queryId, userId }: StoredFilter,
  what: string,
  paragraphs: string[],
): Promise<void> {
  try {
    const [user, query] = await Promise.all([
      selectUser(db, userId),
      selectOptionalQuery(db, queryId),
    ]);
    const name = query?.name ?? `number ${queryId}`;
    const letter: Letter = {
      to: user.email,
      subject: `Your filter ${name} ${what}`,
      paragraphs: [`Your filter “${name}” ${what}.`, ...paragraphs],
    };
    if (config.webUrl !== undefined) {
      const url = new URL(`/filters/${queryId}/`, config.webUrl).href;
      letter.link = { url, label: 'The filter' };
    }
    await mail.send(letter);
  } catch (err) {
    log.warn(`the owner of filter ${queryId} could not be told: ${describeError(err)}`, {
      queryId,
    });
  }
}
