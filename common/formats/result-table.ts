import type { ResultColumn } from '../sql/ast.ts';
import type { Scalar } from '../store/row-reader.ts';

/** What a file says of itself, where its format has room for it. */
export interface ResultNotes {
  /** The query as its author wrote it. */
  query: string;
  askedAt: Date;
}

/** A result that is written while its rows come. */
export interface ResultTable {
  /** Each has a name of its own. */
  columns: ResultColumn[];
  /** Rows in groups: values in JSON's form, in the order of the columns. */
  groups: AsyncIterable<Scalar[][]>;
  notes: ResultNotes;
  /** Whether a limit left out rows that the query has; known when `groups` has ended. */
  isCut: () => boolean;
}

/**
 * Writes a result piece by piece: whoever reads the pieces drives the query, so memory stays flat. It
 * throws what `groups` throws, and the pieces before do not make a whole file then.
 */
export type ResultWriter = (result: ResultTable) => AsyncGenerator<string | Uint8Array, void, void>;

/** How a format keeps the values of a column. */
export type ValueKind =
  'double' | 'float' | 'int32' | 'int64' | 'bool' | 'text' | 'json' | 'timestamp';

/**
 * Integers of a table have 32 bits and computed ones up to 64. Sums and means of integers, exact in
 * the database, are doubles in binary formats.
 */
export function valueKind({ type, source }: ResultColumn): ValueKind {
  switch (type) {
    case 'id':
      return 'int64';
    case 'int':
      return source === undefined ? 'int64' : 'int32';
    case 'decimal':
      return 'double';
    case 'null':
      return 'text';
    default:
      return type;
  }
}
