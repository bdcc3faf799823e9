import type { BinaryOperator, CastType, UnaryOperator } from '../ast.ts';
import type { Resolved } from '../resolve/resolved.ts';
import { putCall } from './call.ts';
import { put, putList, putName, putParameter } from './output.ts';
import type { Output } from './output.ts';
import { putQuery } from './query.ts';

/** Whatever has more than one word stands in brackets: no precedence of any server matters. */
export function putExpression(output: Output, expression: Resolved): void {
  switch (expression.kind) {
    case 'number':
      return put(output, expression.digits);
    case 'string':
      return putParameter(output, expression.value);
    case 'null':
      return put(output, 'NULL');
    case 'boolean':
      return put(output, expression.value ? 'TRUE' : 'FALSE');
    case 'word':
      return put(output, expression.word);
    case 'column':
      putName(output, expression.table.sqlName);
      put(output, '.');
      return putName(output, expression.column.sqlName);
    case 'item':
      return putName(output, expression.column.sqlName);
    case 'call':
      return putCall(output, expression);
    case 'wide':
      put(output, '(CONVERT(');
      putExpression(output, expression.operand);
      return put(output, ' USING utf8mb4) COLLATE utf8mb4_bin)');
    case 'cast':
      put(output, 'CAST(');
      putExpression(output, expression.operand);
      return put(output, ` AS ${CAST_TYPES[expression.castType]})`);
    case 'exists':
      put(output, 'EXISTS (');
      putQuery(output, expression.query, 'exists');
      return put(output, ')');
    default:
      put(output, '(');
      putInner(output, expression);
      put(output, ')');
  }
}

const UNARY: Readonly<Record<UnaryOperator, string>> = {
  '-': '- ',
  '+': '+ ',
  '~': '~ ',
  not: 'NOT ',
};
const BINARY: Partial<Record<BinaryOperator, string>> = {
  and: 'AND',
  or: 'OR',
  xor: 'XOR',
  div: 'DIV',
};
const CAST_TYPES: Readonly<Record<CastType, string>> = {
  double: 'DOUBLE',
  float: 'FLOAT',
  signed: 'SIGNED',
  unsigned: 'UNSIGNED',
  char: 'CHAR',
  date: 'DATE',
  datetime: 'DATETIME',
};

function putInner(output: Output, expression: Resolved): void {
  switch (expression.kind) {
    case 'unary':
      put(output, UNARY[expression.operator]);
      return putExpression(output, expression.operand);
    case 'binary':
      putExpression(output, expression.left);
      put(output, ` ${BINARY[expression.operator] ?? expression.operator} `);
      return putExpression(output, expression.right);
    case 'between':
      putExpression(output, expression.operand);
      put(output, expression.isNot ? ' NOT BETWEEN ' : ' BETWEEN ');
      putExpression(output, expression.low);
      put(output, ' AND ');
      return putExpression(output, expression.high);
    case 'in':
      putExpression(output, expression.operand);
      put(output, expression.isNot ? ' NOT IN (' : ' IN (');
      putList(output, expression.values, ', ', (value) => putExpression(output, value));
      return put(output, ')');
    case 'in-batch':
      if (output.batch === undefined) throw new Error('there is no batch to write this for');
      return putList(output, output.batch, ' OR ', (ids) => {
        putExpression(output, expression.operand);
        put(output, ` IN (${ids})`);
      });
    case 'in-query':
      putExpression(output, expression.operand);
      put(output, expression.isNot ? ' NOT IN (' : ' IN (');
      putQuery(output, expression.query, 'in');
      return put(output, ')');
    case 'like':
      putExpression(output, expression.operand);
      put(output, expression.isNot ? ' NOT LIKE ' : ' LIKE ');
      return putExpression(output, expression.pattern);
    case 'is':
      putExpression(output, expression.operand);
      return put(output, ` IS ${expression.isNot ? 'NOT ' : ''}${expression.what.toUpperCase()}`);
    case 'subquery': {
      const name = output.standIn?.(expression.query);
      if (name !== undefined) return put(output, name);
      return putQuery(output, expression.query, 'value');
    }
    case 'case':
      return putCase(output, expression);
    default:
      throw new Error(`an expression of kind ${expression.kind} is written elsewhere`);
  }
}

function putCase(output: Output, expression: Extract<Resolved, { kind: 'case' }>): void {
  put(output, 'CASE');
  if (expression.operand !== undefined) {
    put(output, ' ');
    putExpression(output, expression.operand);
  }
  for (const { when, then } of expression.whens) {
    put(output, ' WHEN ');
    putExpression(output, when);
    put(output, ' THEN ');
    putExpression(output, then);
  }
  if (expression.otherwise !== undefined) {
    put(output, ' ELSE ');
    putExpression(output, expression.otherwise);
  }
  put(output, ' END');
}
