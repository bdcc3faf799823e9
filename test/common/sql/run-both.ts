import mysql from 'mysql2/promise';

import { compileQuery } from '../../../common/sql/compile-query.ts';
import { parseQuery } from '../../../common/sql/parse-query.ts';
import { QueryError } from '../../../common/sql/query-error.ts';
import { parseDatabaseUrl } from '../../../common/store/database.ts';
import type { GeneratedQuery } from './generate-queries.ts';

/** What became of a query run as it is and as compiled. */
export interface Outcome {
  /**
   * `failed`: both fail on the server, as a number out of range does. `refused`: the server refuses the
   * text as well; `stricter`: it does not.
   */
  kind: 'same' | 'failed' | 'refused' | 'stricter' | 'different';
  /** Everything that is needed to look at it. */
  report: string;
}

/** Rows without end are of no use to anybody. */
const MOST_ROWS = 1_000_000;

/** A connection as the sandbox's are: values over the binary protocol, UTC, our sql_mode. */
export async function openConnection(url: string): Promise<mysql.Connection> {
  const connection = await mysql.createConnection({
    ...parseDatabaseUrl(url),
    charset: 'utf8mb4',
    supportBigNumbers: true,
    bigNumberStrings: true,
    rowsAsArray: true,
    dateStrings: true,
    timezone: 'Z',
  });
  await connection.query(
    "SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', max_statement_time = 20",
  );
  return connection;
}

/** Runs the text itself over the tables, and what it is compiled to over the views. */
export async function runBoth(
  connection: mysql.Connection,
  query: GeneratedQuery,
): Promise<Outcome> {
  const { text } = query;
  const theirs = await rowsOf(connection, text, []);
  let compiled;
  try {
    compiled = compileQuery(parseQuery({ kind: 'statement', text }), {
      survey: 'ztf',
      reader: undefined,
      lists: [],
      now: new Date('2026-11-21T12:00:00Z'),
      dialect: 'mariadb',
      limit: MOST_ROWS,
      offset: 0,
    });
  } catch (err) {
    if (!(err instanceof QueryError)) throw err;
    const words = err.place && text.slice(err.place.start, err.place.end);
    const kind = 'error' in theirs ? 'refused' : 'stricter';
    return { kind, report: `${text}\n  ${err.message} (at ${words})` };
  }
  const ours = await rowsOf(connection, compiled.sql, compiled.parameters);
  const report = `${text}\n  ${compiled.sql}\n  ${JSON.stringify(compiled.parameters)}\n  theirs ${shown(theirs)}\n  ours   ${shown(ours)}`;
  // What the server does not bring together, letters beyond ASCII and names, is brought together here.
  if ('error' in theirs && theirs.error.includes('Illegal mix of collations')) {
    return { kind: 'failed', report };
  }
  if ('error' in theirs || 'error' in ours) {
    return { kind: 'error' in theirs && 'error' in ours ? 'failed' : 'different', report };
  }
  const isSame =
    theirs.columns === ours.columns &&
    ours.columns === compiled.columns.length &&
    areSame(theirs.rows, ours.rows, query.isOrdered);
  return { kind: isSame ? 'same' : 'different', report };
}

type Result = { rows: unknown[][]; columns: number } | { error: string };

async function rowsOf(
  connection: mysql.Connection,
  sql: string,
  parameters: string[],
): Promise<Result> {
  try {
    // Not kept prepared on the server: each runs once.
    const [rows, fields] = await connection.execute<mysql.RowDataPacket[][]>(sql, parameters);
    connection.unprepare(sql);
    return { rows, columns: fields.length };
  } catch (err) {
    return { error: String(err) };
  }
}

function areSame(theirs: unknown[][], ours: unknown[][], isOrdered: boolean): boolean {
  if (theirs.length !== ours.length) return false;
  const [left, right] = isOrdered ? [theirs, ours] : [sorted(theirs), sorted(ours)];
  return left.every((row, i) => row.every((value, j) => isSameValue(value, right[i][j])));
}

function sorted(rows: unknown[][]): unknown[][] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row.map(rounded)) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

/** Sums of floating-point numbers may differ in their last digits by the order of the rows. */
function isSameValue(left: unknown, right: unknown): boolean {
  return left === right || rounded(left) === rounded(right);
}

/** Whole numbers of 64 bits come as text, those of 32 bits as numbers. */
function rounded(value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Number.isSafeInteger(value) ? String(value) : Number(value.toPrecision(9));
}

function shown(result: Result): string {
  return 'error' in result ? result.error : JSON.stringify(result.rows.slice(0, 12));
}
