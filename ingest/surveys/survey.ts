import type { Survey } from '../../common/config.ts';
import type { PacketError } from '../../common/errors.ts';
import type { ServerKind, Transaction } from '../../common/store/database.ts';

/** What the pipeline needs to know of any alert; each survey's own type has more. */
export interface Alert {
  /** candid or diaSourceId. */
  id: bigint;
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
 * The work on one batch at a time, within its transaction: `begin`, `absorb` for each alert in
 * order, `write`. `begin` forgets whatever an earlier, failed try has left.
 */
export interface BatchWork<A extends Alert> {
  /** Reads and locks what is known of the batch's objects. */
  begin(tx: Transaction, alerts: readonly A[]): Promise<void>;
  /** Takes in what is new of an alert; says whether the alert itself was stored before. */
  absorb(alert: A): 'stored' | 'known';
  /** Sends all that is new to the database. */
  write(tx: Transaction, server: ServerKind): Promise<void>;
}
