import { createHash } from 'node:crypto';

import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import { NotFoundError } from '../errors.ts';
import type { PacketFault } from '../errors.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('dead-letters.sql', [
  'insertDeadLetters',
  'selectLargestStatement',
  'listDeadLetters',
  'selectDeadLetter',
  'countDeadLetters',
  'selectWaitingDeadLetters',
  'lockWaitingDeadLetters',
  'markRetried',
  'deleteOldDeadLetters',
  'markFailedAgain',
]);

const REASON_LENGTH = 2_000;
/** Bytes of packets in one statement, where they take twice the room. */
const STATEMENT_BYTES = 4 << 20;
/** What a statement has besides the packet, at the most. */
const STATEMENT_MARGIN = 64 << 10;

export const DEAD_LETTER_STATES = ['waiting', 'retried'] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

/** A packet that could not be stored, on its way into the dead letters. */
export interface NewDeadLetter {
  survey: Survey;
  /** Kafka topic, or `direct:<survey>`. */
  topic: string;
  partition: number;
  /** Null for packets that came without Kafka: a hash of the bytes takes its place. */
  offset: bigint | null;
  /** Which record of a container; 0 for the first or only one. */
  recordNumber: number;
  fault: PacketFault;
  reason: string;
  packet: Buffer;
  arrivedAt: Date;
}

const letterColumns = {
  dead_letter_id: z.coerce.bigint(),
  survey: z.enum(SURVEYS),
  topic: z.string(),
  partition_id: z.coerce.number(),
  message_offset: z.coerce.bigint(),
  record_number: z.coerce.number(),
  fault: z.string(),
  reason: z.string(),
  packet_bytes: z.coerce.number(),
  arrived_at: z.date(),
  state: z.enum(DEAD_LETTER_STATES),
  tries: z.coerce.number(),
};
const DeadLetterRow = z.strictObject(letterColumns).transform(toDeadLetter);
const WholeDeadLetterRow = z
  .strictObject({ ...letterColumns, packet: z.instanceof(Buffer) })
  .transform(({ packet, ...row }) => ({ ...toDeadLetter(row), packet }));
const CountRow = z.strictObject({
  survey: z.enum(SURVEYS),
  fault: z.string(),
  state: z.enum(DEAD_LETTER_STATES),
  count: z.coerce.number(),
});

/** A dead letter without its bytes. */
export type DeadLetter = z.infer<typeof DeadLetterRow>;
export type WholeDeadLetter = z.infer<typeof WholeDeadLetterRow>;
export type DeadLetterCount = z.infer<typeof CountRow>;

export interface DeadLetterSelection {
  limit: number;
  /** Only older ones than this. */
  before?: bigint;
  fault?: string;
  state?: DeadLetterState;
}

/**
 * Keeps packets that could not be stored, in the transaction of their batch. One that is there
 * already, by topic, partition, offset and record, stays as it is. Bytes beyond what the server
 * takes in one statement are left out, and the reason says so.
 */
export async function insertDeadLetters(
  tx: Queries,
  letters: readonly NewDeadLetter[],
): Promise<void> {
  let rows: ReturnType<typeof rowOf>[] = [];
  let bytes = 0;
  for (const letter of letters) {
    if (rows.length > 0 && bytes + letter.packet.length > STATEMENT_BYTES) {
      await tx.execute(sql.insertDeadLetters, { rows });
      rows = [];
      bytes = 0;
    }
    rows.push(
      rowOf(letter.packet.length > STATEMENT_BYTES ? await withinLimit(tx, letter) : letter),
    );
    bytes += letter.packet.length;
  }
  if (rows.length > 0) await tx.execute(sql.insertDeadLetters, { rows });
}

/** Newest first. */
export async function listDeadLetters(
  db: Queries,
  { limit, before, fault, state }: DeadLetterSelection,
): Promise<DeadLetter[]> {
  return db.rows(DeadLetterRow, sql.listDeadLetters, {
    limit,
    before: before ?? null,
    fault: fault ?? null,
    state: state ?? null,
  });
}

