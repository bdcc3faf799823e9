import { SURVEYS } from '../../config.ts';
import type { FromItem, Join, Place, TableItem } from '../ast.ts';
import { findTable } from '../dictionary.ts';
import type { DictionaryTable } from '../dictionary.ts';
import { resolveCondition } from './expression.ts';
import { withBounds } from './implied.ts';
import { resolveQuery } from './query.ts';
import type { FromColumn, FromTable, ResolvedFrom } from './resolved.ts';
import { NO_TABLES } from './scope-of-select.ts';
import type { Namespace, Scope } from './scope-of-select.ts';
import { nextTableName, refuse } from './statement.ts';
import type { Statement } from './statement.ts';
import { refuseTable } from './unknown-names.ts';
import { resolveUsing } from './using.ts';

/** FROM, and what may be named because of it. */
export function resolveFrom(
  items: readonly FromItem[],
  scope: Scope,
): { from: ResolvedFrom[]; namespace: Namespace } {
  const from: ResolvedFrom[] = [];
  let namespace = NO_TABLES;
  for (const item of items) {
    const one = resolveItem(item, { ...scope, namespace });
    from.push(one.from);
    namespace = beside(namespace, one.namespace);
  }
  checkAliases(namespace, items);
  return { from, namespace };
}

interface Part {
  from: ResolvedFrom;
  namespace: Namespace;
}

/** @param scope - With the tables that stand before the item: only errors speak of them. */
function resolveItem(item: FromItem, scope: Scope): Part {
  switch (item.kind) {
    case 'table': {
      const table = findTableOf(item, scope.statement);
      return single({ kind: 'table', table: describedTable(item, table, scope.statement) });
    }
    case 'derived': {
      const query = resolveQuery(item.query, {
        statement: scope.statement,
        parent: undefined,
        besides: scope,
        isOutermost: false,
      });
      const { text } = item.alias;
      const table = newTable(scope.statement, text, undefined, true, query.columns);
      return single({ kind: 'derived', table, query });
    }
    case 'join':
      return resolveJoin(item, scope);
    case 'token':
      return refuse(
        `${item.token}: cannot stand here`,
        item.place,
        'write it after FROM, between commas',
      );
  }
}

function findTableOf({ database, name }: TableItem, { options }: Statement): DictionaryTable {
  const written = database?.text.toLowerCase();
  const survey = SURVEYS.find((one) => one === written);
  const found =
    written === undefined || survey !== undefined
      ? findTable(survey ?? options.survey, name.text)
      : undefined;
  if (found !== undefined) return found;
  const shared = written === 'glint' ? findTable(options.survey, name.text) : undefined;
  return shared?.database === 'glint' ? shared : refuseTable(database, name, options.survey);
}

function describedTable(item: TableItem, table: DictionaryTable, statement: Statement): FromTable {
  const alias = (item.alias ?? item.name).text;
  return newTable(statement, alias, table, item.alias !== undefined, table.columns, table.byName);
}

function newTable(
  statement: Statement,
  alias: string,
  table: DictionaryTable | undefined,
  isAliased: boolean,
  columns: readonly FromColumn[],
  byName?: ReadonlyMap<string, FromColumn>,
): FromTable {
  const made: FromTable = {
    alias,
    sqlName: nextTableName(statement, alias),
    table,
    isAliased,
    columns,
    byName: byName ?? new Map(columns.map((column) => [column.name.toLowerCase(), column])),
    used: new Set(),
    compared: new Set(),
  };
  statement.tables.push(made);
  return made;
}

function single(from: Extract<ResolvedFrom, { table: FromTable }>): Part {
  const { table } = from;
  const star = () => table.columns.map((column) => ({ table, column }));
  return { from, namespace: { tables: [table], merged: [], star } };
}

function beside(left: Namespace, right: Namespace): Namespace {
  if (left.tables.length === 0) return right;
  return {
    tables: [...left.tables, ...right.tables],
    merged: [...left.merged, ...right.merged],
    star: () => [...left.star(), ...right.star()],
  };
}

function resolveJoin(item: Join, scope: Scope): Part {
  const left = resolveItem(item.left, scope);
  const before = beside(scope.namespace, left.namespace);
  const right = resolveItem(item.right, { ...scope, namespace: before });
  const both = beside(left.namespace, right.namespace);
  const join = { kind: 'join' as const, join: item.join, left: left.from, right: right.from };
  if (item.using !== undefined) {
    const { on, namespace } = resolveUsing(item, item.using, left.namespace, right.namespace);
    return { from: { ...join, on }, namespace };
  }
  const on =
    item.on &&
    withBounds(resolveCondition(item.on, { ...scope, namespace: both }, 'ON'), scope.statement);
  if (on === undefined && (item.join === 'left' || item.join === 'right')) {
    refuse(
      `${item.join.toUpperCase()} JOIN has no condition`,
      item.place,
      'write ON ... or USING (...) behind it',
    );
  }
  return { from: { ...join, on }, namespace: both };
}

/** Two tables of one name are told apart by their databases alone, if at all. */
function checkAliases({ tables }: Namespace, items: readonly FromItem[]): void {
  const seen = new Map<string, FromTable>();
  for (const table of tables) {
    const lowerAlias = table.alias.toLowerCase();
    const other = seen.get(lowerAlias);
    seen.set(lowerAlias, table);
    if (other === undefined) continue;
    const areApart =
      !table.isAliased && !other.isAliased && table.table?.database !== other.table?.database;
    if (areApart) continue;
    refuse(
      `two tables are called ${table.alias}`,
      placeOfAlias(items, lowerAlias),
      `give one of them another name: ${table.table?.name ?? table.alias} AS ${table.alias}2`,
    );
  }
}

/** The last place where FROM gives a table that name. */
function placeOfAlias(items: readonly FromItem[], lowerAlias: string): Place | undefined {
  let found: Place | undefined;
  for (const item of items) {
    if (item.kind === 'join') found = placeOfAlias([item.left, item.right], lowerAlias) ?? found;
    else if (item.kind !== 'token') {
      const name = item.kind === 'table' ? (item.alias ?? item.name) : item.alias;
      if (name.text.toLowerCase() === lowerAlias) found = name.place;
    }
  }
  return found;
}
