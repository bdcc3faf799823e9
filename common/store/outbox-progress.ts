import type { Channel } from '../filters/filter.ts';
import type { Database, Parameters, Queries, Transaction } from './database.ts';
import type { DueOutput } from './outbox.ts';
import { repeatTransaction } from './repeat.ts';
import { MAX_PROBLEM } from './filter-outputs.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('outbox-progress.sql', [
  'insertDeliveries',
  'insertDigest',
  'lockOutputs',
  'moveOutputs',
  'recordFailure',
  'noteProblem',
  'stopOutput',
]);

const MAX_PLACE = 255;

export type Outcome = 'sent' | 'rejected' | 'dropped';

/** What became of one match. */
export interface Delivery {
  seq: bigint;
  outcome: Outcome;
  /** Topic, partition and offset; number of the mail; answer of the receiver; or the reason. */
  place: string;
}

/** How far an output got. */
export interface Progress {
  queryId: number;
  channel: Channel;
  /** Where it stood: nothing is recorded if another process has moved it meanwhile. */
  fromSeq: bigint;
  nextSeq: bigint;
  nid: number;
  /** Of the night, these included. */
  bytes: number;
  rejected: number;
  deliveries: Delivery[];
}

/**
 * Records what was sent and moves the outputs on, in one transaction. An output that another process
 * has moved, or its owner has set anew, stays as it is.
 *
 * @returns Which of them were moved.
 */
export async function recordProgress(
  db: Database,
  steps: Progress[],
  now: Date,
): Promise<Progress[]> {
  if (steps.length === 0) return [];
  return repeatTransaction(db, async (tx) => {
    const current = await lockUnmoved(tx, steps);
    if (current.length === 0) return [];
    await moveOutputs(tx, current, now);
    const deliveries = current.flatMap((step) =>
      step.deliveries.map(({ seq, outcome, place }) => [
        step.queryId,
        step.channel,
        seq,
        outcome,
        now,
        place.slice(0, MAX_PLACE),
      ]),
    );
    if (deliveries.length > 0) await tx.execute(sql.insertDeliveries, { deliveries });
    return current;
  });
}

/**
 * Records that a digest told of all matches of an output up to `endSeq`, and moves the output on.
 *
 * @returns Whether it was still where the digest began.
 */
export async function recordDigest(
  db: Database,
  output: Pick<DueOutput, 'queryId' | 'fromSeq' | 'endSeq' | 'nid' | 'bytes' | 'rejected'>,
  { outcome, place }: Omit<Delivery, 'seq'>,
  now: Date,
): Promise<boolean> {
  const { queryId, fromSeq, endSeq, nid, bytes, rejected } = output;
  return repeatTransaction(db, async (tx) => {
    const step = { queryId, channel: 'mail' as const, fromSeq, nextSeq: endSeq, nid, bytes };
    const [current] = await lockUnmoved(tx, [{ ...step, rejected, deliveries: [] }]);
    if (current === undefined) return false;
    const { affectedRows } = await tx.execute(sql.insertDigest, {
      queryId,
      fromSeq,
      endSeq,
      outcome,
      place: place.slice(0, MAX_PLACE),
      now,
    });
    await moveOutputs(tx, [current], now, outcome === 'sent' ? affectedRows : 0);
    return true;
  });
}

/** What failed, and when it is tried again. */
export interface Failure {
  failures: number;
  retryAt: Date;
  problem: string;
}

/** Keeps an output where it is until its next try. */
export async function recordFailure(
  db: Queries,
  { queryId, channel, fromSeq }: Pick<DueOutput, 'queryId' | 'channel' | 'fromSeq'>,
  { failures, retryAt, problem }: Failure,
): Promise<void> {
  await db.execute(sql.recordFailure, {
    queryId,
    channel,
    fromSeq,
    failures,
    retryAt,
    problem: problem.slice(0, MAX_PROBLEM),
  });
}

/** Tells the owners of all outputs of a channel that wait why they do. */
export async function noteProblem(db: Queries, channel: Channel, problem: string): Promise<void> {
  await db.execute(sql.noteProblem, { channel, problem: problem.slice(0, MAX_PROBLEM) });
}

/**
 * Ends sending to an output for a reason that its owner reads.
 *
 * @returns Whether it was sent to until now.
 */
export async function stopOutput(
  db: Queries,
  { queryId, channel }: Pick<DueOutput, 'queryId' | 'channel'>,
  { failures, problem }: Pick<Failure, 'failures' | 'problem'>,
): Promise<boolean> {
  const { affectedRows } = await db.execute(sql.stopOutput, {
    queryId,
    channel,
    failures,
    problem: problem.slice(0, MAX_PROBLEM),
  });
  return affectedRows > 0;
}

/** Those that still stand where they did, locked until the transaction ends. */
async function lockUnmoved(tx: Transaction, steps: Progress[]): Promise<Progress[]> {
  const parameters: Parameters = {};
  const conditions = steps.map(({ queryId, channel, fromSeq }, i) => {
    parameters[`q${i}`] = queryId;
    parameters[`c${i}`] = channel;
    parameters[`s${i}`] = fromSeq;
    return `(mq_id = :q${i} AND channel = :c${i} AND next_seq = :s${i} AND active = 1)`;
  });
  const rows = await tx.arrays(
    sql.lockOutputs.replace('CONDITIONS', conditions.join(' OR ')),
    parameters,
  );
  const found = new Set(rows.map(([queryId, channel]) => `${String(queryId)} ${String(channel)}`));
  return steps.filter(({ queryId, channel }) => found.has(`${queryId} ${channel}`));
}

async function moveOutputs(
  tx: Transaction,
  steps: Progress[],
  now: Date,
  sentTogether?: number,
): Promise<void> {
  const parameters: Parameters = { now };
  const rows = steps.map((step, i) => {
    const sent = step.deliveries.filter(({ outcome }) => outcome === 'sent').length;
    parameters[`q${i}`] = step.queryId;
    parameters[`c${i}`] = step.channel;
    parameters[`s${i}`] = step.nextSeq;
    parameters[`n${i}`] = step.nid;
    parameters[`b${i}`] = step.bytes;
    parameters[`r${i}`] = step.rejected;
    parameters[`t${i}`] = sentTogether ?? sent;
    return `SELECT :q${i} AS mq_id, :c${i} AS channel, :s${i} AS next_seq, :n${i} AS nid, :b${i} AS bytes, :r${i} AS rejected, :t${i} AS sent`;
  });
  await tx.execute(sql.moveOutputs.replace('MOVES', rows.join(' UNION ALL ')), parameters);
}
