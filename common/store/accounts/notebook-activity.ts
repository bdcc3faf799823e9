import { z } from 'zod';

import { NOTEBOOK_PREFIX } from '../../schema/views.ts';
import type { Database } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('notebook-activity.sql', [
  'selectActivity',
  'selectActivityOfMySql',
  'selectPressure',
  'showPrepared',
]);

const PATTERN = `${NOTEBOOK_PREFIX.replaceAll('_', '\\_')}%`;
/** So long somebody waits for a table before the notebooks have to give way. */
const WAITED_SECONDS = 3;

const ActivityRow = z
  .strictObject({
    id: z.coerce.string(),
    user: z.string(),
    command: z.string(),
    seconds: z.coerce.number(),
    memory: z.coerce.number(),
    transaction_seconds: z.coerce.number(),
    locks: z.coerce.number(),
  })
  .transform((row) => ({
    id: row.id,
    userId: Number(row.user.slice(NOTEBOOK_PREFIX.length)),
    isIdle: row.command === 'Sleep',
    /** How long it has run its statement, or been idle. */
    seconds: row.seconds,
    memoryBytes: row.memory,
    /** Age of its transaction; negative without one. */
    transactionSeconds: row.transaction_seconds,
    hasLocks: row.locks > 0,
  }));
/** What a connection of a notebook does. */
export type NotebookActivity = z.output<typeof ActivityRow>;

const PressureRow = z.strictObject({
  connections: z.coerce.number(),
  statements: z.coerce.number(),
  is_waited_for: z.coerce.boolean(),
});

/** What connections of notebooks may take from everybody else. */
export interface ServerPressure {
  maxConnections: number;
  maxPreparedStatements: number;
  preparedStatements: number;
  /** Whether somebody waits to change a table that is in use. */
  isTableWaitedFor: boolean;
}

/**
 * What all connections of notebooks do.
 *
 * @throws what the server says where the broker's account has not the right PROCESS: see `isRefusal`.
 */
export async function selectNotebookActivity(db: Database): Promise<NotebookActivity[]> {
  const { isMariaDb } = await db.server();
  const statement = isMariaDb ? sql.selectActivity : sql.selectActivityOfMySql;
  return db.rows(ActivityRow, statement, { pattern: PATTERN });
}

export async function selectServerPressure(db: Database): Promise<ServerPressure> {
  const [[row], [[, prepared]]] = await Promise.all([
    db.rows(PressureRow, sql.selectPressure, { pattern: PATTERN, seconds: WAITED_SECONDS }),
    db.arrays(sql.showPrepared),
  ]);
  return {
    maxConnections: row.connections,
    maxPreparedStatements: row.statements,
    preparedStatements: Number(prepared),
    isTableWaitedFor: row.is_waited_for,
  };
}
