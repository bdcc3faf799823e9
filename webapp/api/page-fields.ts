import { z } from 'zod';

/** How many rows a request wants. @param rows - What they are: “Watchlists to list”. */
export function limitField(rows: string, most = 200, usual = 100) {
  const description = `${rows}, ${most} at most.`;
  return z.coerce.number().int().min(1).max(most).default(usual).meta({ description });
}

/** How many rows come before those that a request wants. */
export function offsetField(description: string, most = 1_000_000) {
  return z.coerce.number().int().min(0).max(most).default(0).meta({ description });
}

/** Which of many a request wants. @param things - What they are: “Watchlists”. */
export const pageFields = (things: string) => ({
  limit: limitField(`${things} to list`),
  offset: offsetField(`${things} to pass over.`),
});

/** A number in an address. @param description - “Number of the watchlist.” */
export const numberInPath = (description: string) =>
  z.coerce.number().int().positive().max(999_999_999).meta({ description, example: '1' });
