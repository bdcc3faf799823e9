import { z } from 'zod';

import { nightOfDate } from '../../common/astro/time.ts';
import type { Channel, Match } from '../../common/filters/filter.ts';
import { matchId } from '../../common/filters/filter.ts';
import type { KafkaLogin } from '../../common/filters/kafka-account.ts';
import { sourceText } from '../../common/queries/saved-query-content.ts';
import { isOpen, selectBackfills } from '../../common/store/backfills.ts';
import type { Backfill } from '../../common/store/backfills.ts';
import { selectOutputs } from '../../common/store/filter-outputs.ts';
import type { FilterOutput } from '../../common/store/filter-outputs.ts';
import {
  countOutcomes,
  selectDeliveriesOf,
  selectFailures,
  selectFilterNights,
  selectLateness,
  selectMatchPage,
  selectPendingWork,
} from '../../common/store/filter-report.ts';
import type { DeliveryReport, FilterNight } from '../../common/store/filter-report.ts';
import { selectOptionalTopic } from '../../common/store/filter-topics.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import { dateOf, nightBars } from '../figures/filter-nights.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import { listWords, privateLists } from '../saved-queries/private-lists.ts';
import { LEVEL_NAMES, ownerName } from '../saved-queries/query-list.ts';
import type { Services } from '../services.ts';
import { dryRunView } from './dry-run-view.ts';
import { lastDryRun } from './filter-actions.ts';
import { CHANNEL_NAMES } from './filter-list.ts';
import { kafkaView } from './kafka-view.ts';
import { lateness } from './lateness.ts';
import { recordCells, recordColumns, recordHeads } from './record-cells.ts';
import type { TestAnswer } from './try-delivery.ts';
import { memoryWords, outputWords, triggerWords } from './words.ts';

const MATCH_ROWS = 25;
const FAILURE_ROWS = 10;
const BACKFILL_ROWS = 5;
const NIGHTS = 30;
/** Columns of a record that fit beside a match. */
const RECORD_COLUMNS = 6;
/** An end so near is told of. */
const SOON_MS = 28 * 86_400_000;

export const FilterPageInput = z.object({
  /** Matches before this one are shown. */
  before: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .transform(BigInt)
    .optional(),
  done: z.enum(['settings', 'tried', 'on', 'off', 'kept', 'backfill', 'ended']).optional(),
});
type PageInput = z.infer<typeof FilterPageInput>;

/** What only the answer to a form shows. */
export interface ShownOnce {
  test?: TestAnswer;
  login?: KafkaLogin;
}

/** What the page of a filter shows to its owner, or to others where it is public. */
export async function filterPage(
  { context }: Services,
  query: SavedQuery,
  filter: StoredFilter,
  { before, done }: PageInput,
  readerId: number | undefined,
  shownOnce: ShownOnce = {},
) {
  const { db, config, now } = context;
  const { queryId } = query;
  const isOwner = query.userId === readerId;
  const tonight = nightOfDate(now());
  const all = await selectOutputs(db, queryId);
  const outputs = all.filter((output) => isOwner || (output.isActive && isShown(output.channel)));
  const [page, nights, pending, outcomes, failures, backfills, ...late] = await Promise.all([
    selectMatchPage(db, queryId, { before, limit: MATCH_ROWS + 1 }),
    selectFilterNights(db, queryId, tonight - NIGHTS + 1),
    selectPendingWork(db, queryId),
    countOutcomes(db, queryId),
    isOwner ? selectFailures(db, queryId, FAILURE_ROWS) : [],
    selectBackfills(db, queryId, BACKFILL_ROWS),
    ...outputs.map(({ channel }) => selectLateness(db, queryId, channel)),
  ]);
  // Of two filters of one name the second has another topic than its name says.
  const topic = await selectOptionalTopic(db, queryId);
  const sendsToKafka = outputs.some(({ channel, isActive }) => channel === 'kafka' && isActive);
  const kafka = kafkaView(config, query, topic?.topic);
  const shown = page.slice(0, MATCH_ROWS);
  const deliveries = await selectDeliveriesOf(
    db,
    queryId,
    shown.map(({ seq }) => seq),
  );
  const dryRun = isOwner ? lastDryRun(filter, query.version) : undefined;
  const [newest] = backfills;
  const secrets = isOwner ? await privateLists(db, query) : [];
  return {
    title: query.name,
    isFilters: true,
    query,
    filter,
    isOwner,
    isOn: filter.state === 'on',
    isPaused: filter.state === 'paused',
    isOff: filter.state === 'off',
    isOlder: filter.state !== 'off' && filter.version !== query.version,
    surveyName: SURVEY_NAMES[query.survey],
    levelName: LEVEL_NAMES[query.level],
    ownerName: ownerName(query),
    text: sourceText(query.source),
    triggers: triggerWords(filter.triggers),
    memory: memoryWords(filter.memory),
    endsSoon: filter.expiresAt !== null && filter.expiresAt.getTime() - now().getTime() < SOON_MS,
    done: done && DONE_WORDS[done],
    pending: { ...pending, hasRetries: pending.retries.batches > 0 },
    outputs: outputs.map((output, i) => ({
      ...outputView(output, isOwner),
      topic: output.channel === 'kafka' ? kafka.topic : undefined,
      counts: Object.fromEntries(
        outcomes
          .filter(({ channel }) => channel === output.channel)
          .map(({ outcome, count }) => [outcome, count]),
      ),
      fromObservation: lateness(late[i].fromObservation),
      fromArrival: lateness(late[i].fromArrival),
    })),
    kafka: sendsToKafka ? kafka : undefined,
    ...shownOnce,
    failures: failures.map((failure) => ({
      ...failure,
      channelName: CHANNEL_NAMES[failure.channel],
    })),
    figure: nightBars(everyNight(nights, tonight), 'Matches per night'),
    totals: totalsOf(nights),
    matches: matchRows(shown, deliveries, isOwner),
    older: page.length > MATCH_ROWS ? shown.at(-1)?.seq : undefined,
    isFirstPage: before === undefined,
    dryRun: dryRun && dryRunView(dryRun, config.filterMaxShare),
    backfills: backfills.map((backfill) => backfillView(backfill, isOwner)),
    // The newest one, until another is asked for.
    brokenOff: isOwner && newest?.state === 'failed' ? backfillView(newest, isOwner) : undefined,
    isPublic: query.level > 0,
    privateLists: listWords(secrets),
    backfillFrom: dateOf(tonight - 7),
    backfillTo: dateOf(tonight),
  };
}

