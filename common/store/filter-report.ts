import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import { CHANNELS } from '../filters/filter.ts';
import type { Channel, Match } from '../filters/filter.ts';
import type { Queries } from './database.ts';
import { MatchRow } from './match-row.ts';
import { LEVELS } from './saved-queries.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('filter-report.sql', [
  'listFilters',
  'selectMatchPage',
  'selectDeliveriesOf',
  'selectMatchesOfObject',
  'selectLatest',
  'countOutcomes',
  'selectFailures',
  'selectNights',
  'selectRetries',
  'countWaiting',
  'selectNamesOf',
]);

/** From how many of the newest deliveries lateness is reckoned. */
const LATENESS_ROWS = 1_000;

const Count = z.coerce.number();
const Sequence = z.coerce.bigint();

const ListedRow = z
  .strictObject({
    mq_id: z.int(),
    name: z.string(),
    user_id: z.int(),
    owner: z.string().nullable(),
    survey: z.enum(SURVEYS),
    public: z.literal(LEVELS),
    version: z.int(),
    state: z.enum(['on', 'paused', 'off']),
    state_reason: z.string(),
    run: z.int(),
    expires_at: z.date().nullable(),
    last_match_at: z.date().nullable(),
    tonight: Count.nullable(),
    last_night: Count.nullable(),
    channels: z.string().nullable(),
    problems: Count,
  })
  .transform((row) => ({
    queryId: row.mq_id,
    name: row.name,
    userId: row.user_id,
    owner: row.owner,
    survey: row.survey,
    level: row.public,
    version: row.version,
    state: row.state,
    stateReason: row.state_reason,
    expiresAt: row.expires_at,
    /** When it matched last, as far as matches are kept. */
    lastMatchAt: row.last_match_at,
    matchesTonight: row.tonight ?? 0,
    matchesLastNight: row.last_night ?? 0,
    channels: row.channels === null ? [] : row.channels.split(','),
    /** How many of its outputs have a problem. */
    problems: row.problems,
  }));
/** A filter as lists show it. */
export type ListedFilter = z.infer<typeof ListedRow>;

const DeliveryRow = z
  .strictObject({
    mq_id: z.int(),
    seq: Sequence,
    channel: z.enum(CHANNELS),
    outcome: z.enum(['sent', 'rejected', 'dropped']),
    delivered_at: z.date(),
    place: z.string(),
  })
  .transform((row) => ({
    queryId: row.mq_id,
    seq: row.seq,
    channel: row.channel,
    outcome: row.outcome,
    deliveredAt: row.delivered_at,
    place: row.place,
  }));
/** What became of a match in one channel. */
export type DeliveryReport = z.infer<typeof DeliveryRow>;

const NightRow = z
  .strictObject({
    nid: z.int(),
    runs: Count,
    objects: Count,
    passed: Count,
    /** Matches of alerts of this night that a later run over past nights found. */
    past: Count,
    remembered: Count,
    failures: Count,
    run_ms: z.number(),
  })
  .transform(({ run_ms, ...row }) => ({ ...row, runMs: run_ms }));
/** What a filter did in a night. */
export type FilterNight = z.infer<typeof NightRow>;

const RetriesRow = z.strictObject({
  batches: Count,
  due_at: z.date().nullable(),
  tries: z.int().nullable(),
  reason: z.string().nullable(),
});
const WaitingRow = z.strictObject({ objects: Count });
const OutcomeRow = z.strictObject({
  channel: z.enum(CHANNELS),
  outcome: z.enum(['sent', 'rejected', 'dropped']),
  count: Count,
});
const LateRow = z.strictObject({
  channel: z.enum(CHANNELS),
  delivered_at: z.date(),
  observed_at: z.date().nullable(),
  arrived_at: z.date().nullable(),
});
const NameRow = z.strictObject({ mq_id: z.int(), name: z.string(), is_own: z.coerce.boolean() });

/** Filters of the reader, in whatever state; or public ones of others that are on. */
export function listFilters(
  db: Queries,
  order: {
    whose: 'mine' | 'public';
    readerId: number | undefined;
    /** Tonight. */
    nid: number;
    limit: number;
    offset?: number;
  },
): Promise<ListedFilter[]> {
  const { whose, readerId, nid, limit, offset = 0 } = order;
  return db.rows(ListedRow, sql.listFilters, {
    isMine: whose === 'mine',
    readerId: readerId ?? null,
    nid,
    limit,
    offset,
  });
}

