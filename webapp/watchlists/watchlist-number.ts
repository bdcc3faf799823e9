import { NotFoundError } from '../../common/errors.ts';

/** The number of a watchlist in an address. @throws {NotFoundError} for what cannot be one. */
export function watchlistNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new NotFoundError('Watchlists are numbered: /watchlists/12/. /watchlists/ lists them.');
  }
  return Number(text);
}

/** The number of a preview in an address. @throws {NotFoundError} for what cannot be one. */
export function draftNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new NotFoundError('There is no such preview.');
  return Number(text);
}
