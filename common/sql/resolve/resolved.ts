import type {
  BinaryOperator,
  CastType,
  Frame,
  Place,
  ResultColumn,
  UnaryOperator,
  ValueType,
} from '../ast.ts';
import type { DictionaryTable } from '../dictionary.ts';
import type { SqlFunction } from '../functions/signature.ts';

/**
 * A query whose names are known: what the writer needs and nothing of the user's text but the
 * digits of numbers and the values of strings.
 */
export interface ResolvedQuery {
  kind: 'query';
  body: ResolvedSelect | ResolvedUnion;
  orderBy: ResolvedOrder[];
  /** Whole numbers, within what the servers can count. */
  limit: bigint | undefined;
  offset: bigint | undefined;
  columns: readonly FromColumn[];
  /** Columns of queries around it that it names. */
  outerColumns: ResolvedColumn[];
}

export interface ResolvedSelect {
  kind: 'select';
  isDistinct: boolean;
  items: ResolvedItem[];
  from: ResolvedFrom[];
  where: Resolved | undefined;
  groupBy: Resolved[];
  having: Resolved | undefined;
  /** Whether its rows are groups of rows. */
  isGrouped: boolean;
}

export interface ResolvedUnion {
  kind: 'union';
  isAll: boolean;
  left: ResolvedQuery | ResolvedSelect | ResolvedUnion;
  right: ResolvedQuery | ResolvedSelect;
}

/** An item of SELECT; `column.sqlName` is what the SQL calls it. */
export interface ResolvedItem {
  expression: Resolved;
  column: FromColumn;
  /** How clauses after SELECT may call it: its alias, or the name of the column it is. */
  called: string | undefined;
}

export interface ResolvedOrder {
  expression: Resolved;
  isDescending: boolean;
}

/** A column of a table of FROM, of the description or of a sub-query. */
export interface FromColumn extends ResultColumn {
  /** What the SQL calls it: never the user's own word. */
  sqlName: string;
  /** Whether it is a text that the server keeps in ASCII and compares byte by byte. */
  isAscii: boolean;
  /** Whether it is a text of a query's own with other letters than those. */
  isWide?: boolean;
}

/** A table of FROM under the name that the query gives it. */
export interface FromTable {
  /** As the user calls it. */
  alias: string;
  /** What the SQL calls it: no other table of the statement is called so. */
  sqlName: string;
  /** Undefined for a sub-query. */
  table: DictionaryTable | undefined;
  /** Whether the alias is the user's own and not the table's name. */
  isAliased: boolean;
  columns: readonly FromColumn[];
  byName: ReadonlyMap<string, FromColumn>;
  /** Columns that the query names. */
  used: Set<FromColumn>;
  /** Names of its columns that conditions compare with something. */
  compared: Set<string>;
  /** Set where its rows have owners: see `narrowOwned`. */
  narrowing?: Narrowing;
}

/** What is known of the rows of a table that have owners, before the reader's right is looked at. */
export interface Narrowing {
  /** Conditions on them that stand elsewhere in the query as well. */
  conditions: Resolved[];
  /** Whether they leave nothing but rows of a list that the reader may see. */
  isVisible: boolean;
}

export type ResolvedFrom =
  | { kind: 'table'; table: FromTable }
  | { kind: 'derived'; table: FromTable; query: ResolvedQuery }
  | {
      kind: 'join';
      join: 'inner' | 'left' | 'right' | 'cross';
      left: ResolvedFrom;
      right: ResolvedFrom;
      on: Resolved | undefined;
    };

export interface ResolvedColumn {
  kind: 'column';
  table: FromTable;
  column: FromColumn;
  type: ValueType;
  place: Place;
}

export type Resolved = ResolvedColumn | (ResolvedOther & { type: ValueType; place: Place });

type ResolvedOther =
  | { kind: 'number'; digits: string }
  | { kind: 'string'; value: string }
  | { kind: 'null' }
  | { kind: 'boolean'; value: boolean }
  /** One of the words that functions such as TIMESTAMPDIFF know. */
  | { kind: 'word'; word: string }
  /** An item of SELECT by its name, or a column of a UNION. */
  | { kind: 'item'; column: FromColumn; expression: Resolved | undefined }
  | { kind: 'unary'; operator: UnaryOperator; operand: Resolved }
  | { kind: 'binary'; operator: BinaryOperator; left: Resolved; right: Resolved }
  | { kind: 'between'; isNot: boolean; operand: Resolved; low: Resolved; high: Resolved }
  | { kind: 'in'; isNot: boolean; operand: Resolved; values: Resolved[] }
  /** Whether it is an object of the batch that the query is written for: see `Output.batch`. */
  | { kind: 'in-batch'; operand: Resolved }
  | { kind: 'in-query'; isNot: boolean; operand: Resolved; query: ResolvedQuery }
  | { kind: 'like'; isNot: boolean; operand: Resolved; pattern: Resolved }
  | { kind: 'is'; isNot: boolean; operand: Resolved; what: 'null' | 'true' | 'false' }
  | {
      kind: 'case';
      operand: Resolved | undefined;
      whens: { when: Resolved; then: Resolved }[];
      otherwise: Resolved | undefined;
    }
  | { kind: 'exists'; query: ResolvedQuery }
  | { kind: 'subquery'; query: ResolvedQuery }
  | { kind: 'cast'; operand: Resolved; castType: CastType }
  /** A text with other letters than those of ASCII, where the server expects only these. */
  | { kind: 'wide'; operand: Resolved }
  | ResolvedCall;

export interface ResolvedCall {
  kind: 'call';
  called: SqlFunction;
  /** Whether it works on the rows of a group: an aggregate without OVER. */
  isAggregate: boolean;
  isStar: boolean;
  isDistinct: boolean;
  arguments: Resolved[];
  over: ResolvedWindow | undefined;
}

export interface ResolvedWindow {
  partitionBy: Resolved[];
  orderBy: ResolvedOrder[];
  frame: Frame | undefined;
}
