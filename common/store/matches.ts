import type { Match } from '../filters/filter.ts';
import type { ParameterValue, Queries, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('matches.sql', [
  'lockFilters',
  'selectKnown',
  'insertMatches',
  'setNextSeq',
  'deleteOldMatches',
  'deleteOldDeliveries',
]);

/** Rows and bytes of one statement. */
const ROWS = 500;
const BYTES = 4 << 20;

/** A match that has no number yet. */
export type NewMatch = Omit<Match, 'seq'>;

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
  const byFilter = new Map<number, NewMatch[]>();
  for (const match of matches) {
    const { queryId } = match;
    const ofFilter = byFilter.get(queryId);
    if (ofFilter === undefined) byFilter.set(queryId, [match]);
    else ofFilter.push(match);
  }
  const filters = await tx.arrays(sql.lockFilters, { queryIds: [...byFilter.keys()] });
  const written: Match[] = [];
  for (const [id, nextSeq] of filters) {
    const queryId = Number(id);
    const ofFilter = byFilter.get(queryId) ?? [];
    const known = await knownPlaces(tx, queryId, ofFilter);
    let seq = BigInt(nextSeq as string);
    const fresh: Match[] = [];
    for (const match of ofFilter) {
      const place = placeOf(match.objectId, match.cause, match.rowNumber);
      if (known.has(place)) continue;
      known.add(place);
      fresh.push({ ...match, seq: seq++ });
    }
    if (fresh.length === 0) continue;
    await insertAll(tx, fresh);
    await tx.execute(sql.setNextSeq, { queryId, nextSeq: seq });
    written.push(...fresh);
  }
  return written;
}

/** Forgets what was matched before a moment, a portion of it. @returns How many rows. */
export async function deleteOldMatches(db: Queries, before: Date): Promise<number> {
  return (await db.execute(sql.deleteOldMatches, { before })).affectedRows;
}

/** Forgets what was sent before a moment, a portion of it. @returns How many rows. */
export async function deleteOldDeliveries(db: Queries, before: Date): Promise<number> {
  return (await db.execute(sql.deleteOldDeliveries, { before })).affectedRows;
}

async function knownPlaces(
  tx: Transaction,
  queryId: number,
  matches: readonly NewMatch[],
): Promise<Set<string>> {
  const known = new Set<string>();
  for (let start = 0; start < matches.length; start += ROWS) {
    const some = matches.slice(start, start + ROWS);
    const rows = await tx.arrays(sql.selectKnown, {
      queryId,
      objectIds: [...new Set(some.map(({ objectId }) => objectId))],
      causes: [...new Set(some.map(({ cause }) => cause))],
    });
    for (const [, objectId, cause, rowNumber] of rows)
      known.add(placeOf(String(objectId), String(cause), Number(rowNumber)));
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

function placeOf(objectId: string, cause: string, rowNumber: number): string {
  return `${objectId}/${cause}/${rowNumber}`;
}
