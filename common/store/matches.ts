import { z } from 'zod';

import { matchId } from '../filters/filter.ts';
import type { Match } from '../filters/filter.ts';
import type { ParameterValue, Queries, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('matches.sql', [
  'lockStates',
  'lockFilters',
  'selectKnown',
  'selectTold',
  'insertMatches',
  'setNextSeqs',
  'deleteOldMatches',
  'deleteOldDeliveries',
]);

/** Rows and bytes of one statement. */
const ROWS = 500;
const BYTES = 4 << 20;

const LockedRow = z
  .strictObject({
    mq_id: z.int(),
    state: z.enum(['on', 'paused', 'off']),
    version: z.int(),
    memory_since: z.date(),
  })
  .transform((row) => ({
    queryId: row.mq_id,
    isOn: row.state === 'on',
    version: row.version,
    memorySince: row.memory_since,
  }));
/** A filter as it is now, kept from others until the transaction ends. */
export type LockedFilter = z.infer<typeof LockedRow>;

/** A match that has no number yet. */
export type NewMatch = Omit<Match, 'seq'>;

/** What filters told of, by `toldKey`. */
export type ToldCauses = ReadonlySet<string>;

/** Locks filters, as `writeMatches` does; those that are deleted are left out. */
export async function lockFilters(
  tx: Transaction,
  queryIds: readonly number[],
): Promise<Map<number, LockedFilter>> {
  if (queryIds.length === 0) return new Map();
  const rows = await tx.rows(LockedRow, sql.lockStates, { queryIds: [...queryIds] });
  return new Map(rows.map((filter) => [filter.queryId, filter]));
}

/**
 * Writes matches to the outbox. Numbers follow on those that the filter has, without a gap and in the
 * order given; the filter is locked until the transaction ends, so they are seen in order too. What
 * was written before (the same object, cause and row) is not written again. Matches of a filter that
 * is deleted are let go.
 *
 * @returns Those that were new, with their numbers.
 */
export async function writeMatches(
  tx: Transaction,
  matches: readonly NewMatch[],
): Promise<Match[]> {
  if (matches.length === 0) return [];
  const queryIds = [...new Set(matches.map(({ queryId }) => queryId))].sort((a, b) => a - b);
  const filters = await tx.arrays(sql.lockFilters, { queryIds });
  const first = new Map(filters.map(([id, seq]) => [Number(id), BigInt(seq as string)]));
  const next = new Map(first);
  const known = await knownPlaces(tx, matches);
  const written: Match[] = [];
  for (const match of matches) {
    const seq = next.get(match.queryId);
    const place = matchId(match);
    if (seq === undefined || known.has(place)) continue;
    known.add(place);
    next.set(match.queryId, seq + 1n);
    written.push({ ...match, seq });
  }
  await insertAll(tx, written);
  const grown = queryIds.filter((queryId) => next.get(queryId) !== first.get(queryId));
  if (grown.length > 0) {
    await tx.execute(sql.setNextSeqs, {
      queryIds: grown,
      nextSeqs: grown.map((queryId) => next.get(queryId) ?? 0n),
    });
  }
  return written;
}

/** Which filters told of these alerts of objects before. */
export async function selectTold(
  tx: Queries,
  alerts: readonly { objectId: string; cause: string }[],
): Promise<ToldCauses> {
  const told = new Set<string>();
  for (let start = 0; start < alerts.length; start += ROWS) {
    const some = alerts.slice(start, start + ROWS);
    const rows = await tx.arrays(sql.selectTold, {
      objectIds: some.map(({ objectId }) => objectId),
      causes: some.map(({ cause }) => cause),
    });
    for (const [queryId, objectId, cause] of rows) {
      const place = { queryId: Number(queryId), objectId: String(objectId), cause: String(cause) };
      told.add(toldKey(place));
    }
  }
  return told;
}

export function toldKey({
  queryId,
  objectId,
  cause,
}: Pick<NewMatch, 'queryId' | 'objectId' | 'cause'>): string {
  return `${queryId}/${objectId}/${cause}`;
}

/** Forgets what was matched before a moment, a portion of it. @returns How many rows. */
export async function deleteOldMatches(db: Queries, before: Date): Promise<number> {
  return (await db.execute(sql.deleteOldMatches, { before })).affectedRows;
}

/** Forgets what was sent before a moment, a portion of it. @returns How many rows. */
export async function deleteOldDeliveries(db: Queries, before: Date): Promise<number> {
  return (await db.execute(sql.deleteOldDeliveries, { before })).affectedRows;
}

async function knownPlaces(tx: Transaction, matches: readonly NewMatch[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let start = 0; start < matches.length; start += ROWS) {
    const some = matches.slice(start, start + ROWS);
    const rows = await tx.arrays(sql.selectKnown, {
      places: JSON.stringify(
        some.map(({ queryId, objectId, cause }) => [queryId, objectId, cause]),
      ),
    });
    for (const [queryId, objectId, cause, rowNumber] of rows) {
      known.add(
        matchId({
          queryId: Number(queryId),
          objectId: String(objectId),
          cause: String(cause),
          rowNumber: Number(rowNumber),
        }),
      );
    }
  }
  return known;
}

async function insertAll(tx: Transaction, matches: readonly Match[]): Promise<void> {
  let rows: ParameterValue[][] = [];
  let bytes = 0;
  for (const [i, match] of matches.entries()) {
    const record = JSON.stringify(match.record);
    rows.push([
      match.queryId,
      match.seq,
      match.survey,
      match.objectId,
      match.cause,
      match.rowNumber,
      match.kind,
      match.version,
      match.alertId,
      match.observedAt,
      match.arrivedAt,
      match.matchedAt,
      record,
    ]);
    bytes += record.length;
    if (rows.length === ROWS || bytes > BYTES || i === matches.length - 1) {
      await tx.execute(sql.insertMatches, { rows });
      rows = [];
      bytes = 0;
    }
  }
}
