import type { ColumnName, Name } from '../ast.ts';
import { JSON_MEMBER, JSON_TEXT } from '../functions/json-and-choices.ts';
import type { SqlFunction } from '../functions/signature.ts';
import { findJsonColumn } from './columns.ts';
import type { Resolved, ResolvedCall, ResolvedOrder } from './resolved.ts';
import type { Scope } from './scope-of-select.ts';

/** Names before the keys: at most database, table and column. */
const MOST_BEFORE = 3;
/** What a path cannot hold between its quotes. */
const OUTSIDE_PATHS = /["\\\p{Cc}]/u;

/**
 * What `annotations.classdict.probability` means: the value of a key, and of keys within it, in a
 * column of JSON. The path is made of the names, each in quotes, and travels as a value.
 *
 * @returns undefined where no beginning of the name is a column of JSON.
 * @throws {QueryError} if it is one in several tables.
 */
export function resolveMember(node: ColumnName, scope: Scope): Resolved | undefined {
  const { names, place } = node;
  for (let count = Math.min(MOST_BEFORE, names.length - 1); count > 0; count--) {
    const column = findJsonColumn(names.slice(0, count), place, scope);
    if (column === undefined) continue;
    const path = `$${names.slice(count).map(pathStep).join('')}`;
    const text: Resolved = { kind: 'string', value: path, type: 'text', place };
    return { ...calling(JSON_MEMBER, [column, text]), type: 'text', place };
  }
  return undefined;
}

/** The tokenizer lets no name have a quote, a backslash or a control character: none may ever pass. */
function pathStep({ text }: Name): string {
  if (OUTSIDE_PATHS.test(text)) throw new Error('a key cannot stand in a path');
  return `."${text}"`;
}

/**
 * JSON_EXTRACT as it is compared with these: beside a text without quotes, beside a number as a number.
 * MariaDB would compare the text with its quotes, MySQL would find any text greater than any number.
 */
export function asCompared(operand: Resolved, others: readonly Resolved[]): Resolved {
  if (operand.kind !== 'call' || operand.called.name !== 'JSON_EXTRACT') return operand;
  const [, path, ...more] = operand.arguments;
  if (more.length > 0 || path.kind !== 'string' || path.value.includes('*')) return operand;
  if (others.some(({ type }) => type === 'json')) return operand;
  const isText = others.some(({ type }) => type === 'text');
  return { ...operand, called: isText ? JSON_TEXT : JSON_MEMBER, type: 'text' };
}

/** A value within JSON is sorted as a number first: as a text, 9.5 would come behind 10.2. */
export function sortKeys(order: ResolvedOrder): ResolvedOrder[] {
  const { expression } = order;
  const inner = expression.kind === 'item' ? expression.expression : expression;
  if (inner?.kind !== 'call' || inner.called !== JSON_MEMBER) return [order];
  const { place } = expression;
  const zero: Resolved = { kind: 'number', digits: '0', type: 'int', place };
  const asNumber: Resolved = {
    kind: 'binary',
    operator: '+',
    left: expression,
    right: zero,
    type: 'double',
    place,
  };
  return [{ ...order, expression: asNumber }, order];
}

function calling(called: SqlFunction, args: Resolved[]): ResolvedCall {
  return {
    kind: 'call',
    called,
    isAggregate: false,
    isStar: false,
    isDistinct: false,
    arguments: args,
    over: undefined,
  };
}
