import type { Response } from 'express';

import { accountOf, requireScope } from '../accounts/account.ts';
import type { ListEditor } from '../../common/store/watchlist-edits.ts';
import type { Context } from '../../common/context.ts';

/** Whose private lists this request may see: those of a token only where it may read. */
export function listReaderOf(res: Response): number | undefined {
  const account = accountOf(res);
  return account?.scopes.includes('read') === true ? account.userId : undefined;
}

/**
 * Who changes lists by this request, and when.
 *
 * @throws {UnauthenticatedError} for visitors, {ForbiddenError} for tokens without the scope write.
 */
export function listEditorOf(res: Response, { now }: Pick<Context, 'now'>): ListEditor {
  return { userId: requireScope(res, 'write').userId, now: now() };
}
