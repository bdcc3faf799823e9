import type { Survey } from '../../common/config.ts';
import type { PacketError } from '../../common/errors.ts';
import type { StepReport } from '../../common/store/batches.ts';
import type { Queries, ServerKind, Transaction } from '../../common/store/database.ts';

/** What the pipeline needs to know of any alert; each survey's own type has more. */
export interface Alert {
  /** candid or diaSourceId. */
  id: bigint;
  /** objectId, or diaObjectId in digits; null for what belongs to no object of the survey. */
  objectId: string | null;
  /** When the telescope saw it: Unix time, milliseconds UTC. */
  observedAtMs: number;
  /** Science, template, difference, as the packet carries them. */
  cutouts: readonly (Uint8Array | null)[];
}

/** What a packet held: its sound alerts and, where one record could not be read, why. */
export interface Reading<A extends Alert> {
  alerts: A[];
  fault?: PacketError;
}

/** A survey: how its packets are read, and how what they say is stored. */
export interface SurveyIngest<A extends Alert = Alert> {
  survey: Survey;
  /**
   * Decodes one packet. Answers at once unless a schema has to be fetched first.
   *
   * @throws {UpstreamError} (as a rejection) if the schema registry does not answer.
   */
  read(packet: Buffer): Reading<A> | Promise<Reading<A>>;
  createWork(): BatchWork<A>;
}

/**
 * The work on one batch: `read`, then `absorb` for each alert in order, then `enrich`, all possible
 * while the batch before is still being stored; then, in the batch's own transaction, `lock` and
 * `write`. It is used again for a later batch: `read` forgets the earlier one.
 */
export interface BatchWork<A extends Alert> {
  /**
   * Reads what is known of the batch's objects.
   *
   * @param before - The batch that is being stored meanwhile: what it changes is taken from there.
   * @param isLocking - Within a transaction: locks the rows too, so that `lock` is not needed.
   */
  read(
    db: Queries,
    alerts: readonly A[],
    options: { before?: BatchWork<A>; isLocking?: boolean },
  ): Promise<void>;
  /** Takes in what is new of an alert; says whether the alert itself was stored before. */
  absorb(alert: A): 'stored' | 'known';
  /** Works out what the objects are now: their surroundings where these are new, and features. */
  enrich(): Promise<void>;
  /** Locks the objects until the transaction ends; false if one is no longer as `read` saw it. */
  lock(tx: Transaction): Promise<boolean>;
  /** Sends all that is new to the database. Once per `read`. */
  write(tx: Transaction, server: ServerKind): Promise<void>;
  /** What only many processes contend for: last in the transaction. Once per `read`. */
  writeLast(tx: Transaction): Promise<void>;
  /** What each step did for the objects of this batch, so far. */
  stepReports(): StepReport[];
  /** Called when the transaction has been committed. */
  committed(): void;
}
