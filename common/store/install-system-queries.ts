import { z } from 'zod';

import type { Log } from '../log.ts';
import { contentDigest } from '../queries/saved-query-content.ts';
import type { QueryContent } from '../queries/saved-query-content.ts';
import type { Database, Transaction } from './database.ts';
import { contentOf, insertQuery, writeVersion } from './save-query.ts';
import { BROKER, SYSTEM, selectOptionalQuery } from './saved-queries.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('installed-queries.sql', ['lock', 'selectInstalled', 'replaceInstalled']);

/** A query that comes with the program. */
export interface SystemQuery {
  /** Its name in the program: never changes. */
  key: string;
  content: QueryContent;
}

const InstalledRow = z
  .strictObject({ system_key: z.string(), mq_id: z.int(), digest: z.string() })
  .transform((row) => ({ key: row.system_key, queryId: row.mq_id, digest: row.digest }));

/**
 * Puts the queries that come with the program among the system queries. What was put in before and
 * nobody has touched becomes what it is in this program, as a new version; what staff has edited or
 * deleted stays so. Safe to run again, and from many hosts at once.
 *
 * @returns Keys of the queries that were put in or brought up to date.
 */
export async function installSystemQueries(
  db: Database,
  queries: readonly SystemQuery[],
  log: Log,
  now: Date,
): Promise<string[]> {
  return db.transaction(async (tx) => {
    // One at a time: the row is there from the first migration on.
    await tx.arrays(sql.lock);
    const rows = await tx.rows(InstalledRow, sql.selectInstalled);
    const installed = new Map(rows.map((row) => [row.key, row]));
    const written: string[] = [];
    for (const query of queries) {
      const queryId = await bring(tx, query, installed.get(query.key), log, now);
      if (queryId === undefined) continue;
      const digest = contentDigest(query.content);
      await tx.execute(sql.replaceInstalled, { systemKey: query.key, queryId, digest, now });
      written.push(query.key);
    }
    return written;
  });
}

/** @returns The number of the query, if it was written. */
async function bring(
  tx: Transaction,
  { key, content }: SystemQuery,
  before: z.infer<typeof InstalledRow> | undefined,
  log: Log,
  now: Date,
): Promise<number | undefined> {
  if (before === undefined) {
    const note = 'comes with Glint';
    return insertQuery(tx, BROKER, content, now, { level: SYSTEM, note });
  }
  if (before.digest === contentDigest(content)) return undefined;
  const current = await selectOptionalQuery(tx, before.queryId);
  if (current === undefined) return undefined;
  if (contentDigest(contentOf(current)) !== before.digest) {
    log.info(`system query ${key} was edited here: it stays, though Glint brings another`, { key });
    return undefined;
  }
  const note = 'as it comes with this version of Glint';
  await writeVersion(tx, current, content, { authorId: BROKER, note, now });
  return current.queryId;
}
