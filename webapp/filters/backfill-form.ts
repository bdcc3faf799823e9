import { z } from 'zod';

import { nightOfDate } from '../../common/astro/time.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { insertBackfill } from '../../common/store/backfills.ts';
import type { Services } from '../services.ts';

/** So many nights at once, at most. */
const MOST_NIGHTS = 3_660;

const day = z.iso.date({ error: 'give dates as 2026-11-21' });
export const BackfillInput = z.object({
  from: day.meta({
    description: 'First night: the date on which it began.',
    example: '2026-11-01',
  }),
  to: day.meta({ description: 'Last night.', example: '2026-11-20' }),
});

/**
 * Asks for a run of a filter over past nights.
 *
 * @returns Its number.
 * @throws {InvalidInputError} if the nights are none, or the filter cannot run.
 */
export async function askForBackfill(
  { context }: Services,
  queryId: number,
  { from, to }: z.infer<typeof BackfillInput>,
): Promise<bigint> {
  const { db, now } = context;
  const nights = { first: nightOf(from), last: nightOf(to) };
  if (nights.first < 0 || nights.last > nightOfDate(now())) {
    throw new InvalidInputError('Choose nights between 2017-01-01 and today.');
  }
  const count = nights.last - nights.first + 1;
  if (count < 1) throw new InvalidInputError('The first night must not come after the last.');
  if (count > MOST_NIGHTS) {
    throw new InvalidInputError(`At most ${MOST_NIGHTS} nights at once: ask for them in parts.`);
  }
  return db.transaction((tx) => insertBackfill(tx, queryId, nights, now()));
}

function nightOf(date: string): number {
  return nightOfDate(new Date(`${date}T12:00:00Z`));
}
