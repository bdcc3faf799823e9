import type { ResultColumn } from '../ast.ts';
import type { CompiledQuery } from '../compile.ts';
import { writeIds } from './batch-ids.ts';
import type { FilterQuery, Piece } from './filter-query.ts';
import { mostRows } from './read-filter.ts';

/** Filters of which one statement tells: a bit each, in a number that is exact everywhere. */
export const MOST_TOGETHER = 50;
/** Values come after the id and the bits. */
const FIRST_VALUE = 2;
/** No table of a query is called so. */
const COMMON = '`common values`';
const NO_LIMIT = 18_446_744_073_709_551_615n;

/** A statement about several filters. */
export interface TogetherQuery {
  query: CompiledQuery;
  /**
   * For each filter, where a row of the result has the values of its record; undefined for one that is to
   * be asked for them itself.
   */
  places: (number[] | undefined)[];
  /** Rows that the filters may give in all; one more is cut off, and tells that there are too many. */
  mostRows: number;
}

/**
 * One statement that tells of several filters of one shape which of these objects they may pass. The
 * FROM that they share is read once. A row of the result is the object's id, a number whose bit i, from
 * the lowest, says that the WHERE of filter i held, and what the filters select.
 *
 * Who groups or leaves out repeats passes no other objects than those whose WHERE holds in some row: such
 * filters need then be asked only about these. The rows of all others are the rows with their bit.
 *
 * @param filters - All of the same `pieces.shape`; at most `MOST_TOGETHER`.
 * @throws {InvalidInputError} if an id is none of the survey.
 */
export function compileTogether(
  filters: readonly FilterQuery[],
  ids: readonly string[],
  now: Date,
): TogetherQuery {
  const common = createNames((place) => `${COMMON}.\`v${place}\``);
  const written = filters.map(({ pieces }) => pieces.write(ids, now, common.nameOf));
  const [{ from, key }] = written;
  const [{ survey, pieces }] = filters;
  const bits = written.map(({ where }, i) => `((${where.sql}) IS TRUE) * ${2 ** i}`);
  const lists = writeIds(survey, ids).map((list) => `${key} IN (${list})`);
  const inBatch = `(${lists.join(' OR ')})`;
  const joined = commonValues(common.pieces(), from, key, inBatch);
  const columns: ResultColumn[] = [
    { name: 'k', type: pieces.keyType },
    { name: 'b', type: 'int' },
  ];
  const selected = createNames((place) => `i${place}`);
  const places = written.map(({ values }, filter) =>
    values?.map((value, i) => {
      const place = FIRST_VALUE + selected.placeOf(value);
      columns[place] ??= { ...filters[filter].columns[i], name: `i${place}` };
      return place;
    }),
  );
  const most = filters.length * mostRows(ids.length);
  const values = selected.pieces().map(({ sql }, i) => `, ${sql} AS \`i${FIRST_VALUE + i}\``);
  return {
    query: {
      sql: `SELECT ${key} AS \`k\`, ${bits.join(' + ')} AS \`b\`${values.join('')} FROM ${from.sql}${joined.sql} WHERE ${inBatch} HAVING \`b\` > 0 LIMIT ${most + 1}`,
      parameters: [
        ...written.flatMap(({ where }) => where.parameters),
        ...selected.pieces().flatMap(({ parameters }) => parameters),
        ...from.parameters,
        ...joined.parameters,
      ],
      columns,
      tables: [],
      isOrdered: false,
      ownLimit: undefined,
    },
    places,
    mostRows: most,
  };
}

/** Pieces that are alike have one place, and one name. */
function createNames(name: (place: number) => string) {
  const places = new Map<string, number>();
  const pieces: Piece[] = [];
  const placeOf = (piece: Piece): number => {
    const text = JSON.stringify([piece.sql, piece.parameters]);
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, pieces.length);
    return pieces.push(piece) - 1;
  };
  return { placeOf, nameOf: (piece: Piece) => name(placeOf(piece)), pieces: () => pieces };
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
