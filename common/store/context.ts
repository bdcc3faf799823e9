import type { Survey } from '../config.ts';
import { quoteName, tableName } from '../schema/ddl.ts';
import { tableOf } from '../schema/tables.ts';
import type { Column, Table } from '../schema/types.ts';
import { bulkLoad, createRowBuffer } from './bulk.ts';
import type { RowBuffer } from './bulk.ts';
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
  const classes = rowWriter(tableOf(survey, 'sherlock_classifications'));
  const matches = rowWriter(tableOf(survey, 'sherlock_crossmatches'));
  for (const { id, classification, crossmatches } of contexts) {
    classes.write(id, classification);
    for (const crossmatch of crossmatches) matches.write(id, crossmatch);
  }
  const statement = survey === 'ztf' ? sql.deleteZtfCrossmatches : sql.deleteLsstCrossmatches;
  await tx.execute(statement, {
    ids: keysOf(
      survey,
      contexts.map(({ id }) => id),
    ),
  });
  await bulkLoad(tx, server, 'replace', classes.target, classes.rows);
  await bulkLoad(tx, server, 'replace', matches.target, matches.rows);
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

interface RowWriter {
  target: { table: string; columns: string[] };
  rows: RowBuffer;
  write(id: string, parts: readonly ContextRow[]): void;
}

function rowWriter(table: Table): RowWriter {
  const [key] = table.primaryKey;
  const rows = createRowBuffer();
  return {
    target: { table: tableName(table), columns: table.columns.map((column) => column.name) },
    rows,
    write(id, parts) {
      for (const column of table.columns) {
        rows.value(column.name === key ? id : fitting(column, valueOf(parts, column.name)));
      }
      rows.endRow();
    },
  };
}

function valueOf(parts: readonly ContextRow[], name: string): ContextValue {
  for (const part of parts) {
    const value = part[name];
    if (value !== undefined) return value;
  }
  return null;
}

function fitting({ type }: Column, value: ContextValue): ContextValue {
  if (typeof value !== 'string' || typeof type === 'string') return value;
  if ('text' in type) return value.slice(0, type.text);
  return value.replace(/[^\x20-\x7e]/g, '?').slice(0, type.name);
}
