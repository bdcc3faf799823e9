import type { Response } from 'express';

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
  /** When it is worth trying; undefined where nobody knows. */
  retryAfterSeconds?: number;
}

/** While the database is away, or busy. */
const RETRY_SECONDS = 5;
const SOON = { retryAfterSeconds: RETRY_SECONDS };

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
  if (err instanceof BusyError) {
    return { ...failure(503, 'Too much at once', err.message, true), ...SOON };
  }
  if (err instanceof RateLimitError) {
    const retryAfterSeconds = Number(err.details.retryAfterSeconds ?? RETRY_SECONDS);
    return { ...failure(429, 'Too much at once', err.message, true), retryAfterSeconds };
  }
  if (err instanceof SetupError) {
    return { ...failure(503, 'Queries cannot run here', err.message, true), ...SOON };
  }
  if (err instanceof UpstreamError) {
    const message =
      'The database does not answer at the moment; your text is kept below, and nothing is lost';
    return { ...failure(503, 'The database is away', message, true), ...SOON };
  }
  return undefined;
}

/** A refusal of the page's own: a field `:name` without its number. */
export function fieldRefusal(message: string): QueryFailure {
  return failure(400, 'A number is missing', message, false);
}

/** Status and headers of an answer that shows a failure. */
export function answerAs(res: Response, { status, retryAfterSeconds }: QueryFailure): void {
  res.status(status);
  if (res.getHeader('Cache-Control') === undefined) res.set('Cache-Control', 'no-store');
  if (retryAfterSeconds !== undefined) res.set('Retry-After', String(retryAfterSeconds));
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
