import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { parseConfig } from '../../../common/config.ts';
import type { Survey } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import type { FilterMemory, Triggers } from '../../../common/filters/filter.ts';
import { silentLog } from '../../../common/log.ts';
import { insertBatch } from '../../../common/store/batches.ts';
import type { Database } from '../../../common/store/database.ts';
import { makeFilter, saveFilter, switchFilter } from '../../../common/store/filters.ts';
import { selectDueLetters } from '../../../common/store/owner-letters.ts';
import type { DueLetter } from '../../../common/store/owner-letters.ts';
import { insertQuery } from '../../../common/store/save-query.ts';
import { insertUser } from '../../../common/store/accounts/users.ts';
import type { FilterOptions, RunningFilters } from '../../../post_ingest/filters/start-filters.ts';
import { startFilters } from '../../../post_ingest/filters/start-filters.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { freshDatabase, testFolder } from '../../servers.ts';

/** A database with objects made by hand, and filters on it. */
export interface FilterStand {
  db: Database;
  url: string;
  context: Context;
  /** What owners are to be told by mail, in order. */
  letters(): Promise<DueLetter[]>;
  /** Turns the clock of the filters forth, milliseconds. */
  turn(ms: number): void;
  /** Makes a saved query and switches it on as a filter. @returns Its number. */
  filter(sql: string, settings?: FilterChoice): Promise<number>;
  /** Objects with values of some columns. */
  objects(rows: Record<string, number | string | null>[]): Promise<void>;
  /** Alerts as ingest notes them, in one batch. */
  alerts(alerts: readonly (readonly [objectId: string, alertId: number])[]): Promise<bigint>;
  start(options?: FilterOptions): RunningFilters;
  /** New annotations as annotators write them: the newest of each object, in one batch. */
  annotations(topic: string, objectIds: readonly string[]): Promise<bigint>;
  /** Runs filters until all batches are done and nothing is to be run again. */
  settle(options?: FilterOptions): Promise<void>;
  /** `filter object cause row` of all matches, by filter and number. */
  matches(queryId?: number): Promise<string[]>;
  close(): Promise<void>;
}

export interface FilterChoice {
  memory?: FilterMemory;
  triggers?: Triggers;
  waitMinutes?: number;
  /** Whose it is; by default that of the stand's own account. */
  ownerId?: number;
  survey?: Survey;
}

const LONG_MS = 30_000;
const EVERY: FilterMemory = { kind: 'every' };
export const ON_ALERTS: Triggers = { onAlerts: true, onAnnotations: false };

export async function openFilterStand(): Promise<FilterStand> {
  const { db, url } = await freshDatabase();
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const config = parseConfig({
    GLINT_HOME: join(testFolder(), 'filters'),
    GLINT_DATABASE_URL: url,
  });
  const context: Context = { config, db, log: silentLog, now };
  const userId = await insertUser(
    db,
    { name: 'kay', email: 'kay@example.org', role: 'user' },
    now(),
  );
  let names = 0;

  const start = (options: FilterOptions = {}) =>
    startFilters(context, {
      surveys: ['ztf'],
      ...options,
      limits: { pollMs: 10, retryPausesMs: [20, 40], ...options.limits },
    });
  const openWork = async () => {
    const [[batches, retries]] = await db.arrays(
      `SELECT (SELECT COUNT(*) FROM glint.filter_batches WHERE done_at IS NULL),
         (SELECT COUNT(*) FROM glint.filter_retries)`,
    );
    return Number(batches) + Number(retries);
  };
  return {
    db,
    url,
    context,
    letters: () => selectDueLetters(db, now(), 1_000),
    turn: (ms) => (aheadMs += ms),
    async filter(
      text,
      {
        memory = EVERY,
        triggers = ON_ALERTS,
        waitMinutes = 0,
        ownerId = userId,
        survey = 'ztf',
      } = {},
    ) {
      return db.transaction(async (tx) => {
        const queryId = await insertQuery(
          tx,
          ownerId,
          {
            name: `filter ${++names}`,
            description: '',
            survey,
            source: { kind: 'statement', text },
            fields: [],
          },
          now(),
        );
        await makeFilter(tx, { queryId, userId: ownerId, survey, version: 1 }, now());
        await saveFilter(tx, queryId, { triggers, waitMinutes, memory, outputs: {} }, now());
        await switchFilter(tx, queryId, 'on', { expiresAt: null, now: now() });
        return queryId;
      });
    },
    objects: (rows) => insertRows(db, 'ztf', 'objects', rows),
    alerts: (alerts) =>
      db.transaction((tx) =>
        insertBatch(tx, {
          survey: 'ztf',
          createdAt: now(),
          entries: {
            cause: 'alert',
            alerts: alerts.map(([objectId, alertId]) => ({
              objectId,
              alertId: String(alertId),
              observedAtMs: now().getTime() - 60_000 + alertId,
              arrivedAtMs: now().getTime(),
            })),
          },
        }),
      ),
    annotations: (topic, objectIds) =>
      db.transaction(async (tx) => {
        const at = now();
        const annotations = [];
        for (const objectId of objectIds) {
          await tx.execute(
            'DELETE FROM ztf.annotations WHERE topic = :topic AND objectId = :objectId',
            { topic, objectId },
          );
          const { insertId } = await tx.execute(
            `INSERT INTO ztf.annotations (objectId, topic, version, timestamp, classification, explanation, classdict, url)
             VALUES (:objectId, :topic, '', :at, 'SN', '', '{}', '')`,
            { objectId, topic, at },
          );
          annotations.push({
            objectId,
            annotationId: insertId.toString(),
            topic,
            arrivedAtMs: at.getTime(),
          });
        }
        return insertBatch(tx, {
          survey: 'ztf',
          createdAt: at,
          entries: { cause: 'annotation', annotations },
        });
      }),
    start,
    async settle(options) {
      const running = start(options);
      try {
        for (const until = Date.now() + LONG_MS; (await openWork()) > 0; await sleep(10))
          if (Date.now() > until) throw new Error('filters have not settled');
      } finally {
        await running.stop();
      }
    },
    async matches(queryId) {
      const rows = await db.arrays(
        'SELECT mq_id, object_id, cause, `row_number` FROM glint.matches WHERE mq_id = COALESCE(:queryId, mq_id) ORDER BY mq_id, seq',
        { queryId: queryId ?? null },
      );
      return rows.map((row) => row.map(String).join(' '));
    },
    close: () => db.close(),
  };
}

/** Ids of ZTF, by number. */
export function objectId(number: number): string {
  const letters = Array.from({ length: 7 }, (_, i) =>
    String.fromCharCode(97 + (Math.floor(number / 26 ** (6 - i)) % 26)),
  );
  return `ZTF20${letters.join('')}`;
}
