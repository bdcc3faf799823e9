import type { Survey } from '../config.ts';
import type { ListToken, Query, ResultColumn } from './ast.ts';

/** What a user gives: a whole SELECT, or the three boxes of the builder. One query underneath. */
export type QuerySource =
  | { kind: 'statement'; text: string }
  | { kind: 'boxes'; selected: string; tables: string; conditions: string };

/** Which server the SQL is written for. */
export type Dialect = 'mariadb' | 'mysql';

/** Who asks, for the rows that are not everybody's; undefined is a visitor. */
export interface Reader {
  userId: number;
}

/** A watchlist, watchmap or annotator named in the text, before anybody looked whether it exists. */
export interface ListReference {
  token: ListToken['token'];
  name: string;
}

/** What the store found for the references: only what the reader may see. */
export interface VisibleList extends ListReference {
  /** wl_id or ar_id in digits; the topic of an annotator. */
  key: string;
}

export interface ParsedQuery {
  query: Query;
  source: QuerySource;
  /** What must be looked up before it can be compiled. */
  references: ListReference[];
}

/** An order that the reader of a result asks for, over all its rows. */
export interface ResultOrder {
  /** Which column of the result, from 0. */
  column: number;
  isDescending: boolean;
}

export interface CompileOptions {
  /** The database of names without one. */
  survey: Survey;
  reader: Reader | undefined;
  lists: VisibleList[];
  /** For mjdnow() and jdnow(): written as numbers, so that indexes serve. */
  now: Date;
  /** Values of `:name` fields. */
  fields?: Record<string, number>;
  dialect: Dialect;
  /**
   * The window of this run: at most `limit` rows after `offset` rows, inside the user's own LIMIT and
   * OFFSET.
   */
  limit: number;
  offset: number;
  /** Orders the rows before they are cut; of no effect where the query has an ORDER BY of its own. */
  order?: ResultOrder;
  /**
   * Whether it is resolved once and written again and again for batches of objects: then nothing in the
   * tree depends on `now`, and no bounds are added that an index could find rows by.
   */
  isForBatches?: boolean;
}

/** A query as the server gets it: made from the tree alone. */
export interface CompiledQuery {
  /** Names are of the schema description; `?` for each string. */
  sql: string;
  parameters: string[];
  columns: ResultColumn[];
  /**
   * What it reads, for messages: alias as the user knows it, and the columns that its conditions
   * compare.
   */
  tables: { database: string; table: string; alias: string; compared: string[] }[];
  isOrdered: boolean;
  /** Rows of the user's own LIMIT that are left after `offset`; undefined without a LIMIT. */
  ownLimit: number | undefined;
}
