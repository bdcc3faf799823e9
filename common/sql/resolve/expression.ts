import type { CastType, Expression, Place, UnaryOperator, ValueType } from '../ast.ts';
import { arithmeticType, commonType } from '../functions/signature.ts';
import { expandLightCurve } from '../sugar/light-curve.ts';
import { resolveCall } from './call.ts';
import { callContext } from './call-context.ts';
import { resolveColumn } from './columns.ts';
import { checkDayCounts } from './day-counts.ts';
import { asCompared } from './json-member.ts';
import { checkComparable, checkDateSum, checkNull, checkNumber } from './kinds.ts';
import { resolveNumber, resolveParameter } from './numbers.ts';
import { resolveQuery } from './query.ts';
import type { Resolved, ResolvedQuery } from './resolved.ts';
import type { Clause, Context, Scope } from './scope-of-select.ts';
import { refuse } from './statement.ts';
import { isWide, widened } from './wide-texts.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<=>', '<>', '<', '<=', '>', '>=']);

/** A condition: an expression that stands alone in a clause without aggregates. */
export function resolveCondition(node: Expression, scope: Scope, clause: Clause): Resolved {
  return resolveExpression(node, {
    scope,
    clause,
    isWholeOrder: false,
    inside: undefined,
    onAggregate: undefined,
  });
}

/** @throws {QueryError} naming the first thing that is wrong. */
export function resolveExpression(node: Expression, context: Context): Resolved {
  const isWholeOrder = context.isWholeOrder && node.kind === 'column';
  const within = isWholeOrder === context.isWholeOrder ? context : { ...context, isWholeOrder };
  const resolved = resolveNode(node, within);
  return context.scope.statement.hasWideText ? widened(resolved) : resolved;
}

function resolveNode(node: Expression, context: Context): Resolved {
  const { place } = node;
  const resolve = (one: Expression) => resolveExpression(one, context);
  switch (node.kind) {
    case 'number':
      return resolveNumber(node);
    case 'string': {
      if (isWide(node.value)) context.scope.statement.hasWideText = true;
      return { kind: 'string', value: node.value, type: 'text', place };
    }
    case 'null':
      return { kind: 'null', type: 'null', place };
    case 'boolean':
      return { kind: 'boolean', value: node.value, type: 'bool', place };
    case 'parameter':
      return resolveParameter(node, context.scope.statement.options.fields);
    case 'column':
      return resolveColumn(node, context);
    case 'unary': {
      const operand = resolve(node.operand);
      const { operator } = node;
      if (operator !== 'not') checkNumber(operand, operator);
      const type = unaryType(operator, operand.type);
      return { kind: 'unary', operator, operand, type, place };
    }
    case 'binary':
      return resolveBinary(node, resolve, context);
    case 'between': {
      const [inner, low, high] = [node.operand, node.low, node.high].map(resolve);
      const operand = asCompared(inner, [low, high]);
      for (const limit of [low, high]) checkComparison(operand, limit, context);
      return { kind: 'between', isNot: node.isNot, operand, low, high, type: 'bool', place };
    }
    case 'in': {
      const inner = resolve(node.operand);
      if (!Array.isArray(node.values)) {
        const query = subquery(node.values, context);
        checkInQuery(query, node.values.place);
        return { kind: 'in-query', isNot: node.isNot, operand: inner, query, type: 'bool', place };
      }
      const values = node.values.map(resolve);
      const operand = asCompared(inner, values);
      for (const value of values) checkComparable(operand, value);
      return { kind: 'in', isNot: node.isNot, operand, values, type: 'bool', place };
    }
    case 'like': {
      const [inner, pattern] = [resolve(node.operand), resolve(node.pattern)];
      const operand = asCompared(inner, [pattern]);
      return { kind: 'like', isNot: node.isNot, operand, pattern, type: 'bool', place };
    }
    case 'is': {
      const { isNot, what } = node;
      return { kind: 'is', isNot, operand: resolve(node.operand), what, type: 'bool', place };
    }
    case 'case':
      return resolveCase(node, resolve);
    case 'exists':
      return { kind: 'exists', query: subquery(node.query, context), type: 'bool', place };
    case 'subquery': {
      const query = subquery(node.query, context);
      checkOneColumn(query, place, 'a sub-query that stands for a value');
      return { kind: 'subquery', query, type: query.columns[0].type, place };
    }
    case 'cast': {
      const operand = resolve(node.operand);
      const type = castType(node.type, operand.type);
      return { kind: 'cast', operand, castType: node.type, type, place };
    }
    case 'call':
      return resolveCall(node, context);
    case 'light_curve':
      return resolve(expandLightCurve(node, callContext(context.scope, node.place)));
  }
}

