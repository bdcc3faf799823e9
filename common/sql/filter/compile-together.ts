import type { CompiledQuery } from '../compile.ts';
import { writeIds } from './batch-ids.ts';
import type { FilterQuery } from './filter-query.ts';

/** Filters of which one statement tells: a bit each, in a number that is exact everywhere. */
export const MOST_TOGETHER = 50;

/**
 * One statement that tells of several filters of one shape which of these objects they may pass. The
 * FROM that they share is read once. A row of the result is the object's id, and a number whose bit i,
 * from the lowest, says that the WHERE of filter i held. An object has as many rows as FROM gives it.
 *
 * Who groups or leaves out repeats passes no other objects than those whose WHERE holds in some row: the
 * filters themselves need then be asked only about these.
 *
 * @param filters - All of the same `pieces.shape`; at most `MOST_TOGETHER`.
 * @throws {InvalidInputError} if an id is none of the survey.
 */
export function compileTogether(
  filters: readonly FilterQuery[],
  ids: readonly string[],
  now: Date,
): CompiledQuery {
  const written = filters.map(({ pieces }) => pieces.write(ids, now));
  const [{ from, key }] = written;
  const [{ survey, pieces }] = filters;
  const bits = written.map(({ where }, i) => `((${where.sql}) IS TRUE) * ${2 ** i}`);
  const inBatch = writeIds(survey, ids).map((list) => `${key} IN (${list})`);
  return {
    sql: `SELECT ${key} AS \`k\`, ${bits.join(' + ')} AS \`b\` FROM ${from.sql} WHERE ${inBatch.join(' OR ')}`,
    parameters: [...written.flatMap(({ where }) => where.parameters), ...from.parameters],
    columns: [
      { name: 'k', type: pieces.keyType },
      { name: 'b', type: 'int' },
    ],
    tables: [],
    isOrdered: false,
    ownLimit: undefined,
  };
}
