import type { ColumnName, Name } from '../ast.ts';
import type { FromColumn, FromTable, Resolved, ResolvedColumn, ResolvedItem } from './resolved.ts';
import type { Statement } from './statement.ts';

/** A clause of SELECT: what may be named, and which functions may be called, differs between them. */
export type Clause = 'SELECT' | 'ON' | 'WHERE' | 'GROUP BY' | 'HAVING' | 'ORDER BY';

/** A column of a table. */
export interface Reference {
  table: FromTable;
  column: FromColumn;
}

/** A column that a join with USING made one of two. */
export interface MergedColumn {
  lowerName: string;
  /** The one that is not NULL where the other side has no row. */
  chosen: Reference;
  tables: Set<FromTable>;
}

/** The tables that FROM, or a part of it, brings. */
export interface Namespace {
  tables: FromTable[];
  merged: MergedColumn[];
  /** The columns of a star, in its order. */
  star: () => Reference[];
}

/** What can be named within a SELECT. */
export interface Scope {
  statement: Statement;
  /** The SELECT around this one, whose columns it may name. */
  parent: Scope | undefined;
  /** The SELECT in whose FROM this one stands: it may not name its tables, and errors say so. */
  besides: Scope | undefined;
  namespace: Namespace;
  /** The items once they are known: for the clauses after SELECT. */
  items: ResolvedItem[];
  /** Aliases that SELECT gives, from the start: for messages. */
  aliases: readonly Name[];
  groupBy: Resolved[];
  /** Columns of queries around the whole query that it names. */
  outerColumns: ResolvedColumn[];
}

/** Where an expression stands. */
export interface Context {
  scope: Scope;
  clause: Clause;
  /** Whether it is all of an item of ORDER BY: there names of SELECT come before columns of FROM. */
  isWholeOrder: boolean;
  /** The function around it that allows no aggregates within. */
  inside: 'aggregate' | undefined;
  /** Called for each aggregate of this SELECT. */
  onAggregate: (() => void) | undefined;
}

export const NO_TABLES: Namespace = { tables: [], merged: [], star: () => [] };

/** The columns of that name that a name without a table may mean. */
export function columnsNamed(namespace: Namespace, lowerName: string): Reference[] {
  const found: Reference[] = [];
  const merged = namespace.merged.filter((one) => one.lowerName === lowerName);
  for (const one of merged) found.push(one.chosen);
  for (const table of namespace.tables) {
    const column = table.byName.get(lowerName);
    if (column === undefined || merged.some((one) => one.tables.has(table))) continue;
    found.push({ table, column });
  }
  return found;
}

/**
 * The tables that the words before a column's name mean: by alias, or by another name of the table
 * where no table has the alias.
 */
export function tablesNamed(namespace: Namespace, qualifiers: readonly Name[]): FromTable[] {
  const alias = qualifiers[qualifiers.length - 1].text.toLowerCase();
  const database = qualifiers.length > 1 ? qualifiers[0].text.toLowerCase() : undefined;
  const fitting =
    database === undefined
      ? namespace.tables
      : namespace.tables.filter((table) => !table.isAliased && isOfDatabase(table, database));
  const exact = fitting.filter((table) => table.alias.toLowerCase() === alias);
  return exact.length > 0 ? exact : fitting.filter((table) => isOtherName(table, alias));
}

function isOfDatabase({ table }: FromTable, database: string): boolean {
  // Tables of both surveys can be reached through each.
  return table !== undefined && (table.database === database || table.database === 'glint');
}

function isOtherName({ table, isAliased }: FromTable, name: string): boolean {
  if (table === undefined || isAliased) return false;
  return table.name.toLowerCase() === name || table.otherNames.includes(name);
}

/** The words before the last one. */
export function qualifiersOf(node: ColumnName): Name[] {
  return node.names.slice(0, -1);
}

export function lastName(node: ColumnName): Name {
  return node.names[node.names.length - 1];
}
