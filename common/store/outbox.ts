import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import type { Channel, Match, OutputSettings } from '../filters/filter.ts';
import type { Parameters, Queries } from './database.ts';
import { SETTINGS_OF } from './filter-outputs.ts';
import { MatchRow } from './match-row.ts';
import { PRIVATE } from './saved-queries.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('outbox.sql', [
  'selectDue',
  'selectRanges',
  'selectAfter',
  'selectNewest',
  'selectBacklog',
  'selectEnds',
  'selectUnsubscribe',
]);

const Count = z.coerce.number();
const Sequence = z.coerce.bigint();

const DueColumns = {
  mq_id: z.int(),
  secret: z.string().nullable(),
  next_seq: Sequence,
  end_seq: Sequence,
  failures: z.int(),
  nid: z.int(),
  bytes: Count,
  rejected: Count,
  last_sent_at: z.date().nullable(),
  user_id: z.int(),
  survey: z.enum(SURVEYS),
  version: z.int(),
  name: z.string(),
  public: z.int(),
  owner: z.string(),
  email: z.string(),
  is_disabled: z.coerce.boolean(),
};
const DueRow = z
  .discriminatedUnion('channel', [
    z.strictObject({ ...DueColumns, ...SETTINGS_OF.kafka }),
    z.strictObject({ ...DueColumns, ...SETTINGS_OF.mail }),
    z.strictObject({ ...DueColumns, ...SETTINGS_OF.webhook }),
  ])
  .transform((row): DueOutput => {
    const shared = {
      queryId: row.mq_id,
      secret: row.secret ?? '',
      fromSeq: row.next_seq,
      endSeq: row.end_seq,
      failures: row.failures,
      nid: row.nid,
      bytes: row.bytes,
      rejected: row.rejected,
      lastSentAt: row.last_sent_at,
      userId: row.user_id,
      survey: row.survey,
      version: row.version,
      name: row.name,
      isPrivate: row.public === PRIVATE,
      owner: row.owner,
      email: row.email,
      isDisabled: row.is_disabled,
    };
    switch (row.channel) {
      case 'kafka':
        return { ...shared, channel: row.channel, settings: row.settings };
      case 'mail':
        return { ...shared, channel: row.channel, settings: row.settings };
      case 'webhook':
        return { ...shared, channel: row.channel, settings: row.settings };
    }
  });

/** An output with matches that were not sent yet, and whose it is. */
export type DueOutput = { [C in Channel]: DueOutputOf<C> }[Channel];
export interface DueOutputOf<C extends Channel> {
  queryId: number;
  channel: C;
  settings: OutputSettings[C];
  secret: string;
  /** Matches from here on, and before `endSeq`, wait. */
  fromSeq: bigint;
  endSeq: bigint;
  failures: number;
  /** Night that `bytes` and `rejected` are of. */
  nid: number;
  bytes: number;
  rejected: number;
  lastSentAt: Date | null;
  userId: number;
  survey: Survey;
  version: number;
  /** What the owner calls the filter. */
  name: string;
  isPrivate: boolean;
  owner: string;
  email: string;
  isDisabled: boolean;
}

/** Outputs with something to send whose time has come. */
export function selectDueOutputs(db: Queries, now: Date): Promise<DueOutput[]> {
  return db.rows(DueRow, sql.selectDue, { now });
}

/** The first matches that wait, of several outputs at once: by filter, in order. */
export async function selectWaitingMatches(
  db: Queries,
  outputs: Pick<DueOutput, 'queryId' | 'fromSeq' | 'endSeq'>[],
  mostEach: number,
): Promise<Match[]> {
  if (outputs.length === 0) return [];
  const parameters: Parameters = {};
  const ranges = outputs.map(({ queryId, fromSeq, endSeq }, i) => {
    const last = fromSeq + BigInt(mostEach);
    parameters[`q${i}`] = queryId;
    parameters[`a${i}`] = fromSeq;
    parameters[`b${i}`] = last < endSeq ? last : endSeq;
    return `(mq_id = :q${i} AND seq >= :a${i} AND seq < :b${i})`;
  });
  return db.rows(MatchRow, sql.selectRanges.replace('RANGES', ranges.join(' OR ')), parameters);
}

/** Matches of a filter after one of its numbers, in order. */
export function selectMatchesAfter(
  db: Queries,
  queryId: number,
  after: bigint,
  count: number,
): Promise<Match[]> {
  return db.rows(MatchRow, sql.selectAfter, { queryId, after, count });
}

/** The newest matches of a filter, the newest first. */
export function selectNewestMatches(db: Queries, queryId: number, count: number): Promise<Match[]> {
  return db.rows(MatchRow, sql.selectNewest, { queryId, count });
}

/** One match; undefined if the filter has none of this number, or no longer. */
export async function selectOptionalMatch(
  db: Queries,
  queryId: number,
  seq: bigint,
): Promise<Match | undefined> {
  const [match] = await selectMatchesAfter(db, queryId, seq - 1n, 1);
  return match?.seq === seq ? match : undefined;
}

const BacklogRow = z
  .strictObject({ matches: Count, oldest_at: z.date().nullable() })
  .transform((row) => ({ matches: row.matches, oldestAt: row.oldest_at }));

/** How many matches wait in an output, and since when. */
export async function selectBacklog(
  db: Queries,
  { queryId, fromSeq, endSeq }: Pick<DueOutput, 'queryId' | 'fromSeq' | 'endSeq'>,
): Promise<{ matches: number; oldestAt: Date | null }> {
  const [row] = await db.rows(BacklogRow, sql.selectBacklog, { queryId, fromSeq, endSeq });
  return row;
}

const EndRow = z
  .strictObject({ mq_id: z.int(), next_seq: Sequence, user_id: z.int(), public: z.int() })
  .transform((row) => ({
    queryId: row.mq_id,
    nextSeq: row.next_seq,
    userId: row.user_id,
    isPrivate: row.public === PRIVATE,
  }));
/** How far a filter is, and who may know. */
export type FilterEnd = z.infer<typeof EndRow>;

/** Number that the next match of each of these filters gets, and who may read it; none for one that is gone. */
export async function selectNextSeqs(
  db: Queries,
  queryIds: readonly number[],
): Promise<Map<number, FilterEnd>> {
  if (queryIds.length === 0) return new Map();
  const rows = await db.rows(EndRow, sql.selectEnds, { queryIds: [...queryIds] });
  return new Map(rows.map((row) => [row.queryId, row]));
}

const UnsubscribeRow = z
  .strictObject({
    mq_id: z.int(),
    secret: z.string().nullable(),
    active: z.int(),
    name: z.string(),
  })
  .transform((row) => ({
    queryId: row.mq_id,
    secret: row.secret,
    isActive: row.active === 1,
    name: row.name,
  }));

/** What an unsubscribing link of a filter's mails must hold; undefined where none are sent. */
export async function selectUnsubscribe(
  db: Queries,
  queryId: number,
): Promise<z.infer<typeof UnsubscribeRow> | undefined> {
  const [row] = await db.rows(UnsubscribeRow, sql.selectUnsubscribe, { queryId });
  return row;
}
