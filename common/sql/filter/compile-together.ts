import type { CompiledQuery } from '../compile.ts';
import { writeIds } from './batch-ids.ts';
import type { FilterQuery, Piece } from './filter-query.ts';

/** Filters of which one statement tells: a bit each, in a number that is exact everywhere. */
export const MOST_TOGETHER = 50;
/** No table of a query is called so. */
const COMMON = '`common values`';
const NO_LIMIT = 18_446_744_073_709_551_615n;

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
  const common = new Map<string, { name: string; piece: Piece }>();
  const nameOf = (piece: Piece) => {
    const text = JSON.stringify([piece.sql, piece.parameters]);
    const known = common.get(text);
    if (known !== undefined) return known.name;
    const name = `${COMMON}.\`v${common.size}\``;
    common.set(text, { name, piece });
    return name;
  };
  const written = filters.map(({ pieces }) => pieces.write(ids, now, nameOf));
  const [{ from, key }] = written;
  const [{ survey, pieces }] = filters;
  const bits = written.map(({ where }, i) => `((${where.sql}) IS TRUE) * ${2 ** i}`);
  const lists = writeIds(survey, ids).map((list) => `${key} IN (${list})`);
  const inBatch = `(${lists.join(' OR ')})`;
  const values = commonValues(
    [...common.values()].map(({ piece }) => piece),
    from,
    key,
    inBatch,
  );
  return {
    sql: `SELECT ${key} AS \`k\`, ${bits.join(' + ')} AS \`b\` FROM ${from.sql}${values.sql} WHERE ${inBatch}`,
    parameters: [
      ...written.flatMap(({ where }) => where.parameters),
      ...from.parameters,
      ...values.parameters,
    ],
    columns: [
      { name: 'k', type: pieces.keyType },
      { name: 'b', type: 'int' },
    ],
    tables: [],
    isOrdered: false,
    ownLimit: undefined,
  };
}

/**
 * Values that several conditions name, each worked out once for an object: a join to follow FROM. With a
 * LIMIT, since servers put the expressions of a sub-query without one back where they are named.
 */
function commonValues(common: readonly Piece[], from: Piece, key: string, inBatch: string): Piece {
  if (common.length === 0) return { sql: '', parameters: [] };
  const values = common.map(({ sql }, i) => `(${sql}) AS \`v${i}\``);
  return {
    sql: ` JOIN (SELECT ${key} AS \`k\`, ${values.join(', ')} FROM ${from.sql} WHERE ${inBatch} LIMIT ${NO_LIMIT}) AS ${COMMON} ON ${COMMON}.\`k\` = ${key}`,
    parameters: [...common.flatMap(({ parameters }) => parameters), ...from.parameters],
  };
}
