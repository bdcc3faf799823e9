import { z } from 'zod';

import { CATALOGUE_KINDS } from '../catalogues/source.ts';
import { NotFoundError } from '../errors.ts';
import { quoteName } from '../schema/ddl.ts';
import { ColumnsSchema, createCatalogueTable } from './catalogue-columns.ts';
import type { CatalogueColumns } from './catalogue-columns.ts';
import type { Database, Queries } from './database.ts';
import { JsonText } from './json-text.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('catalogues.sql', [
  'selectLoads',
  'selectReady',
  'insertLoad',
  'updateLoad',
  'makeReady',
  'deleteOtherLoads',
  'deleteLoad',
  'deleteCatalogue',
  'selectTables',
  'restartContext',
]);

const DATABASE = 'catalogues';

/** Names of catalogues: of a table, so that users can write it without quotes. */
export const CATALOGUE_NAME = /^[a-z](?:[a-z0-9]|_(?!_)){0,38}[a-z0-9]$/;

/** A row of a file that could not be used. */
const RejectSchema = z.strictObject({ file: z.string(), place: z.string(), reason: z.string() });

const LoadRow = z
  .strictObject({
    name: z.string(),
    load_number: z.coerce.number(),
    kind: z.enum(CATALOGUE_KINDS),
    state: z.enum(['loading', 'ready']),
    row_count: z.coerce.number(),
    rows_by_reach: JsonText.pipe(z.array(z.number())),
    rejected: z.coerce.number(),
    repeated: z.coerce.number(),
    rejects: JsonText.pipe(z.array(RejectSchema)),
    described: JsonText.pipe(ColumnsSchema),
    coverage: z.string().nullable(),
    source: z.string(),
    progress: z.string().nullable(),
    bytes_done: z.coerce.number(),
    bytes_total: z.coerce.number(),
    started_at: z.date(),
    updated_at: z.date(),
    loaded_at: z.date().nullable(),
  })
  .transform((row) => ({
    name: row.name,
    load: row.load_number,
    kind: row.kind,
    state: row.state,
    rows: row.row_count,
    /** Rows by class of reach, as `reachClass` numbers them. */
    rowsByReach: row.rows_by_reach,
    rejected: row.rejected,
    repeated: row.repeated,
    rejects: row.rejects,
    columns: row.described,
    coverage: row.coverage,
    source: row.source,
    progress: row.progress,
    bytesDone: row.bytes_done,
    bytesTotal: row.bytes_total,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    loadedAt: row.loaded_at,
  }));
/** A catalogue that is loaded, or a load of one under way. */
export type CatalogueLoad = z.infer<typeof LoadRow>;

/** A catalogue that can be searched. */
export type Catalogue = Pick<
  CatalogueLoad,
  'name' | 'load' | 'kind' | 'rows' | 'rowsByReach' | 'columns' | 'coverage'
> & {
  /** Quoted, for SQL: its key is (reach, hpx29, id). */
  table: string;
};

/** The catalogues that are ready to be searched, by name: none of them half loaded. */
export async function selectCatalogues(db: Queries): Promise<Catalogue[]> {
  const loads = await selectCatalogueLoads(db);
  return loads
    .filter(({ state }) => state === 'ready')
    .map(({ name, load, kind, rows, rowsByReach, columns, coverage }) => ({
      name,
      load,
      kind,
      rows,
      rowsByReach,
      columns,
      coverage,
      table: catalogueTable(name),
    }));
}

/**
 * Whether these are still the catalogues that are ready to be searched: asked before what was found
 * in them is written, for a new one has everything that is stored looked at again, and nothing else.
 */
export async function areCatalogues(
  db: Queries,
  searched: readonly Pick<Catalogue, 'name' | 'load'>[],
): Promise<boolean> {
  const ready = (await db.arrays(sql.selectReady)).map((row) => row.join(':'));
  return ready.join() === searched.map(({ name, load }) => `${name}:${load}`).join();
}

/** Every catalogue and every load under way; of one name only if it is given. */
export function selectCatalogueLoads(db: Queries, name?: string): Promise<CatalogueLoad[]> {
  return db.rows(LoadRow, sql.selectLoads, { name: name ?? null });
}

export interface NewLoad {
  name: string;
  load: number;
  kind: CatalogueLoad['kind'];
  columns: CatalogueColumns;
  source: string;
  progress: string;
  bytesTotal: number;
}

