import { setTimeout as sleep } from 'node:timers/promises';

import { nightOfDate } from '../../common/astro/time.ts';
import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { NotFoundError } from '../../common/errors.ts';
import { CUTOUT_KINDS } from '../../common/store/cutouts.ts';
import { selectProgress, saveProgress } from '../../common/store/job-progress.ts';
import { openStampCache } from '../../common/store/stamp-cache.ts';
import type { StampCache } from '../../common/store/stamp-cache.ts';
import { selectStampSources } from '../../common/store/stamp-sources.ts';
import type { StampSource } from '../../common/store/stamp-sources.ts';
import { stampJpeg } from '../../common/store/stamps.ts';
import type { Job } from '../job.ts';

const LONGEST_RUN_MS = 45_000;
const MOST_DETECTIONS = 5_000;
const PAGE_DETECTIONS = 200;
/** Rest after each detection, as a multiple of the time it took: most of the machine is for ingest. */
const REST = 4;
const BEYOND = 2n ** 63n - 1n;

/** Ids between which all detections have been seen to, both included. */
interface Span {
  oldest: bigint;
  newest: bigint;
}

interface Run {
  context: Context;
  cache: StampCache;
  survey: Survey;
  firstNight: number;
  signal: AbortSignal;
  /** When it has to end, by the clock of `performance`. */
  until: number;
  left: number;
  /** Of stamps. */
  done: number;
  unreadable: number;
}

/** Renders stamps of the nights that are looked at most, so that pages with many of them are quick. */
export const renderStamps: Job = {
  name: 'render-stamps',
  schedule: '* * * * *',
  description: 'render the stamps of the newest detections as JPEG',
  run: (context, signal) => renderNewStamps(context, signal, LONGEST_RUN_MS),
};

/**
 * Sees to detections that came since the last run, newest first, then goes on back in time where the
 * runs before stopped. An alert that comes later than ones with larger ids may be passed over: its
 * stamps are rendered when somebody asks, as are all the others.
 *
 * @param longestMs - It ends by then; half of it is for each survey, where both have something.
 */
export async function renderNewStamps(
  context: Context,
  signal: AbortSignal,
  longestMs: number,
): Promise<string> {
  const { config, log, now } = context;
  if (config.stampNights === 0) return 'GLINT_STAMP_NIGHTS is 0: stamps are rendered on demand';
  const cache = openStampCache(config.stampDir, log);
  const firstNight = nightOfDate(now()) + 1 - config.stampNights;
  const begin = performance.now();
  const outcomes: string[] = [];
  for (const [i, survey] of SURVEYS.entries()) {
    const until = begin + (longestMs * (i + 1)) / SURVEYS.length;
    const run = { context, cache, survey, firstNight, signal, until, left: MOST_DETECTIONS };
    const counts = { ...run, done: 0, unreadable: 0 };
    await renderSurvey(counts);
    outcomes.push(
      `${survey}: ${counts.done} stamps${counts.unreadable > 0 ? `, ${counts.unreadable} unreadable` : ''}`,
    );
  }
  return outcomes.join('; ');
}

async function renderSurvey(run: Run): Promise<void> {
  const { db, now } = run.context;
  const task = `render-stamps.${run.survey}`;
  const before = readSpan(await selectProgress(db, task));
  const span = await renderDown(run, before?.newest ?? -1n, BEYOND);
  let reached = before;
  // Unless time was short, what is new joins what was there.
  if (span.isWhole) reached = join(before, span);
  else if (span.newest !== undefined) reached = { oldest: span.oldest, newest: span.newest };
  if (span.isWhole && before !== undefined) {
    const earlier = await renderDown(run, -1n, before.oldest);
    if (earlier.newest !== undefined) reached = join(reached, earlier);
  }
  if (reached !== undefined) {
    await saveProgress(db, task, `${reached.oldest} ${reached.newest}`, now());
  }
}

type Reached =
  | { isWhole: boolean; oldest: bigint; newest: bigint }
  | { isWhole: boolean; oldest?: undefined; newest?: undefined };

/** From the largest id down, until the nights wanted, the time or the number are at their end. */
async function renderDown(run: Run, above: bigint, below: bigint): Promise<Reached> {
  let reached: Reached = { isWhole: false };
  for (let next = below; ;) {
    const page = await selectStampSources(run.context.db, run.survey, {
      above,
      below: next,
      count: PAGE_DETECTIONS,
    });
    const isLast = page.length < PAGE_DETECTIONS;
    // Ids grow with the time of observation: older ones are of older nights, replays aside.
    const isTooOld = page.every(({ night }) => !(night >= run.firstNight));
    if (isTooOld) return { ...reached, isWhole: true };
    for (const source of page) {
      if (isOver(run)) return { ...reached, isWhole: false };
      if (source.night >= run.firstNight) await renderDetection(run, source);
      reached = { isWhole: false, oldest: source.id, newest: reached.newest ?? source.id };
      next = source.id;
    }
    if (isLast) return { ...reached, isWhole: true };
  }
}

async function renderDetection(run: Run, source: StampSource): Promise<void> {
  const { config } = run.context;
  const began = performance.now();
  for (const [i, kind] of CUTOUT_KINDS.entries()) {
    if (source.location.lengths[i] === 0) continue;
    try {
      await stampJpeg(run.cache, config.cutoutDir, source, kind);
      run.done++;
    } catch (err) {
      // A damaged cutout, or a pack that is gone, must not keep the others waiting.
      if (!(err instanceof NotFoundError)) throw err;
      run.unreadable++;
    }
  }
  run.left--;
  await sleep(REST * (performance.now() - began));
}

function isOver({ signal, until, left }: Run): boolean {
  return signal.aborted || left <= 0 || performance.now() >= until;
}

function join(one: Span | undefined, other: Reached): Span | undefined {
  if (other.newest === undefined) return one;
  if (one === undefined) return { oldest: other.oldest, newest: other.newest };
  return {
    oldest: one.oldest < other.oldest ? one.oldest : other.oldest,
    newest: one.newest > other.newest ? one.newest : other.newest,
  };
}

function readSpan(position: string | undefined): Span | undefined {
  const match = /^(\d+) (\d+)$/.exec(position ?? '');
  return match === null ? undefined : { oldest: BigInt(match[1]), newest: BigInt(match[2]) };
}
