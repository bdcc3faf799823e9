import { z } from 'zod';

import type { Queries } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('list-choices.sql', ['selectListChoices']);

/** Of each kind so many are offered, the reader's own first. */
const MOST = 300;
/** No account has this number. */
const NOBODY = -1;

const ChoiceRow = z.strictObject({
  token: z.enum(['watchlist', 'area', 'annotator']),
  key: z.string(),
  name: z.string(),
  isOwn: z.coerce.number().transform((value) => value === 1),
});
/** A list that the reader may name in a query: `watchlist:12`. */
export type ListChoice = z.infer<typeof ChoiceRow>;

/**
 * The watchlists, watchmaps and annotators that the reader may name: public ones and their own.
 *
 * @param userId - Undefined for a visitor.
 */
export async function selectListChoices(
  db: Queries,
  userId: number | undefined,
): Promise<ListChoice[]> {
  return db.rows(ChoiceRow, sql.selectListChoices, { userId: userId ?? NOBODY, most: MOST });
}
