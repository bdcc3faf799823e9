import { z } from 'zod';

import { BrokerError } from '../errors.ts';
import type { QueryServices } from '../queries/query-request.ts';
import type { FilterQuery } from '../sql/filter/filter-query.ts';
import {
  countObjectsSeen,
  endOfNight,
  lastNights,
  sampleObjectsSeen,
  selectPastAlerts,
} from '../store/past-alerts.ts';
import type { PastAlert } from '../store/past-alerts.ts';
import { evaluateFilter } from './evaluate.ts';
import type { FilterRow } from './evaluate.ts';

/** Objects asked about in one statement. */
const GROUP_OBJECTS = 1_000;
/** Objects that are drawn at most: what can be asked about in the time, and more. */
const MOST_OBJECTS = 100_000;
const SAMPLE_RECORDS = 10;
/** Of fewer alerts nothing can be said about the share that passes, or the cost. */
export const ENOUGH_ALERTS = 300;
/** What `UTC` and the punctuation around it add to a record. */
const UTC_BYTES = 32;

const Night = z.strictObject({
  nid: z.int().meta({ description: 'Night: whole days since 2017-01-01.' }),
  alerts: z.int().meta({ description: 'Alerts of the night that were looked at.' }),
  passed: z.int().meta({ description: 'Of them, those whose object passes.' }),
  matches: z.int().meta({ description: 'Rows of the result for them.' }),
});

/** What a filter would have done in the last nights. */
export const DryRunSchema = z.strictObject({
  version: z.int().meta({ description: 'Version of the query that was tried.' }),
  ranAt: z.iso.datetime().meta({ description: 'When it was tried, UTC.' }),
  firstNight: z.int(),
  lastNight: z.int(),
  nights: z.array(Night).meta({ description: 'Night by night, the oldest first.' }),
  objects: z.int().meta({ description: 'Objects that were seen in these nights, about.' }),
  objectsTried: z.int().meta({ description: 'Of them, those that it was tried on.' }),
  objectsPassed: z.int().meta({ description: 'Of them, those that pass in some night.' }),
  alerts: z.int(),
  passed: z.int(),
  matches: z.int(),
  share: z.number().meta({ description: 'Share of the alerts that pass, 0 to 1.' }),
  isComplete: z.boolean().meta({ description: 'Whether it was tried on all of them.' }),
  isCut: z.boolean().meta({ description: 'Whether the time was over before.' }),
  msPer1000Alerts: z.number().meta({ description: 'What 1,000 alerts cost, milliseconds.' }),
  bytesPerMatch: z.number().meta({ description: 'Size of one record with its columns, bytes.' }),
  sample: z
    .array(z.strictObject({ objectId: z.string(), record: z.record(z.string(), z.unknown()) }))
    .meta({ description: 'Some of what passed.' }),
  problem: z.string().meta({ description: 'Why it failed; empty where it did not.' }),
});
export type DryRun = z.infer<typeof DryRunSchema>;

export interface DryRunOptions {
  version: number;
  /** How many nights back, tonight included. */
  nights: number;
  budgetMs: number;
  /** Longest that one statement may take, milliseconds: as on the stream. */
  timeoutMs: number;
  holder: string;
  signal?: AbortSignal;
}

/**
 * Tries a filter on the alerts of the last nights: on all their objects, or on as many drawn by lot as
 * the time allows. Objects are as they are now; mjdnow() and jdnow() are the end of each alert's night.
 *
 * @returns What it found so far where a statement failed, with the reason as `problem`.
 * @throws whatever is neither the query's fault nor the time's.
 */
export async function dryRun(
  services: QueryServices,
  filter: FilterQuery,
  options: DryRunOptions,
): Promise<DryRun> {
  const { db, now } = services;
  const { survey } = filter;
  const startedAt = performance.now();
  const nights = lastNights(survey, options.nights, now());
  const objects = await countObjectsSeen(db, survey, nights);
  const every = Math.max(1, Math.ceil(objects / MOST_OBJECTS));
  const ids = await sampleObjectsSeen(db, survey, nights, every);
  const tally = newTally(nights.first, nights.last);
  let tried = 0;
  let isCut = false;
  let problem = '';
  try {
    while (tried < ids.length && !isCut) {
      const some = ids.slice(tried, tried + GROUP_OBJECTS);
      const alerts = await selectPastAlerts(db, survey, some, nights);
      await tryGroup(services, filter, alerts, tally, options);
      tried += some.length;
      options.signal?.throwIfAborted();
      isCut = tried < ids.length && performance.now() - startedAt > options.budgetMs;
    }
  } catch (err) {
    if (!(err instanceof BrokerError) || err.retryable) throw err;
    problem = err.message;
  }
  const { alerts, passed, matches } = tally;
  return {
    version: options.version,
    ranAt: now().toISOString(),
    firstNight: nights.first,
    lastNight: nights.last,
    nights: [...tally.nights.values()],
    objects,
    objectsTried: tried,
    objectsPassed: tally.objects.size,
    alerts,
    passed,
    matches,
    share: alerts === 0 ? 0 : passed / alerts,
    isComplete: every === 1 && tried === ids.length,
    isCut,
    msPer1000Alerts: alerts === 0 ? 0 : (tally.runMs / alerts) * 1_000,
    bytesPerMatch: tally.records === 0 ? 0 : tally.bytes / tally.records + UTC_BYTES,
    sample: tally.sample,
    problem,
  };
}