const DONE_WORDS: Record<NonNullable<PageInput['done']>, string> = {
  settings: 'The settings are saved.',
  tried: 'The dry run is done: what it found is below.',
  on: 'The filter is on, from the next alert on.',
  off: 'The filter is off. What it matched stays here.',
  kept: 'The filter stays on for another period.',
  backfill: 'The run over past nights begins within a minute.',
  ended: 'The run over past nights was ended. What it matched stays.',
};

/** Where others may read what a filter sends. */
function isShown(channel: Channel): boolean {
  return channel === 'kafka';
}

function outputView(output: FilterOutput, isOwner: boolean) {
  return {
    ...output,
    secret: undefined,
    channelName: CHANNEL_NAMES[output.channel],
    words: outputWords(output, isOwner),
    problem: isOwner ? output.problem : '',
    isKafka: output.channel === 'kafka',
    mayTest: isOwner && output.channel === 'webhook' && output.isActive,
    webhookSecret: isOwner && output.channel === 'webhook' ? output.secret : undefined,
  };
}

/** Matches as rows, with what became of them; where private channels sent them is the owner's. */
export function matchRows(
  matches: readonly Match[],
  deliveries: readonly DeliveryReport[],
  isOwner: boolean,
) {
  const shown = recordColumns(matches.at(0)?.record).slice(0, RECORD_COLUMNS);
  return {
    columns: recordHeads(shown, matches.at(0)?.record),
    rows: matches.map((match) => ({
      ...match,
      id: matchId(match),
      isBackfill: match.kind === 'backfill',
      isOfAnnotation: match.kind === 'annotation',
      cells: recordCells(match.record, shown),
      record: JSON.stringify(match.record, null, 1),
      lateSeconds:
        match.arrivedAt === null || match.kind === 'backfill'
          ? undefined
          : (match.matchedAt.getTime() - match.arrivedAt.getTime()) / 1_000,
      deliveries: deliveries
        .filter(({ seq, channel }) => seq === match.seq && (isOwner || isShown(channel)))
        .map((delivery) => ({
          ...delivery,
          channelName: CHANNEL_NAMES[delivery.channel],
          isSent: delivery.outcome === 'sent',
        })),
    })),
  };
}

function everyNight(nights: readonly FilterNight[], tonight: number) {
  const counts = new Map(nights.map((night) => [night.nid, night]));
  return Array.from({ length: NIGHTS }, (_, i) => {
    const nid = tonight - NIGHTS + 1 + i;
    const { passed = 0, past = 0 } = counts.get(nid) ?? {};
    return { nid, count: passed, past };
  });
}

function totalsOf(nights: readonly FilterNight[]) {
  const sum = (value: (night: FilterNight) => number) =>
    nights.reduce((total, night) => total + value(night), 0);
  const objects = sum((night) => night.objects);
  return {
    runs: sum((night) => night.runs),
    objects,
    passed: sum((night) => night.passed),
    past: sum((night) => night.past),
    remembered: sum((night) => night.remembered),
    failures: sum((night) => night.failures),
    msPer1000: objects === 0 ? undefined : (sum((night) => night.runMs) / objects) * 1_000,
  };
}

export function backfillView(backfill: Backfill, isOwner: boolean) {
  const { first, last } = backfill.nights;
  return {
    ...backfill,
    from: dateOf(first),
    to: dateOf(last),
    isOpen: isOpen(backfill),
    mayRunAgain: isOwner && (backfill.state === 'failed' || backfill.state === 'ended'),
    mayEnd: isOwner && isOpen(backfill),
    problem: isOwner ? backfill.problem : '',
  };
}
