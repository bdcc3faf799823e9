import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('job-progress.sql', ['selectProgress', 'saveProgress']);

/** Where a task goes on, as it said itself; undefined if it never did. */
export async function selectProgress(db: Queries, task: string): Promise<string | undefined> {
  const [row] = await db.arrays(sql.selectProgress, { task });
  return row === undefined ? undefined : String(row[0]);
}

/**
 * Notes where a task goes on.
 *
 * @param position - At most 255 characters.
 */
export async function saveProgress(
  db: Queries,
  task: string,
  position: string,
  now: Date,
): Promise<void> {
  await db.execute(sql.saveProgress, { task, position, now });
}
