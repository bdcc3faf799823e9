import type { Request } from 'express';

import { ForbiddenError, InvalidInputError, UnauthenticatedError } from '../../common/errors.ts';
import { beginLogin } from '../../common/store/accounts/attempts.ts';
import {
  replacePasswordHash,
  selectPasswordHash,
  selectUserByLogin,
} from '../../common/store/accounts/users.ts';
import type { User } from '../../common/store/accounts/users.ts';
import type { Services } from '../services.ts';

/** The address a request comes from, as far as `config.trustedProxies` lets others say it. */
export function addressOf(req: Request): string {
  return req.ip ?? '';
}

/**
 * Whose name, or mail address, and password these are. Work and answer are the same for accounts that
 * there are not.
 *
 * @throws {UnauthenticatedError} if they are nobody's.
 * @throws {RateLimitError} after too many tries.
 * @throws {ForbiddenError} if they are right and the account is disabled.
 */
export async function checkLogin(
  services: Services,
  { login, password, address }: { login: string; password: string; address: string },
): Promise<User> {
  const typed = login.trim();
  const user = await selectUserByLogin(services.context.db, typed);
  const isRight = await isPasswordOf(services, user, { typed, password, address });
  if (user === undefined || !isRight) {
    throw new UnauthenticatedError('The name or the password is not right.');
  }
  if (user.disabledAt !== null) {
    throw new ForbiddenError(
      'This account has been disabled. Write to whoever runs this site if you think that is wrong.',
    );
  }
  return user;
}

/**
 * Asks somebody who is logged in for the password again, with the same limits.
 *
 * @throws {InvalidInputError} if it is not right.
 * @throws {RateLimitError} after too many tries.
 */
export async function confirmPassword(
  services: Services,
  user: User,
  { password, address }: { password: string; address: string },
): Promise<void> {
  if (!(await isPasswordOf(services, user, { typed: user.name, password, address }))) {
    throw new InvalidInputError('The password is not right.');
  }
}

async function isPasswordOf(
  { context, passwords }: Services,
  user: User | undefined,
  { typed, password, address }: { typed: string; password: string; address: string },
): Promise<boolean> {
  const { db, now } = context;
  const subject = user === undefined ? `nobody ${typed.toLowerCase()}` : `user ${user.userId}`;
  const attempt = await beginLogin(db, { subject, address }, now());
  const stored = await selectPasswordHash(db, user?.userId ?? 0);
  const { isRight, isOutdated } = await passwords.check(password, stored);
  if (!isRight || user === undefined) return false;
  await attempt.succeeded(now());
  if (isOutdated && stored !== null) {
    const passwordHash = await passwords.hash(password);
    await replacePasswordHash(db, user.userId, { before: stored, passwordHash });
  }
  return true;
}
