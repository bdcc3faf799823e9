import { sqlType } from '../common/schema/ddl.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import type { Column, DatabaseName, Table } from '../common/schema/types.ts';
import { columnFamilies } from './column-families.ts';
import type { ColumnFamily } from './column-families.ts';
import { FEATURE_GROUPS } from './feature-groups.ts';
import { SURVEY_NAMES } from './object-page.ts';

/** Columns of a table that belong together, as the schema page shows them. */
interface Section {
  /** Absent where the table has no groups. */
  title?: string;
  anchor?: string;
  source?: string;
  columnCount: number;
  rows: SchemaRow[];
}

type SchemaRow = ReturnType<typeof schemaRow>;

const DATABASES: { database: DatabaseName; name: string }[] = [
  { database: 'ztf', name: SURVEY_NAMES.ztf },
  { database: 'lsst', name: SURVEY_NAMES.lsst },
  { database: 'glint', name: 'lists of users, in queries of both surveys' },
];

/**
 * The public tables of both surveys and of users' lists, with type, unit and meaning of every column.
 *
 * @param wanted - Only rows that hold this text in a name, unit or meaning, in any case; all without.
 */
export function schemaPage(wanted: string) {
  const databases = DATABASES.map(({ database, name }) => ({
    database,
    name,
    tables: ALL_TABLES.filter((table) => table.isPublic && table.database === database)
      .map((table) => schemaTable(database, table, wanted.trim().toLowerCase()))
      .filter((table) => table.sections.length > 0),
  }));
  const tables = databases.flatMap((each) => each.tables);
  return {
    databases: databases.filter((each) => each.tables.length > 0),
    matches: tables.reduce((sum, table) => sum + table.matches, 0),
  };
}

function schemaTable(database: DatabaseName, table: Table, wanted: string) {
  const sections = sectionsOf(database, table)
    .map((section) => ({
      ...section,
      rows: section.rows.filter((row) => row.searched.includes(wanted)),
    }))
    .filter((section) => section.rows.length > 0);
  return {
    name: table.name,
    anchor: `${database}.${table.name}`,
    description: table.description,
    columnCount: table.columns.length,
    isOpen: wanted !== '' || table.name === 'objects',
    isGrouped: sections.some((section) => section.title !== undefined),
    matches: sections.flatMap(({ rows }) => rows).reduce((sum, row) => sum + row.names.length, 0),
    sections,
  };
}

/** The groups of `objects`, with what stands outside of them; another table is one section. */
function sectionsOf(database: DatabaseName, table: Table): Section[] {
  const rowsOf = (families: ColumnFamily[]) => families.map((family) => schemaRow(table, family));
  const plain = (columns: Column[]): Section => ({
    columnCount: columns.length,
    rows: rowsOf(columnFamilies(columns)),
  });
  if (table.name !== 'objects' || database === 'glint') return [plain(table.columns)];
  const groups = FEATURE_GROUPS[database];
  const grouped = new Set(groups.flatMap(({ columns }) => columns.map(({ name }) => name)));
  return [
    plain(table.columns.filter(({ name }) => !grouped.has(name))),
    ...groups.map(({ title, anchor, source, columns, families }) => ({
      title,
      anchor: `${database}.objects-${anchor}`,
      source,
      columnCount: columns.length,
      rows: rowsOf(families),
    })),
  ];
}

function schemaRow(table: Table, { description, members }: ColumnFamily) {
  const [{ column }] = members;
  const names = members.map((member) => ({
    name: member.column.name,
    anchor: `${table.database}.${table.name}.${member.column.name}`,
  }));
  const { unit, differs } = column;
  const ucd = members.length > 1 ? column.ucd?.replace(/em\.opt\.\w/g, 'em.opt.∗') : column.ucd;
  return {
    names,
    isKey: table.primaryKey.includes(column.name),
    sqlType: sqlType(column.type).replace(/ CHARACTER SET.*/, ''),
    unit,
    description,
    differs,
    ucd,
    /** What the filter looks in. */
    searched: [...names.map(({ name }) => name), unit, description, differs, ucd]
      .filter(Boolean)
      .join(' ')
      .toLowerCase(),
  };
}
