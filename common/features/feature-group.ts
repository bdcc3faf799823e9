import type { Column } from '../schema/types.ts';
import type { ObjectContext } from './object-context.ts';

/** NaN and the infinities are stored as NULL. */
export type FeatureValue = number | bigint | string | null;

/**
 * A group of columns of `objects` that belong together, worked out by one module from everything
 * stored of the object: what it gives, and where the definition comes from.
 */
export interface FeatureGroup<Curve> {
  name: string;
  /** What it gives, in the order of its values. */
  columns: readonly Column[];
  /** Paper, standard or formula that defines it. */
  source: string;
  /**
   * `newest`: copied from the newest packet; NULL leaves what is stored. `fit`: costs milliseconds
   * and is worked out only where `isDue` says so; everything else is worked out for every alert.
   */
  kind?: 'newest' | 'fit';
  /** Whether a `fit` is worth its cost for this object; where it is not, its columns are NULL. */
  isDue?(curve: Curve, context: ObjectContext): boolean;
  /**
   * Values in the order of `columns`. Must not throw for any light curve: empty, one point, equal
   * times, NaN. NULL or NaN where there is no answer.
   */
  compute(curve: Curve, context: ObjectContext): FeatureValue[];
}

/** Names of the columns that these groups give, in order. */
export function featureNames(groups: readonly FeatureGroup<never>[]): string[] {
  return groups.flatMap((group) => group.columns.map((column) => column.name));
}
