import type { Request, Response } from 'express';

import type { Context } from '../../common/context.ts';
import { deleteSession, insertSession } from '../../common/store/accounts/sessions.ts';
import { updateLastLogin } from '../../common/store/accounts/users.ts';
import { accountOf } from './account.ts';
import { addressOf } from './check-login.ts';
import { SESSION_COOKIE, VISITOR_COOKIE, clearCookie, setCookie } from './cookies.ts';

/** Logs a browser in: always a new session, never one that the browser brought. */
export async function startSession(
  { db, now }: Context,
  req: Request,
  res: Response,
  userId: number,
): Promise<void> {
  await endPresentSession(db, res);
  const origin = { address: addressOf(req), agent: req.get('user-agent') ?? '' };
  const { secret, expiresAt } = await insertSession(db, userId, origin, now());
  await updateLastLogin(db, userId, now());
  setCookie(req, res, SESSION_COOKIE, secret, expiresAt.getTime() - now().getTime());
  // The forms of this browser hang on the session from here on.
  clearCookie(req, res, VISITOR_COOKIE);
}

/** Logs a browser out. */
export async function endSession({ db }: Context, req: Request, res: Response): Promise<void> {
  await endPresentSession(db, res);
  clearCookie(req, res, SESSION_COOKIE);
}

async function endPresentSession(db: Context['db'], res: Response): Promise<void> {
  const present = accountOf(res);
  if (present?.sessionId === undefined) return;
  await deleteSession(db, present.userId, present.sessionId);
}
