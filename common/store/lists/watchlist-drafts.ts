import { z } from 'zod';

import { NotFoundError } from '../../errors.ts';
import type { Database, Queries } from '../database.ts';
import { JsonText } from '../json-text.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('watchlist-drafts.sql', [
  'insertDraft',
  'insertPart',
  'selectDraft',
  'selectPart',
  'selectOldestDrafts',
  'selectDraftsBefore',
  'deleteParts',
  'deleteDrafts',
]);

/** Far below what servers take as one value by default. */
const PART_BYTES = 2 ** 20;
/** Drafts that an account has at once: an older one goes when there is one more. */
const MOST_DRAFTS = 5;

/** What was written beside the list of sources, as it was written. */
export const DraftSettingsSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  radius: z.string(),
  active: z.boolean(),
  public: z.boolean(),
});
export type DraftSettings = z.infer<typeof DraftSettingsSchema>;

const DraftRow = z
  .strictObject({
    draft_id: z.int(),
    wl_id: z.int().nullable(),
    settings: JsonText.pipe(DraftSettingsSchema),
    file_name: z.string().nullable(),
    bytes: z.int(),
    created_at: z.date(),
  })
  .transform((row) => ({
    draftId: row.draft_id,
    watchlistId: row.wl_id,
    settings: row.settings,
    fileName: row.file_name,
    bytes: row.bytes,
    createdAt: row.created_at,
  }));
/** A list that was sent, and is not saved yet. */
export type WatchlistDraft = z.infer<typeof DraftRow>;
export type NewDraft = Omit<WatchlistDraft, 'draftId' | 'bytes' | 'createdAt'>;

const IdRow = z.strictObject({ draft_id: z.int() }).transform((row) => row.draft_id);
const PartRow = z.strictObject({ content: z.instanceof(Buffer) }).transform((row) => row.content);

/**
 * Keeps what was sent until it is saved or grows old; of an account the last few only.
 *
 * @param content - Its bytes.
 * @returns The number of the draft.
 */
export async function insertDraft(
  db: Database,
  userId: number,
  draft: NewDraft,
  content: Buffer,
  now: Date,
): Promise<number> {
  return db.transaction(async (tx) => {
    const { insertId } = await tx.execute(sql.insertDraft, {
      userId,
      watchlistId: draft.watchlistId,
      settings: JSON.stringify(draft.settings),
      fileName: draft.fileName,
      bytes: content.length,
      now,
    });
    const draftId = Number(insertId);
    for (let part = 0; part * PART_BYTES < content.length; part++) {
      const piece = content.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
      await tx.execute(sql.insertPart, { draftId, part, userId, content: piece });
    }
    const old = await tx.rows(IdRow, sql.selectOldestDrafts, { userId, kept: MOST_DRAFTS });
    await deleteDrafts(tx, old);
    return draftId;
  });
}

/** @throws {NotFoundError} if the account has none of this number, or has none of it any more. */
export async function selectDraft(
  db: Queries,
  userId: number,
  draftId: number,
): Promise<WatchlistDraft> {
  const [draft] = await db.rows(DraftRow, sql.selectDraft, { userId, draftId });
  if (draft === undefined) {
    throw new NotFoundError(
      'There is no such preview of yours: it was saved, or is older than a day. Send the list again.',
    );
  }
  return draft;
}

/** What was sent, byte for byte. */
export async function selectDraftContent(
  db: Queries,
  { draftId, bytes }: Pick<WatchlistDraft, 'draftId' | 'bytes'>,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let part = 0; part * PART_BYTES < bytes; part++) {
    pieces.push(...(await db.rows(PartRow, sql.selectPart, { draftId, part })));
  }
  return Buffer.concat(pieces);
}

/** Forgets drafts; within the transaction that saves one, so that it is saved once. */
export async function deleteDrafts(tx: Queries, draftIds: readonly number[]): Promise<number> {
  if (draftIds.length === 0) return 0;
  const values = { draftIds: [...draftIds] };
  await tx.execute(sql.deleteParts, values);
  return (await tx.execute(sql.deleteDrafts, values)).affectedRows;
}

/** Forgets drafts that are old. @returns How many. */
export async function deleteOldDrafts(db: Queries, before: Date): Promise<number> {
  let count = 0;
  for (;;) {
    const old = await db.rows(IdRow, sql.selectDraftsBefore, { before });
    if (old.length === 0) return count;
    count += await deleteDrafts(db, old);
  }
}
