import type { ColumnName, Name, Place } from '../ast.ts';
import { resolveMember } from './json-member.ts';
import type { Resolved, ResolvedColumn, ResolvedItem } from './resolved.ts';
import { columnsNamed, lastName, qualifiersOf, tablesNamed } from './scope-of-select.ts';
import type { Context, Reference, Scope } from './scope-of-select.ts';
import { refuse } from './statement.ts';
import { refuseUnknownColumn, refuseUnknownTable } from './unknown-names.ts';

/** database.table.column */
const MOST_PARTS = 3;

/**
 * What a name means where it stands, as MariaDB and MySQL have it: alone in ORDER BY an item of
 * SELECT before a column of FROM, within an expression there and in GROUP BY the column before the
 * item, in HAVING what the rows are grouped by or an item; elsewhere columns only, of this SELECT
 * before those around it.
 *
 * @throws {QueryError} where it means nothing, or several things.
 */
export function resolveColumn(node: ColumnName, context: Context): Resolved {
  return node.names.length === 1 ? unqualified(node, context) : qualified(node, context);
}

function unqualified(node: ColumnName, context: Context): Resolved {
  const { scope, clause } = context;
  const lowerName = lastName(node).text.toLowerCase();
  const item = () => itemNamed(node, lowerName, scope);
  const early = context.isWholeOrder ? item() : clause === 'HAVING' && havingName(node, context);
  if (early) return early;
  const found = columnsNamed(scope.namespace, lowerName);
  if (found.length === 1) return columnAt(found[0], node.place);
  const isLate = clause === 'GROUP BY' || (clause === 'ORDER BY' && found.length === 0);
  const late = isLate ? item() : undefined;
  if (late !== undefined) return late;
  if (found.length > 1) refuseAmbiguous(node, found);
  return (
    outerColumn(node, scope, (outer) => columnsNamed(outer.namespace, lowerName)) ??
    refuseUnknownColumn(node, context)
  );
}

/** What a name means in HAVING; within an aggregate it means a column as everywhere else. */
function havingName(node: ColumnName, { scope, inside }: Context): Resolved | undefined {
  if (inside === 'aggregate') return undefined;
  const lowerName = lastName(node).text.toLowerCase();
  const grouped = groupedColumn(lowerName, scope, node.place);
  const item = itemNamed(node, lowerName, scope);
  if (grouped === undefined || item === undefined) return grouped ?? item;
  if (item.kind === 'column' && item.table === grouped.table && item.column === grouped.column) {
    return item;
  }
  return refuse(
    `${lastName(node).text} is a column of GROUP BY, and another name given in SELECT`,
    node.place,
    'give that one a name of its own',
  );
}

function qualified(node: ColumnName, context: Context): Resolved {
  if (node.names.length > MOST_PARTS) {
    return (
      resolveMember(node, context.scope) ??
      refuse(
        `a name has more than ${MOST_PARTS} parts`,
        node.place,
        'write database.table.column; only a column of JSON has keys within it',
      )
    );
  }
  const qualifiers = qualifiersOf(node);
  const lowerName = lastName(node).text.toLowerCase();
  const tables = tablesNamed(context.scope.namespace, qualifiers);
  if (tables.length === 0) {
    return (
      outerColumn(node, context.scope, (outer) =>
        tablesNamed(outer.namespace, qualifiers).flatMap((table) => {
          const column = table.byName.get(lowerName);
          return column === undefined ? [] : [{ table, column }];
        }),
      ) ??
      resolveMember(node, context.scope) ??
      refuseUnknownTable(node, context)
    );
  }
  const found = tables.flatMap((table) => {
    const column = table.byName.get(lowerName);
    return column === undefined ? [] : [{ table, column }];
  });
  if (found.length > 1) refuseAmbiguous(node, found);
  return found.length === 1 ? columnAt(found[0], node.place) : refuseUnknownColumn(node, context);
}

/** The column of JSON that a name means in a SELECT or those around it; undefined where it means none. */
export function findJsonColumn(
  names: readonly Name[],
  place: Place,
  scope: Scope,
): ResolvedColumn | undefined {
  const node: ColumnName = { kind: 'column', names: [...names], place };
  const find = ({ namespace }: Scope) => {
    const lowerName = lastName(node).text.toLowerCase();
    const found =
      names.length === 1
        ? columnsNamed(namespace, lowerName)
        : tablesNamed(namespace, qualifiersOf(node)).flatMap((table) => {
            const column = table.byName.get(lowerName);
            return column === undefined ? [] : [{ table, column }];
          });
    return found.filter(({ column }) => column.type === 'json');
  };
  const here = find(scope);
  if (here.length > 1) refuseAmbiguous(node, here);
  return here.length === 1 ? columnAt(here[0], place) : outerColumn(node, scope, find);
}

/** The column as SELECTs around this one know it, the nearest first. */
function outerColumn(
  node: ColumnName,
  scope: Scope,
  find: (outer: Scope) => Reference[],
): ResolvedColumn | undefined {
  const between = [scope];
  for (let outer = scope.parent; outer !== undefined; outer = outer.parent) {
    const found = find(outer);
    if (found.length > 1) refuseAmbiguous(node, found);
    if (found.length === 1) {
      const column = columnAt(found[0], node.place);
      for (const inner of between) inner.outerColumns.push(column);
      return column;
    }
    between.push(outer);
  }
  return undefined;
}

export function columnAt({ table, column }: Reference, place: Place): ResolvedColumn {
  table.used.add(column);
  return { kind: 'column', table, column, type: column.type, place };
}

/** The item of SELECT of that name; one that is more than a column goes before all that are columns. */
function itemNamed(node: ColumnName, lowerName: string, scope: Scope): Resolved | undefined {
  const found = scope.items.filter((item) => item.called?.toLowerCase() === lowerName);
  const first = found.find((item) => item.expression.kind !== 'column') ?? found[0];
  if (first === undefined) return undefined;
  const isColumn = first.expression.kind === 'column';
  if (isColumn && found.some((item) => !isSameColumn(item, first))) {
    refuse(
      `${lastName(node).text} is the name of ${found.length} columns of SELECT`,
      node.place,
      'write the table before it, or give them names with AS',
    );
  }
  return itemAt(first, node.place);
}

/** An item of SELECT in a clause after it: the column that it is, or the item by its name. */
export function itemAt(item: ResolvedItem, place: Place): Resolved {
  if (item.expression.kind === 'column') return { ...item.expression, place };
  return {
    kind: 'item',
    column: item.column,
    expression: item.expression,
    type: item.column.type,
    place,
  };
}

function isSameColumn(left: ResolvedItem, right: ResolvedItem): boolean {
  if (left === right) return true;
  const [a, b] = [left.expression, right.expression];
  return a.kind === 'column' && b.kind === 'column' && a.table === b.table && a.column === b.column;
}

function groupedColumn(lowerName: string, scope: Scope, place: Place): ResolvedColumn | undefined {
  for (const grouped of scope.groupBy) {
    if (grouped.kind === 'column' && grouped.column.name.toLowerCase() === lowerName) {
      return { ...grouped, place };
    }
  }
  return undefined;
}

function refuseAmbiguous(node: ColumnName, found: readonly Reference[]): never {
  const name = lastName(node).text;
  const aliases = found.map(({ table }) =>
    node.names.length === 1 || table.table === undefined
      ? `${table.alias}.${name}`
      : `${table.table.database}.${table.alias}.${name}`,
  );
  refuse(`${name} is in ${found.length} tables`, node.place, `write ${aliases.join(' or ')}`);
}
