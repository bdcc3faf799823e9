import { BrokerError } from '../../common/errors.ts';
import type { QuerySource } from '../../common/sql/compile.ts';
import { QueryError, explainError } from '../../common/sql/query-error.ts';

/** A refused query with its place, for the details of the problem. */
class LocatedQueryError extends BrokerError {
  readonly code = 'invalid_query';

  constructor(err: QueryError, source: QuerySource) {
    const { problem, advice, place } = err;
    super(sentence(err.message), {
      cause: err,
      details: {
        problem,
        ...(advice === undefined ? {} : { advice }),
        ...(place === undefined ? {} : explainError(err, source)),
      },
    });
  }
}

/** The same failure; one of the query's text says where in it. */
export function withPlace(err: unknown, source: QuerySource): unknown {
  return err instanceof QueryError ? new LocatedQueryError(err, source) : err;
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
