import type { Response } from 'express';

import { accountOf } from '../accounts/account.ts';

/** Whose private queries this request may see: those of a token only where it may read. */
export function readerOf(res: Response): number | undefined {
  const account = accountOf(res);
  return account?.scopes.includes('read') === true ? account.userId : undefined;
}
