import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { SetupError } from '../errors.ts';
import type { Log } from '../log.ts';
import { projectRoot } from '../project-root.ts';
import {
  columnDefinition,
  createTable,
  indexDefinition,
  indexName,
  quoteName,
  sqlType,
  tableName,
} from '../schema/ddl.ts';
import type { Table } from '../schema/types.ts';
import { viewsOf } from '../schema/views.ts';
import { bringSandboxAccounts } from './sandbox/account.ts';
import { bringSecrets, lockName } from './accounts/secrets.ts';
import type { Database, Queries } from './database.ts';

const MIGRATIONS = join(projectRoot, 'sql', 'migrations');
const LOCK_SECONDS = 60;

const VersionRow = z.strictObject({ version: z.coerce.number(), description: z.string() });
const ColumnRow = z.strictObject({ name: z.string(), type: z.string() });
const IndexRow = z.strictObject({ name: z.string() });
const ViewRow = z.strictObject({ schema: z.string(), name: z.string(), isOwn: z.coerce.boolean() });

export interface MigrateOptions {
  /** Where the numbered files are. */
  folder?: string;
  /** False where GLINT_SANDBOX_DATABASE_URL names the account that runs users' queries. */
  makesSandbox?: boolean;
}

/**
 * Brings a server to the schema description: makes databases and tables, adds columns and indexes
 * that are missing, then runs the numbered files of `sql/migrations` not run yet (for what cannot be
 * derived: changed types, moved data). Only ever forward; safe to run from many hosts at once. A file
 * that was cut short is run again from its beginning: its statements must bear that. Views and the
 * account that reads them come last.
 *
 * @throws {SetupError} if the database was made by a newer Glint, or holds a column of another type.
 */
export async function migrate(
  db: Database,
  tables: Table[],
  log: Log,
  options: MigrateOptions = {},
): Promise<void> {
  const views = viewsOf(tables);
  for (const name of new Set([...tables, ...views].map(({ database }) => database))) {
    await db.execute(`CREATE DATABASE IF NOT EXISTS ${quoteName(name)} CHARACTER SET utf8mb4`);
  }
  await bringSecrets(db);
  await db.transaction(async (tx) => {
    // The lock belongs to this one connection and goes with it.
    const lock = await lockName(tx, 'migrate');
    const [[locked]] = await tx.arrays(`SELECT GET_LOCK(:lock, ${LOCK_SECONDS})`, { lock });
    if (String(locked) !== '1')
      throw new SetupError(
        'another process has been migrating the database for a minute; try again when it is done',
      );
    try {
      await runMigrations(tx, tables, log, options.folder ?? MIGRATIONS);
      if (options.makesSandbox !== false) {
        await bringSandboxAccounts(tx, await db.server(), tables, log);
      }
    } finally {
      await tx.arrays('SELECT RELEASE_LOCK(:lock)', { lock });
    }
  });
}

/**
 * Whether the database is what this program expects.
 *
 * @throws {SetupError} saying what to do if it is older, newer or empty.
 */
export async function checkSchemaVersion(
  db: Database,
  tables: Table[],
  folder = MIGRATIONS,
): Promise<void> {
  const stored = await selectVersion(db);
  const wanted = wantedVersion(tables, folder);
  if (stored === undefined)
    throw new SetupError('the database is empty: run `bin/glint migrate` first');
  if (stored.version > wanted.version) throw tooNew(stored.version, wanted.version);
  if (stored.description !== wanted.description || stored.version < wanted.version) {
    throw new SetupError(
      'the database was made by another version of Glint: run `bin/glint migrate` first',
    );
  }
}

async function runMigrations(
  tx: Queries,
  tables: Table[],
  log: Log,
  folder: string,
): Promise<void> {
  const wanted = wantedVersion(tables, folder);
  const stored = await selectVersion(tx);
  if (stored !== undefined && stored.version > wanted.version)
    throw tooNew(stored.version, wanted.version);
  const isCurrent = stored?.version === wanted.version && stored.description === wanted.description;
  if (isCurrent && (await hasAllViews(tx, tables))) return;
  for (const table of tables) await bringTable(tx, table, log);
  await tx.execute(
    'CREATE TABLE IF NOT EXISTS glint.schema_version (only_row TINYINT PRIMARY KEY, version INT NOT NULL, description VARCHAR(64) NOT NULL)',
  );
  for (const { name, version } of migrationFiles(folder)) {
    // Tables that were made just now are as the last file would leave them.
    if (stored === undefined || version <= stored.version) continue;
    log.info(`migration ${name}`);
    for (const statement of readFileSync(join(folder, name), 'utf8').split(/;\s*$/m)) {
      if (statement.trim() !== '') await tx.execute(statement);
    }
    await storeVersion(tx, { version, description: 'migrating' });
  }
  for (const table of tables) await checkTypes(tx, table);
  await bringViews(tx, tables);
  await storeVersion(tx, wanted);
  log.info('the database is at the schema of this version', { version: wanted.version });
}

