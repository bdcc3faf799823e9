import type { Expression, FromItem, Query, Select, Union } from '../../../common/sql/ast.ts';
import { parseQuery } from '../../../common/sql/parse-query.ts';

/** An expression with a bracket around every operator, so that the shape of the tree can be read. */
export function expressionText(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return node.digits;
    case 'string':
      return `'${node.value.replaceAll("'", "''")}'`;
    case 'null':
      return 'NULL';
    case 'boolean':
      return node.value ? 'TRUE' : 'FALSE';
    case 'parameter':
      return `:${node.name}`;
    case 'column':
      return node.names.map((name) => name.text).join('.');
    case 'unary':
      return `(${node.operator} ${expressionText(node.operand)})`;
    case 'binary':
      return `(${expressionText(node.left)} ${node.operator} ${expressionText(node.right)})`;
    case 'between': {
      const [operand, low, high] = [node.operand, node.low, node.high].map(expressionText);
      return `(${operand}${not(node)} between ${low} and ${high})`;
    }
    case 'in': {
      const values = Array.isArray(node.values)
        ? node.values.map(expressionText).join(', ')
        : queryText(node.values);
      return `(${expressionText(node.operand)}${not(node)} in (${values}))`;
    }
    case 'like':
      return `(${expressionText(node.operand)}${not(node)} like ${expressionText(node.pattern)})`;
    case 'is':
      return `(${expressionText(node.operand)} is${not(node)} ${node.what})`;
    case 'case': {
      const whens = node.whens.map(
        ({ when, then }) => `when ${expressionText(when)} then ${expressionText(then)}`,
      );
      const otherwise = node.otherwise && `else ${expressionText(node.otherwise)}`;
      const operand = node.operand && expressionText(node.operand);
      return ['case', operand, ...whens, otherwise, 'end'].filter(Boolean).join(' ');
    }
    case 'exists':
      return `exists (${queryText(node.query)})`;
    case 'subquery':
      return `(${queryText(node.query)})`;
    case 'cast':
      return `cast(${expressionText(node.operand)} as ${node.type})`;
    case 'call': {
      const values = node.isStar ? '*' : node.arguments.map(expressionText).join(', ');
      const over = node.over === undefined ? '' : ` over (${windowText(node.over)})`;
      return `${node.name.text}(${node.isDistinct ? 'distinct ' : ''}${values})${over}`;
    }
    case 'light_curve': {
      const table = node.table === undefined ? '' : `${node.table.text}, `;
      const where = node.where === undefined ? '' : ` where ${expressionText(node.where)}`;
      return `light_curve(${table}${expressionText(node.aggregate)}${where})`;
    }
  }
}

export function queryText(query: Query): string {
  const { body, orderBy, limit, offset } = query;
  return [
    memberText(body),
    orderBy.length > 0 && `order by ${orderText(orderBy)}`,
    limit && `limit ${expressionText(limit)}`,
    offset && `offset ${expressionText(offset)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

export function fromText(item: FromItem): string {
  switch (item.kind) {
    case 'table': {
      const names = [item.database, item.name].filter((name) => name !== undefined);
      return names.map((name) => name.text).join('.') + alias(item);
    }
    case 'derived':
      return `(${queryText(item.query)}) as ${item.alias.text}`;
    case 'token':
      return `${item.token}:${item.names.map((name) => name.text).join('&')}${alias(item)}`;
    case 'join': {
      const on = item.on && `on ${expressionText(item.on)}`;
      const using = item.using && `using ${item.using.map((name) => name.text).join(', ')}`;
      const sides = `${fromText(item.left)} ${item.join} join ${fromText(item.right)}`;
      return `(${[sides, on, using].filter(Boolean).join(' ')})`;
    }
  }
}

/** The tree of an expression as it stands in a SELECT. */
export function readExpression(text: string): string {
  const body = readSelect(`SELECT ${text}`);
  const [item] = body.items;
  return item.kind === 'star' ? '*' : expressionText(item.expression);
}

/** @throws if the query is not one SELECT. */
export function readSelect(text: string): Select {
  const { body } = parseQuery({ kind: 'statement', text }).query;
  if (body.kind !== 'select') throw new Error('this query is a UNION');
  return body;
}

export function readQuery(text: string): string {
  return queryText(parseQuery({ kind: 'statement', text }).query);
}

function memberText(body: Query | Select | Union): string {
  if (body.kind === 'query') return `(${queryText(body)})`;
  if (body.kind === 'union')
    return `{${memberText(body.left)} union${body.isAll ? ' all' : ''} ${memberText(body.right)}}`;
  const items = body.items.map((item) => {
    if (item.kind === 'star') return item.table === undefined ? '*' : `${item.table.text}.*`;
    return expressionText(item.expression) + alias(item);
  });
  return [
    `select ${body.isDistinct ? 'distinct ' : ''}${items.join(', ')}`,
    body.from.length > 0 && `from ${body.from.map(fromText).join(', ')}`,
    body.where && `where ${expressionText(body.where)}`,
    body.groupBy.length > 0 && `group by ${body.groupBy.map(expressionText).join(', ')}`,
    body.having && `having ${expressionText(body.having)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function windowText(window: NonNullable<Extract<Expression, { kind: 'call' }>['over']>): string {
  const { partitionBy, orderBy, frame } = window;
  const bounds = [frame?.start, frame?.end].filter((bound) => bound !== undefined);
  const ends = bounds.map((bound) =>
    bound.kind === 'current'
      ? 'current row'
      : `${bound.kind === 'offset' ? bound.offset.digits : 'unbounded'} ${bound.direction}`,
  );
  return [
    partitionBy.length > 0 && `partition by ${partitionBy.map(expressionText).join(', ')}`,
    orderBy.length > 0 && `order by ${orderText(orderBy)}`,
    frame && `${frame.unit} ${ends.join(' and ')}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function orderText(items: Query['orderBy']): string {
  return items
    .map((item) => expressionText(item.expression) + (item.isDescending ? ' desc' : ''))
    .join(', ');
}

function alias(item: { alias?: { text: string } }): string {
  return item.alias === undefined ? '' : ` as ${item.alias.text}`;
}

function not(node: { isNot: boolean }): string {
  return node.isNot ? ' not' : '';
}
