import { hostname } from 'node:os';

import { z } from 'zod';

import type { Database } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('processes.sql', [
  'upsertProcess',
  'selectAliveProcesses',
  'deleteProcess',
  'deleteStaleProcesses',
]);

/** A process that has been silent this long counts as gone: several heartbeats. */
const ALIVE_SECONDS = 20;

const ProcessRow = z
  .strictObject({
    process: z.string(),
    kind: z.string(),
    started_at: z.date(),
    seen_at: z.date(),
    state: z
      .string()
      .transform((text) => z.record(z.string(), z.unknown()).parse(JSON.parse(text))),
  })
  .transform((row) => ({
    process: row.process,
    kind: row.kind,
    startedAt: row.started_at,
    seenAt: row.seen_at,
    state: row.state,
  }));
export type ProcessReport = z.infer<typeof ProcessRow>;

/** How this process is called in the database: `host:pid`, at most 64 characters of ASCII. */
export function processName(): string {
  const host = hostname().replace(/[^\x21-\x7e]/g, '?');
  const pid = String(process.pid);
  return `${host.slice(0, 63 - pid.length)}:${pid}`;
}

/** One heartbeat. `state` is what the process says of itself, readable as JSON. */
export async function upsertProcess(
  db: Database,
  report: { process: string; kind: string; startedAt: Date; seenAt: Date; state: object },
): Promise<void> {
  await db.execute(sql.upsertProcess, { ...report, state: JSON.stringify(report.state) });
}

/** Processes that were heard of within the last `ALIVE_SECONDS`, by kind and name. */
export async function selectAliveProcesses(db: Database, now: Date): Promise<ProcessReport[]> {
  const since = new Date(now.getTime() - ALIVE_SECONDS * 1_000);
  return db.rows(ProcessRow, sql.selectAliveProcesses, { since });
}

/** For a process that ends well. */
export async function deleteProcess(db: Database, name: string): Promise<void> {
  await db.execute(sql.deleteProcess, { process: name });
}

/** Forgets processes not heard of since `before`. @returns How many. */
export async function deleteStaleProcesses(db: Database, before: Date): Promise<number> {
  const { affectedRows } = await db.execute(sql.deleteStaleProcesses, { before });
  return affectedRows;
}
