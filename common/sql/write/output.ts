import type { Survey } from '../../config.ts';
import { quoteName } from '../../schema/ddl.ts';
import type { Dialect, Reader } from '../compile.ts';
import { QueryError } from '../query-error.ts';
import type { ResolvedQuery } from '../resolve/resolved.ts';

/** The SQL of one statement while it is written, from left to right. */
export interface Output {
  dialect: Dialect;
  now: Date;
  survey: Survey;
  reader: Reader | undefined;
  sql: string;
  /** Values of the `?`, in order. */
  parameters: string[];
  /** The objects of the batch that it is written for: lists of literals with commas between. */
  batch?: readonly string[];
  /** What stands for a sub-query that the statement works out elsewhere; undefined for one that it does not. */
  standIn?: (query: ResolvedQuery) => string | undefined;
}

/** Formulas that name their argument twice could make the text double with every level. */
const LONGEST_SQL = 2_000_000;
/** What the protocol of prepared statements counts up to. */
const MOST_PARAMETERS = 65_535;

/** @throws {QueryError} if the SQL becomes longer than any sensible query. */
export function put(output: Output, text: string): void {
  output.sql += text;
  if (output.sql.length > LONGEST_SQL) {
    throw new QueryError(
      'this query is too large once it is written out',
      undefined,
      'use sub-queries in FROM for what it repeats',
    );
  }
}

/** A string of the user's: it travels beside the SQL, never in it. */
export function putParameter(output: Output, value: string): void {
  put(output, '?');
  output.parameters.push(value);
  if (output.parameters.length > MOST_PARAMETERS) {
    throw new QueryError(`more than ${MOST_PARAMETERS} texts in one query`);
  }
}

/** A name of the description, or one that was made up for this statement. */
export function putName(output: Output, name: string): void {
  put(output, name.includes('`') ? quoteName(name) : `\`${name}\``);
}

/** Items with text between them. */
export function putList<Item>(
  output: Output,
  items: Iterable<Item>,
  separator: string,
  putOne: (item: Item) => void,
): void {
  let isFirst = true;
  for (const item of items) {
    if (!isFirst) put(output, separator);
    isFirst = false;
    putOne(item);
  }
}
