import type { Response } from 'express';

import type { SurveyAnnotation } from '../../common/annotations/annotation.ts';
import { takeAnnotations } from '../../common/annotations/take-annotations.ts';
import type { Outcome } from '../../common/annotations/take-annotations.ts';
import type { Context } from '../../common/context.ts';
import { REQUESTS_PER_HOUR, countRequest } from '../../common/store/accounts/request-limits.ts';
import { requireScope } from '../accounts/account.ts';
import type { Account } from '../accounts/account.ts';

/**
 * Who sends annotations with this request, counted as one request of theirs.
 *
 * @throws {UnauthenticatedError | ForbiddenError | RateLimitError} if they may not.
 */
export async function requireSender({ db, now }: Context, res: Response): Promise<Account> {
  const account = requireScope(res, 'annotate');
  await countRequest(db, account.userId, REQUESTS_PER_HOUR[account.role], now());
  return account;
}

/** Stores annotations as this sender: see `takeAnnotations`. */
export function sendAnnotations(
  { db, now }: Context,
  { userId, name, annotatorTopic: topic }: Account,
  annotations: readonly SurveyAnnotation[],
  { isWhole }: { isWhole: boolean },
): Promise<Outcome[]> {
  const moment = now();
  const arrivedAtMs = moment.getTime();
  return takeAnnotations(
    db,
    { userId, name, ...(topic === undefined ? {} : { topic }) },
    annotations.map((one) => ({ ...one, arrivedAtMs })),
    moment,
    { isWhole },
  );
}
