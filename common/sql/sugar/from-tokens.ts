import type { Survey } from '../../config.ts';
import type { ColumnName, FromItem, ListToken, OrderItem, Select } from '../ast.ts';
import type { ExpansionContext } from '../resolve/scope.ts';
import { joinBoxTables } from './box-tables.ts';
import { nameAt } from './build.ts';
import { withLasairNames } from './lasair-names.ts';
import { joinList, listJoins } from './list-joins.ts';
import type { ListJoin } from './list-joins.ts';
import { rewriteSelect } from './rewrite-columns.ts';
import { isSameName, OBJECT_ID, objectIdOf, tablesIn } from './tables-in-from.ts';
import type { Anchor, TableInFrom } from './tables-in-from.ts';

/**
 * Lasair's words in FROM as plain joins: lists become joins to their hits, `objects_ext` is
 * `objects`; of the three boxes all tables are joined to `objects`.
 *
 * Lists are matched with the first `objects` of FROM, or else with the first table that names
 * objects; where there is none, and in the boxes always, `objects` is there by itself.
 *
 * @param orderBy - The order of the query whose body the SELECT is: it names the same tables.
 * @throws {QueryError} if a list is not there for the reader, or a table of the boxes cannot be
 *   joined.
 */
export function expandFromTokens(
  select: Select,
  orderBy: OrderItem[],
  context: ExpansionContext,
): { select: Select; orderBy: OrderItem[] } {
  const isBoxes = context.isBoxes && context.isOutermost;
  const named = withLasairNames(select, orderBy, context.survey, isBoxes);
  const tokens = named.select.from.flatMap(tokensIn);
  if (tokens.length === 0 && !isBoxes) return named;
  const { from, anchor } = anchored(named.select, context.survey, isBoxes);
  const taken = from.flatMap((item) => aliasesIn(item, context.survey));
  const joins = listJoins(tokens, taken, context);
  const joined = joinLists(from, joins, anchor, context);
  const aliases = [...taken, ...joins.map(({ alias }) => alias)];
  if (!isBoxes) return { ...named, select: { ...named.select, from: joined } };
  const tables = joinBoxTables(joined, named, anchor, aliases, context);
  // All tables are about the same object: its name alone is as good.
  const rewrite = (column: ColumnName) => ofAnchor(column, anchor);
  return {
    select: { ...rewriteSelect(named.select, rewrite), from: tables },
    orderBy: named.orderBy,
  };
}

function ofAnchor(column: ColumnName, { alias, survey }: Anchor): ColumnName {
  const isObject = column.names.length === 1 && isSameName(column.names[0].text, OBJECT_ID[survey]);
  return isObject ? { ...column, names: [nameAt(alias, column.place), ...column.names] } : column;
}

function tokensIn(item: FromItem): ListToken[] {
  if (item.kind === 'join') return [...tokensIn(item.left), ...tokensIn(item.right)];
  return item.kind === 'token' ? [item] : [];
}

function aliasesIn(item: FromItem, survey: Survey): string[] {
  if (item.kind === 'join')
    return [item.left, item.right].flatMap((side) => aliasesIn(side, survey));
  return item.kind === 'derived'
    ? [item.alias.text]
    : tablesIn(item, survey).map(({ alias }) => alias);
}

/** FROM with a table that names objects, and that table. */
function anchored(
  select: Select,
  survey: Survey,
  isBoxes: boolean,
): { from: FromItem[]; anchor: Anchor } {
  const tables = select.from.flatMap((item) => tablesIn(item, survey));
  const found = isBoxes
    ? tables.find((table) => isObjects(table) && table.table?.database === survey)
    : (tables.find(isObjects) ?? tables.find(({ table }) => objectIdOf(table) !== undefined));
  if (found?.table !== undefined && found.table.database !== 'glint') {
    return {
      from: select.from,
      anchor: { alias: found.alias, survey: found.table.database },
    };
  }
  const place = select.from[0]?.place ?? select.place;
  return {
    from: [{ kind: 'table', name: nameAt('objects', place), place }, ...select.from],
    anchor: { alias: 'objects', survey },
  };
}

function isObjects({ table }: TableInFrom): boolean {
  return table?.name === 'objects';
}

/** FROM with each list joined: those between commas to the item that has the anchor. */
function joinLists(
  from: readonly FromItem[],
  joins: readonly ListJoin[],
  anchor: Anchor,
  context: ExpansionContext,
): FromItem[] {
  const ofToken = (token: ListToken) => joins.filter((join) => join.token === token);
  const between = from.flatMap((item) => (item.kind === 'token' ? ofToken(item) : []));
  return from
    .filter((item) => item.kind !== 'token')
    .map((item) => {
      const inside = joinInside(item, ofToken, anchor, context);
      const hasAnchor = aliasesIn(item, context.survey).some((alias) =>
        isSameName(alias, anchor.alias),
      );
      if (!hasAnchor) return inside;
      return between.reduce((left, join) => joinList(left, join, anchor, context), inside);
    });
}

/** The lists that stand as the right side of a JOIN or LEFT JOIN. */
function joinInside(
  item: FromItem,
  ofToken: (token: ListToken) => ListJoin[],
  anchor: Anchor,
  context: ExpansionContext,
): FromItem {
  if (item.kind !== 'join') return item;
  const { left, right } = item;
  const misplaced =
    left.kind === 'token'
      ? left
      : right.kind === 'token' && (item.join === 'right' || item.using !== undefined)
        ? right
        : undefined;
  if (misplaced !== undefined) {
    context.refuse(
      `a ${misplaced.token} cannot stand here`,
      misplaced.place,
      'put it after a comma, or on the right of JOIN or LEFT JOIN, without USING',
    );
  }
  const inside = joinInside(left, ofToken, anchor, context);
  if (right.kind !== 'token') {
    return { ...item, left: inside, right: joinInside(right, ofToken, anchor, context) };
  }
  const joins = ofToken(right);
  return joins.reduce<FromItem>((sofar, join, i) => {
    // Conditions of the user's own may name all of them: they go with the last.
    const on = i === joins.length - 1 ? item.on : undefined;
    return joinList(sofar, join, anchor, context, { join: item.join, on });
  }, inside);
}
