import { SURVEYS } from '../config.ts';
import { storeAnnotations } from '../store/annotations/annotations.ts';
import type { Stored } from '../store/annotations/annotations.ts';
import { lockAnnotators } from '../store/annotations/annotators.ts';
import type { AnnotatorRights } from '../store/annotations/annotators.ts';
import type { Database, Transaction } from '../store/database.ts';
import { repeatTransaction } from '../store/repeat.ts';
import type { SurveyAnnotation } from './annotation.ts';

/** Who sends annotations. */
export interface Sender {
  userId: number;
  /** Login name, for messages. */
  name: string;
  /** Set where the key of an annotator was shown: then only that one is written as. */
  topic?: string;
}

/** What became of one annotation: stored, or why not. */
export type Outcome = Stored | { problem: string };

/** An annotation on its way in. */
export interface Incoming extends SurveyAnnotation {
  /** When it came, or Kafka took it: Unix time, milliseconds. */
  arrivedAtMs: number;
}

/**
 * Stores the annotations that the sender may write, in one transaction.
 *
 * @param options.isWhole - Whether one that is refused keeps all others out too.
 * @returns What became of each, in the order given; where `isWhole` and one has a problem, nothing was
 *   stored.
 */
export async function takeAnnotations(
  db: Database,
  sender: Sender,
  given: readonly Incoming[],
  now: Date,
  { isWhole }: { isWhole: boolean },
): Promise<Outcome[]> {
  if (given.length === 0) return [];
  // A commit whose answer was lost is repeated: then all of it is known as said a moment ago.
  return repeatTransaction(db, async (tx) => {
    const rights = await lockAnnotators(
      tx,
      given.map(({ annotation }) => annotation.topic),
    );
    const problems = given.map(({ annotation: { topic } }) =>
      rightsProblem(topic, rights.get(topic), sender),
    );
    if (isWhole && problems.some((problem) => problem !== undefined)) {
      return problems.map((problem) => ({ problem: problem ?? '' }));
    }
    return storeAllowed(tx, given, problems, now);
  });
}

/**
 * Stores those without a problem, those of each survey together.
 *
 * @param tx - With the rows of their annotators locked.
 */
export async function storeAllowed(
  tx: Transaction,
  given: readonly Incoming[],
  problems: readonly (string | undefined)[],
  now: Date,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = problems.map((problem) => ({ problem: problem ?? '' }));
  for (const survey of SURVEYS) {
    const places = given.flatMap((one, i) =>
      one.survey === survey && problems[i] === undefined ? [i] : [],
    );
    if (places.length === 0) continue;
    const stored = await storeAnnotations(
      tx,
      survey,
      places.map((i) => given[i]),
      now,
    );
    places.forEach((place, i) => (outcomes[place] = stored[i]));
  }
  return outcomes;
}

/** Why somebody may not write as an annotator, in Lasair's words; undefined where they may. */
export function rightsProblem(
  topic: string,
  rights: AnnotatorRights | undefined,
  sender: Sender,
): string | undefined {
  const isOwn = rights?.userId === sender.userId;
  if (rights === undefined || !(isOwn || rights.isPublic)) {
    return `Annotator error: topic ${topic} does not exist`;
  }
  if (!isOwn || (sender.topic !== undefined && sender.topic !== topic)) {
    return `Annotator error: ${sender.name} is not allowed to submit to topic ${topic}`;
  }
  return activityProblem(topic, rights);
}

/** Why nobody may write as an annotator now. */
export function activityProblem(
  topic: string,
  rights: AnnotatorRights | undefined,
): string | undefined {
  if (rights === undefined) return `Annotator error: topic ${topic} does not exist`;
  if (rights.isActive) return undefined;
  return `Annotator error: topic ${topic} is not active -- its owner can switch it on at /annotators/${topic}/`;
}
