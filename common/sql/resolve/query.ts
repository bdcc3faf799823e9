import type { OrderItem, Query, Select, Union } from '../ast.ts';
import { commonType } from '../functions/signature.ts';
import { expandFromTokens } from '../sugar/from-tokens.ts';
import { resolveExpression } from './expression.ts';
import { wholeNumber } from './numbers.ts';
import type {
  FromColumn,
  Resolved,
  ResolvedOrder,
  ResolvedQuery,
  ResolvedSelect,
  ResolvedUnion,
} from './resolved.ts';
import { NO_TABLES } from './scope-of-select.ts';
import type { Scope } from './scope-of-select.ts';
import { positionOf, resolveSelect } from './select.ts';
import { expansionContext, refuse } from './statement.ts';
import { isWideText, marked } from './wide-texts.ts';

/** Where a query stands. */
export interface Around extends Pick<Scope, 'statement' | 'parent' | 'besides'> {
  isOutermost: boolean;
}

/** @throws {QueryError} naming the first thing that is wrong. */
export function resolveQuery(node: Query, around: Around): ResolvedQuery {
  const outerColumns: ResolvedQuery['outerColumns'] = [];
  const within = { ...around, outerColumns };
  const { fields } = around.statement.options;
  const limit = wholeNumber(node.limit, 'LIMIT', fields);
  const offset = wholeNumber(node.offset, 'OFFSET', fields);
  if (node.body.kind === 'select') {
    const { select, orderBy } = resolveOne(node.body, node.orderBy, within);
    const columns = select.items.map(({ column }) => column);
    return { kind: 'query', body: select, orderBy, limit, offset, columns, outerColumns };
  }
  const { body, columns } = resolveUnion(node.body, within);
  const orderBy = node.orderBy.map((one) => resolveUnionOrder(one, columns, within));
  return { kind: 'query', body, orderBy, limit, offset, columns, outerColumns };
}

type Within = Around & Pick<Scope, 'outerColumns'>;

function resolveOne(node: Select, orderBy: readonly OrderItem[], within: Within) {
  const context = expansionContext(within.statement, within.isOutermost);
  const expanded = expandFromTokens(node, [...orderBy], context);
  return resolveSelect(expanded.select, expanded.orderBy, within);
}

function resolveUnion(
  node: Union,
  within: Within,
): { body: ResolvedUnion; columns: readonly FromColumn[] } {
  const left =
    node.left.kind === 'union' ? resolveUnion(node.left, within) : resolveMember(node.left, within);
  const right = resolveMember(node.right, within);
  if (left.columns.length !== right.columns.length) {
    refuse(
      `the SELECTs of a UNION have ${left.columns.length} and ${right.columns.length} columns`,
      node.right.place,
      'name as many in each',
    );
  }
  const columns = left.columns.map((column, i) => unionColumn(column, right.columns[i]));
  if (within.statement.hasWideText) {
    widenItems(left.body, right.columns);
    widenItems(right.body, left.columns);
  }
  return {
    body: { kind: 'union', isAll: node.isAll, left: left.body, right: right.body },
    columns,
  };
}

function resolveMember(node: Query | Select, within: Within): Member {
  if (node.kind === 'select') {
    const { select } = resolveOne(node, [], within);
    return { body: select, columns: select.items.map(({ column }) => column) };
  }
  const query = resolveQuery(node, { ...within, isOutermost: false });
  within.outerColumns.push(...query.outerColumns);
  return { body: query, columns: query.columns };
}

interface Member {
  body: ResolvedQuery | ResolvedSelect;
  columns: readonly FromColumn[];
}

/** A column of a UNION: named as in its first SELECT, with what both sides say alike. */
function unionColumn(left: FromColumn, right: FromColumn): FromColumn {
  const { unit, ucd, description, source } = left;
  const isOne = source !== undefined && source.column === right.source?.column;
  return {
    name: left.name,
    sqlName: left.sqlName,
    isAscii: left.isAscii && right.isAscii,
    isWide: left.isWide === true || right.isWide === true,
    type: commonType([left.type, right.type]),
    ...(unit !== undefined && unit === right.unit && { unit }),
    ...(ucd !== undefined && ucd === right.ucd && { ucd }),
    ...(isOne && description !== undefined && { description }),
  };
}

/** Marks texts with other letters than ASCII's that meet names kept in ASCII. */
function widenItems(body: Member['body'] | ResolvedUnion, others: readonly FromColumn[]): void {
  if (body.kind === 'query') return widenItems(body.body, others);
  if (body.kind === 'union') {
    widenItems(body.left, others);
    return widenItems(body.right, others);
  }
  for (const [i, item] of body.items.entries()) {
    if (others[i].isAscii && isWideText(item.expression)) {
      item.expression = marked(item.expression);
    }
  }
}

/** ORDER BY behind a UNION: it knows the columns of the result and nothing else. */
function resolveUnionOrder(
  node: OrderItem,
  columns: readonly FromColumn[],
  within: Within,
): ResolvedOrder {
  const items = columns.map((column) => {
    const expression: Resolved = {
      kind: 'item',
      column,
      expression: undefined,
      type: column.type,
      place: node.place,
    };
    return { expression, column, called: column.name };
  });
  const scope: Scope = { ...within, namespace: NO_TABLES, items, aliases: [], groupBy: [] };
  const onAggregate = () =>
    refuse('ORDER BY behind a UNION names columns of its result', node.place, 'use a sub-query');
  const expression =
    positionOf(node.expression, scope, 'ORDER BY') ??
    resolveExpression(node.expression, {
      scope,
      clause: 'ORDER BY',
      isWholeOrder: true,
      inside: undefined,
      onAggregate,
    });
  return { expression, isDescending: node.isDescending };
}
