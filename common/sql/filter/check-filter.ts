import type { Query } from '../ast.ts';
import type { FilterOptions } from './filter-query.ts';
import { OBJECT_KEYS } from '../../store/survey-keys.ts';
import { partsOf } from '../resolve/parts.ts';
import type { Resolved, ResolvedQuery, ResolvedSelect } from '../resolve/resolved.ts';
import { refuse } from '../resolve/statement.ts';
import { findAnchor, firmConditions, sameColumns } from './anchor.ts';
import type { KeyColumn, SameColumns } from './anchor.ts';

/** A query that can run on the stream: its one SELECT, and what names the object in it. */
export interface Filterable {
  select: ResolvedSelect;
  anchor: KeyColumn;
  /** All columns that name it. */
  keys: SameColumns;
}

/**
 * That a query can be asked about some objects and no others, and says of each the same as it would
 * among all.
 *
 * @param node - The tree of the text, for the places.
 * @throws {QueryError} where it cannot be, saying what would do instead.
 */
export function checkFilter(
  node: Query,
  { body }: ResolvedQuery,
  { survey }: Pick<FilterOptions, 'survey'>,
): Filterable {
  if (node.body.kind !== 'select' || body.kind !== 'select') {
    return refuse(
      'a filter is one SELECT, and UNION makes several of it',
      node.body.kind === 'union' ? node.body.right.place : node.place,
      'make a filter of each, or write the conditions with OR',
    );
  }
  checkUncut(node);
  const anchor = findAnchor(body, survey) ?? refuseAnchorless(node, survey);
  const keys = sameColumns([anchor], firmConditions(body));
  checkGroups(node, body, keys, `${anchor.table.alias}.${anchor.column.name}`);
  checkWindows(body, keys, `${anchor.table.alias}.${anchor.column.name}`);
  return { select: body, anchor, keys };
}

function checkUncut({ limit, offset }: Query): void {
  if (limit !== undefined) {
    refuse(
      'a filter passes every object that meets its conditions: LIMIT would leave some out',
      limit.place,
      'take LIMIT away',
    );
  }
  if (offset !== undefined) {
    refuse(
      'a filter passes every object that meets its conditions: OFFSET would leave some out',
      offset.place,
      'take OFFSET away',
    );
  }
}

function refuseAnchorless({ body }: Query, survey: FilterOptions['survey']): never {
  const key = OBJECT_KEYS[survey];
  const from = body.kind === 'select' ? body.from : [];
  const place =
    from.length === 0 ? body.place : { ...from[0].place, end: from[from.length - 1].place.end };
  return refuse(
    `a filter is asked about objects, and no table of FROM says by its ${key} which one a row is about`,
    place,
    'read from objects: FROM objects JOIN ... ; it may not be in a sub-query, nor be the optional side of LEFT JOIN or RIGHT JOIN',
  );
}

function checkGroups(node: Query, select: ResolvedSelect, keys: SameColumns, key: string): void {
  if (!select.isGrouped) return;
  const advice = `write GROUP BY ${key}`;
  if (select.groupBy.length === 0) {
    const aggregate = findAggregate(select);
    refuse(
      `${aggregate?.called.name ?? 'an aggregate'} over all objects means nothing in a filter, which looks at new ones alone`,
      (aggregate ?? node).place,
      `${advice} for a value of each object, or use light_curve(...)`,
    );
  }
  if (select.groupBy.some((one) => isKey(one, keys))) return;
  const [first] = select.groupBy;
  refuse(
    'these groups have many objects in each, and a filter says of each object by itself whether it passes',
    { ...first.place, end: select.groupBy[select.groupBy.length - 1].place.end },
    `group by ${key} as well`,
  );
}

/** The column that GROUP BY or PARTITION BY names, where it names the object. */
export function isKey(expression: Resolved, keys: SameColumns): boolean {
  if (expression.kind === 'item' && expression.expression !== undefined) {
    return isKey(expression.expression, keys);
  }
  return expression.kind === 'column' && keys.has(expression);
}

type Call = Extract<Resolved, { kind: 'call' }>;

function findAggregate(select: ResolvedSelect): Call | undefined {
  const roots = [...select.items.map(({ expression }) => expression)];
  if (select.having !== undefined) roots.push(select.having);
  return roots.flatMap(callsIn).find(({ isAggregate }) => isAggregate);
}

function checkWindows(select: ResolvedSelect, keys: SameColumns, key: string): void {
  for (const { expression } of select.items) {
    for (const { called, over, place } of callsIn(expression)) {
      if (over === undefined || over.partitionBy.some((one) => isKey(one, keys))) continue;
      refuse(
        `${called.name} OVER looks at rows of all objects, and a filter looks at new ones alone`,
        place,
        `write OVER (PARTITION BY ${key} ...), or put it into a sub-query in FROM`,
      );
    }
  }
}

function callsIn(expression: Resolved): Call[] {
  const within = partsOf(expression).flatMap(callsIn);
  return expression.kind === 'call' ? [expression, ...within] : within;
}
