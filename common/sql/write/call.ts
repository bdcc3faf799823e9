import type { Frame, FrameBound } from '../ast.ts';
import type { Resolved, ResolvedOrder, ResolvedWindow } from '../resolve/resolved.ts';
import { putExpression } from './expression.ts';
import { put, putList } from './output.ts';
import type { Output } from './output.ts';

/** A call, as its function says that it is written. */
export function putCall(output: Output, call: Extract<Resolved, { kind: 'call' }>): void {
  const { called } = call;
  if (called.writtenFrom !== undefined) return put(output, called.writtenFrom(output.now));
  const written =
    typeof called.written === 'object' ? called.written[output.dialect] : called.written;
  if (written === undefined) {
    put(output, `${called.name}(`);
    if (call.isDistinct) put(output, 'DISTINCT ');
    if (call.isStar) put(output, '*');
    putList(output, call.arguments, ', ', (argument) => putArgument(output, argument, call));
    put(output, ')');
  } else putTemplate(output, written, call.arguments);
  if (call.over !== undefined) putWindow(output, call.over);
}

/**
 * MariaDB (10.11) loses rows where a column of a view that a window function works on also goes into a
 * sub-query of WHERE: a function around the column, which changes nothing, keeps the two apart.
 */
function putArgument(
  output: Output,
  argument: Resolved,
  { over }: Extract<Resolved, { kind: 'call' }>,
): void {
  let inner = argument;
  // To the server a plus sign is nothing.
  while (inner.kind === 'unary' && inner.operator === '+') inner = inner.operand;
  const isShared = over !== undefined && inner.kind === 'column' && output.dialect === 'mariadb';
  if (!isShared) return putExpression(output, argument);
  put(output, 'COALESCE(');
  putExpression(output, argument);
  put(output, ')');
}

/** A template's text with the arguments for $1, $2 ... and for $*. */
function putTemplate(output: Output, template: string, args: readonly Resolved[]): void {
  // Odd pieces are what stands behind the dollar signs.
  for (const [i, piece] of template.split(/\$(\d|\*)/).entries()) {
    if (i % 2 === 0) put(output, piece);
    else if (piece === '*') putList(output, args, ', ', (one) => putExpression(output, one));
    else putExpression(output, args[Number(piece) - 1]);
  }
}

function putWindow(output: Output, over: ResolvedWindow): void {
  put(output, ' OVER (');
  if (over.partitionBy.length > 0) {
    put(output, 'PARTITION BY ');
    putList(output, over.partitionBy, ', ', (one) => putSortable(output, one));
    put(output, ' ');
  }
  if (over.orderBy.length > 0) putOrderBy(output, over.orderBy);
  if (over.frame !== undefined) putFrame(output, over.frame);
  put(output, ')');
}

export function putOrderBy(output: Output, orderBy: readonly ResolvedOrder[]): void {
  put(output, 'ORDER BY ');
  putList(output, orderBy, ', ', ({ expression, isDescending }) => {
    putSortable(output, expression);
    if (isDescending) put(output, ' DESC');
  });
}

/** An expression to sort or group by: a bare number, -1 or TRUE would count columns there. */
export function putSortable(output: Output, expression: Resolved): void {
  if (!isCount(expression)) return putExpression(output, expression);
  put(output, '(');
  putExpression(output, expression);
  put(output, ' + 0)');
}

function isCount(expression: Resolved): boolean {
  if (expression.kind === 'unary') return isCount(expression.operand);
  return expression.kind === 'number' || expression.kind === 'boolean';
}

function putFrame(output: Output, { unit, start, end }: Frame): void {
  const first = boundText(start);
  const text = end === undefined ? first : `BETWEEN ${first} AND ${boundText(end)}`;
  put(output, ` ${unit.toUpperCase()} ${text}`);
}

function boundText(bound: FrameBound): string {
  if (bound.kind === 'current') return 'CURRENT ROW';
  const distance = bound.kind === 'unbounded' ? 'UNBOUNDED' : bound.offset.digits;
  return `${distance} ${bound.direction.toUpperCase()}`;
}
