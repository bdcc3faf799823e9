import { createHmac } from 'node:crypto';

import type { Context } from '../../common/context.ts';
import { SCOPES, insertApiToken } from '../../common/store/accounts/api-tokens.ts';
import type { Scope } from '../../common/store/accounts/api-tokens.ts';
import { insertSession } from '../../common/store/accounts/sessions.ts';
import { insertUser } from '../../common/store/accounts/users.ts';
import type { Role } from '../../common/store/accounts/users.ts';

/** The site as `startSeededSite` gives it, or anything like it. */
export interface Site {
  url: string;
  context: Context;
}

/** Somebody with an account, a browser that is logged in, and an API token. */
export interface LoggedIn {
  userId: number;
  name: string;
  /** The header of a request of the browser. */
  cookie: string;
  /** What forms carry as `_csrf`. */
  csrfToken: string;
  /** 40 hexadecimal digits. */
  token: string;
  /** A page as the browser asks for it; redirects are answers. */
  get(path: string): Promise<Response>;
  /** A form as the browser sends it, with the CSRF token. */
  post(path: string, fields?: Record<string, string>): Promise<Response>;
}

/**
 * Makes an account with a session and a token, without the work of a password.
 *
 * @param scopes - Of the token; all by default.
 */
export async function logIn(
  site: Site,
  name: string,
  { role = 'user', scopes = SCOPES }: { role?: Role; scopes?: readonly Scope[] } = {},
): Promise<LoggedIn> {
  const { db, now } = site.context;
  const { userId, token } = await db.transaction(async (tx) => {
    const userId = await insertUser(tx, { name, email: `${name}@example.org`, role }, now());
    const wanted = { name: 'test', scopes, expiresAt: null };
    return { userId, token: await insertApiToken(tx, userId, wanted, now()) };
  });
  const origin = { address: '127.0.0.1', agent: 'test' };
  const { secret } = await insertSession(db, userId, origin, now());
  const cookie = `glint_session=${secret}`;
  const csrfToken = createHmac('sha256', secret).update('csrf').digest('base64url');
  return {
    userId,
    name,
    cookie,
    csrfToken,
    token,
    get: (path) => fetch(site.url + path, { headers: { cookie }, redirect: 'manual' }),
    post: (path, fields = {}) =>
      fetch(site.url + path, {
        method: 'POST',
        headers: { cookie, origin: site.url },
        body: new URLSearchParams({ _csrf: csrfToken, ...fields }),
        redirect: 'manual',
      }),
  };
}
