import type { Survey } from '../../common/config.ts';
import { SURVEYS } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import type { PacketFault } from '../../common/errors.ts';
import { PacketError } from '../../common/errors.ts';
import {
  markFailedAgain,
  markRetried,
  selectDeadLetter,
  selectWaitingDeadLetters,
} from '../../common/store/dead-letters.ts';
import type { WholeDeadLetter } from '../../common/store/dead-letters.ts';
import { openFeed } from '../feed.ts';
import { openSurvey } from '../surveys/surveys.ts';
import type { SurveyIngest } from '../surveys/survey.ts';

/** Letters, and bytes of packets, that are tried together. */
const GROUP_LETTERS = 200;
const GROUP_BYTES = 64 << 20;

export interface RetryCounts {
  tried: number;
  /** Packets that are stored now. */
  stored: number;
  /** Packets that still cannot be stored; each letter says why. */
  failed: number;
}

/**
 * Tries dead letters again with what the program knows today: sound ones go through the pipeline as
 * packets without Kafka, since the stream has passed them, and are marked; the others keep waiting
 * with the reason of this try. Safe to run twice.
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
  const { config, log } = context;
  const surveys = new Map(SURVEYS.map((survey) => [survey, openSurvey(survey, config, log)]));
  const counts: RetryCounts = { tried: 0, stored: 0, failed: 0 };
  for await (const letters of groupsOf(context, deadLetterIds)) {
    for (const [name, survey] of surveys) {
      const own = letters.filter((letter) => letter.survey === name);
      if (own.length > 0) counts.stored += await retryGroup(context, survey, own);
    }
    counts.tried += letters.length;
    counts.failed = counts.tried - counts.stored;
    onProgress(counts);
  }
  return counts;
}

/** @returns How many were stored. */
async function retryGroup(
  context: Context,
  survey: SurveyIngest,
  letters: WholeDeadLetter[],
): Promise<number> {
  const { db } = context;
  const sound: WholeDeadLetter[] = [];
  for (const letter of letters) {
    const fault = await faultOf(survey, letter);
    if (fault === undefined) sound.push(letter);
    else await markFailedAgain(db, letter.deadLetterId, fault.fault, fault.message);
  }
  const isStored = await feedAll(context, survey.survey, sound);
  const stored = isStored ? sound : [];
  if (!isStored && sound.length === 1) {
    const [{ deadLetterId }] = sound;
    await markFailedAgain(db, deadLetterId, 'invalid_alert', 'the database refused it again');
  } else if (!isStored) {
    // One of them is refused by the database: alone, each shows whether it is the one.
    for (const letter of sound)
      if (await retryGroup(context, survey, [letter])) stored.push(letter);
    return stored.length;
  }
  await markRetried(
    db,
    stored.map(({ deadLetterId }) => deadLetterId),
  );
  return stored.length;
}

async function faultOf(
  survey: SurveyIngest,
  { packet, fault, reason }: WholeDeadLetter,
): Promise<PacketError | undefined> {
  // What was too long for the database is not there to be tried.
  if (packet.length === 0) return new PacketError(fault as PacketFault, reason);
  return (await survey.read(packet)).fault;
}

/** @returns Whether the database took all of them. */
async function feedAll(
  context: Context,
  survey: Survey,
  letters: WholeDeadLetter[],
): Promise<boolean> {
  if (letters.length === 0) return true;
  const feed = openFeed(context, survey);
  try {
    await feed.push(letters.map(({ packet }) => packet));
  } finally {
    await feed.finish();
  }
  return feed.stats().deadLettered === 0;
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
