import {
  BrokerError,
  BusyError,
  QueryTimeoutError,
  RateLimitError,
  SetupError,
  UpstreamError,
} from '../../common/errors.ts';
import type { QuerySource } from '../../common/sql/compile.ts';
import { explainError, QueryError } from '../../common/sql/query-error.ts';
import type { ErrorSpot } from '../../common/sql/query-error.ts';

/** Why a query gave no rows, as the page says it. */
export interface QueryFailure {
  status: number;
  title: string;
  /** One sentence. */
  message: string;
  problem: string;
  advice: string | undefined;
  /** Where in the text; undefined where the whole query is meant. */
  spot: ErrorSpot | undefined;
  /** Whether the same text may run another time. */
  mayRepeat: boolean;
}

/**
 * A failure of a query as it is shown beside the user's text; undefined for what is not the query's
 * matter, which the error handler answers.
 */
export function queryFailure(err: unknown, source: QuerySource): QueryFailure | undefined {
  if (err instanceof QueryError) {
    const spot = err.place === undefined ? undefined : explainError(err, source);
    return {
      ...failure(400, 'This query cannot run', err.message, false),
      problem: err.problem,
      advice: err.advice,
      spot,
    };
  }
  // 408 would make browsers send the request again by themselves.
  if (err instanceof QueryTimeoutError) return failure(504, 'Out of time', err.message, true);
  if (err instanceof BusyError) return failure(503, 'Too much at once', err.message, true);
  if (err instanceof RateLimitError) return failure(429, 'Too much at once', err.message, true);
  if (err instanceof SetupError) return failure(503, 'Queries cannot run here', err.message, true);
  if (err instanceof UpstreamError) {
    return failure(
      503,
      'The database is away',
      'The database does not answer at the moment; your text is kept below, and nothing is lost',
      true,
    );
  }
  return undefined;
}

/** A refusal of the page's own: a field `:name` without its number. */
export function fieldRefusal(message: string): QueryFailure {
  return failure(400, 'A number is missing', message, false);
}

/** What the log says of a failure: no text of the user. */
export function failureCode(err: unknown): string {
  return err instanceof BrokerError ? err.code : 'internal';
}

function failure(status: number, title: string, message: string, mayRepeat: boolean): QueryFailure {
  const problem = message.replace(/\.$/, '');
  return {
    status,
    title,
    message: problem,
    problem,
    advice: undefined,
    spot: undefined,
    mayRepeat,
  };
}
