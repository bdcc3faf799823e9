import { wordsAt } from '../compile-query.ts';
import type { ParsedQuery, VisibleList } from '../compile.ts';
import type { FromTable, Resolved } from '../resolve/resolved.ts';
import type { ScreenList } from './filter-query.ts';
import type { Linked } from './left-joins.ts';
import { listKeyOf } from './lists.ts';

const IN_LIST = {
  watchlist: 'is in watchlist',
  area: 'is in watchmap',
  annotator: 'was annotated by',
} as const;

/** What a join asks of an object, in words. */
export function textOfJoin(
  { item: { table }, links }: Linked,
  lists: readonly VisibleList[],
): string {
  return textOfTable(table, listKeyOf(table, links), lists);
}

/** That an object must have a row in a table, or be in a list. */
export function textOfTable(
  table: FromTable,
  list: ScreenList | undefined,
  lists: readonly VisibleList[],
): string {
  if (list !== undefined) {
    const { token, key } = list;
    const name = lists.find((one) => one.token === token && one.key === key)?.name;
    const shown = name === undefined || name === key ? key : `${key} (${name})`;
    return `the object ${IN_LIST[token]} ${shown}`;
  }
  const called = table.table?.name ?? table.alias;
  const alias = table.isAliased && called !== table.alias ? ` ${table.alias}` : '';
  return `there is a row in ${called}${alias} for the object`;
}

/**
 * What a value is called: a column by its name, with its table before it where there are several, what a
 * sub-query reckons by the words of the user.
 */
export function nameOfTerm(
  term: Resolved,
  isAlone: boolean,
  source: ParsedQuery['source'],
): string {
  if (term.kind !== 'column') return wordsAt(source, term.place);
  return isAlone ? term.column.name : `${term.table.alias}.${term.column.name}`;
}
