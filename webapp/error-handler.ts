import { STATUS_CODES } from 'node:http';

import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';

import { BrokerError, NotFoundError, QueryTimeoutError, describeError } from '../common/errors.ts';
import type { Log } from '../common/log.ts';
import { isApiPath } from './accounts/api-paths.ts';
import { sendAgain, writtenTexts } from './send-again.ts';

const STATUS_OF_CODE: Record<string, number> = {
  invalid_input: 400,
  not_found: 404,
  unauthenticated: 401,
  forbidden: 403,
  rate_limited: 429,
  invalid_query: 400,
  // Not 408: browsers send such a request again by themselves.
  query_timeout: 504,
  setup: 503,
  busy: 503,
  upstream_unavailable: 503,
  mail_unavailable: 503,
};

/** A longer address is not carried through the login. */
const LONGEST_NEXT = 2_000;

/** Failures on our side whose message is for readers. */
const SPEAKING = new Set(['setup', 'busy', 'mail_unavailable']);

/** A failure as a reader meets it: RFC 9457's members, and a code that never changes. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  details?: Record<string, unknown>;
}

const UNAVAILABLE =
  'The database does not answer at the moment. The stream waits in Kafka and nothing is lost; this page will be back by itself.';

/** What may be told of a failure: our own errors speak for themselves, others say nothing. */
export function problemOf(err: unknown): Problem {
  if (err instanceof BrokerError) {
    const status = STATUS_OF_CODE[err.code] ?? 500;
    if (status < 500 || err.code === 'query_timeout') {
      return problem(status, err.code, err.message, err.details);
    }
    if (err.code === 'upstream_unavailable') return problem(status, err.code, UNAVAILABLE);
    if (SPEAKING.has(err.code)) return problem(status, err.code, err.message);
  }
  // What Express itself throws for requests that cannot be read: a bad %-escape, a body too large.
  const status = (err as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return problem(status, 'invalid_input', 'This address or request cannot be read.');
  }
  return problem(
    500,
    'internal',
    'Something went wrong on our side. It has been logged; trying again may help.',
  );
}

function problem(
  status: number,
  code: string,
  detail: string,
  details: Record<string, unknown> = {},
): Problem {
  return {
    type: `/api#error-${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
}

/** Every address that no route took. */
export const nothingHere: RequestHandler = (req) => {
  throw new NotFoundError(
    `There is no page ${req.path.slice(0, 80)} here. Try the search, or the links above.`,
  );
};

/** The one place where failures become answers, and are logged. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (err: unknown, req, res, _next) => {
    const shown = problemOf(err);
    if (isPastTelling(log, err, shown.status, req, res)) {
      res.destroy();
      return;
    }
    res.status(shown.status);
    res.set('Cache-Control', 'no-store');
    if (shown.status === 503) res.set('Retry-After', '5');
    if (shown.status === 429) res.set('Retry-After', retryAfter(shown));
    if (wantsJson(req)) sendProblem(res, shown);
    else if (shown.status === 401 && req.method === 'GET') {
      const next = req.originalUrl.length > LONGEST_NEXT ? req.path : req.originalUrl;
      res.redirect(302, `/login/?next=${encodeURIComponent(next)}`);
    } else {
      res.render('error', {
        title: shown.title,
        problem: shown,
        texts: writtenTexts(req),
        again: shown.status >= 503 ? sendAgain(req) : undefined,
      });
    }
  };
}

/**
 * Logs a failure, readies the answer, and says whether it is too late for one. That somebody went away is
 * no failure of ours.
 */
export function isPastTelling(
  log: Log,
  err: unknown,
  status: number,
  req: Request,
  res: Response,
): boolean {
  const facts = { method: req.method, path: req.path.slice(0, 200), status };
  if (res.destroyed && !res.headersSent) log.debug(`${req.method} abandoned`, facts);
  else if (status >= 500 && !(err instanceof QueryTimeoutError))
    log.error(`${req.method} failed: ${describeError(err)}`, { ...facts, err });
  else log.debug(`${req.method} refused: ${refusalOf(err)}`, facts);
  if (res.destroyed || res.headersSent) return true;
  // What the client still sends nobody reads: the next request must not come behind it.
  if (!req.complete) res.set('Connection', 'close');
  return false;
}

/** What the log says of a refusal: what cannot be read is not quoted, for passwords may be in it. */
function refusalOf(err: unknown): string {
  if (err instanceof BrokerError) return describeError(err);
  const { type } = (err ?? {}) as { type?: unknown };
  return typeof type === 'string' ? type : 'a request that cannot be read';
}

/** Seconds until the next attempt may come; a minute where nobody said. */
function retryAfter(shown: Problem): string {
  const seconds = Number(shown.details?.retryAfterSeconds);
  return String(Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : 60);
}

function sendProblem(res: Response, shown: Problem): void {
  if (shown.status === 401) res.set('WWW-Authenticate', 'Token');
  res.status(shown.status).type('application/problem+json').send(JSON.stringify(shown));
}

function wantsJson(req: Request): boolean {
  return isApiPath(req.path) || req.path.endsWith('/json/') || req.path.endsWith('/json');
}
