import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

const NIGHTS = 10;
const ALERTS_A_NIGHT = 1_000;
const PACKETS_A_SECOND = 20;
/** Blocks that lie between 2018 and today. */
const MAX_BLOCKS = 270;
const DAY_MS = 86_400_000;

const RecordSchema = z.strictObject({ before: z.iso.date(), starts: z.int().nonnegative() });

/**
 * Arguments of `glint simulate` for one start of `up`: ten nights that no earlier start in this
 * home has streamed, so that there is something new each time. The first start takes the nights
 * before today, which the streams of "the last 14 days" find, each later one those before them.
 */
export function nextSimulation(home: string, to: 'kafka' | 'direct', now: Date): string[] {
  const file = join(home, 'simulation.json');
  const parsed = existsSync(file)
    ? RecordSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    : undefined;
  const { before, starts } = parsed?.data ?? { before: dayOf(now), starts: 0 };
  writeFileSync(file, `${JSON.stringify({ before, starts: starts + 1 })}\n`);
  const days = NIGHTS * ((starts % MAX_BLOCKS) + 1);
  const start = new Date(new Date(`${before}T00:00:00Z`).getTime() - days * DAY_MS);
  return [
    'simulate',
    ...['--to', to, '--start-date', dayOf(start), '--nights', String(NIGHTS)],
    ...['--alerts', String(ALERTS_A_NIGHT), '--rate', String(PACKETS_A_SECOND)],
  ];
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
