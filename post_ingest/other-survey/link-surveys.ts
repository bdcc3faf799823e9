import { z } from 'zod';

import { mjdTaiFromUtc, mjdUtcFromDate } from '../../common/astro/time.ts';
import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { saveProgress, selectProgress } from '../../common/store/job-progress.ts';
import { deleteLostPairs, replacePairs } from '../../common/store/other-survey.ts';
import { selectPlacesFrom, selectPlacesSeenSince } from '../../common/store/places.ts';
import type { ObjectPlace, SeenCursor } from '../../common/store/places.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import type { Job } from '../job.ts';
import { findPairs } from './link-objects.ts';

const TASK = 'link-surveys';
const PAGE = 2_000;
/** The whole sky is gone over so often. */
const PASS_EVERY_MS = 20 * 3_600_000;
/** Objects of which both were stored at one moment, each without the other: seen as lately as this. */
const RECENT_DAYS = 0.25;

/** How far the pass over the whole sky got, as it is kept. */
const Pass = z.union([
  z.strictObject({ from: z.string().regex(/^\d+$/), count: z.int() }),
  z.strictObject({ endedAt: z.iso.datetime().transform((text) => new Date(text)) }),
]);

/**
 * Links what ingest could not: objects stored before the other survey was, objects of both surveys
 * stored at one moment by two processes, and what has moved since. Tables are as they would be had
 * all been linked at once.
 */
export const linkSurveys: Job = {
  name: TASK,
  schedule: '41 * * * *',
  description: 'link objects of both surveys: those seen lately each hour, all of them each day',
  async run(context, signal) {
    const recentCount = await linkRecent(context, signal);
    const passCount = await goOnWithPass(context, signal);
    const pass = passCount === undefined ? 'no whole pass was due' : `${passCount} in a whole pass`;
    return `${recentCount} objects seen lately looked at, ${pass}`;
  },
};

/** Each pair has an object of Rubin, so that those are enough. @returns How many were looked at. */
async function linkRecent(context: Context, signal: AbortSignal): Promise<number> {
  const since = mjdTaiFromUtc(mjdUtcFromDate(context.now())) - RECENT_DAYS;
  let count = 0;
  let next: SeenCursor | undefined = { mjdTai: since, id: '0' };
  while (next !== undefined) {
    signal.throwIfAborted();
    const page = await selectPlacesSeenSince(context.db, next, PAGE);
    await linkPage(context, 'lsst', page.places);
    count += page.places.length;
    next = page.next;
  }
  return count;
}

/**
 * Goes over all objects of ZTF in the order of the sky, from where the last run stopped.
 *
 * @returns How many objects the pass had in all; undefined if none is due.
 */
async function goOnWithPass(context: Context, signal: AbortSignal): Promise<number | undefined> {
  const { db, now } = context;
  const kept = await selectProgress(db, TASK);
  const pass = kept === undefined ? undefined : Pass.parse(JSON.parse(kept));
  let from = 0n;
  let count = 0;
  if (pass !== undefined && 'from' in pass) {
    from = BigInt(pass.from);
    count = pass.count;
  } else {
    if (pass !== undefined && now().getTime() - pass.endedAt.getTime() < PASS_EVERY_MS) return;
    await forgetLostPairs(context, signal);
  }
  for (;;) {
    signal.throwIfAborted();
    const { places, next } = await selectPlacesFrom(db, 'ztf', from, PAGE);
    await linkPage(context, 'ztf', places);
    count += places.length;
    if (next === undefined) break;
    from = next;
    await saveProgress(db, TASK, JSON.stringify({ from: from.toString(), count }), now());
  }
  await saveProgress(db, TASK, JSON.stringify({ endedAt: now().toISOString() }), now());
  return count;
}

async function linkPage(
  { db }: Context,
  survey: Survey,
  places: readonly ObjectPlace[],
): Promise<void> {
  const pairs = await findPairs(db, survey, places);
  const ids = places.map((place) => place.id);
  await repeatTransaction(db, (tx) => replacePairs(tx, survey, ids, pairs));
}

async function forgetLostPairs({ db }: Context, signal: AbortSignal): Promise<void> {
  let count = PAGE;
  while (count === PAGE) {
    signal.throwIfAborted();
    count = await repeatTransaction(db, (tx) => deleteLostPairs(tx, PAGE));
  }
}
