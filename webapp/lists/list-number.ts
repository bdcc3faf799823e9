import { NotFoundError } from '../../common/errors.ts';
import type { ListNoun } from '../../common/lists/list-settings.ts';

/** The number of a watchlist or watchmap in an address. @throws {NotFoundError} for what cannot be one. */
export function listNumber(noun: ListNoun, text: string): number {
  if (isNumber(text)) return Number(text);
  const called = `${noun[0].toUpperCase()}${noun.slice(1)}s`;
  throw new NotFoundError(`${called} are numbered: /${noun}s/12/. /${noun}s/ lists them.`);
}

/** The number of a preview in an address. @throws {NotFoundError} for what cannot be one. */
export function draftNumber(text: string): number {
  if (!isNumber(text)) throw new NotFoundError('There is no such preview.');
  return Number(text);
}

function isNumber(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text);
}
