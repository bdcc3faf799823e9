import type { Frame, FrameBound, OrderItem, Window } from '../ast.ts';
import { isNumeric } from '../functions/signature.ts';
import type { SqlFunction } from '../functions/signature.ts';
import { resolveExpression } from './expression.ts';
import type { ResolvedOrder, ResolvedWindow } from './resolved.ts';
import type { Context } from './scope-of-select.ts';
import { refuse } from './statement.ts';

/** OVER (...). @throws {QueryError} if the function cannot work in such a window. */
export function resolveWindow(node: Window, called: SqlFunction, context: Context): ResolvedWindow {
  if (called.kind === 'aggregate' && called.allowsOver !== true) {
    refuse(`${called.name} takes no OVER`, node.place);
  }
  // Names in a window are those of SELECT, even where the window stands in ORDER BY.
  const within: Context = { ...context, clause: 'SELECT' };
  const partitionBy = node.partitionBy.map((one) => resolveExpression(one, within));
  const orderBy = resolveOrders(node.orderBy, within);
  if (called.needsOrder === true && orderBy.length === 0) {
    refuse(`${called.name} needs an order`, node.place, 'write OVER (ORDER BY x)');
  }
  if (node.frame !== undefined) checkFrame(node.frame, orderBy, node, called);
  return { partitionBy, orderBy, frame: node.frame };
}

function resolveOrders(nodes: readonly OrderItem[], context: Context): ResolvedOrder[] {
  return nodes.map(({ expression, isDescending }) => ({
    expression: resolveExpression(expression, context),
    isDescending,
  }));
}

function checkFrame(
  frame: Frame,
  orderBy: readonly ResolvedOrder[],
  { place }: Window,
  called: SqlFunction,
): void {
  if (called.allowsFrame !== true) {
    refuse(`${called.name} takes no ROWS or RANGE`, place, 'leave it out');
  }
  const start = rankOf(frame.start);
  const end = frame.end === undefined ? rankOf({ kind: 'current' }) : rankOf(frame.end);
  const isBackwards = start > end || start === Infinity || end === -Infinity;
  if (isBackwards) {
    refuse('the frame ends before it begins', place, 'write BETWEEN 2 PRECEDING AND CURRENT ROW');
  }
  const bounds = [frame.start, ...(frame.end ? [frame.end] : [])];
  for (const bound of bounds) {
    if (bound.kind !== 'offset') continue;
    if (frame.unit === 'rows' && !/^\d{1,9}$/.test(bound.offset.digits)) {
      refuse('ROWS counts in whole rows', bound.offset.place, 'write ROWS 2 PRECEDING');
    }
    if (frame.unit !== 'range') continue;
    if (orderBy.length !== 1 || !isNumeric(orderBy[0].expression.type)) {
      refuse('RANGE with a distance needs one order, by a number', place, 'write ROWS 2 PRECEDING');
    }
  }
}

/** Where a bound lies, coarsely: two distances on one side may be in any order. */
function rankOf(bound: FrameBound): number {
  if (bound.kind === 'current') return 0;
  const sign = bound.direction === 'preceding' ? -1 : 1;
  return bound.kind === 'unbounded' ? sign * Infinity : sign;
}
