import type { CookieOptions, Request, Response } from 'express';

/**
 * A cookie that only this host gets, that scripts cannot read and that other sites' forms do not
 * bring. Over https its name carries `__Host-`, so that no neighbouring host can set it either.
 */
export interface SiteCookie {
  name: string;
}

export const SESSION_COOKIE: SiteCookie = { name: 'glint_session' };
/** Ties the forms of visitors to their browser. */
export const VISITOR_COOKIE: SiteCookie = { name: 'glint_visitor' };

/** What our secrets look like: 256 bits in base64url. */
const SECRET = /^[\w-]{43}$/;

/** The secret in a cookie; undefined for what cannot be one of ours. */
export function readCookie(req: Request, cookie: SiteCookie): string | undefined {
  const name = fullName(req, cookie);
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() !== name) continue;
    const value = pair.slice(at + 1).trim();
    return SECRET.test(value) ? value : undefined;
  }
  return undefined;
}

/** @param expiresAt - When the browser may forget it; without, when it is closed. */
export function setCookie(
  req: Request,
  res: Response,
  cookie: SiteCookie,
  value: string,
  maxAgeMs?: number,
): void {
  res.cookie(fullName(req, cookie), value, {
    ...options(req),
    ...(maxAgeMs === undefined ? {} : { maxAge: maxAgeMs }),
  });
}

export function clearCookie(req: Request, res: Response, cookie: SiteCookie): void {
  res.clearCookie(fullName(req, cookie), options(req));
}

function fullName(req: Request, cookie: SiteCookie): string {
  return req.secure ? `__Host-${cookie.name}` : cookie.name;
}

function options(req: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', secure: req.secure, path: '/' };
}
