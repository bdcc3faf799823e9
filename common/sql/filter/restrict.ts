import { conjuncts } from '../resolve/grouping.ts';
import { partsOf, queryOf } from '../resolve/parts.ts';
import type {
  FromColumn,
  FromTable,
  Resolved,
  ResolvedFrom,
  ResolvedQuery,
  ResolvedSelect,
  ResolvedUnion,
} from '../resolve/resolved.ts';
import { columnOf, equalColumns, firmConditions, sameColumns } from './anchor.ts';
import type { KeyColumn, SameColumns } from './anchor.ts';
import { isKey } from './check-filter.ts';

/**
 * Restricts a SELECT to the objects of a batch. Servers find the rows of plain tables by that alone; what
 * they would work out for all objects first, rows with owners, sub-queries in FROM and sets after IN, is
 * restricted as well, wherever no other row could make a difference.
 */
export function restrictToBatch(select: ResolvedSelect, anchor: KeyColumn): void {
  // Rows that come out of a sub-query, or have owners, are of the batch already.
  if (restrictParts(select, [anchor]).has(anchor.table)) return;
  const condition = inBatchOf(anchor);
  select.where = select.where === undefined ? condition : both(condition, select.where);
}

/**
 * @param seeds - Columns, of this SELECT or around it, of which only objects of the batch matter.
 * @returns Tables of FROM that hold nothing else any more.
 */
function restrictParts(
  select: ResolvedSelect,
  seeds: readonly KeyColumn[],
): ReadonlySet<FromTable> {
  const firm = firmConditions(select);
  const known = sameColumns(seeds, firm);
  const restricted = new Set(select.from.flatMap((one) => restrictFrom(one, known)));
  const expressions = [
    ...conjuncts(select.where),
    ...select.from.flatMap(allConditions),
    ...select.items.map(({ expression }) => expression),
    ...conjuncts(select.having),
  ];
  for (const one of expressions) restrictExpression(one, known);
  return restricted;
}

function restrictFrom(from: ResolvedFrom, known: SameColumns): FromTable[] {
  if (from.kind === 'join') {
    const { left, right, join } = from;
    return [
      ...restrictFrom(left, join === 'right' ? within(from, left, known) : known),
      ...restrictFrom(right, join === 'left' ? within(from, right, known) : known),
    ];
  }
  const { table } = from;
  const columns = table.columns.filter((column) => known.has({ table, column }));
  if (from.kind === 'derived') {
    const isDone = columns.map((one) => restrictColumn(from.query, table.columns.indexOf(one)));
    return isDone.includes(true) ? [table] : [];
  }
  if (table.narrowing === undefined || columns.length === 0) return [];
  for (const column of columns) table.narrowing.conditions.push(inBatchOf({ table, column }));
  return [table];
}

/** Of the optional side of a join only rows matter that ON lets in: they are of the batch as well. */
function within(
  { on }: Extract<ResolvedFrom, { kind: 'join' }>,
  side: ResolvedFrom,
  known: SameColumns,
): SameColumns {
  const own = tablesOf(side);
  const seeds = conjuncts(on).flatMap((one): KeyColumn[] => {
    const [left, right] = equalColumns(one) ?? [];
    if (left === undefined || right === undefined) return [];
    if (known.has(left) && own.has(right.table)) return [right];
    return known.has(right) && own.has(left.table) ? [left] : [];
  });
  const found = sameColumns(seeds, firmConditions({ from: [side], where: undefined }));
  return { has: (one) => known.has(one) || found.has(one) };
}

/** Sub-queries of an expression; what a set after IN holds of other objects does not matter. */
function restrictExpression(expression: Resolved, known: SameColumns): void {
  if (expression.kind === 'in-query') {
    const { operand, query } = expression;
    if (isKey(operand, known) && isNeverNull(query, 0)) restrictColumn(query, 0);
  }
  const query = queryOf(expression);
  if (query !== undefined) restrictAround(query.body, known);
  for (const part of partsOf(expression)) restrictExpression(part, known);
}

/** A sub-query by what it sets equal to the object around it. */
function restrictAround(body: ResolvedQuery['body'] | ResolvedQuery, around: SameColumns): void {
  if (body.kind === 'union') {
    restrictAround(body.left, around);
    restrictAround(body.right, around);
  } else if (body.kind === 'query') restrictAround(body.body, around);
  else {
    const seeds = firmConditions(body).flatMap((one): KeyColumn[] => {
      const sides = equalColumns(one) ?? [];
      return sides.filter((side) => around.has(side));
    });
    if (seeds.length > 0) restrictParts(body, seeds);
  }
}

