import { separationArcsec } from '../../common/astro/coordinates.ts';
import type { Survey } from '../../common/config.ts';
import type { ObjectContext } from '../../common/features/object-context.ts';
import type { Queries, ServerKind, Transaction } from '../../common/store/database.ts';

/** What is worked out for objects after their detections: names as in `glint.stale_objects`. */
export type StepName =
  'features' | 'fit' | 'context' | 'tns' | 'other-survey' | 'watchlists' | 'watchmaps';

/** An object by its place, with what the survey's own packet says of what is there. */
export interface PlacedObject {
  /** objectId, or diaObjectId in decimal digits. */
  id: string;
  /** Mean position, degrees, ICRS. */
  ra: number;
  decl: number;
  /** ZTF's `candidate` or Rubin's `diaSource` of the newest alert, as it came; null if not at hand. */
  newestAlert: Readonly<Record<string, unknown>> | null;
}

/** Whether there is anything to look around: nothing else has surroundings. Degrees. */
export function isPlaced({ ra, decl }: { ra: number | null; decl: number | null }): boolean {
  return Number.isFinite(ra) && Number.isFinite(decl);
}

/** An object that has moved farther than this since its surroundings were looked at is new to them. */
const MOVED_ARCSEC = 0.5;

/** Whether what was found around one place must be looked for again at another. Degrees. */
export function hasMoved(
  from: Pick<PlacedObject, 'ra' | 'decl'>,
  to: Pick<PlacedObject, 'ra' | 'decl'>,
): boolean {
  return separationArcsec(from.ra, from.decl, to.ra, to.decl) > MOVED_ARCSEC;
}

/** What a step found out, not yet written. */
export interface Findings {
  /** What is now known of each object, by id, for its features and for columns of `objects`. */
  facts: ReadonlyMap<string, Partial<ObjectContext>>;
  /** Writes the step's own tables, in the transaction of the batch. Safe to run again. */
  write(tx: Transaction, server: ServerKind): Promise<void>;
}

/**
 * Something that depends on where an object is: worked out by ingest for what is new in each batch,
 * and by the scheduler for what is stale. `find` only reads, and is called ahead, while the batch
 * before is being stored; it must cost a few statements for all objects together, never one each.
 */
export interface Step {
  name: StepName;
  /** What takes longer than this counts as failed, milliseconds; 20 s by default. */
  limitMs?: number;
  /**
   * Whether it is asked about all objects whose place has changed at all; where nothing is said, about
   * those that are new or have moved as far as `hasMoved` says.
   */
  isExact?: boolean;
  find(db: Queries, survey: Survey, objects: readonly PlacedObject[]): Promise<Findings>;
}
