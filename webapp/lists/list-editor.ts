import type { Response } from 'express';

import type { Context } from '../../common/context.ts';
import { REQUESTS_PER_HOUR, countRequest } from '../../common/store/accounts/request-limits.ts';
import type { ListEditor } from '../../common/store/lists/list-changes.ts';
import { requireScope } from '../accounts/account.ts';

/**
 * Who changes lists by this request, and when.
 *
 * @throws {UnauthenticatedError} for visitors, {ForbiddenError} for tokens without the scope write.
 */
export function listEditorOf(res: Response, { now }: Pick<Context, 'now'>): ListEditor {
  return { userId: requireScope(res, 'write').userId, now: now() };
}

/**
 * The same for requests that make much work: they count among what the account may ask in an hour.
 *
 * @throws {RateLimitError} if they are too many.
 */
export async function countedEditorOf(
  res: Response,
  { db, now }: Pick<Context, 'db' | 'now'>,
): Promise<ListEditor> {
  const { userId, role } = requireScope(res, 'write');
  await countRequest(db, userId, REQUESTS_PER_HOUR[role], now());
  return { userId, now: now() };
}
