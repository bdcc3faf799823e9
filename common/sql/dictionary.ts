import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import { ALL_TABLES } from '../schema/tables.ts';
import type { Column, ColumnType, DatabaseName, Index, OwnedBy, Table } from '../schema/types.ts';
import type { ResultColumn, ValueType } from './ast.ts';

/** A column that users may name, with what a result says of it. */
export interface DictionaryColumn extends ResultColumn {
  /** How SQL calls it: the same. */
  sqlName: string;
  description: string;
  source: { database: DatabaseName; table: string; column: string };
  /** Whether it is a short name in ASCII, compared byte by byte: other texts are without case. */
  isAscii: boolean;
  kept: ColumnType;
  /** How the numbers differ from Lasair's under the same name. */
  differs?: string;
  isRequired: boolean;
}

/** A table that users may name. */
export interface DictionaryTable {
  database: DatabaseName;
  name: string;
  /** Other names that users know it by. */
  otherNames: readonly string[];
  description: string;
  columns: readonly DictionaryColumn[];
  /** By name in lower case, the names of other generations among them. */
  byName: ReadonlyMap<string, DictionaryColumn>;
  primaryKey: readonly string[];
  indexes: readonly Index[];
  /** Set where a reader sees only rows of public lists and of their own. */
  ownedBy: OwnedBy | undefined;
}

/** What Lasair calls the table with all of an object's columns beyond the most used. */
const OTHER_TABLE_NAMES: Readonly<Record<string, readonly string[]>> = { objects: ['objects_ext'] };

/** Columns that the report of 2019 names otherwise. */
const OTHER_COLUMN_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ztf.objects': { primaryid: 'objectId' },
  'ztf.sherlock_classifications': { transient_object_id: 'objectId' },
  'ztf.sherlock_crossmatches': { transient_object_id: 'objectId' },
};

const VALUE_TYPES: Readonly<Record<Extract<ColumnType, string>, ValueType | undefined>> = {
  double: 'double',
  float: 'float',
  int: 'int',
  smallint: 'int',
  tinyint: 'int',
  bool: 'bool',
  id: 'id',
  timestamp: 'timestamp',
  json: 'json',
  // Packed bytes mean nothing to anybody outside of the program.
  blob: undefined,
};

/** Everything that users may name, by the database of names without one. */
export const DICTIONARY: Readonly<Record<Survey, ReadonlyMap<string, DictionaryTable>>> =
  makeDictionary();

/**
 * The tables a user may name in a query of this survey: its own, then those that belong to both.
 * Tables of the other survey are there as well, under `database.table`.
 */
export function tablesFor(survey: Survey): DictionaryTable[] {
  return [...new Set(DICTIONARY[survey].values())];
}

/** The table of that name, in any case; undefined if a query of this survey may not name it. */
export function findTable(survey: Survey, name: string): DictionaryTable | undefined {
  return DICTIONARY[survey].get(name.toLowerCase());
}

function makeDictionary(): Record<Survey, Map<string, DictionaryTable>> {
  const shared = ALL_TABLES.filter((table) => table.isPublic && table.database === 'glint').map(
    describeTable,
  );
  const [ztf, lsst] = SURVEYS.map((survey) => {
    const own = ALL_TABLES.filter((table) => table.isPublic && table.database === survey);
    return byNames([...own.map(describeTable), ...shared]);
  });
  return { ztf, lsst };
}

function byNames(tables: DictionaryTable[]): Map<string, DictionaryTable> {
  return new Map(
    tables.flatMap((table) =>
      [table.name, ...table.otherNames].map((name) => [name.toLowerCase(), table] as const),
    ),
  );
}

function describeTable(table: Table): DictionaryTable {
  const columns = table.columns.flatMap((column) => describeColumn(table, column));
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const otherNames = OTHER_COLUMN_NAMES[`${table.database}.${table.name}`] ?? {};
  for (const [other, name] of Object.entries(otherNames)) {
    const column = byName.get(name.toLowerCase());
    if (column !== undefined) byName.set(other, column);
  }
  return {
    database: table.database,
    name: table.name,
    otherNames: OTHER_TABLE_NAMES[table.name] ?? [],
    description: table.description,
    columns,
    byName,
    primaryKey: table.primaryKey,
    indexes: table.indexes,
    ownedBy: table.ownedBy,
  };
}

function describeColumn(table: Table, column: Column): DictionaryColumn[] {
  const type = typeof column.type === 'object' ? 'text' : VALUE_TYPES[column.type];
  if (type === undefined) return [];
  return [
    {
      name: column.name,
      sqlName: column.name,
      type,
      ...(column.unit !== undefined && { unit: column.unit }),
      ...(column.ucd !== undefined && { ucd: column.ucd }),
      description: column.description,
      source: { database: table.database, table: table.name, column: column.name },
      isAscii: typeof column.type === 'object' && 'name' in column.type,
      kept: column.type,
      ...(column.differs !== undefined && { differs: column.differs }),
      isRequired: column.required === true,
    },
  ];
}
