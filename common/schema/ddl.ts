import type { Column, ColumnType, Index, Table } from './types.ts';

const SQL_TYPES = {
  double: 'DOUBLE',
  float: 'FLOAT',
  int: 'INT',
  smallint: 'SMALLINT',
  tinyint: 'TINYINT',
  bool: 'TINYINT(1)',
  id: 'BIGINT',
  timestamp: 'DATETIME(3)',
  json: 'LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  blob: 'LONGBLOB',
} as const;

/** A name in backquotes: only for names of the schema description, never for a user's. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** `database`.`table` */
export function tableName(table: Pick<Table, 'database' | 'name'>): string {
  return `${quoteName(table.database)}.${quoteName(table.name)}`;
}

/** The column's type in the SQL that MariaDB and MySQL share. */
export function sqlType(type: ColumnType): string {
  if (typeof type === 'string') return SQL_TYPES[type];
  if ('name' in type) return `VARCHAR(${type.name}) CHARACTER SET ascii COLLATE ascii_bin`;
  return type.text > 16_000
    ? 'LONGTEXT CHARACTER SET utf8mb4'
    : `VARCHAR(${type.text}) CHARACTER SET utf8mb4`;
}

/** Everything after the column's name in CREATE or ALTER TABLE. */
export function columnDefinition(column: Column): string {
  const parts = [sqlType(column.type)];
  parts.push(column.required ? 'NOT NULL' : 'NULL');
  if (column.default !== undefined) parts.push(`DEFAULT ${column.default}`);
  if (column.autoIncrement) parts.push('AUTO_INCREMENT');
  return parts.join(' ');
}

/** `objects_hpx29_ra_dec`: stable, so that a missing index can be told from a present one. */
export function indexName(table: Table, index: Index): string {
  return [table.name, ...index.columns].join('_').slice(0, 64);
}

export function indexDefinition(table: Table, index: Index): string {
  const columns = index.columns.map(quoteName).join(', ');
  return `${index.unique ? 'UNIQUE ' : ''}KEY ${quoteName(indexName(table, index))} (${columns})`;
}

/** The whole CREATE TABLE statement. */
export function createTable(table: Table): string {
  const lines = [
    ...table.columns.map((column) => `${quoteName(column.name)} ${columnDefinition(column)}`),
    `PRIMARY KEY (${table.primaryKey.map(quoteName).join(', ')})`,
    ...table.indexes.map((index) => indexDefinition(table, index)),
  ];
  return `CREATE TABLE IF NOT EXISTS ${tableName(table)} (\n  ${lines.join(',\n  ')}\n) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4`;
}