/** Begins a load: notes it and makes its empty table, beside the catalogue of that name if there is one. */
export async function beginLoad(db: Database, load: NewLoad, now: Date): Promise<void> {
  await db.execute(`CREATE DATABASE IF NOT EXISTS ${DATABASE} CHARACTER SET utf8mb4`);
  await db.execute(`DROP TABLE IF EXISTS ${loadingTable(load.name, load.load)}`);
  await db.execute(createCatalogueTable(loadingTable(load.name, load.load), load.columns));
  await db.execute(sql.insertLoad, {
    ...load,
    columns: JSON.stringify(load.columns),
    rowsByReach: JSON.stringify([]),
    now,
  });
}

export type LoadProgress = Pick<
  CatalogueLoad,
  'rows' | 'rowsByReach' | 'rejected' | 'repeated' | 'rejects' | 'coverage' | 'bytesDone'
> & { progress: string };

/**
 * Notes how far a load has come: in the transaction of the rows, so that both hold or neither.
 *
 * @throws {NotFoundError} if somebody has dropped the load meanwhile.
 */
export async function updateLoad(
  db: Queries,
  { name, load }: Pick<NewLoad, 'name' | 'load'>,
  progress: LoadProgress,
  now: Date,
): Promise<void> {
  const { affectedRows } = await db.execute(sql.updateLoad, {
    ...progress,
    rowsByReach: JSON.stringify(progress.rowsByReach),
    rejects: JSON.stringify(progress.rejects),
    name,
    load,
    now,
  });
  if (affectedRows === 0) {
    throw new NotFoundError(`the load of ${name} was dropped while it was under way`);
  }
}

/**
 * Puts a loaded table in the place of the catalogue of its name, in one step for everybody who reads
 * it, and drops the one before. Safe to run again after it was cut short at any point.
 */
export async function finishLoad(
  db: Database,
  { name, load }: Pick<NewLoad, 'name' | 'load'>,
  now: Date,
): Promise<void> {
  const tables = await selectTables(db);
  const replaced = `${name}__old`;
  if (tables.has(`${name}__${load}`)) {
    if (tables.has(replaced)) await db.execute(`DROP TABLE ${quoted(replaced)}`);
    const renames = [`${loadingTable(name, load)} TO ${catalogueTable(name)}`];
    if (tables.has(name)) renames.unshift(`${catalogueTable(name)} TO ${quoted(replaced)}`);
    await db.execute(`RENAME TABLE ${renames.join(', ')}`);
  }
  await db.transaction(async (tx) => {
    await tx.execute(sql.deleteOtherLoads, { name, load });
    await tx.execute(sql.makeReady, { name, load, now });
    await catalogueChanged(tx, name, load, now);
  });
  await db.execute(`DROP TABLE IF EXISTS ${quoted(replaced)}`);
}

/** Forgets a load that is not ready, with its table; the catalogue of that name stays as it is. */
export async function dropLoad(
  db: Database,
  { name, load }: Pick<NewLoad, 'name' | 'load'>,
): Promise<void> {
  await db.execute(sql.deleteLoad, { name, load });
  if ((await selectTables(db)).has(`${name}__${load}`)) {
    await db.execute(`DROP TABLE ${loadingTable(name, load)}`);
  }
}

/**
 * Drops a catalogue with everything that was loaded or half loaded under its name.
 *
 * @throws {NotFoundError} if there is none.
 */
export async function dropCatalogue(db: Database, name: string, now: Date): Promise<void> {
  const loads = await selectCatalogueLoads(db, name);
  const tables = [...(await selectTables(db))].filter(
    (table) => table === name || table.startsWith(`${name}__`),
  );
  if (loads.length + tables.length === 0) throw new NotFoundError(`there is no catalogue ${name}`);
  // The registry first: what it does not name is not searched.
  await db.transaction(async (tx) => {
    await tx.execute(sql.deleteCatalogue, { name });
    const ready = loads.find(({ state }) => state === 'ready');
    if (ready !== undefined) await catalogueChanged(tx, name, ready.load, now, ':dropped');
  });
  for (const table of tables) await db.execute(`DROP TABLE ${quoted(table)}`);
}

/** Has the surroundings of every object looked at anew, since a catalogue came or went. */
async function catalogueChanged(
  db: Queries,
  name: string,
  load: number,
  now: Date,
  suffix = '',
): Promise<void> {
  await db.execute(sql.restartContext, { version: `${name}:${load}${suffix}`, now });
}

/** Quoted name of the table that a load fills. */
export function loadingTable(name: string, load: number): string {
  return quoted(`${name}__${load}`);
}

function catalogueTable(name: string): string {
  return quoted(name);
}

function quoted(table: string): string {
  return `${quoteName(DATABASE)}.${quoteName(table)}`;
}

async function selectTables(db: Queries): Promise<Set<string>> {
  const rows = await db.arrays(sql.selectTables);
  return new Set(rows.map(([name]) => String(name)));
}
