import type { Survey } from '../../config.ts';
import { conjuncts } from '../resolve/grouping.ts';
import type {
  FromTable,
  Resolved,
  ResolvedFrom,
  ResolvedQuery,
  ResolvedSelect,
} from '../resolve/resolved.ts';
import { firmConditions, firmTables, sameColumns } from './anchor.ts';
import type { KeyColumn } from './anchor.ts';
import { isKey } from './check-filter.ts';
import type { ScreenList } from './filter-query.ts';

/** Where the objects of lists are, and by which column. */
const LISTS: Readonly<Record<string, { token: ScreenList['token']; key: string } | undefined>> = {
  watchlist_hits: { token: 'watchlist', key: 'wl_id' },
  area_hits: { token: 'area', key: 'ar_id' },
  annotations: { token: 'annotator', key: 'topic' },
};

/** The annotators whose annotations of the survey's objects a query names. */
export function namedTopics(tables: readonly FromTable[], survey: Survey): string[] {
  const topics = tables
    .filter(({ table }) => table?.name === 'annotations' && table.database === survey)
    .flatMap((table) =>
      (table.narrowing?.conditions ?? []).flatMap((one) => keysIn(one, table, 'topic')),
    );
  return [...new Set(topics)];
}

/** The lists of the survey that every object of the result is in. */
export function requiredLists(
  select: ResolvedSelect,
  anchor: KeyColumn,
  survey: Survey,
): ScreenList[] {
  const found = listsOf(select, [anchor], survey);
  return [...new Map(found.map((one) => [`${one.token}:${one.key}`, one])).values()];
}

function listsOf(
  select: ResolvedSelect,
  seeds: readonly KeyColumn[],
  survey: Survey,
): ScreenList[] {
  const conditions = firmConditions(select);
  const keys = sameColumns(seeds, conditions);
  const joined = firmTables(select.from)
    .filter((table) => table.columns.some((column) => keys.has({ table, column })))
    .flatMap((table) => listOf(table, conditions, survey));
  const derived = select.from
    .flatMap(derivedIn)
    .flatMap(({ table, query }) =>
      table.columns.flatMap((column, i) =>
        keys.has({ table, column }) ? listsOfColumn(query, i, survey) : [],
      ),
    );
  const asked = conditions.flatMap((one) =>
    one.kind === 'in-query' && !one.isNot && isKey(one.operand, keys)
      ? listsOfColumn(one.query, 0, survey)
      : [],
  );
  return [...joined, ...derived, ...asked];
}

/** The lists that every value of a column of a query is in. */
function listsOfColumn({ body }: ResolvedQuery, index: number, survey: Survey): ScreenList[] {
  if (body.kind !== 'select') return [];
  const column = body.items[index]?.expression;
  return column?.kind === 'column' ? listsOf(body, [column], survey) : [];
}

function derivedIn(from: ResolvedFrom): Extract<ResolvedFrom, { kind: 'derived' }>[] {
  if (from.kind === 'derived') return [from];
  if (from.kind === 'table') return [];
  return [
    ...(from.join === 'right' ? [] : derivedIn(from.left)),
    ...(from.join === 'left' ? [] : derivedIn(from.right)),
  ];
}

/** The one list whose rows of a table the conditions leave. */
function listOf(table: FromTable, conditions: readonly Resolved[], survey: Survey): ScreenList[] {
  const list = table.table?.database === survey ? LISTS[table.table.name] : undefined;
  if (list === undefined) return [];
  return conditions
    .flatMap(conjuncts)
    .filter((one) => one.kind === 'binary')
    .flatMap((one) => keysIn(one, table, list.key))
    .map((key) => ({ token: list.token, key }));
}

/** The list that one of the conditions names for the rows of a table: `wl_id = 12`. */
export function listKeyOf(
  table: FromTable,
  conditions: readonly Resolved[],
): ScreenList | undefined {
  const { database } = table.table ?? {};
  if (database === undefined || database === 'glint') return undefined;
  return listOf(table, conditions, database)[0];
}

/** What a column of a table equals: its one value, or those of IN. */
function keysIn(condition: Resolved, table: FromTable, name: string): string[] {
  const isOwn = (one: Resolved) =>
    one.kind === 'column' && one.table === table && one.column.name === name;
  if (condition.kind === 'binary' && condition.operator === '=' && isOwn(condition.left)) {
    return literal(condition.right);
  }
  if (condition.kind === 'in' && !condition.isNot && isOwn(condition.operand)) {
    return condition.values.flatMap(literal);
  }
  return [];
}

function literal(expression: Resolved): string[] {
  if (expression.kind === 'string') return [expression.value];
  return expression.kind === 'number' ? [expression.digits] : [];
}
