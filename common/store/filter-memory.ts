import { z } from 'zod';

import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('filter-memory.sql', ['selectMemory', 'saveMemory']);

const ROWS = 500;
const WORDS_LENGTH = 1024;

/** What a filter told last of an object. */
export interface Told {
  sentAt: Date;
  /** Value that the watched column had: a number, or words; both null where it had none. */
  number: number | null;
  words: string | null;
}

const MemoryRow = z.strictObject({
  mq_id: z.int(),
  object_id: z.string(),
  sent_at: z.date(),
  number: z.number().nullable(),
  words: z.string().nullable(),
});

/** A filter and an object. */
export interface FilterObject {
  queryId: number;
  objectId: string;
}

/** What filters told last of objects, by `memoryKey`; of others nothing was told. */
export async function selectMemory(
  db: Queries,
  places: readonly FilterObject[],
): Promise<Map<string, Told>> {
  const memory = new Map<string, Told>();
  for (let start = 0; start < places.length; start += ROWS) {
    const some = places.slice(start, start + ROWS);
    const rows = await db.rows(MemoryRow, sql.selectMemory, {
      places: JSON.stringify(some.map(({ queryId, objectId }) => [queryId, objectId])),
    });
    for (const { mq_id, object_id, sent_at, number, words } of rows) {
      const key = memoryKey({ queryId: mq_id, objectId: object_id });
      memory.set(key, { sentAt: sent_at, number, words });
    }
  }
  return memory;
}

/** Notes what was told, in place of what was told before. */
export async function saveMemory(
  db: Queries,
  told: readonly (FilterObject & Told)[],
): Promise<void> {
  for (let start = 0; start < told.length; start += ROWS) {
    const rows = told
      .slice(start, start + ROWS)
      .map(({ queryId, objectId, sentAt, number, words }) => [
        queryId,
        objectId,
        sentAt,
        number,
        words?.slice(0, WORDS_LENGTH) ?? null,
      ]);
    await db.execute(sql.saveMemory, { rows });
  }
}

/** Texts longer than the memory are compared as far as it goes. */
export function rememberedWords(words: string): string {
  return words.slice(0, WORDS_LENGTH);
}

export function memoryKey({ queryId, objectId }: FilterObject): string {
  return `${queryId}/${objectId}`;
}
