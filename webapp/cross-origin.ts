import type { RequestHandler } from 'express';

import { accountOf } from './accounts/account.ts';

const DAY_SECONDS = 86_400;

/**
 * Lets pages elsewhere use the addresses for programs, with an API token or as a visitor. No
 * credentials are allowed, so that a browser never sends this site's cookies with such a request. Goes
 * before whatever may refuse a request: a refusal is to be read, too.
 */
export function crossOrigin(): RequestHandler {
  return (req, res, next) => {
    res.set('Access-Control-Allow-Origin', '*');
    res.set('Access-Control-Expose-Headers', 'Retry-After, Glint-Row-Limit');
    res.set('Cross-Origin-Resource-Policy', 'cross-origin');
    if (req.method !== 'OPTIONS') {
      next();
      return;
    }
    res.set('Access-Control-Allow-Methods', 'GET, POST, PATCH, DELETE');
    res.set('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    res.set('Access-Control-Max-Age', String(DAY_SECONDS));
    res.sendStatus(204);
  };
}

/** What a session is answered stays with this site. Goes behind `findAccount`. */
export function sessionsStayHome(): RequestHandler {
  return (_req, res, next) => {
    if (accountOf(res)?.via === 'session') {
      res.removeHeader('Access-Control-Allow-Origin');
      res.set('Cross-Origin-Resource-Policy', 'same-origin');
    }
    next();
  };
}
