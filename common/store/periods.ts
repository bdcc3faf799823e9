import { z } from 'zod';

import type { Survey } from '../config.ts';
import { PERIOD_DEFINITION } from '../features/periodogram/find-period.ts';
import { PeriodAnswerSchema } from '../features/periodogram/period-answer.ts';
import type { PeriodAnswer } from '../features/periodogram/period-answer.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('periods.sql', [
  'selectZtfHistory',
  'selectLsstHistory',
  'selectPeriod',
  'replacePeriod',
]);

const HistoryRow = z.strictObject({ version: z.int(), points: z.instanceof(Buffer) });
/** All stored points of an object, packed, and how often they have changed. */
export type PackedHistory = z.infer<typeof HistoryRow>;

const PeriodRow = z.strictObject({ computedAt: z.date(), answer: z.string() });

export interface StoredPeriod {
  computedAt: Date;
  answer: PeriodAnswer;
}

/** @returns undefined for an object of which no points are stored. */
export async function selectPackedHistory(
  db: Queries,
  survey: Survey,
  id: string,
): Promise<PackedHistory | undefined> {
  const [row] =
    survey === 'ztf'
      ? await db.rows(HistoryRow, sql.selectZtfHistory, { id })
      : await db.rows(HistoryRow, sql.selectLsstHistory, { id: BigInt(id) });
  return row;
}

/** What was found in this version of an object's history; undefined if nobody has asked yet. */
export async function selectPeriod(
  db: Queries,
  survey: Survey,
  id: string,
  version: number,
): Promise<StoredPeriod | undefined> {
  const key = { survey, id, version, definition: PERIOD_DEFINITION };
  const [row] = await db.rows(PeriodRow, sql.selectPeriod, key);
  if (row === undefined) return undefined;
  return { ...row, answer: PeriodAnswerSchema.parse(JSON.parse(row.answer)) };
}

/** Keeps what was found, instead of what was found before in an older version. */
export async function storePeriod(
  db: Queries,
  survey: Survey,
  id: string,
  version: number,
  { computedAt, answer }: StoredPeriod,
): Promise<void> {
  await db.execute(sql.replacePeriod, {
    survey,
    id,
    version,
    definition: PERIOD_DEFINITION,
    computedAt,
    answer: JSON.stringify(answer),
  });
}
