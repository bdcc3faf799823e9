import type {
  FromTable,
  Resolved,
  ResolvedColumn,
  ResolvedFrom,
  ResolvedOrder,
  ResolvedSelect,
} from './resolved.ts';
import { partsOf, queryOf } from './parts.ts';
import { isConstant } from './kinds.ts';
import { findSame } from './same.ts';
import { refuse } from './statement.ts';

/**
 * That every value in a result of groups is the same for all rows of its group: an aggregate, what
 * the rows are grouped by, or a column that follows from it, because the primary key of its table is
 * among the groups, or is set equal to what is.
 *
 * @throws {QueryError} naming the first column of which a group may have several.
 */
export function checkGrouping(select: ResolvedSelect, orderBy: readonly ResolvedOrder[]): void {
  const grouped = select.groupBy.map((one) =>
    one.kind === 'item' && one.expression ? one.expression : one,
  );
  const state: Grouping = {
    find: findSame(grouped),
    settled: settledColumns(select, grouped),
    tables: tablesOf(select.from),
    isGroup: select.groupBy.length > 0,
  };
  for (const item of select.items) check(item.expression, state);
  if (select.having !== undefined) check(select.having, state);
  for (const { expression } of orderBy) check(expression, state);
}

interface Grouping {
  /** Which expression of GROUP BY it is. */
  find: (expression: Resolved) => number | undefined;
  /** Columns with one value in each group. */
  settled: Settled;
  tables: ReadonlySet<FromTable>;
  isGroup: boolean;
}

function check(expression: Resolved, state: Grouping): void {
  if (expression.kind === 'call' && expression.isAggregate) return;
  // An item by its name was checked where it stands in SELECT.
  if (expression.kind === 'item') return;
  if (state.find(expression) !== undefined) return;
  if (expression.kind === 'column') return checkColumn(expression, state);
  for (const part of partsOf(expression)) check(part, state);
  for (const outer of queryOf(expression)?.outerColumns ?? []) checkColumn(outer, state);
}

function checkColumn(node: ResolvedColumn, { settled, tables, isGroup }: Grouping): void {
  const { table, column, place } = node;
  if (!tables.has(table) || settled.has(table, column.name)) return;
  refuse(
    isGroup
      ? `${column.name} may have several values in a group`
      : `${column.name} has many values where an aggregate has one`,
    place,
    `put it into GROUP BY, or into an aggregate such as MAX(${column.name})`,
  );
}

interface Settled {
  has(table: FromTable, column: string): boolean;
}

/** What follows from the groups: by equalities, and by primary keys. */
function settledColumns(select: ResolvedSelect, grouped: readonly Resolved[]): Settled {
  const columns = new Map<FromTable, Set<string>>();
  const wholeTables = new Set<FromTable>();
  const has = (table: FromTable, column: string) =>
    wholeTables.has(table) || columns.get(table)?.has(column) === true;
  const add = ({ table, column }: ResolvedColumn) => {
    if (has(table, column.name)) return false;
    const known = columns.get(table) ?? new Set();
    columns.set(table, known.add(column.name));
    return true;
  };
  for (const one of grouped) if (one.kind === 'column') add(one);
  const equalities = [...conjuncts(select.where), ...select.from.flatMap(conditionsOf)];
  const tables = tablesOf(select.from);
  for (let isMore = true; isMore;) {
    isMore = false;
    for (const one of equalities) {
      if (one.kind !== 'binary' || one.operator !== '=') continue;
      if (isSettledBy(one.left, one.right, has) && add(one.left)) isMore = true;
      if (isSettledBy(one.right, one.left, has) && add(one.right)) isMore = true;
    }
    for (const table of tables) {
      if (wholeTables.has(table) || table.table === undefined) continue;
      if (!table.table.primaryKey.every((name) => has(table, name))) continue;
      wholeTables.add(table);
      isMore = true;
    }
  }
  return { has };
}

function isSettledBy(
  column: Resolved,
  by: Resolved,
  has: Settled['has'],
): column is ResolvedColumn {
  if (column.kind !== 'column') return false;
  return isConstant(by) || (by.kind === 'column' && has(by.table, by.column.name));
}

/** The conditions that AND joins. */
export function conjuncts(condition: Resolved | undefined): Resolved[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'binary' || condition.operator !== 'and') return [condition];
  return [...conjuncts(condition.left), ...conjuncts(condition.right)];
}

function conditionsOf(from: ResolvedFrom): Resolved[] {
  if (from.kind !== 'join') return [];
  return [...conjuncts(from.on), ...conditionsOf(from.left), ...conditionsOf(from.right)];
}

export function tablesOf(from: readonly ResolvedFrom[]): Set<FromTable> {
  const found = new Set<FromTable>();
  const pending = [...from];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    if (one.kind === 'join') pending.push(one.left, one.right);
    else found.add(one.table);
  }
  return found;
}
