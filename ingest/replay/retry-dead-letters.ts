import { setTimeout as sleep } from 'node:timers/promises';

import { nightOfDate } from '../../common/astro/time.ts';
import { SURVEYS } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { describeError, PacketError } from '../../common/errors.ts';
import type { PacketFault } from '../../common/errors.ts';
import type { CutoutPacks } from '../../common/store/cutouts.ts';
import { isRepeatable } from '../../common/store/database.ts';
import {
  lockWaitingDeadLetters,
  markFailedAgain,
  markRetried,
  selectDeadLetter,
  selectWaitingDeadLetters,
} from '../../common/store/dead-letters.ts';
import type { WholeDeadLetter } from '../../common/store/dead-letters.ts';
import { moveInLedger } from '../../common/store/ingest-records.ts';
import { openOwnPacks, openStoringSurvey } from '../open-lane.ts';
import { finishCutouts, writeCutoutRows } from '../pipeline/batch-cutouts.ts';
import type { BatchCutouts } from '../pipeline/batch-cutouts.ts';
import { createArrivalNotes } from '../pipeline/note-arrivals.ts';
import type { ArrivalNotes, NewAlert } from '../pipeline/note-arrivals.ts';
import { directTopic } from '../pipeline/packet.ts';
import type { Alert, Reading, SurveyIngest } from '../surveys/survey.ts';

/** Letters, and bytes of packets, that are tried together. */
const GROUP_LETTERS = 200;
const GROUP_BYTES = 64 << 20;
const MAX_TRIES = 8;
const WAIT_MS = 200;

export interface RetryCounts {
  tried: number;
  /** Packets that are stored now. */
  stored: number;
  /** Packets that still cannot be stored; each letter says why. */
  failed: number;
}

/**
 * Tries dead letters again with what the program knows today: sound ones are stored, marked and
 * moved within the ledger, where they stay in the night and partition that they came by; the others
 * keep waiting with the reason of this try. Safe to run twice.
 *
 * @param deadLetterIds - Which; without it all that wait, oldest first.
 * @param onProgress - Called after each group.
 * @throws {NotFoundError} if one of them does not exist, before anything is tried of its group.
 * @throws {UpstreamError} if the schema registry does not answer.
 */
export async function retryDeadLetters(
  context: Context,
  deadLetterIds: readonly bigint[] | undefined,
  onProgress: (counts: Readonly<RetryCounts>) => void = () => undefined,
): Promise<RetryCounts> {
  const tools = SURVEYS.map((name): RetryTools => ({
    survey: openStoringSurvey(context, name),
    packs: openOwnPacks(context, name),
    arrivals: createArrivalNotes(context.db, name),
  }));
  const counts: RetryCounts = { tried: 0, stored: 0, failed: 0 };
  try {
    for await (const letters of groupsOf(context, deadLetterIds)) {
      for (const tool of tools) {
        const own = letters.filter((letter) => letter.survey === tool.survey.survey);
        counts.stored += await retryGroup(context, tool, own);
      }
      counts.tried += letters.length;
      counts.failed = counts.tried - counts.stored;
      onProgress(counts);
    }
  } finally {
    for (const { packs } of tools) await packs.close();
  }
  return counts;
}

/** What letters of one survey are stored with. */
interface RetryTools {
  survey: SurveyIngest;
  packs: CutoutPacks;
  arrivals: ArrivalNotes;
}

interface SoundLetter {
  letter: WholeDeadLetter;
  alerts: Alert[];
}

/** @returns How many were stored. */
async function retryGroup(
  context: Context,
  tools: RetryTools,
  letters: WholeDeadLetter[],
): Promise<number> {
  const sound: SoundLetter[] = [];
  for (const letter of letters) {
    const { alerts, fault } = await readLetter(tools.survey, letter);
    if (fault === undefined) sound.push({ letter, alerts });
    else await markFailedAgain(context.db, letter.deadLetterId, fault.fault, fault.message);
  }
  return storeOrSplit(context, tools, sound);
}

async function readLetter(survey: SurveyIngest, letter: WholeDeadLetter): Promise<Reading<Alert>> {
  const { packet, fault, reason } = letter;
  // What was too long for the database is not there to be tried.
  if (packet.length === 0 && letter.state === 'waiting')
    return { alerts: [], fault: new PacketError(fault as PacketFault, reason) };
  return survey.read(packet);
}

