import type { Survey } from '../../config.ts';
import type { ColumnName, FromItem, OrderItem, Select, SelectItem } from '../ast.ts';
import { nameAt } from './build.ts';
import { qualifiersIn, rewriteOrder, rewriteSelect } from './rewrite-columns.ts';
import { isSameName, tablesIn } from './tables-in-from.ts';

/** What Lasair calls the columns of `objects` beyond the most used; here they are one table. */
const EXTENDED = 'objects_ext';

/** A table under another name, and those of its columns that have other names. */
interface Renaming {
  from: string;
  to: string;
  columns: Readonly<Record<string, string>>;
}

/**
 * Tables that Lasair has and Glint has under other names: `objects_ext` beside `objects` and, in the
 * boxes, the `watchlist_hits` by which Lasair finds entries of the Transient Name Server.
 */
export function withLasairNames(
  select: Select,
  orderBy: OrderItem[],
  survey: Survey,
  isBoxes: boolean,
): { select: Select; orderBy: OrderItem[] } {
  const renamings = [
    ...extendedObjects(select.from, survey, isBoxes),
    ...(isBoxes ? hitsOfTns(select, orderBy) : []),
  ];
  if (renamings.length === 0) return { select, orderBy };
  const rewrite = (column: ColumnName) => renameColumn(column, renamings);
  const from = select.from.filter((item) => !isRenamed(item, renamings));
  const renamed = rewriteSelect({ ...select, from }, rewrite);
  return {
    select: { ...renamed, items: renamed.items.map((item) => renameStar(item, renamings)) },
    orderBy: rewriteOrder(orderBy, rewrite),
  };
}

/** Beside `objects` it is the same row; alone it is only another name. */
function extendedObjects(from: readonly FromItem[], survey: Survey, isBoxes: boolean): Renaming[] {
  const tables = from.flatMap((item) => tablesIn(item, survey));
  const objects = tables.find(
    ({ item, table }) => table?.name === 'objects' && !isSameName(item.name.text, EXTENDED),
  );
  if (objects === undefined && !isBoxes) return [];
  const to = objects?.alias ?? 'objects';
  const extended = from.flatMap((item) => (item.kind === 'table' ? tablesIn(item, survey) : []));
  const aliases = extended
    .filter(({ item }) => isSameName(item.name.text, EXTENDED))
    .map(({ alias }) => alias);
  if (isBoxes) aliases.push(EXTENDED);
  return aliases.map((alias) => ({ from: alias, to, columns: {} }));
}

/** Lasair keeps the Transient Name Server as a watchlist, whose hits users may name. */
function hitsOfTns(select: Select, orderBy: OrderItem[]): Renaming[] {
  const { from } = select;
  const named = from.flatMap((item) => (item.kind === 'table' ? [item.name.text] : []));
  const isAsked = [...named, ...qualifiersIn(select, orderBy)].some((name) =>
    isSameName(name, 'crossmatch_tns'),
  );
  if (!isAsked || from.some((item) => item.kind === 'token' && item.token === 'watchlist'))
    return [];
  return [{ from: 'watchlist_hits', to: 'tns_matches', columns: { name: 'tns_name' } }];
}

function isRenamed(item: FromItem, renamings: readonly Renaming[]): boolean {
  if (item.kind !== 'table') return false;
  const alias = (item.alias ?? item.name).text;
  return renamings.some(({ from }) => isSameName(from, alias));
}

function renameColumn(column: ColumnName, renamings: readonly Renaming[]): ColumnName {
  const qualifier = column.names.at(-2);
  const name = column.names.at(-1);
  if (qualifier === undefined || name === undefined) return column;
  const renaming = renamings.find(({ from }) => isSameName(from, qualifier.text));
  if (renaming === undefined) return column;
  const written = renaming.columns[name.text.toLowerCase()] ?? name.text;
  return {
    ...column,
    names: [nameAt(renaming.to, qualifier.place), { ...name, text: written }],
  };
}

function renameStar(item: SelectItem, renamings: readonly Renaming[]): SelectItem {
  if (item.kind !== 'star' || item.table === undefined) return item;
  const { text, place } = item.table;
  const renaming = renamings.find(({ from }) => isSameName(from, text));
  return renaming === undefined ? item : { ...item, table: nameAt(renaming.to, place) };
}
