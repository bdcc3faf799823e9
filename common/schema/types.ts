import type { Survey } from '../config.ts';

export type DatabaseName = Survey | 'glint';

/**
 * How a value is kept. `id` is a 64-bit integer that is a name, never a quantity: `bigint` inside,
 * a string in JSON. `name` is short ASCII compared byte by byte; `text` is for people.
 */
export type ColumnType =
  | 'double'
  | 'float'
  | 'int'
  | 'smallint'
  | 'tinyint'
  | 'bool'
  | 'id'
  | 'timestamp'
  | 'json'
  | 'blob'
  | { name: number }
  | { text: number };

/** One column: the only place where its type, unit and meaning are said. */
export interface Column {
  name: string;
  /** How the survey's packet spells it, where that differs from the column: `dec` for `decl`. */
  attribute?: string;
  type: ColumnType;
  /** Columns are nullable unless this is set. */
  required?: boolean;
  /** Literal SQL default; implies that writers may leave the column out. */
  default?: string;
  autoIncrement?: boolean;
  /** VOUnit string: `mag`, `deg`, `nJy`, `d`, `arcsec`; absent for pure numbers. */
  unit?: string;
  /** UCD1+ word(s) of the IVOA vocabulary. */
  ucd?: string;
  description: string;
  /** How the number differs from the one Lasair gives under the same name. */
  differs?: string;
}

export interface Index {
  columns: string[];
  unique?: boolean;
}

/** Rows that belong to a list which its owner may keep private. */
export interface OwnedBy {
  /** Table of `glint` with `user_id` and `public`. */
  list: 'watchlists' | 'areas' | 'annotators';
  /** Column that names the list, here and there. */
  key: string;
}

export interface Table {
  database: DatabaseName;
  name: string;
  description: string;
  columns: Column[];
  primaryKey: string[];
  indexes: Index[];
  /** Whether users may name the table in their SQL. */
  isPublic: boolean;
  /** Set where a reader sees only rows of public lists and of their own. */
  ownedBy?: OwnedBy;
}
