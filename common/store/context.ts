import type { Survey } from '../config.ts';
import { quoteName, tableName } from '../schema/ddl.ts';
import { tableOf } from '../schema/tables.ts';
import type { Column, Table } from '../schema/types.ts';
import { bulkLoad } from './bulk.ts';
import type { BulkTarget } from './bulk.ts';
import { createRowBuffer } from './row-buffer.ts';
import type { RowBuffer } from './row-buffer.ts';
import type { Queries, ServerKind, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('context.sql', [
  'deleteZtfCrossmatches',
  'deleteLsstCrossmatches',
  'selectZtfNewestAlerts',
  'selectLsstNewestAlerts',
]);

export type ContextValue = string | number | null;
/** Part of a row, by the names of its columns. */
export type ContextRow = Record<string, ContextValue>;

/** What is around one object, as it is stored. */
export interface StoredContext {
  /** objectId, or diaObjectId in decimal digits. */
  id: string;
  /** The parts of its row of `sherlock_classifications`; columns that none has are NULL. */
  classification: readonly ContextRow[];
  /** The parts of each of its rows of `sherlock_crossmatches`. */
  crossmatches: readonly (readonly ContextRow[])[];
}

/** Columns of the newest alert that say what is around its object. */
const ALERT_COLUMNS: Record<Survey, readonly string[]> = {
  ztf: [
    'jd',
    'fid',
    ...['1', '2', '3'].flatMap((place) =>
      ['objectidps', 'sgmag', 'srmag', 'simag', 'szmag', 'sgscore', 'distpsnr'].map(
        (name) => name + place,
      ),
    ),
    'nmtchps',
    'neargaia',
    'neargaiabright',
    'maggaia',
    'maggaiabright',
    'ranr',
    'decnr',
    'magnr',
    'ssnamenr',
    'ssdistnr',
    'jdstarthist',
  ],
  lsst: ['ssObjectId', 'templateFlux', 'templateFluxErr'],
};

/**
 * Puts what is around these objects in the place of what was stored of it. Text that is too long for
 * its column is cut: it is for reading.
 */
export async function replaceContext(
  tx: Transaction,
  server: ServerKind,
  survey: Survey,
  contexts: readonly StoredContext[],
): Promise<void> {
  if (contexts.length === 0) return;
  const classes = tableOf(survey, 'sherlock_classifications');
  const matches = tableOf(survey, 'sherlock_crossmatches');
  const classRows = createRowBuffer();
  const matchRows = createRowBuffer();
  for (const { id, classification, crossmatches } of contexts) {
    writeRow(classRows, classes, id, classification);
    for (const crossmatch of crossmatches) writeRow(matchRows, matches, id, crossmatch);
  }
  const statement = survey === 'ztf' ? sql.deleteZtfCrossmatches : sql.deleteLsstCrossmatches;
  await tx.execute(statement, {
    ids: keysOf(
      survey,
      contexts.map(({ id }) => id),
    ),
  });
  await bulkLoad(tx, server, 'replace', targetOf(classes), classRows);
  await bulkLoad(tx, server, 'replace', targetOf(matches), matchRows);
}

/**
 * What the newest alerts of these objects said of their surroundings, by id, under the alert's own
 * names; without objects that have no alert.
 */
export async function selectNewestAlerts(
  db: Queries,
  survey: Survey,
  ids: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  if (ids.length === 0) return new Map();
  const names = ALERT_COLUMNS[survey];
  const statement = survey === 'ztf' ? sql.selectZtfNewestAlerts : sql.selectLsstNewestAlerts;
  const rows = await db.arrays(
    statement.replace('COLUMNS', names.map((name) => alertColumn(survey, name)).join(', ')),
    { ids: keysOf(survey, ids) },
  );
  return new Map(
    rows.map(([id, ...values]) => [
      String(id),
      Object.fromEntries(names.map((name, i) => [name, values[i]])),
    ]),
  );
}

/** As FLOAT the server would write six digits: another answer than the alert itself gives. */
function alertColumn(survey: Survey, name: string): string {
  const table = tableOf(survey, survey === 'ztf' ? 'candidates' : 'diaSources');
  const isFloat = table.columns.some((column) => column.name === name && column.type === 'float');
  return isFloat ? `CAST(c.${quoteName(name)} AS DOUBLE)` : `c.${quoteName(name)}`;
}

function keysOf(survey: Survey, ids: readonly string[]): string[] | bigint[] {
  return survey === 'ztf' ? [...ids] : ids.map((id) => BigInt(id));
}

function targetOf(table: Table): BulkTarget {
  return { table: tableName(table), columns: table.columns.map((column) => column.name) };
}

function writeRow(
  rows: RowBuffer,
  { columns, primaryKey: [key] }: Table,
  id: string,
  parts: readonly ContextRow[],
): void {
  for (const column of columns) {
    if (column.name === key) rows.text(id);
    else writeValue(rows, column, valueOf(parts, column.name));
  }
  rows.endRow();
}

function valueOf(parts: readonly ContextRow[], name: string): ContextValue {
  for (const part of parts) {
    const value = part[name];
    if (value !== undefined) return value;
  }
  return null;
}

function writeValue(rows: RowBuffer, { type }: Column, value: ContextValue): void {
  if (type === 'float' && typeof value === 'number') rows.float(Math.fround(value));
  else if (typeof value !== 'string' || typeof type === 'string') rows.value(value);
  else if ('text' in type) rows.text(value.slice(0, type.text));
  else rows.text(value.replace(/[^\x20-\x7e]/g, '?').slice(0, type.name));
}
