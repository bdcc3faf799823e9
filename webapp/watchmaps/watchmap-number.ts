import { NotFoundError } from '../../common/errors.ts';

/** The number of a watchmap in an address. @throws {NotFoundError} for what cannot be one. */
export function watchmapNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new NotFoundError('Watchmaps are numbered: /watchmaps/12/. /watchmaps/ lists them.');
  }
  return Number(text);
}