/** Why a filter may not be switched on after its dry run; undefined where it may. */
export function dryRunRefusal(found: DryRun, maxShare: number): string | undefined {
  if (found.problem !== '') return `The dry run failed: ${found.problem}`;
  if (found.alerts < ENOUGH_ALERTS || found.share <= maxShare) return undefined;
  return `This filter passes ${percent(found.share)} of all alerts (${found.passed} of ${found.alerts} that were tried), and at most ${percent(maxShare)} may pass: add conditions that fewer objects meet.`;
}

/** Matches that a whole night would bring, as far as the objects that were tried say. */
export function matchesPerNight(found: DryRun): number {
  const seen = found.nights.filter(({ alerts }) => alerts > 0).length;
  if (seen === 0 || found.objectsTried === 0) return 0;
  return (found.matches / seen) * (found.objects / found.objectsTried);
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

type NightTally = z.infer<typeof Night>;
interface Tally {
  nights: Map<number, NightTally>;
  objects: Set<string>;
  alerts: number;
  passed: number;
  matches: number;
  runMs: number;
  /** Records that were measured, and their bytes. */
  records: number;
  bytes: number;
  sample: FilterRow[];
}

function newTally(first: number, last: number): Tally {
  const nights = new Map<number, NightTally>();
  for (let nid = first; nid <= last; nid++) {
    nights.set(nid, { nid, alerts: 0, passed: 0, matches: 0 });
  }
  const counts = { alerts: 0, passed: 0, matches: 0, runMs: 0, records: 0, bytes: 0 };
  return { nights, objects: new Set(), ...counts, sample: [] };
}

/** Adds some objects with all their alerts to the tally, night by night. */
async function tryGroup(
  { sandbox, now }: QueryServices,
  filter: FilterQuery,
  alerts: readonly PastAlert[],
  tally: Tally,
  { timeoutMs, holder, signal }: DryRunOptions,
): Promise<void> {
  for (const [nid, ofNight] of groupBy(alerts, (alert) => alert.nid)) {
    const night = tally.nights.get(nid);
    if (night === undefined) continue;
    const ids = [...new Set(ofNight.map(({ objectId }) => objectId))];
    const at = earlier(now(), endOfNight(filter.survey, nid));
    const startedAt = performance.now();
    const rows = await evaluateFilter({ sandbox, now: () => at }, filter, ids, {
      timeoutMs,
      holder,
      signal,
    });
    tally.runMs += performance.now() - startedAt;
    const byObject = groupBy(rows, (row) => row.objectId);
    for (const { objectId } of ofNight) {
      const own = byObject.get(objectId)?.length ?? 0;
      if (own > 0) night.passed++;
      night.matches += own;
    }
    night.alerts += ofNight.length;
    for (const row of rows) measure(tally, row);
    for (const objectId of byObject.keys()) tally.objects.add(objectId);
  }
  const sum = (count: (night: NightTally) => number) =>
    [...tally.nights.values()].reduce((total, night) => total + count(night), 0);
  tally.alerts = sum((night) => night.alerts);
  tally.passed = sum((night) => night.passed);
  tally.matches = sum((night) => night.matches);
}

function measure(tally: Tally, row: FilterRow): void {
  tally.records++;
  tally.bytes += Buffer.byteLength(JSON.stringify(row.record));
  const isNew = !tally.objects.has(row.objectId);
  if (isNew && tally.sample.length < SAMPLE_RECORDS) tally.sample.push(row);
}

function earlier(a: Date, b: Date): Date {
  return a.getTime() < b.getTime() ? a : b;
}

function groupBy<Each, Key>(all: readonly Each[], keyOf: (each: Each) => Key): Map<Key, Each[]> {
  const groups = new Map<Key, Each[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return groups;
}
