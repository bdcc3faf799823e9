import type { Survey } from '../../config.ts';
import type { Scalar } from '../../store/row-reader.ts';
import type { ListToken, ResultColumn } from '../ast.ts';
import type { CompiledQuery, Dialect, Reader, VisibleList } from '../compile.ts';

/** What a query is read as a filter with. */
export interface FilterOptions {
  /** Whose objects it is asked about. */
  survey: Survey;
  /** Whose filter it is: it sees what its owner may see. */
  reader: Reader | undefined;
  lists: readonly VisibleList[];
  /** Values of `:name` fields: the defaults of the saved query. */
  fields?: Record<string, number>;
  dialect: Dialect;
  /** The moment at which it is read: only checks of what is written go by it. */
  now: Date;
}

/** A query as it runs on the stream. */
export interface FilterQuery {
  survey: Survey;
  /** Of the record. */
  columns: ResultColumn[];
  /** Annotators that it names. */
  topics: string[];
  screen: Screen;
  /**
   * The query for these objects alone, cut after one row more than `mostRows` allows.
   *
   * @param ids - objectId, or diaObjectId in digits; at least one. All filters are best given the same
   *   list, which nobody changes afterwards: it is checked and written once.
   * @returns The object's id is the first result column; those of the record follow.
   * @throws {InvalidInputError} if an id is none of the survey.
   */
  compile(ids: readonly string[], now: Date): CompiledQuery;
  /** What `compileTogether` makes one statement of, for filters that read the same tables. */
  pieces: FilterPieces;
  /** Why an object passes or does not: as the database has it now. */
  explain(id: string, now: Date): Explanation;
  /**
   * The same from values that the columns of `objects` had once. Whether the object was in a list or
   * another table, and what goes by their columns, is not said.
   *
   * @param values - In the order of `screen.columns`, as rows are read.
   */
  explainValues(values: readonly Scalar[], now: Date): ExplainedCondition[];
}

/** SQL with the strings that belong to its `?`. */
export interface Piece {
  sql: string;
  parameters: string[];
}

/** A filter in pieces. */
export interface FilterPieces {
  /**
   * Filters of which this is the same have the same FROM; undefined for one whose conditions name the
   * objects themselves, and would be long.
   */
  readonly shape: string | undefined;
  /** Type of the column that names the object. */
  readonly keyType: ResultColumn['type'];
  /**
   * FROM for these objects, its WHERE without the objects, and the column that names the object.
   *
   * @param common - Is given sub-queries that have one value for each object, and says by what name WHERE
   *   may call that value.
   */
  write(ids: readonly string[], now: Date, common?: (query: Piece) => string): WrittenPieces;
}

export interface WrittenPieces {
  from: Piece;
  where: Piece;
  key: string;
  /**
   * The selected values, of a filter whose rows are those of FROM that pass; undefined for one that
   * groups, leaves out repeats, or selects what is asked of other rows.
   */
  values: Piece[] | undefined;
}

/** A list whose hits hold every object that passes. */
export interface ScreenList {
  token: ListToken['token'];
  /** wl_id or ar_id in digits; the topic of an annotator. */
  key: string;
}

/** Whether an object may pass, from the values of its own columns. */
export type ScreenTest = (values: readonly Scalar[], now: Date) => boolean;

/**
 * What must hold for an object to pass, as far as that can be said without the database: every object
 * that the query would give passes, and most others do not.
 */
export interface Screen {
  /** Columns of `objects` that it looks at. */
  columns: string[];
  /** Lists that the object must be in: in all of them. */
  lists: ScreenList[];
  /** The test over values in the order of `columns`. */
  mayPass: ScreenTest;
  /** The same test over rows of another layout, which has all of `columns`: one row for all filters. */
  over(columns: readonly string[]): ScreenTest;
}

/** A value that a condition goes by. */
export interface NamedValue {
  /** As the user wrote it: a column, or what is reckoned from other tables. */
  name: string;
  unit?: string;
  value: Scalar;
}

/** A condition of the query, for one object. */
export interface ExplainedCondition {
  /** `join`: there must be a row in another table, or the object must be in a list. */
  kind: 'condition' | 'join';
  /** As the user wrote it; of a join, in words. */
  text: string;
  /** 0 at the top, where all must hold; parts of an OR stand beneath it, 1 deeper. */
  depth: number;
  /** null where the comparison is with NULL; undefined where the values alone do not say. */
  held: boolean | null | undefined;
  values: NamedValue[];
}

/** How an object is explained. */
export interface Explanation {
  /** Gives one row, or none where there is no such object. */
  query: CompiledQuery;
  /** @param row - That row as the sandbox gives it. */
  read(row: readonly Scalar[]): ExplainedCondition[];
}
