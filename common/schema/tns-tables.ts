import type { DatabaseName, Table } from './types.ts';

/**
 * The Transient Name Server's objects, and which objects of the survey they are.
 *
 * @param _key - The column that names the object, in the columns' notation.
 */
export function tnsTables(_database: DatabaseName, _key: string): Table[] {
  return [];
}
