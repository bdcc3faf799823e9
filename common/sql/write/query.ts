import type {
  ResolvedFrom,
  ResolvedQuery,
  ResolvedSelect,
  ResolvedUnion,
} from '../resolve/resolved.ts';
import { putOrderBy, putSortable } from './call.ts';
import { putExpression } from './expression.ts';
import { put, putList, putName } from './output.ts';
import type { Output } from './output.ts';
import { putTable } from './table.ts';

/**
 * What a query is for: `rows` are read as they come, `value` is one value, of `in` and `exists` only
 * the set of rows counts, or whether there are any.
 */
export type Purpose = 'rows' | 'value' | 'in' | 'exists';

/** Rows to give out of a query's own, as the servers want it. */
export interface Window {
  limit: bigint;
  offset: bigint;
}

/** Rows without end, where there is an OFFSET and no LIMIT. */
const NO_LIMIT = 18_446_744_073_709_551_615n;

/** @param window - In place of the query's own LIMIT and OFFSET. */
export function putQuery(
  output: Output,
  query: ResolvedQuery,
  purpose: Purpose,
  window?: Window,
): void {
  const { standIn } = output;
  // What stands for a sub-query is at hand in the query around all others, and not within these.
  output.standIn = undefined;
  putWhole(output, query, purpose, window);
  output.standIn = standIn;
}

function putWhole(
  output: Output,
  query: ResolvedQuery,
  purpose: Purpose,
  window: Window | undefined,
): void {
  const { body } = query;
  if (body.kind === 'union') putUnion(output, body);
  else putSelect(output, body, purpose === 'exists' && isOnlyRows(body));
  const limit = window?.limit ?? query.limit;
  const offset = window?.offset ?? query.offset ?? 0n;
  const isCut = limit !== undefined || offset > 0n;
  // The order of a set does not matter, and the items that it names may be gone.
  if (query.orderBy.length > 0 && (purpose === 'rows' || purpose === 'value')) {
    put(output, ' ');
    putOrderBy(output, query.orderBy);
  }
  if (!isCut) return;
  put(output, ` LIMIT ${limit ?? NO_LIMIT}`);
  if (offset > 0n) put(output, ` OFFSET ${offset}`);
}

/** Whether its items do not matter to EXISTS: not where they make groups, or are sorted by. */
function isOnlyRows(select: ResolvedSelect): boolean {
  return !select.isGrouped && !select.isDistinct && select.having === undefined;
}

function putUnion(output: Output, union: ResolvedUnion): void {
  putMember(output, union.left);
  put(output, union.isAll ? ' UNION ALL ' : ' UNION ');
  putMember(output, union.right);
}

function putMember(output: Output, member: ResolvedUnion['left']): void {
  // A chain of UNIONs reads from left to right, as it is.
  if (member.kind === 'union') return putUnion(output, member);
  put(output, '(');
  if (member.kind === 'query') putQuery(output, member, 'rows');
  else putSelect(output, member, false);
  put(output, ')');
}

function putSelect(output: Output, select: ResolvedSelect, isOnlyAsked: boolean): void {
  put(output, select.isDistinct ? 'SELECT DISTINCT ' : 'SELECT ');
  if (isOnlyAsked) put(output, '1');
  else {
    putList(output, select.items, ', ', ({ expression, column }) => {
      putExpression(output, expression);
      put(output, ' AS ');
      putName(output, column.sqlName);
    });
  }
  if (select.from.length > 0) {
    put(output, ' FROM ');
    putFromList(output, select.from);
  } else if (select.where !== undefined) put(output, ' FROM DUAL');
  if (select.where !== undefined) {
    put(output, ' WHERE ');
    putExpression(output, select.where);
  }
  if (select.groupBy.length > 0) {
    put(output, ' GROUP BY ');
    putList(output, select.groupBy, ', ', (one) => putSortable(output, one));
  }
  if (select.having !== undefined) {
    put(output, ' HAVING ');
    putExpression(output, select.having);
  }
}

const JOINS = {
  inner: ' JOIN ',
  left: ' LEFT JOIN ',
  right: ' RIGHT JOIN ',
  cross: ' CROSS JOIN ',
};

/** What stands behind FROM. */
export function putFromList(output: Output, from: readonly ResolvedFrom[]): void {
  putList(output, from, ', ', (one) => putFrom(output, one));
}

function putFrom(output: Output, from: ResolvedFrom): void {
  if (from.kind === 'table') return putTable(output, from.table);
  if (from.kind === 'derived') {
    put(output, '(');
    putQuery(output, from.query, 'rows');
    put(output, ') AS ');
    return putName(output, from.table.sqlName);
  }
  put(output, '(');
  putFrom(output, from.left);
  put(output, from.on === undefined ? ' CROSS JOIN ' : JOINS[from.join]);
  putFrom(output, from.right);
  if (from.on !== undefined) {
    put(output, ' ON ');
    putExpression(output, from.on);
  }
  put(output, ')');
}
