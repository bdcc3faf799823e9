import type { Place } from '../ast.ts';
import type { CompileOptions } from '../compile.ts';
import { QueryError } from '../query-error.ts';
import type { ExpansionContext } from './scope.ts';
import type { FromTable } from './resolved.ts';

/** What all parts of one statement share while its names are resolved. */
export interface Statement {
  options: CompileOptions;
  isBoxes: boolean;
  /** The user's words of a place, in one line: for names of results, never for the server. */
  wordsAt(place: Place): string;
  /** What the SQL calls the tables so far, in lower case. */
  tableNames: Set<string>;
  tables: FromTable[];
  columnCount: number;
  freshCount: number;
  /** Cones, light curves and lists in conditions so far. */
  searchCount: number;
  /** Calls of functions that look for one text in another so far. */
  textSearchCount: number;
  /** Whether a text has other letters than ASCII's. */
  hasWideText: boolean;
}

export function newStatement(
  options: CompileOptions,
  isBoxes: boolean,
  wordsAt: (place: Place) => string,
): Statement {
  return {
    options,
    isBoxes,
    wordsAt,
    tableNames: new Set(),
    tables: [],
    columnCount: 0,
    freshCount: 0,
    searchCount: 0,
    textSearchCount: 0,
    hasWideText: false,
  };
}

/** @throws {QueryError} always. */
export function refuse(problem: string, place: Place | undefined, advice?: string): never {
  throw new QueryError(problem, place, advice);
}

/** What the SQL calls a new item of SELECT: no other item of the statement is called so. */
export function nextColumnName(statement: Statement): string {
  statement.columnCount += 1;
  return `c${statement.columnCount}`;
}

/** Aliases that are written as they are: others get a letter in their place. */
const PLAIN_ALIAS = /^[A-Za-z][A-Za-z0-9_]{0,47}$/;

/** What the SQL calls a new table: its alias if no other table of the statement is called so. */
export function nextTableName(statement: Statement, alias: string): string {
  const base = PLAIN_ALIAS.test(alias) ? alias : 't';
  let name = base;
  for (let n = 2; statement.tableNames.has(name.toLowerCase()); n++) name = `${base}_${n}`;
  statement.tableNames.add(name.toLowerCase());
  return name;
}

/** What expansions are given. */
export function expansionContext(statement: Statement, isOutermost: boolean): ExpansionContext {
  const { survey, now, lists, fields, isForBatches = false } = statement.options;
  return {
    survey,
    now,
    isForBatches,
    lists,
    fields: fields ?? {},
    isBoxes: statement.isBoxes,
    isOutermost,
    freshAlias() {
      statement.freshCount += 1;
      // Users cannot write a name with a colon in it, so nothing of theirs is called so.
      return `list:${statement.freshCount}`;
    },
    refuse,
  };
}
