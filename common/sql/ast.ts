import type { DatabaseName } from '../schema/types.ts';

/**
 * The tree of a user's query: what the parser makes and everything after it works on. It holds no
 * text of the user but names, digits of numbers and values of strings; what it cannot say cannot
 * reach the database.
 *
 * Whoever walks it may do so by recursion: no tree has more than MAX_DEPTH levels (limits.ts).
 * Chains of AND and of OR are therefore balanced, (a AND b) AND (c AND d); all others lean left.
 * `t - INTERVAL 7 DAY`, as DATE_SUB(t, INTERVAL 7 DAY), comes as date_sub(t, 7, DAY), where DAY is a
 * column name of one word. Brackets leave no trace but in the places.
 */

/** Which text a place is in: a whole statement, or one of the three boxes of the builder. */
export type Part = 'statement' | 'selected' | 'tables' | 'conditions';

/** A stretch of the user's text: offsets in UTF-16 units, `end` exclusive. */
export interface Place {
  part: Part;
  start: number;
  end: number;
}

/** A name as the user wrote it, without quotes. */
export interface Name {
  text: string;
  place: Place;
}

/** A whole query: one SELECT or several joined by UNION, in order, cut. */
export interface Query {
  kind: 'query';
  body: Select | Union;
  orderBy: OrderItem[];
  limit?: NumberLiteral | Parameter;
  offset?: NumberLiteral | Parameter;
  place: Place;
}

export interface Union {
  kind: 'union';
  isAll: boolean;
  left: Query | Select | Union;
  right: Query | Select;
  place: Place;
}

export interface Select {
  kind: 'select';
  isDistinct: boolean;
  items: SelectItem[];
  /** Items joined by commas; empty for SELECT 1+1. */
  from: FromItem[];
  where?: Expression;
  groupBy: Expression[];
  having?: Expression;
  place: Place;
}

export type SelectItem =
  | { kind: 'star'; table?: Name; place: Place }
  | { kind: 'item'; expression: Expression; alias?: Name; place: Place };

export interface OrderItem {
  expression: Expression;
  isDescending: boolean;
  place: Place;
}

export type FromItem = TableItem | DerivedTable | Join | ListToken;

export interface TableItem {
  kind: 'table';
  /** `ztf` in ztf.objects. */
  database?: Name;
  name: Name;
  alias?: Name;
  place: Place;
}

/** (SELECT ...) AS alias */
export interface DerivedTable {
  kind: 'derived';
  query: Query;
  alias: Name;
  place: Place;
}

export interface Join {
  kind: 'join';
  join: 'inner' | 'left' | 'right' | 'cross';
  left: FromItem;
  right: FromItem;
  on?: Expression;
  using?: Name[];
  place: Place;
}

/** Lasair's words in FROM: watchlist:12, area:3&4, watchmap:3, annotator:a&b, also with names. */
export interface ListToken {
  kind: 'token';
  token: 'watchlist' | 'area' | 'annotator';
  /** What stands after the colon, split at &: numbers of lists, or names. */
  names: Name[];
  alias?: Name;
  place: Place;
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | { kind: 'null'; place: Place }
  | { kind: 'boolean'; value: boolean; place: Place }
  | Parameter
  | ColumnName
  | { kind: 'unary'; operator: UnaryOperator; operand: Expression; place: Place }
  | {
      kind: 'binary';
      operator: BinaryOperator;
      left: Expression;
      right: Expression;
      place: Place;
    }
  | {
      kind: 'between';
      isNot: boolean;
      operand: Expression;
      low: Expression;
      high: Expression;
      place: Place;
    }
  | { kind: 'in'; isNot: boolean; operand: Expression; values: Expression[] | Query; place: Place }
  | { kind: 'like'; isNot: boolean; operand: Expression; pattern: Expression; place: Place }
  | {
      kind: 'is';
      isNot: boolean;
      operand: Expression;
      what: 'null' | 'true' | 'false';
      place: Place;
    }
  | {
      kind: 'case';
      operand?: Expression;
      whens: { when: Expression; then: Expression }[];
      otherwise?: Expression;
      place: Place;
    }
  | { kind: 'exists'; query: Query; place: Place }
  | { kind: 'subquery'; query: Query; place: Place }
  | { kind: 'cast'; operand: Expression; type: CastType; place: Place }
  | Call
  | LightCurveCondition;

/** Digits as the user wrote them: they are printed again, never turned into a number. */
export interface NumberLiteral {
  kind: 'number';
  digits: string;
  place: Place;
}

/** The value, unescaped; it travels to the server as a parameter. */
export interface StringLiteral {
  kind: 'string';
  value: string;
  place: Place;
}

/** A field of a saved query, `:days`: a number that is given when it runs. */
export interface Parameter {
  kind: 'parameter';
  name: string;
  place: Place;
}

/**
 * gmag, objects.gmag, ztf.objects.gmag: one to three names, and behind those of a column of JSON the
 * keys within it: annotations.classdict.probability.
 */
export interface ColumnName {
  kind: 'column';
  names: Name[];
  place: Place;
}

export interface Call {
  kind: 'call';
  name: Name;
  /** COUNT(*) */
  isStar: boolean;
  isDistinct: boolean;
  arguments: Expression[];
  over?: Window;
  place: Place;
}

/** OVER (...) */
export interface Window {
  partitionBy: Expression[];
  orderBy: OrderItem[];
  frame?: Frame;
  place: Place;
}

export interface Frame {
  unit: 'rows' | 'range';
  start: FrameBound;
  end?: FrameBound;
}

export type FrameBound =
  | { kind: 'current' }
  | { kind: 'unbounded'; direction: 'preceding' | 'following' }
  | { kind: 'offset'; offset: NumberLiteral; direction: 'preceding' | 'following' };

/**
 * light_curve(count(*) WHERE band = 'r' AND mag < 18.5): an aggregate over the detections of the
 * object in the query around it.
 */
export interface LightCurveCondition {
  kind: 'light_curve';
  /** The table whose objects are meant where FROM has several: light_curve(o, count(*) WHERE ...). */
  table?: Name;
  aggregate: Call;
  where?: Expression;
  place: Place;
}

export type UnaryOperator = '-' | '+' | 'not' | '~';
export type BinaryOperator =
  | 'or'
  | 'and'
  | 'xor'
  | '='
  | '<=>'
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | 'div'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>';
export type CastType = 'double' | 'float' | 'signed' | 'unsigned' | 'char' | 'date' | 'datetime';

/** What a value is, as far as results and checks need it; `id` is a 64-bit integer that is a name. */
export type ValueType =
  'double' | 'float' | 'int' | 'id' | 'decimal' | 'bool' | 'text' | 'timestamp' | 'json' | 'null';

/** One column of a result, with what the schema description says of it where it is a plain column. */
export interface ResultColumn {
  name: string;
  type: ValueType;
  unit?: string;
  ucd?: string;
  description?: string;
  /** Where it comes from, when it is a column of a table as it stands. */
  source?: { database: DatabaseName; table: string; column: string };
}
