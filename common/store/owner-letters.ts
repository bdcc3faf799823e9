import { z } from 'zod';

import type { Queries, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('owner-letters.sql', ['insertLetter', 'selectDue', 'deleteLetter', 'postpone']);

const MAX_SUBJECT = 255;
const MAX_PROBLEM = 1024;

/** What the owner of a filter is to be told by mail. */
export interface OwnerLetter {
  queryId: number;
  userId: number;
  subject: string;
  /** Plain text, without mark-up. */
  paragraphs: string[];
}

const DueRow = z
  .strictObject({
    letter_id: z.coerce.bigint(),
    mq_id: z.int(),
    subject: z.string(),
    paragraphs: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
    created_at: z.date(),
    tries: z.int(),
    email: z.string().nullable(),
    is_disabled: z.coerce.boolean(),
  })
  .transform((row) => ({
    letterId: row.letter_id,
    queryId: row.mq_id,
    subject: row.subject,
    paragraphs: row.paragraphs,
    createdAt: row.created_at,
    tries: row.tries,
    /** null where nobody is to be written to: the account is gone or may not be used. */
    email: row.is_disabled ? null : row.email,
  }));
/** A letter whose time has come, with the address that its owner has now. */
export type DueLetter = z.infer<typeof DueRow>;

/** Has a letter sent, in the transaction of what it tells of: neither is there without the other. */
export async function insertOwnerLetter(
  tx: Transaction,
  { queryId, userId, subject, paragraphs }: OwnerLetter,
  now: Date,
): Promise<void> {
  await tx.execute(sql.insertLetter, {
    queryId,
    userId,
    subject: subject.slice(0, MAX_SUBJECT),
    paragraphs: JSON.stringify(paragraphs),
    now,
  });
}

/** Letters to be sent now, the longest waiting first. */
export function selectDueLetters(db: Queries, now: Date, count: number): Promise<DueLetter[]> {
  return db.rows(DueRow, sql.selectDue, { now, count });
}

/** It was sent, or never will be. */
export async function deleteOwnerLetter(db: Queries, letterId: bigint): Promise<void> {
  await db.execute(sql.deleteLetter, { letterId });
}

/** It could not be sent. @param dueAt - When to try again. */
export async function postponeLetter(
  db: Queries,
  letterId: bigint,
  { dueAt, problem }: { dueAt: Date; problem: string },
): Promise<void> {
  const words = problem.slice(0, MAX_PROBLEM);
  await db.execute(sql.postpone, { letterId, dueAt, problem: words });
}
