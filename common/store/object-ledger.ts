import { z } from 'zod';

import type { Survey } from '../config.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('object-ledger.sql', ['selectStaleSteps']);

const StaleStepRow = z
  .strictObject({
    step: z.string(),
    reason: z.string(),
    since: z.date(),
    due_at: z.date(),
    tries: z.int(),
  })
  .transform(({ due_at, ...row }) => ({ ...row, dueAt: due_at }));
/** A step that has to be done, again, for an object. */
export type StaleStep = z.infer<typeof StaleStepRow>;

/** The steps that an object waits for. */
export function selectStaleSteps(
  db: Queries,
  survey: Survey,
  objectId: string,
): Promise<StaleStep[]> {
  return db.rows(StaleStepRow, sql.selectStaleSteps, { survey, objectId });
}
