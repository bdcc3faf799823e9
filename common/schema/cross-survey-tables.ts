import type { DatabaseName, Table } from './types.ts';

/**
 * The same position on the sky in both surveys.
 *
 * @param _key - The column that names the object, in the columns' notation.
 */
export function crossSurveyTables(_database: DatabaseName, _key: string): Table[] {
  return [];
}
