import type { ErrorRequestHandler } from 'express';

import { QueryTimeoutError, RateLimitError } from '../../common/errors.ts';
import type { Log } from '../../common/log.ts';
import { isPastTelling, problemOf } from '../error-handler.ts';

/** Addresses that answer as Lasair's do. */
export const LASAIR_PREFIXES = [
  '/ztf/api',
  '/lsst/api',
  '/api/query',
  '/api/annotate',
  '/api/annotatelist',
];

/**
 * Failures in the forms that Lasair's clients know: `detail` where the framework refuses, `message` at
 * the limit of requests, `error` for what is wrong with a query. A query that ran out of time is told
 * with 400, because the official client shows the words of no other status.
 */
export function lasairErrors(log: Log): ErrorRequestHandler {
  return (err: unknown, req, res, _next) => {
    const { status, detail } = problemOf(err);
    if (isPastTelling(log, err, status, req, res)) {
      res.destroy();
      return;
    }
    res.set('Cache-Control', 'no-store');
    if (err instanceof RateLimitError) {
      const seconds = Number(err.details.retryAfterSeconds);
      res.set('Retry-After', String(seconds)).status(429);
      res.json({ message: detail, retryAfterSeconds: seconds });
    } else if (err instanceof QueryTimeoutError) {
      res.status(400).json({ error: detail });
    } else if (status === 401) {
      res.set('WWW-Authenticate', 'Token').status(401).json({ detail });
    } else {
      if (status === 503) res.set('Retry-After', '5');
      res.status(status).json(status === 400 || status >= 500 ? { error: detail } : { detail });
    }
  };
}
