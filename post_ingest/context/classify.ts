import type { Association } from './rank-associations.ts';
import type { Association as AssociationType } from './rules.ts';

export type Classification = AssociationType | 'ORPHAN';

/** What an object is by what lies around it. */
export interface ObjectClass {
  /** Null where nobody looked. */
  classification: Classification | null;
  /** The association that says so. */
  best: Association | null;
}

/**
 * The class of an object: that of its best association; ORPHAN without one, where galaxies were
 * looked for.
 */
export function classify(associations: readonly Association[], hasSearched: boolean): ObjectClass {
  const [best] = associations;
  if (best !== undefined) return { classification: best.match.association, best };
  return { classification: hasSearched ? 'ORPHAN' : null, best: null };
}
