import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('rebuilds.sql', ['selectRebuilds', 'beginRebuild', 'advanceRebuild']);

const RebuildRow = z
  .strictObject({
    survey: z.enum(SURVEYS),
    step: z.string(),
    version: z.string(),
    next_id: z.string(),
    done: z.coerce.number(),
    total: z.coerce.number(),
    started_at: z.date(),
    ended_at: z.date().nullable(),
  })
  .transform((row) => ({
    survey: row.survey,
    step: row.step,
    /** What asked for it. */
    version: row.version,
    /** The last object done; '' at the beginning. */
    nextId: row.next_id,
    done: row.done,
    total: row.total,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }));
/** A run of a step over all objects of a survey: the last one asked for. */
export type Rebuild = z.infer<typeof RebuildRow>;

/** The last run of each step over each survey, oldest first. */
export function selectRebuilds(db: Queries): Promise<Rebuild[]> {
  return db.rows(RebuildRow, sql.selectRebuilds);
}

/** Begins a run anew, wherever an earlier one stands. */
export async function beginRebuild(
  db: Queries,
  rebuild: Pick<Rebuild, 'survey' | 'step' | 'version' | 'total'> & {
    now: Date;
    /** Where there is nothing to do. */
    endedAt?: Date;
  },
): Promise<void> {
  await db.execute(sql.beginRebuild, { ...rebuild, endedAt: rebuild.endedAt ?? null });
}

/** Notes how far a run has come. @returns False if it was begun anew meanwhile. */
export async function advanceRebuild(db: Queries, rebuild: Rebuild): Promise<boolean> {
  const { affectedRows } = await db.execute(sql.advanceRebuild, { ...rebuild });
  return affectedRows > 0;
}

/** The version of a step's last run; undefined if it never ran. */
export function versionOf(
  rebuilds: readonly Rebuild[],
  survey: Survey,
  step: string,
): string | undefined {
  return rebuilds.find((each) => each.survey === survey && each.step === step)?.version;
}
