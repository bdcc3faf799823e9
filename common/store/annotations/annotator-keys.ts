import { z } from 'zod';

import { TOKEN_PATTERN, hashSecret, newApiToken } from '../../accounts/secrets.ts';
import type { Queries, Transaction } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';
import { ROLES } from '../accounts/users.ts';

const sql = loadSql('annotator-keys.sql', [
  'deleteKeys',
  'insertKey',
  'selectKey',
  'selectKeyOwner',
  'selectKeyTopics',
  'touchKey',
]);

const MINUTE_MS = 60_000;

const KeyRow = z
  .strictObject({ created_at: z.date(), last_used_at: z.date().nullable() })
  .transform((row) => ({ createdAt: row.created_at, lastUsedAt: row.last_used_at }));
export type AnnotatorKey = z.infer<typeof KeyRow>;

const OwnerRow = z
  .strictObject({
    topic: z.string(),
    last_used_at: z.date().nullable(),
    user_id: z.int(),
    name: z.string(),
    role: z.enum(ROLES),
    disabled_at: z.date().nullable(),
  })
  .transform((row) => ({
    topic: row.topic,
    userId: row.user_id,
    name: row.name,
    role: row.role,
    isDisabled: row.disabled_at !== null,
  }));
/** Whose annotator a key belongs to. */
export type KeyOwner = z.infer<typeof OwnerRow>;

const TopicRow = z.strictObject({ key_hash: z.string(), topic: z.string() });

/**
 * Gives an annotator a new key; the one it had ends.
 *
 * @returns The key, 40 hexadecimal digits as an API token: only its SHA-256 is kept.
 */
export async function replaceAnnotatorKey(
  tx: Transaction,
  topic: string,
  now: Date,
): Promise<string> {
  const key = newApiToken();
  await deleteAnnotatorKeys(tx, topic);
  await tx.execute(sql.insertKey, { keyHash: hashSecret(key), topic, now });
  return key;
}

/** Ends the key of an annotator. */
export async function deleteAnnotatorKeys(tx: Queries, topic: string): Promise<void> {
  await tx.execute(sql.deleteKeys, { topic });
}

/** When the key of an annotator was made and used; undefined where it has none. */
export async function selectAnnotatorKey(
  db: Queries,
  topic: string,
): Promise<AnnotatorKey | undefined> {
  const [key] = await db.rows(KeyRow, sql.selectKey, { topic });
  return key;
}

/**
 * Whose annotator a key belongs to, and a note that it was used; undefined where it is no key. Any text
 * may be asked for.
 */
export async function useAnnotatorKey(
  db: Queries,
  key: string,
  now: Date,
): Promise<KeyOwner | undefined> {
  if (!TOKEN_PATTERN.test(key)) return undefined;
  const keyHash = hashSecret(key.toLowerCase());
  const [owner] = await db.rows(OwnerRow, sql.selectKeyOwner, { keyHash });
  if (owner !== undefined) {
    const before = new Date(now.getTime() - MINUTE_MS);
    await db.execute(sql.touchKey, { keyHash, now, before });
  }
  return owner;
}

/** The annotators of these keys, by key; those that are no keys, or of disabled accounts, are not there. */
export async function selectKeyTopics(
  db: Queries,
  keys: Iterable<string>,
): Promise<Map<string, string>> {
  const byHash = new Map(
    [...keys]
      .filter((key) => TOKEN_PATTERN.test(key))
      .map((key) => [hashSecret(key.toLowerCase()), key]),
  );
  if (byHash.size === 0) return new Map();
  const rows = await db.rows(TopicRow, sql.selectKeyTopics, { keyHashes: [...byHash.keys()] });
  return new Map(rows.map(({ key_hash, topic }) => [byHash.get(key_hash) ?? '', topic]));
}
