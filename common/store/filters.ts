import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import { NotFoundError } from '../errors.ts';
import { CHANNELS } from '../filters/filter.ts';
import type {
  Filter,
  FilterMemory,
  FilterState,
  OutputSettings,
  Triggers,
} from '../filters/filter.ts';
import type { Queries, Transaction } from './database.ts';
import { endOutput, saveOutput } from './filter-outputs.ts';
import { JsonText } from './json-text.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('filters.sql', [
  'selectActiveFilters',
  'selectFilter',
  'lockFilter',
  'selectExpiring',
  'insertFilter',
  'updateSettings',
  'updateVersion',
  'updateState',
  'pauseFilter',
  'pauseFiltersOf',
  'countOn',
  'updateExpiry',
  'updateDryRun',
  'endRetries',
  'endWaits',
  'endBackfills',
  'deleteFilter',
  'deleteOutputs',
  'deleteMemory',
  'deleteMatches',
  'deleteDeliveries',
  'deleteNights',
  'deleteBackfills',
  'selectIdsOfOwner',
]);

const MAX_REASON_LENGTH = 1024;

const Sequence = z.coerce.bigint();

const FilterRow = z
  .strictObject({
    mq_id: z.int(),
    user_id: z.int(),
    survey: z.enum(SURVEYS),
    version: z.int(),
    run: z.int().min(1).max(3),
    state: z.enum(['on', 'paused', 'off']),
    state_reason: z.string(),
    state_since: z.date(),
    wait_minutes: z.int(),
    memory: z.enum(['every', 'once', 'days', 'change', 'brighter']),
    memory_days: z.number().nullable(),
    memory_column: z.string().nullable(),
    memory_by: z.number().nullable(),
    memory_since: z.date(),
    next_seq: Sequence,
    dry_run: JsonText.nullable(),
    created_at: z.date(),
    updated_at: z.date(),
    expires_at: z.date().nullable(),
  })
  .transform((row): StoredFilter => ({
    queryId: row.mq_id,
    userId: row.user_id,
    survey: row.survey,
    version: row.version,
    triggers: { onAlerts: (row.run & 1) !== 0, onAnnotations: (row.run & 2) !== 0 },
    state: row.state,
    stateReason: row.state_reason,
    stateSince: row.state_since,
    waitMinutes: row.wait_minutes,
    memory: memoryOf(row),
    memorySince: row.memory_since,
    nextSeq: row.next_seq,
    dryRun: row.dry_run,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
  }));

/** A filter with what only its own page needs. */
export interface StoredFilter extends Filter {
  /** Number that its next match gets. */
  nextSeq: bigint;
  /** What the last dry run found, as `common/filters/dry-run.ts` describes it. */
  dryRun: unknown;
  createdAt: Date;
  updatedAt: Date;
}

/** What the owner of a filter chooses. */
export interface FilterSettings {
  triggers: Triggers;
  waitMinutes: number;
  memory: FilterMemory;
  /** The channels it is sent to; those without settings are not sent to. */
  outputs: Partial<OutputSettings>;
}

/** The filters of a survey that are on, by number. */
export function selectActiveFilters(db: Queries, survey: Survey): Promise<StoredFilter[]> {
  return db.rows(FilterRow, sql.selectActiveFilters, { survey });
}

/** A filter in whatever state; undefined if the saved query was never one. */
export async function selectOptionalFilter(
  db: Queries,
  queryId: number,
): Promise<StoredFilter | undefined> {
  const [filter] = await db.rows(FilterRow, sql.selectFilter, { queryId });
  return filter;
}

/** @throws {NotFoundError} if the saved query was never a filter. */
export async function selectFilter(db: Queries, queryId: number): Promise<StoredFilter> {
  const filter = await selectOptionalFilter(db, queryId);
  if (filter === undefined) throw new NotFoundError(`Query ${queryId} is not run on the stream.`);
  return filter;
}

/** The same, kept from others until the transaction ends. */
export async function lockFilter(tx: Transaction, queryId: number): Promise<StoredFilter> {
  await tx.arrays(sql.lockFilter, { queryId });
  return selectFilter(tx, queryId);
}

/** Filters that are on or paused and end before a moment, the soonest first. */
export function selectExpiring(db: Queries, before: Date): Promise<StoredFilter[]> {
  return db.rows(FilterRow, sql.selectExpiring, { before });
}

/** Makes a saved query a filter that is off and sends nothing; leaves one that is there as it is. */
export async function makeFilter(
  tx: Queries,
  query: Pick<Filter, 'queryId' | 'userId' | 'survey' | 'version'>,
  now: Date,
): Promise<void> {
  const { queryId, userId, survey, version } = query;
  await tx.execute(sql.insertFilter, { queryId, userId, survey, version, now });
}

/**
 * Keeps what the owner chose. A channel that comes anew is sent what matches from now on; one whose
 * settings change goes on where it was, and a failure of before is forgotten.
 *
 * @throws {NotFoundError} if there is no such filter.
 */