/** Stores letters together, or one by one where the database refuses one of them. */
async function storeOrSplit(
  context: Context,
  tools: RetryTools,
  letters: SoundLetter[],
): Promise<number> {
  if (letters.length === 0) return 0;
  try {
    await storePatiently(context, tools, letters);
    return letters.length;
  } catch (err) {
    if (isRepeatable(err)) throw err;
    if (letters.length === 1) {
      const reason = `it cannot be stored: ${describeError(err)}`;
      await markFailedAgain(context.db, letters[0].letter.deadLetterId, 'invalid_alert', reason);
      return 0;
    }
  }
  let stored = 0;
  for (const letter of letters) stored += await storeOrSplit(context, tools, [letter]);
  return stored;
}

/** Ingest may hold the same objects: the database chooses one of the two to begin again. */
async function storePatiently(
  context: Context,
  tools: RetryTools,
  letters: SoundLetter[],
): Promise<void> {
  const cutouts: BatchCutouts = { places: new Map() };
  for (let tries = 1; ; tries++) {
    try {
      await storeLetters(context, tools, letters, cutouts);
      return;
    } catch (err) {
      if (!isRepeatable(err) || tries === MAX_TRIES) throw err;
      await sleep(tries * WAIT_MS);
    }
  }
}

/**
 * Stores what the letters hold, moves their counts in the ledger from dead to stored or known, and
 * marks them: all in one transaction. Those that somebody else stored meanwhile are passed over.
 */
async function storeLetters(
  { db, now }: Context,
  { survey, packs, arrivals }: RetryTools,
  letters: SoundLetter[],
  cutouts: BatchCutouts,
): Promise<void> {
  const server = await db.server();
  await db.transaction(async (tx) => {
    const ids = letters.map(({ letter }) => letter.deadLetterId);
    const waiting = await lockWaitingDeadLetters(tx, ids);
    const taken = letters.filter(({ letter }) => waiting.has(letter.deadLetterId));
    const work = survey.createWork();
    await work.read(
      tx,
      taken.flatMap(({ alerts }) => alerts),
      { isLocking: true },
    );
    const fresh: NewAlert<Alert>[] = [];
    for (const { letter, alerts } of taken) {
      const counts = { stored: 0, known: 0 };
      for (const [i, alert] of alerts.entries()) {
        const result = work.absorb(alert);
        // Records before the one that was at fault were counted when the packet came.
        if (i >= letter.recordNumber) counts[result]++;
        if (result === 'stored') fresh.push({ alert, packet: placeOf(letter) });
      }
      const { topic, partition, arrivedAt } = letter;
      await moveInLedger(tx, nightOfDate(arrivedAt), { topic, partition, ...counts });
    }
    const withCutouts = fresh.flatMap(({ alert }) =>
      alert.cutouts.some((cutout) => cutout !== null) ? [alert] : [],
    );
    await work.enrich();
    await work.write(tx, server);
    await finishCutouts({ packs, now }, withCutouts, cutouts);
    await writeCutoutRows(tx, server, survey.survey, withCutouts, cutouts);
    await arrivals.write(tx, server, fresh, work.stepReports(), now());
    await work.writeLast(tx);
    await markRetried(tx, [...waiting]);
  });
}

/** Where the packet of a letter came from: one that was fed without Kafka has no offset. */
function placeOf({ survey, topic, partition, offset, arrivedAt }: WholeDeadLetter) {
  return {
    topic,
    partition,
    offset: topic === directTopic(survey) ? null : offset,
    timestampMs: arrivedAt.getTime(),
  };
}

async function* groupsOf(
  { db }: Context,
  deadLetterIds: readonly bigint[] | undefined,
): AsyncGenerator<WholeDeadLetter[]> {
  let group: WholeDeadLetter[] = [];
  let bytes = 0;
  for await (const id of deadLetterIds ?? waitingIds(db)) {
    const letter = await selectDeadLetter(db, id);
    group.push(letter);
    bytes += letter.packetBytes;
    if (group.length < GROUP_LETTERS && bytes < GROUP_BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

/** Those that wait now: one that fails is not met twice. */
async function* waitingIds(db: Context['db']): AsyncGenerator<bigint> {
  let after = 0n;
  for (;;) {
    const ids = await selectWaitingDeadLetters(db, after, GROUP_LETTERS);
    if (ids.length === 0) return;
    yield* ids;
    after = ids[ids.length - 1];
  }
}
