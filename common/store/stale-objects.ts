import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('stale-objects.sql', [
  'markStale',
  'noteAlerted',
  'selectDue',
  'clearStale',
  'postpone',
  'countStale',
]);

const MAX_REASON_LENGTH = 255;
const ROWS_PER_STATEMENT = 1_000;

const DueRow = z
  .strictObject({
    id: z.string(),
    tries: z.number(),
    since: z.date(),
    alerted_at: z.date().nullable(),
  })
  .transform(({ alerted_at, ...row }) => ({ ...row, alertedAt: alerted_at }));
/**
 * An object for which a step is due: how often it failed, when it was marked last, and when an alert of
 * it was stored last without what the step finds; null where none was.
 */
export type DueObject = z.infer<typeof DueRow>;
const StaleCountRow = z.strictObject({
  survey: z.enum(SURVEYS),
  step: z.string(),
  objects: z.coerce.number(),
  oldest: z.date(),
  tries: z.coerce.number(),
});
/** How many objects wait for a step, and since when. */
export type StaleCount = z.infer<typeof StaleCountRow>;

/**
 * Notes that a step has to be done, again, for these objects, from now on.
 *
 * @param mark - `alerted`: those of which an alert is stored with this, and seen by filters as they are.
 */
export async function markStale(
  db: Queries,
  mark: {
    survey: Survey;
    step: string;
    ids: readonly string[];
    reason: string;
    now: Date;
    alerted?: ReadonlySet<string>;
  },
): Promise<void> {
  const { survey, step, now, alerted } = mark;
  const reason = mark.reason.slice(0, MAX_REASON_LENGTH);
  const alertedAt = (id: string) => (alerted?.has(id) === true ? now : null);
  const ids = [...mark.ids].sort();
  for (let start = 0; start < ids.length; start += ROWS_PER_STATEMENT) {
    const rows = ids
      .slice(start, start + ROWS_PER_STATEMENT)
      .map((id) => [survey, step, id, reason, now, now, 0, alertedAt(id)]);
    await db.execute(sql.markStale, { rows });
  }
}

/**
 * Notes, in the transaction that stores them, that alerts of these objects are seen by filters without
 * what these steps find: of the objects that are stale for one of them.
 */
export async function noteAlerted(
  tx: Queries,
  note: { survey: Survey; steps: readonly string[]; ids: readonly string[]; now: Date },
): Promise<void> {
  const { survey, steps, now } = note;
  if (steps.length === 0) return;
  const ids = [...new Set(note.ids)].sort();
  for (let start = 0; start < ids.length; start += ROWS_PER_STATEMENT) {
    const some = ids.slice(start, start + ROWS_PER_STATEMENT);
    await tx.execute(sql.noteAlerted, { survey, steps: [...steps], ids: some, now });
  }
}

/** Objects for which a step is due, longest waiting first. */
export function selectDueObjects(
  db: Queries,
  due: { survey: Survey; step: string; now: Date; count: number },
): Promise<DueObject[]> {
  return db.rows(DueRow, sql.selectDue, { ...due });
}

/**
 * A step was done: forgets these objects, but for those marked again after they were selected, by
 * whatever clock.
 */
export async function clearStale(
  db: Queries,
  done: { survey: Survey; step: string; objects: readonly DueObject[] },
): Promise<void> {
  if (done.objects.length === 0) return;
  const { survey, step } = done;
  const objects = [...done.objects].sort((a, b) => (a.id < b.id ? -1 : 1));
  await db.execute(sql.clearStale, {
    survey,
    step,
    ids: objects.map(({ id }) => id),
    marks: objects.map(({ id, since }) => [id, since]),
  });
}

/** A step failed again: it is tried later. */
export async function postponeStale(
  db: Queries,
  failed: { survey: Survey; step: string; ids: readonly string[]; reason: string; dueAt: Date },
): Promise<void> {
  if (failed.ids.length === 0) return;
  const reason = failed.reason.slice(0, MAX_REASON_LENGTH);
  await db.execute(sql.postpone, { ...failed, reason, ids: [...failed.ids].sort() });
}

/** What is waiting, by survey and step. */
export function countStale(db: Queries): Promise<StaleCount[]> {
  return db.rows(StaleCountRow, sql.countStale);
}
