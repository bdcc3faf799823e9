import { z } from 'zod';

import type { Database } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('ledger-report.sql', ['selectLedgerReport']);

const LedgerRow = z
  .strictObject({
    topic: z.string(),
    partition_id: z.coerce.number(),
    survey: z.string(),
    received: z.coerce.number(),
    stored: z.coerce.number(),
    known: z.coerce.number(),
    dead_lettered: z.coerce.number(),
    next_offset: z.coerce.bigint().nullable(),
  })
  .transform(({ partition_id, dead_lettered, next_offset, ...row }) => ({
    ...row,
    partition: partition_id,
    deadLettered: dead_lettered,
    /** Offset to be read next; null for packets fed without Kafka. */
    nextOffset: next_offset,
  }));
export type LedgerReport = z.infer<typeof LedgerRow>;

/** What became of everything that ever came in, by topic and partition, summed over all nights. */
export async function selectLedgerReport(db: Database): Promise<LedgerReport[]> {
  return db.rows(LedgerRow, sql.selectLedgerReport);
}
