import type { Survey } from '../../config.ts';
import type { DatabaseName } from '../../schema/types.ts';
import type { Place } from '../ast.ts';
import type { VisibleList } from '../compile.ts';

/** A table of FROM as an expansion sees it. */
export interface TableInScope {
  /** As the query calls it: its alias, or else the table's name. Names need not be in this case. */
  alias: string;
  /** Of the description; undefined for a derived table. */
  database: DatabaseName | undefined;
  table: string | undefined;
  /** Names of its columns as the description spells them. */
  columns: readonly string[];
  /** 0 in the SELECT that the call stands in, 1 in the one around it, and so on. */
  depth: number;
}

/** What an expansion of a SELECT's FROM is given. */
export interface ExpansionContext {
  /** The database of names without one. */
  survey: Survey;
  now: Date;
  /** Whether nothing may depend on `now` yet: see CompileOptions. */
  isForBatches: boolean;
  /** What the text names and the reader may see; whatever is not here does not exist. */
  lists: readonly VisibleList[];
  /** Values of the `:name` fields, where they are known. */
  fields: Readonly<Record<string, number>>;
  /** Whether the query came as the three boxes: then tables are joined by their objects. */
  isBoxes: boolean;
  /** Whether this SELECT is the outermost one, to which the boxes belong. */
  isOutermost: boolean;
  /** An alias that nothing else in the query has. */
  freshAlias(): string;
  /** @throws {QueryError} always. */
  refuse(problem: string, place: Place, advice?: string): never;
}

/** What an expansion of a call is given; its answer is resolved where the call stood. */
export interface CallContext extends ExpansionContext {
  /** The tables that may be named where the call stands, the nearest first, in the order of FROM. */
  tables: readonly TableInScope[];
}
