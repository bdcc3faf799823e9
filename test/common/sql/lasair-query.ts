import type { Survey } from '../../../common/config.ts';
import type { QuerySource, Reader } from '../../../common/sql/compile.ts';
import type { Scalar } from '../../../common/store/row-reader.ts';
import { ALICE } from './sugar/small-sky.ts';

/**
 * A query as Lasair's users write them, with the rows that it has in the small sky.
 */
export interface LasairQuery {
  name: string;
  survey: Survey;
  source: QuerySource;
  reader?: Reader;
  /** In order where the query says one; otherwise in the order of their first columns. */
  rows: Scalar[][];
}

/** A whole statement. */
export function statement(
  name: string,
  survey: Survey,
  text: string,
  rows: Scalar[][],
): LasairQuery {
  return { name, survey, source: { kind: 'statement', text }, reader: ALICE, rows };
}

/** What is selected, the tables, the conditions. */
export function boxes(
  name: string,
  survey: Survey,
  [selected, tables, conditions]: [string, string, string],
  rows: Scalar[][],
): LasairQuery {
  const source = { kind: 'boxes', selected, tables, conditions } as const;
  return { name, survey, source, reader: ALICE, rows };
}
