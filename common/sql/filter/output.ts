import type { Output } from '../write/output.ts';
import type { FilterOptions } from './filter-query.ts';

/** Where the SQL for a batch is written. */
export function newOutput(
  { survey, reader, dialect }: FilterOptions,
  now: Date,
  batch: string[],
): Output {
  return { dialect, now, survey, reader, sql: '', parameters: [], batch };
}
