import type { DatabaseName, Table } from './types.ts';

/**
 * What is around each object on the sky: Lasair's tables of Sherlock's results.
 *
 * @param _key - The column that names the object, in the columns' notation.
 */
export function contextTables(_database: DatabaseName, _key: string): Table[] {
  return [];
}
