import type { Response } from 'express';

import {
  BusyError,
  ForbiddenError,
  InvalidInputError,
  RateLimitError,
  UnauthenticatedError,
} from '../../common/errors.ts';
import { MailError } from '../../common/mail.ts';

const STATUSES = [
  { kind: InvalidInputError, status: 400 },
  { kind: UnauthenticatedError, status: 401 },
  { kind: ForbiddenError, status: 403 },
  { kind: RateLimitError, status: 429 },
  { kind: BusyError, status: 503 },
  { kind: MailError, status: 503 },
];

/**
 * A failure that the form itself shows, with what was typed still in it: sets the status and gives the
 * sentence. Any other is thrown on.
 */
export function formProblem(err: unknown, res: Response): string {
  const known = STATUSES.find(({ kind }) => err instanceof kind);
  if (known === undefined || !(err instanceof Error)) throw err;
  res.status(known.status);
  if (err instanceof RateLimitError) {
    res.set('Retry-After', String(err.details.retryAfterSeconds));
  } else if (known.status === 503) res.set('Retry-After', '30');
  return sentence(err.message);
}

/** Messages of stores begin small and end open. */
function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