/**
 * A query by one of its columns: its rows of other objects are left out before anything is done.
 *
 * @returns Whether that could be done.
 */
function restrictColumn(query: ResolvedQuery, index: number): boolean {
  if (query.limit !== undefined || query.offset !== undefined) return false;
  return restrictBody(query.body, index);
}

function restrictBody(body: ResolvedQuery['body'] | ResolvedQuery, index: number): boolean {
  if (body.kind === 'query') return restrictColumn(body, index);
  if (body.kind === 'union') {
    // Rows of a UNION are the same or not by all of their columns: those of others do not count.
    const isDone = [body.left, body.right].map((one) => restrictBody(one, index));
    return isDone.every(Boolean);
  }
  const column = body.items[index]?.expression;
  if (column?.kind !== 'column' || !tablesIn(body).has(column.table)) return false;
  const isOne = { has: (one: KeyColumn) => isSame(one, column) };
  if (body.isGrouped && !body.groupBy.some((one) => isKey(one, isOne))) return false;
  const windows = body.items.flatMap(({ expression }) => windowsIn(expression));
  if (!windows.every(({ partitionBy }) => partitionBy.some((one) => isKey(one, isOne)))) {
    return false;
  }
  restrictToBatch(body, column);
  return true;
}

/** Whether a column of a query can never be NULL: then a set without other objects is as good. */
function isNeverNull({ body }: ResolvedQuery, index: number): boolean {
  return isBodyNeverNull(body, index);
}

function isBodyNeverNull(body: ResolvedUnion['left'], index: number): boolean {
  if (body.kind === 'query') return isBodyNeverNull(body.body, index);
  if (body.kind === 'union') {
    return isBodyNeverNull(body.left, index) && isBodyNeverNull(body.right, index);
  }
  const expression = body.items[index]?.expression;
  if (expression?.kind !== 'column') return false;
  const item = body.from.flatMap(leavesOfInner).find(({ table }) => table === expression.table);
  if (item === undefined) return false;
  if (item.kind === 'table') return isRequired(expression.column);
  return isNeverNull(item.query, item.table.columns.indexOf(expression.column));
}

function isRequired(column: FromColumn): boolean {
  return 'isRequired' in column && column.isRequired === true;
}

type Leaf = Exclude<ResolvedFrom, { kind: 'join' }>;

function leavesOfInner(from: ResolvedFrom): Leaf[] {
  if (from.kind !== 'join') return [from];
  if (from.join === 'left' || from.join === 'right') return [];
  return [...leavesOfInner(from.left), ...leavesOfInner(from.right)];
}

function windowsIn(expression: Resolved): { partitionBy: Resolved[] }[] {
  const own = expression.kind === 'call' && expression.over ? [expression.over] : [];
  return [...own, ...partsOf(expression).flatMap(windowsIn)];
}

function allConditions(from: ResolvedFrom): Resolved[] {
  if (from.kind !== 'join') return [];
  return [...conjuncts(from.on), ...allConditions(from.left), ...allConditions(from.right)];
}

function tablesIn({ from }: ResolvedSelect): Set<FromTable> {
  return new Set(from.flatMap((one) => [...tablesOf(one)]));
}

function tablesOf(from: ResolvedFrom): Set<FromTable> {
  if (from.kind !== 'join') return new Set([from.table]);
  return new Set([...tablesOf(from.left), ...tablesOf(from.right)]);
}

function isSame(left: KeyColumn, right: KeyColumn): boolean {
  return left.table === right.table && left.column === right.column;
}

/** What the broker adds stands nowhere in the user's text. */
const NOWHERE = { part: 'statement', start: 0, end: 0 } as const;

/** That the object of a row is of the batch. */
export function inBatchOf(column: KeyColumn): Resolved {
  return batchCondition(columnOf(column, NOWHERE));
}

function batchCondition(operand: Resolved): Resolved {
  return { kind: 'in-batch', operand, type: 'bool', place: NOWHERE };
}

function both(left: Resolved, right: Resolved): Resolved {
  return { kind: 'binary', operator: 'and', left, right, type: 'bool', place: NOWHERE };
}
