import type { ResultColumn } from '../sql/ast.ts';

/** Columns of a record that are numbers although they are kept as strings, for they have 64 bits. */
export function numberNames(
  columns: readonly Pick<ResultColumn, 'name' | 'type'>[],
): ReadonlySet<string> {
  const numbers = columns.filter(({ type }) => type === 'id' || type === 'decimal');
  return new Set(numbers.map(({ name }) => name));
}
