import type { QuerySource } from '../../common/sql/compile.ts';
import { explainError } from '../../common/sql/query-error.ts';
import type { QueryError } from '../../common/sql/query-error.ts';

/**
 * What is wrong with a query, as the body of a 400. The official client prints the body as it stands,
 * so it is JSON with a line for each line of the excerpt: the caret stands under the word.
 */
export function refusalText(err: QueryError, source: QuerySource): string {
  if (err.place === undefined) return `${JSON.stringify({ error: `${err.message}.` })}\n`;
  const { part, line, column, excerpt } = explainError(err, source);
  const error = `${err.message} (${part}, line ${line}, column ${column}).`;
  return `${JSON.stringify({ error, excerpt: excerpt.split('\n') }, null, 2)}\n`;
}
