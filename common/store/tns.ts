import type { Survey } from '../config.ts';
import { tableName } from '../schema/ddl.ts';
import { tableOf } from '../schema/tables.ts';
import { bulkLoad } from './bulk.ts';
import { createRowBuffer } from './row-buffer.ts';
import type { BulkTarget } from './bulk.ts';
import type { Queries, ServerKind, Transaction } from './database.ts';
import { readWholeRows } from './row-reader.ts';
import type { Scalar } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';
import { forSurvey } from './survey-keys.ts';

const sql = loadSql('tns.sql', [
  'selectByIdOrName',
  'selectById',
  'deleteEntries',
  'selectIdsKnownBefore',
  'selectNamesChangedSince',
  'countEntries',
]);

/** An entry of the Transient Name Server, as far as one of its lists tells. */
export interface TnsEntry {
  id: number;
  /** Without its prefix: `2018cow`. */
  name: string;
  /** Degrees, ICRS. */
  ra: number;
  decl: number;
  htm16: bigint;
  hpx29: bigint;
  /**
   * Other columns of `crossmatch_tns` that the list speaks of, with what it says: null where it says
   * nothing. Columns it does not know are absent and keep what they have. Dates are in ISO form.
   */
  values: Readonly<Record<string, Scalar>>;
}

/** Both surveys have a table each, with the same rows. */
const READER = readWholeRows(tableOf('ztf', 'crossmatch_tns'));
const COLUMNS = tableOf('ztf', 'crossmatch_tns').columns;
const TARGETS: Record<Survey, BulkTarget> = { ztf: targetOf('ztf'), lsst: targetOf('lsst') };

/** What became of a few entries. */
export interface StoredEntries {
  added: number;
  changed: number;
  /** Names that an entry got, lost or kept while something about it changed. */
  names: string[];
}

/**
 * Writes entries that are new, and what is new of those that are known. An entry that was changed on
 * the server before the one that is stored is older news and is passed over; a name that another
 * entry had goes to the one that has it now.
 *
 * @param entries - No number twice.
 */
export async function storeTnsEntries(
  tx: Transaction,
  server: ServerKind,
  survey: Survey,
  entries: readonly TnsEntry[],
  now: Date,
): Promise<StoredEntries> {
  if (entries.length === 0) return { added: 0, changed: 0, names: [] };
  const known = await tx.rows(READER.row, selectByIdOrName(survey), {
    ids: entries.map((entry) => entry.id),
    names: entries.map((entry) => entry.name),
  });
  const byId = new Map(known.map((row) => [row.id, row]));
  const names = new Set<string>();
  const rows = createRowBuffer();
  let added = 0;
  for (const entry of entries) {
    const before = byId.get(String(entry.id));
    const row = rowOf(entry, before, now);
    if (before !== undefined && (isOlder(row, before) || isSame(row, before))) continue;
    if (before === undefined) added++;
    else names.add(String(before.tns_name));
    names.add(entry.name);
    for (const { name } of COLUMNS) rows.value(loadable(row[name]));
    rows.endRow();
  }
  await bulkLoad(tx, server, 'replace', TARGETS[survey], rows);
  return { added, changed: rows.count() - added, names: [...names] };
}

/** Forgets entries. @returns The names they had. */
export async function deleteTnsEntries(
  tx: Transaction,
  survey: Survey,
  ids: readonly number[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.arrays(forSurvey(sql.selectById, survey), { ids: [...ids] });
  await tx.execute(forSurvey(sql.deleteEntries, survey), { ids: [...ids] });
  return rows.map(([, name]) => String(name));
}

/**
 * Numbers of entries that the server changed last before `before`, as far as is known, in ascending
 * order: the next `count` after `after`.
 */
export async function selectTnsIdsKnownBefore(
  db: Queries,
  survey: Survey,
  page: { before: Date; after: number; count: number },
): Promise<number[]> {
  const rows = await db.arrays(forSurvey(sql.selectIdsKnownBefore, survey), { ...page });
  return rows.map(([id]) => Number(id));
}

/** Entries written here at `since` or later, by number: the next `count` after `after`. */
export async function selectTnsNamesChangedSince(
  db: Queries,
  survey: Survey,
  page: { since: Date; after: number; count: number },
): Promise<{ id: number; name: string }[]> {
  const rows = await db.arrays(forSurvey(sql.selectNamesChangedSince, survey), { ...page });
  return rows.map(([id, name]) => ({ id: Number(id), name: String(name) }));
}

/** Which of these numbers are stored, and under which name. */
export async function selectKnownTnsIds(
  db: Queries,
  survey: Survey,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.arrays(forSurvey(sql.selectById, survey), { ids: [...ids] });
  return new Map(rows.map(([id, name]) => [Number(id), String(name)]));
}

export async function countTnsEntries(db: Queries, survey: Survey): Promise<number> {
  const [[count]] = await db.arrays(forSurvey(sql.countEntries, survey));
  return Number(count);
}

function selectByIdOrName(survey: Survey): string {
  return forSurvey(sql.selectByIdOrName, survey).replace('COLUMNS', READER.columns);
}

type Row = Record<string, Scalar>;

function rowOf(entry: TnsEntry, before: Row | undefined, now: Date): Row {
  const { id, name, ra, decl, htm16, hpx29 } = entry;
  return {
    ...before,
    ...entry.values,
    id: String(id),
    tnsid: String(id),
    tns_name: name,
    ra,
    decl,
    htm16: htm16.toString(),
    hpx29: hpx29.toString(),
    lasairmodified_date: now.toISOString(),
  };
}

function isOlder(row: Row, before: Row): boolean {
  const [now, then] = [row.lastmodified_date ?? null, before.lastmodified_date];
  return typeof now === 'string' && typeof then === 'string' && now < then;
}

function isSame(row: Row, before: Row): boolean {
  return COLUMNS.every(
    ({ name }) => name === 'lasairmodified_date' || (row[name] ?? null) === before[name],
  );
}

/** The loader takes dates as the server writes them. */
function loadable(value: Scalar | undefined): Scalar {
  if (typeof value !== 'string') return value ?? null;
  return ISO_DATE.test(value) ? value.replace('T', ' ').replace('Z', '') : value;
}

const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function targetOf(survey: Survey): BulkTarget {
  return {
    table: tableName(tableOf(survey, 'crossmatch_tns')),
    columns: COLUMNS.map(({ name }) => name),
  };
}
