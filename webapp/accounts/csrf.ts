import { createHmac, timingSafeEqual } from 'node:crypto';

import type { Request, RequestHandler, Response } from 'express';

import { newSecret } from '../../common/accounts/secrets.ts';
import { ForbiddenError } from '../../common/errors.ts';
import { isWithoutCsrf } from './api-paths.ts';
import { SESSION_COOKIE, VISITOR_COOKIE, readCookie, setCookie } from './cookies.ts';
import { requestOrigin } from './request-origin.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const REFUSAL =
  'This form did not come from a page that the site gave to this browser of late: you may have logged in or out meanwhile, or the browser keeps no cookies. Go back, reload the page, and send the form again.';

interface CsrfLocals {
  account?: { via: string };
  /** A function, so that visitors get their cookie only where a page has a form. */
  csrfToken?: () => string;
}

/**
 * Gives pages the token for their forms (`{{> csrf}}`), and refuses unsafe requests that come without
 * it or from another site. The token is an HMAC of nothing under the secret in the session's cookie,
 * or under that in a visitor's own cookie: to know it is to know the cookie.
 *
 * @param siteUrl - Public address of the site.
 */
export function csrf(siteUrl: () => string): RequestHandler {
  return (req, res, next) => {
    const locals = res.locals as CsrfLocals;
    locals.csrfToken = () => tokenFor(secretFor(req, res));
    if (SAFE_METHODS.has(req.method) || isWithoutCsrf(req.path)) {
      next();
      return;
    }
    const secret = presentSecret(req, res);
    const isOurs =
      secret !== undefined &&
      requestOrigin(req, siteUrl()) !== 'other' &&
      isEqual(givenToken(req), tokenFor(secret));
    if (!isOurs) throw new ForbiddenError(REFUSAL);
    next();
  };
}

function secretFor(req: Request, res: Response): string {
  const present = presentSecret(req, res);
  if (present !== undefined) return present;
  const locals = res.locals as { visitorSecret?: string };
  if (locals.visitorSecret === undefined) {
    locals.visitorSecret = newSecret();
    setCookie(req, res, VISITOR_COOKIE, locals.visitorSecret);
    if (res.get('Cache-Control') === undefined) res.set('Cache-Control', 'private, no-cache');
  }
  return locals.visitorSecret;
}

/** The cookie that the browser must prove to have: the session's, where there is one. */
function presentSecret(req: Request, res: Response): string | undefined {
  const isLoggedIn = (res.locals as CsrfLocals).account?.via === 'session';
  return readCookie(req, isLoggedIn ? SESSION_COOKIE : VISITOR_COOKIE);
}

function givenToken(req: Request): string {
  const header = req.get('x-csrf-token');
  if (header !== undefined) return header;
  const field = (req.body as Record<string, unknown> | undefined)?._csrf;
  return typeof field === 'string' ? field : '';
}

function tokenFor(secret: string): string {
  return createHmac('sha256', secret).update('csrf').digest('base64url');
}

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
