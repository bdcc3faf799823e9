import type {
  ColumnName,
  Expression,
  FromItem,
  OrderItem,
  Place,
  Select,
  SelectItem,
  Window,
} from '../ast.ts';

/** What a column becomes; the column itself where nothing is to change. */
export type ColumnRewrite = (column: ColumnName) => Expression;

/**
 * The expression with every column in it rewritten; sub-queries and light curves have names of
 * their own.
 *
 * @param place - Where all of it is to stand, if elsewhere.
 */
export function rewriteColumns(
  given: Expression,
  rewrite: ColumnRewrite,
  place?: Place,
): Expression {
  const expression = place === undefined ? given : { ...given, place };
  const each = (child: Expression) => rewriteColumns(child, rewrite, place);
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'null':
    case 'boolean':
    case 'parameter':
    case 'exists':
    case 'subquery':
    case 'light_curve':
      return expression;
    case 'column':
      return rewrite(expression);
    case 'unary':
    case 'is':
    case 'cast':
      return { ...expression, operand: each(expression.operand) };
    case 'binary':
      return { ...expression, left: each(expression.left), right: each(expression.right) };
    case 'between':
      return {
        ...expression,
        operand: each(expression.operand),
        low: each(expression.low),
        high: each(expression.high),
      };
    case 'in':
      return {
        ...expression,
        operand: each(expression.operand),
        values: Array.isArray(expression.values) ? expression.values.map(each) : expression.values,
      };
    case 'like':
      return {
        ...expression,
        operand: each(expression.operand),
        pattern: each(expression.pattern),
      };
    case 'case':
      return {
        ...expression,
        ...(expression.operand && { operand: each(expression.operand) }),
        whens: expression.whens.map(({ when, then }) => ({ when: each(when), then: each(then) })),
        ...(expression.otherwise && { otherwise: each(expression.otherwise) }),
      };
    case 'call':
      return {
        ...expression,
        arguments: expression.arguments.map(each),
        ...(expression.over && { over: rewriteWindow(expression.over, rewrite) }),
      };
  }
}

/** The same for all that a SELECT holds. */
export function rewriteSelect(select: Select, rewrite: ColumnRewrite): Select {
  const each = (expression: Expression) => rewriteColumns(expression, rewrite);
  return {
    ...select,
    items: select.items.map((item) => rewriteItem(item, rewrite)),
    from: select.from.map((item) => rewriteFrom(item, rewrite)),
    ...(select.where && { where: each(select.where) }),
    groupBy: select.groupBy.map(each),
    ...(select.having && { having: each(select.having) }),
  };
}

export function rewriteOrder(orderBy: OrderItem[], rewrite: ColumnRewrite): OrderItem[] {
  return orderBy.map((item) => ({
    ...item,
    expression: rewriteColumns(item.expression, rewrite),
  }));
}

function rewriteItem(item: SelectItem, rewrite: ColumnRewrite): SelectItem {
  if (item.kind === 'star') return item;
  return { ...item, expression: rewriteColumns(item.expression, rewrite) };
}

function rewriteFrom(item: FromItem, rewrite: ColumnRewrite): FromItem {
  switch (item.kind) {
    case 'table':
    case 'token':
    case 'derived':
      return item;
    case 'join':
      return {
        ...item,
        left: rewriteFrom(item.left, rewrite),
        right: rewriteFrom(item.right, rewrite),
        ...(item.on && { on: rewriteColumns(item.on, rewrite) }),
      };
  }
}

function rewriteWindow(window: Window, rewrite: ColumnRewrite): Window {
  return {
    ...window,
    partitionBy: window.partitionBy.map((expression) => rewriteColumns(expression, rewrite)),
    orderBy: rewriteOrder(window.orderBy, rewrite),
  };
}

/** Tables that columns of the SELECT say they are of, each once: `objects` in objects.gmag. */
export function qualifiersIn(select: Select, orderBy: OrderItem[]): string[] {
  const qualifiers = new Map<string, string>();
  const note = (name: string | undefined) => {
    if (name !== undefined) qualifiers.set(name.toLowerCase(), name);
  };
  const look = (column: ColumnName) => {
    note(column.names.at(-2)?.text);
    // annotations.classdict.probability
    if (column.names.length > 2) note(column.names[0].text);
    return column;
  };
  rewriteSelect(select, look);
  rewriteOrder(orderBy, look);
  for (const item of select.items) if (item.kind === 'star') note(item.table?.text);
  return [...qualifiers.values()];
}