async function storeVersion(tx: Queries, version: z.infer<typeof VersionRow>): Promise<void> {
  await tx.execute('REPLACE INTO glint.schema_version VALUES (1, :version, :description)', {
    ...version,
  });
}

async function bringTable(tx: Queries, table: Table, log: Log): Promise<void> {
  const present = new Set((await selectColumns(tx, table)).map((column) => column.name));
  if (present.size === 0) {
    await tx.execute(createTable(table));
    return;
  }
  const additions = table.columns
    .filter((column) => !present.has(column.name))
    .map((column) => `ADD COLUMN ${quoteName(column.name)} ${columnDefinition(column)}`);
  const indexes = await tx.rows(
    IndexRow,
    'SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = :schema AND table_name = :table',
    { schema: table.database, table: table.name },
  );
  const known = new Set(indexes.map((index) => index.name));
  for (const index of table.indexes) {
    if (!known.has(indexName(table, index))) additions.push(`ADD ${indexDefinition(table, index)}`);
  }
  if (additions.length === 0) return;
  log.info(`${table.database}.${table.name}: ${additions.length} additions`);
  await tx.execute(`ALTER TABLE ${tableName(table)} ${additions.join(', ')}`);
}

/** After the numbered files have had their chance to change types. */
async function checkTypes(tx: Queries, table: Table): Promise<void> {
  const wanted = new Map(table.columns.map((column) => [column.name, sqlType(column.type)]));
  for (const { name, type } of await selectColumns(tx, table)) {
    const wantedType = wanted.get(name);
    if (wantedType === undefined || sameType(type, wantedType)) continue;
    throw new SetupError(
      `column ${table.database}.${table.name}.${name} is ${type} in the database and ${wantedType} in this version: the change needs a file in sql/migrations`,
    );
  }
}

function selectColumns(tx: Queries, table: Table): Promise<z.infer<typeof ColumnRow>[]> {
  return tx.rows(
    ColumnRow,
    'SELECT column_name AS name, column_type AS type FROM information_schema.columns WHERE table_schema = :schema AND table_name = :table',
    { schema: table.database, table: table.name },
  );
}

/** Makes every view anew, and drops those whose table is not public any more. */
async function bringViews(tx: Queries, tables: Table[]): Promise<void> {
  const wanted = viewsOf(tables);
  for (const { sql } of wanted) await tx.execute(sql);
  const names = new Set(wanted.map(({ database, name }) => `${database}.${name}`));
  for (const { schema, name } of await selectViews(tx, tables)) {
    if (names.has(`${schema}.${name}`)) continue;
    await tx.execute(`DROP VIEW IF EXISTS ${quoteName(schema)}.${quoteName(name)}`);
  }
}

/** Views read with the rights of who made them: those of another account may be worth nothing. */
async function hasAllViews(tx: Queries, tables: Table[]): Promise<boolean> {
  const present = await selectViews(tx, tables);
  return present.length === viewsOf(tables).length && present.every(({ isOwn }) => isOwn);
}

function selectViews(tx: Queries, tables: Table[]): Promise<z.infer<typeof ViewRow>[]> {
  const schemas = [...new Set(viewsOf(tables).map(({ database }) => database))];
  return tx.rows(
    ViewRow,
    'SELECT table_schema AS `schema`, table_name AS name, definer = CURRENT_USER() AS isOwn FROM information_schema.views WHERE table_schema IN (:schemas)',
    { schemas: schemas.length > 0 ? schemas : [''] },
  );
}

/** MySQL 8 prints `int` where MariaDB prints `int(11)`; widths of integers mean nothing. */
function sameType(stored: string, wanted: string): boolean {
  const normal = (type: string) =>
    type
      .toLowerCase()
      .replace(/ character set .*/, '')
      .replace(/\b(tinyint|smallint|int|bigint)\(\d+\)/, '$1')
      .trim();
  return normal(stored) === normal(wanted);
}

async function selectVersion(db: Queries): Promise<z.infer<typeof VersionRow> | undefined> {
  const tables = await db.arrays(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = 'glint' AND table_name = 'schema_version'",
  );
  if (tables.length === 0) return undefined;
  const [row] = await db.rows(VersionRow, 'SELECT version, description FROM glint.schema_version');
  return row;
}

/** Number of the last file in `sql/migrations`, and a digest of the description. */
function wantedVersion(tables: Table[], folder: string): z.infer<typeof VersionRow> {
  const layout = [
    ...tables.map((table) => createTable(table)),
    ...viewsOf(tables).map(({ sql }) => sql),
  ];
  return {
    version: Math.max(1, ...migrationFiles(folder).map((file) => file.version)),
    description: createHash('sha256').update(layout.join('\n')).digest('hex'),
  };
}

function migrationFiles(folder: string): { version: number; name: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .map((name) => ({ version: Number(name.slice(0, 4)), name }))
    .sort((a, b) => a.version - b.version);
}

function tooNew(stored: number, wanted: number): SetupError {
  return new SetupError(
    `the database is of a newer Glint (schema ${stored}, this program knows ${wanted}): update the program, or name another database in GLINT_DATABASE_URL`,
  );
}