export async function saveFilter(
  tx: Transaction,
  queryId: number,
  { triggers, waitMinutes, memory, outputs }: FilterSettings,
  now: Date,
): Promise<void> {
  await lockFilter(tx, queryId);
  await tx.execute(sql.updateSettings, {
    queryId,
    run: (triggers.onAlerts ? 1 : 0) + (triggers.onAnnotations ? 2 : 0),
    waitMinutes,
    memory: memory.kind,
    memoryDays: memory.kind === 'days' ? memory.days : null,
    memoryColumn: 'column' in memory ? memory.column : null,
    memoryBy: 'column' in memory ? memory.by : null,
    now,
  });
  for (const channel of CHANNELS) {
    const settings = outputs[channel];
    if (settings === undefined) await endOutput(tx, queryId, channel);
    else await saveOutput(tx, queryId, channel, settings);
  }
}

/** Which version runs from now on. @param clear - Whether what was told before is forgotten. */
export async function setFilterVersion(
  tx: Queries,
  queryId: number,
  { version, survey, clear }: { version: number; survey: Survey; clear: boolean },
  now: Date,
): Promise<void> {
  await tx.execute(sql.updateVersion, { queryId, version, survey, clear, now });
}

/**
 * Switches a filter on or off. What waits to be run again or for annotations is forgotten either way,
 * and backfills end with it.
 *
 * @param expiresAt - When it is switched off by itself; null where it is off.
 */
export async function switchFilter(
  tx: Transaction,
  queryId: number,
  state: Exclude<FilterState, 'paused'>,
  { reason = '', expiresAt, now }: { reason?: string; expiresAt: Date | null; now: Date },
): Promise<void> {
  await lockFilter(tx, queryId);
  await tx.execute(sql.updateState, {
    queryId,
    state,
    reason: reason.slice(0, MAX_REASON_LENGTH),
    expiresAt,
    now,
  });
  await tx.execute(sql.endRetries, { queryId });
  await tx.execute(sql.endWaits, { queryId });
  if (state === 'off') await tx.execute(sql.endBackfills, { queryId, now });
}

/**
 * Pauses a filter for a reason that its owner reads.
 *
 * @returns Whether it was on: only then the owner has to be told.
 */
export async function pauseFilter(
  db: Queries,
  queryId: number,
  reason: string,
  now: Date,
): Promise<boolean> {
  const { affectedRows } = await db.execute(sql.pauseFilter, {
    queryId,
    reason: reason.slice(0, MAX_REASON_LENGTH),
    now,
  });
  return affectedRows > 0;
}

/** Pauses all filters of an account that may not be used any more. */
export async function pauseFiltersOf(
  db: Queries,
  userId: number,
  reason: string,
  now: Date,
): Promise<void> {
  await db.execute(sql.pauseFiltersOf, { userId, reason, now });
}

/** How many filters of an account are on or paused, but for one. */
export async function countFiltersOn(
  db: Queries,
  userId: number,
  queryId: number,
): Promise<number> {
  const [[count]] = await db.arrays(sql.countOn, { userId, queryId });
  return Number(count);
}

/** Keeps a filter on for longer. */
export async function extendFilter(db: Queries, queryId: number, expiresAt: Date): Promise<void> {
  await db.execute(sql.updateExpiry, { queryId, expiresAt });
}

/** Keeps what a dry run found. */
export async function saveDryRun(db: Queries, queryId: number, dryRun: object): Promise<void> {
  await db.execute(sql.updateDryRun, { queryId, dryRun: JSON.stringify(dryRun) });
}

/** Deletes a filter and all that it matched and sent; the saved query stays. */
export async function deleteFilter(tx: Transaction, queryId: number): Promise<void> {
  await tx.arrays(sql.lockFilter, { queryId });
  for (const statement of [
    sql.endRetries,
    sql.endWaits,
    sql.deleteOutputs,
    sql.deleteMemory,
    sql.deleteDeliveries,
    sql.deleteMatches,
    sql.deleteNights,
    sql.deleteBackfills,
    sql.deleteFilter,
  ]) {
    await tx.execute(statement, { queryId });
  }
}

/** Deletes the filters of an account that is being deleted. */
export async function deleteFiltersOf(tx: Transaction, userId: number): Promise<void> {
  for (const [queryId] of await tx.arrays(sql.selectIdsOfOwner, { userId })) {
    await deleteFilter(tx, Number(queryId));
  }
}

function memoryOf(row: {
  memory: FilterMemory['kind'];
  memory_days: number | null;
  memory_column: string | null;
  memory_by: number | null;
}): FilterMemory {
  switch (row.memory) {
    case 'every':
    case 'once':
      return { kind: row.memory };
    case 'days':
      return { kind: 'days', days: row.memory_days ?? 0 };
    case 'change':
    case 'brighter':
      return { kind: row.memory, column: row.memory_column ?? '', by: row.memory_by ?? 0 };
  }
}