function castType(type: CastType, operand: ValueType): ValueType {
  switch (type) {
    case 'double':
    case 'float':
      return type;
    case 'signed':
    case 'unsigned':
      return operand === 'id' ? 'id' : 'int';
    case 'char':
      return 'text';
    case 'date':
    case 'datetime':
      return 'timestamp';
  }
}

function resolveBinary(
  node: Extract<Expression, { kind: 'binary' }>,
  resolve: (one: Expression) => Resolved,
  context: Context,
): Resolved {
  const { operator, place } = node;
  const [first, second] = [resolve(node.left), resolve(node.right)];
  const isComparison = COMPARISONS.has(operator);
  const left = isComparison ? asCompared(first, [second]) : first;
  const right = isComparison ? asCompared(second, [first]) : second;
  const whole = { kind: 'binary' as const, operator, left, right, place };
  switch (operator) {
    case 'and':
    case 'or':
    case 'xor':
      return { ...whole, type: 'bool' };
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      checkNull(operator, left, right);
      checkComparison(left, right, context);
      return { ...whole, type: 'bool' };
    case '<=>':
      checkComparison(left, right, context);
      return { ...whole, type: 'bool' };
    default:
  }
  checkNumber(left, operator);
  checkNumber(right, operator);
  if (operator === '+' || operator === '-') checkDateSum(left, right);
  const type = arithmeticType([signedType(left.type), signedType(right.type)]);
  if (operator === '/') return { ...whole, type: type === 'double' ? 'double' : 'decimal' };
  const isArithmetic = ['+', '-', '*', '%'].includes(operator);
  // DIV and the bits give whole numbers whatever they are given.
  return { ...whole, type: isArithmetic ? type : type === 'id' ? 'id' : 'int' };
}

function checkComparison(left: Resolved, right: Resolved, { scope }: Context): void {
  checkComparable(left, right);
  checkDayCounts(left, right, scope.statement.options.now);
}

function unaryType(operator: UnaryOperator, type: ValueType): ValueType {
  if (operator === 'not') return 'bool';
  if (operator === '+') return type;
  return operator === '~' ? 'id' : signedType(type);
}

/** The type that an operand has in arithmetic. */
function signedType(type: ValueType): ValueType {
  if (type === 'timestamp') return 'decimal';
  return type === 'null' ? 'int' : arithmeticType([type]);
}

function resolveCase(
  node: Extract<Expression, { kind: 'case' }>,
  resolve: (one: Expression) => Resolved,
): Resolved {
  const operand = node.operand && resolve(node.operand);
  const whens = node.whens.map((one) => ({ when: resolve(one.when), then: resolve(one.then) }));
  const otherwise = node.otherwise && resolve(node.otherwise);
  for (const { when } of operand === undefined ? [] : whens) {
    if (operand !== undefined) checkComparable(operand, when);
  }
  const values = [...whens.map(({ then }) => then), ...(otherwise ? [otherwise] : [])];
  const type = commonType(values.map((value) => value.type));
  return { kind: 'case', operand, whens, otherwise, type, place: node.place };
}

function subquery(
  node: Extract<Expression, { kind: 'exists' }>['query'],
  { scope }: Context,
): ResolvedQuery {
  return resolveQuery(node, {
    statement: scope.statement,
    parent: scope,
    besides: undefined,
    isOutermost: false,
  });
}

function checkInQuery(query: ResolvedQuery, place: Place): void {
  checkOneColumn(query, place, 'a sub-query after IN');
  // MySQL and MariaDB do not have it.
  if (query.limit === undefined && query.offset === undefined) return;
  refuse(
    'a sub-query after IN cannot have a LIMIT',
    place,
    'put it into FROM: IN (SELECT x FROM (SELECT ... LIMIT 10) AS t)',
  );
}

function checkOneColumn({ columns }: ResolvedQuery, place: Place, what: string): void {
  if (columns.length === 1) return;
  refuse(`${what} has one column, this one has ${columns.length}`, place, 'name one column');
}