/** Matches before one of them, the newest first; of one object where it is named. */
export function selectMatchPage(
  db: Queries,
  queryId: number,
  { before, limit, objectId = '' }: { before?: bigint; limit: number; objectId?: string },
): Promise<Match[]> {
  return db.rows(MatchRow, sql.selectMatchPage, {
    queryId,
    before: before ?? 2n ** 62n,
    limit,
    objectId,
  });
}

/** What became of these matches, in every channel. */
export async function selectDeliveriesOf(
  db: Queries,
  queryId: number,
  seqs: readonly bigint[],
): Promise<DeliveryReport[]> {
  if (seqs.length === 0) return [];
  return db.rows(DeliveryRow, sql.selectDeliveriesOf, { queryId, seqs: [...seqs] });
}

/** Matches of an object by filters that the reader may see, the newest first. */
export function selectMatchesOfObject(
  db: Queries,
  survey: Survey,
  objectId: string,
  readerId: number | undefined,
  limit: number,
): Promise<Match[]> {
  const parameters = { survey, objectId, readerId: readerId ?? null, limit };
  return db.rows(MatchRow, sql.selectMatchesOfObject, parameters);
}

/** How late the newest of what was sent came, seconds: from observation and from Kafka, each sorted. */
export async function selectLateness(
  db: Queries,
  queryId: number,
  channel: Channel,
): Promise<{ fromObservation: number[]; fromArrival: number[] }> {
  const rows = await db.rows(LateRow, sql.selectLatest, { queryId, channel, limit: LATENESS_ROWS });
  const since = (start: (row: z.infer<typeof LateRow>) => Date | null) =>
    rows
      .flatMap((row) => {
        const from = start(row);
        return from === null ? [] : [(row.delivered_at.getTime() - from.getTime()) / 1_000];
      })
      .sort((a, b) => a - b);
  return {
    fromObservation: since((row) => row.observed_at),
    fromArrival: since((row) => row.arrived_at),
  };
}

/** How many matches were sent, rejected and dropped, by channel, as far as it is kept. */
export function countOutcomes(db: Queries, queryId: number): Promise<z.infer<typeof OutcomeRow>[]> {
  return db.rows(OutcomeRow, sql.countOutcomes, { queryId });
}

/** What was not sent, the newest first. */
export function selectFailures(
  db: Queries,
  queryId: number,
  limit: number,
): Promise<DeliveryReport[]> {
  return db.rows(DeliveryRow, sql.selectFailures, { queryId, limit });
}

/** What a filter did night by night, from one on. */
export function selectFilterNights(
  db: Queries,
  queryId: number,
  from: number,
): Promise<FilterNight[]> {
  return db.rows(NightRow, sql.selectNights, { queryId, from });
}

/** What a filter has still to do: batches that it is run on again, objects that wait for annotations. */
export async function selectPendingWork(db: Queries, queryId: number) {
  const [[retries], [waiting]] = await Promise.all([
    db.rows(RetriesRow, sql.selectRetries, { queryId }),
    db.rows(WaitingRow, sql.countWaiting, { queryId }),
  ]);
  return {
    retries: {
      batches: retries.batches,
      dueAt: retries.due_at,
      tries: retries.tries ?? 0,
      reason: retries.reason ?? '',
    },
    waiting: waiting.objects,
  };
}

/** What a filter is called, and whether it is the reader's own. */
export interface FilterName {
  name: string;
  isOwn: boolean;
}

/** Names of those of these filters that the reader may see. */
export async function selectNamesOf(
  db: Queries,
  ids: readonly number[],
  readerId: number | undefined,
): Promise<Map<number, FilterName>> {
  if (ids.length === 0) return new Map();
  const parameters = { ids: [...ids], readerId: readerId ?? null };
  const rows = await db.rows(NameRow, sql.selectNamesOf, parameters);
  return new Map(rows.map(({ mq_id, name, is_own }) => [mq_id, { name, isOwn: is_own }]));
}
