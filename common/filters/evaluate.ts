import type { FilterQuery } from '../sql/filter/filter-query.ts';
import { mostRows } from '../sql/filter/read-filter.ts';
import { QueryError } from '../sql/query-error.ts';
import type { Scalar } from '../store/row-reader.ts';
import type { RunOptions, Sandbox } from '../store/sandbox/sandbox.ts';

/** What a filter says of one object: a row of its result. */
export interface FilterRow {
  /** objectId, or diaObjectId in digits. */
  objectId: string;
  /** The selected columns under their names: ids as strings, NULL as null. */
  record: Record<string, Scalar>;
}

export interface EvaluateServices {
  sandbox: Sandbox;
  now: () => Date;
}

/**
 * Runs a filter on these objects, as they are in the database now.
 *
 * @param ids - objectId, or diaObjectId in digits; of none nothing passes.
 * @returns The rows of those that pass: usually one for each; several where a join has several rows.
 * @throws {QueryError} if there are more than `mostRows`.
 * @throws {QueryTimeoutError} {UpstreamError} {RateLimitError} {BusyError} {QueryError} as `Sandbox.run`
 *   does; {InvalidInputError} for an id that is none.
 */
export async function evaluateFilter(
  services: EvaluateServices,
  filter: FilterQuery,
  ids: readonly string[],
  options: RunOptions,
): Promise<FilterRow[]> {
  if (ids.length === 0) return [];
  const query = filter.compile(ids, services.now());
  const names = filter.columns.map(({ name }) => name);
  const rows: FilterRow[] = [];
  for await (const group of await services.sandbox.run(query, options)) {
    for (const [objectId, ...values] of group) {
      if (rows.length === mostRows(ids.length)) throw tooManyRows(ids.length);
      const record = Object.fromEntries(names.map((name, i) => [name, values[i]]));
      rows.push({ objectId: String(objectId), record });
    }
  }
  return rows;
}

function tooManyRows(objects: number): QueryError {
  return new QueryError(
    `the filter gives more than ${mostRows(objects)} rows for ${objects} objects`,
    undefined,
    'join tables by the object, and group by it where a table has many rows for each',
  );
}