/**
 * One dead letter with its bytes.
 *
 * @throws {NotFoundError} if there is none of that number.
 */
export async function selectDeadLetter(
  db: Queries,
  deadLetterId: bigint,
): Promise<WholeDeadLetter> {
  const [letter] = await db.rows(WholeDeadLetterRow, sql.selectDeadLetter, { deadLetterId });
  if (letter === undefined) throw new NotFoundError(`there is no dead letter ${deadLetterId}`);
  return letter;
}

/** How many there are of each survey, fault and state. */
export async function countDeadLetters(db: Queries): Promise<DeadLetterCount[]> {
  return db.rows(CountRow, sql.countDeadLetters);
}

/** Numbers of waiting dead letters above `after`, oldest first; annotations are their writers' to repeat. */
export async function selectWaitingDeadLetters(
  db: Queries,
  after: bigint,
  limit: number,
): Promise<bigint[]> {
  const rows = await db.arrays(sql.selectWaitingDeadLetters, { after, limit });
  return rows.map(([id]) => BigInt(String(id)));
}

/** Locks those of these that still wait until the transaction ends, and names them. */
export async function lockWaitingDeadLetters(
  tx: Queries,
  deadLetterIds: readonly bigint[],
): Promise<Set<bigint>> {
  if (deadLetterIds.length === 0) return new Set();
  const rows = await tx.arrays(sql.lockWaitingDeadLetters, { deadLetterIds: [...deadLetterIds] });
  return new Set(rows.map(([id]) => BigInt(String(id))));
}

/** Notes that a later try stored these. */
export async function markRetried(db: Queries, deadLetterIds: readonly bigint[]): Promise<void> {
  if (deadLetterIds.length === 0) return;
  await db.execute(sql.markRetried, { deadLetterIds: [...deadLetterIds] });
}

/** Forgets those of a state that came before `before`, at most 500 at a time. @returns How many. */
export async function deleteOldDeadLetters(
  db: Queries,
  state: DeadLetterState,
  before: Date,
): Promise<number> {
  return (await db.execute(sql.deleteOldDeadLetters, { state, before })).affectedRows;
}

/** Notes that a later try failed as well, and why. */
export async function markFailedAgain(
  db: Queries,
  deadLetterId: bigint,
  fault: PacketFault,
  reason: string,
): Promise<void> {
  await db.execute(sql.markFailedAgain, {
    deadLetterId,
    fault,
    reason: reason.slice(0, REASON_LENGTH),
  });
}

/** What stands for the Kafka offset of a packet that has none: the first 63 bits of its SHA-256. */
export function offsetOfBytes(packet: Buffer): bigint {
  return createHash('sha256').update(packet).digest().readBigUInt64BE(0) >> 1n;
}

function rowOf(letter: NewDeadLetter) {
  return [
    letter.survey,
    letter.topic,
    letter.partition,
    letter.offset ?? offsetOfBytes(letter.packet),
    letter.recordNumber,
    letter.fault,
    letter.reason.slice(0, REASON_LENGTH),
    letter.packet,
    letter.arrivedAt,
  ];
}

async function withinLimit(tx: Queries, letter: NewDeadLetter): Promise<NewDeadLetter> {
  const [[limit]] = await tx.arrays(sql.selectLargestStatement);
  if (2 * letter.packet.length + STATEMENT_MARGIN < Number(limit)) return letter;
  return {
    ...letter,
    offset: letter.offset ?? offsetOfBytes(letter.packet),
    reason: `${letter.reason} (its ${letter.packet.length} bytes are not kept: the database's max_allowed_packet is ${String(limit)})`,
    packet: Buffer.alloc(0),
  };
}

function toDeadLetter({
  dead_letter_id,
  partition_id,
  message_offset,
  record_number,
  packet_bytes,
  arrived_at,
  ...row
}: z.infer<z.ZodObject<typeof letterColumns>>) {
  return {
    deadLetterId: dead_letter_id,
    ...row,
    partition: partition_id,
    offset: message_offset,
    recordNumber: record_number,
    packetBytes: packet_bytes,
    arrivedAt: arrived_at,
  };
}
