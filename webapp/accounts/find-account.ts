import type { Request, RequestHandler, Response } from 'express';

import type { Context } from '../../common/context.ts';
import { UnauthenticatedError } from '../../common/errors.ts';
import { useAnnotatorKey } from '../../common/store/annotations/annotator-keys.ts';
import type { KeyOwner } from '../../common/store/annotations/annotator-keys.ts';
import { SCOPES, selectTokenAccount, touchToken } from '../../common/store/accounts/api-tokens.ts';
import { selectSessionAccount, touchSession } from '../../common/store/accounts/sessions.ts';
import type { Account } from './account.ts';
import { isApiPath, isWithoutCsrf } from './api-paths.ts';
import { SESSION_COOKIE, clearCookie, readCookie } from './cookies.ts';
import { requestOrigin } from './request-origin.ts';
import { takeToken } from './take-token.ts';

/**
 * Finds out who makes a request, for `accountOf`: by API token at the addresses of the API, by the
 * session's cookie everywhere. A wrong token is refused even where visitors may read, so that nobody
 * takes the answer for that of their account.
 *
 * @throws {UnauthenticatedError} for a token that is wrong, ended or of a disabled account.
 */
export function findAccount(context: Context, siteUrl: () => string): RequestHandler {
  return async (req, res, next) => {
    const token = isApiPath(req.path) ? takeToken(req) : undefined;
    const account =
      token === undefined
        ? await accountOfSession(context, siteUrl, req, res)
        : await accountOfToken(context, token);
    if (account !== undefined) {
      res.locals.account = account;
      res.set('Cache-Control', 'private, no-cache');
    }
    next();
  };
}

async function accountOfToken({ db, now }: Context, token: string): Promise<Account> {
  const found = await selectTokenAccount(db, token, now());
  if (found === undefined) {
    const annotator = await useAnnotatorKey(db, token, now());
    if (annotator !== undefined) return accountOfKey(annotator);
    throw new UnauthenticatedError(
      'This API token is not valid: it may have ended or been revoked. Your profile lists yours.',
    );
  }
  if (found.isDisabled) throw new UnauthenticatedError('The account of this token is disabled.');
  await touchToken(db, found, now());
  const { userId, name, role, scopes } = found;
  return { userId, name, role, scopes, via: 'token' };
}

/** The key of an annotator stands for its owner, who may do nothing with it but write annotations. */
function accountOfKey({ userId, name, role, topic, isDisabled }: KeyOwner): Account {
  if (isDisabled) throw new UnauthenticatedError('The account of this annotator is disabled.');
  return { userId, name, role, scopes: ['annotate'], via: 'token', annotatorTopic: topic };
}

async function accountOfSession(
  { db, now }: Context,
  siteUrl: () => string,
  req: Request,
  res: Response,
): Promise<Account | undefined> {
  const secret = readCookie(req, SESSION_COOKIE);
  if (secret === undefined) return undefined;
  // Where no CSRF token is asked for, another site's form must not act for who is logged in here.
  const isGuarded = req.method === 'GET' || req.method === 'HEAD' || !isWithoutCsrf(req.path);
  if (!isGuarded && requestOrigin(req, siteUrl()) !== 'same') return undefined;
  const found = await selectSessionAccount(db, secret, now());
  if (found === undefined) {
    clearCookie(req, res, SESSION_COOKIE);
    return undefined;
  }
  await touchSession(db, found, now());
  const { userId, name, role, sessionId } = found;
  return { userId, name, role, sessionId, via: 'session', scopes: SCOPES };
}
