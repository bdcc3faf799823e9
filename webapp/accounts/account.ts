import type { Response } from 'express';

import { ForbiddenError, UnauthenticatedError } from '../../common/errors.ts';
import type { Scope } from '../../common/store/accounts/api-tokens.ts';
import type { Role } from '../../common/store/accounts/users.ts';

/** Whoever makes a request: found once, by `findAccount`, before any route. */
export interface Account {
  userId: number;
  name: string;
  role: Role;
  via: 'session' | 'token';
  /** What the request may do; a session may do everything. */
  scopes: readonly Scope[];
  /** The session that the request came with; absent for tokens. */
  sessionId?: number;
  /** Set where the token is the key of an annotator: it may write as this one, and do nothing else. */
  annotatorTopic?: string;
}

/** Who makes this request; undefined is a visitor. */
export function accountOf(res: Response): Account | undefined {
  return (res.locals as { account?: Account }).account;
}

/** @throws {UnauthenticatedError} for visitors: pages send them to the login. */
export function requireAccount(res: Response): Account {
  const account = accountOf(res);
  if (account === undefined) throw new UnauthenticatedError('Log in first.');
  return account;
}

/**
 * @throws {UnauthenticatedError} for visitors.
 * @throws {ForbiddenError} when a token is used for what it was not made for.
 */
export function requireScope(res: Response, scope: Scope): Account {
  const account = requireAccount(res);
  if (!account.scopes.includes(scope)) {
    throw new ForbiddenError(
      `This token may not be used for that: it needs the scope ${scope}. Make another on your profile.`,
    );
  }
  return account;
}

/**
 * @throws {UnauthenticatedError} for visitors.
 * @throws {ForbiddenError} for everybody but staff.
 */
export function requireStaff(res: Response): Account {
  const account = requireAccount(res);
  if (account.role !== 'staff') throw new ForbiddenError('Only staff may see this page.');
  return account;
}
