import { matchesAt } from './apply-rules.ts';
import type { RuleMatch } from './apply-rules.ts';
import { chanceOfGalaxy } from './chance.ts';
import type { SourceDistance } from './distances.ts';
import { mergeNeighbours } from './merge-neighbours.ts';
import type { Neighbour } from './neighbour.ts';
import {
  MOST_ASSOCIATIONS,
  PACKET_SCORE,
  SCORE_SPAN,
  SCORE_SPAN_KPC,
  SYNONYM_SCORE,
} from './rules.ts';

/** A source that an object may belong to. */
export interface Association {
  /** Its entries in catalogues, those first that say best what it is. */
  entries: readonly [Neighbour, ...Neighbour[]];
  /** The entry nearest to the object, of a catalogue if there is one: its position counts. */
  nearest: Neighbour;
  /** Rule that associates it, and what it makes the object. */
  match: RuleMatch;
  /** Best distance among the entries, and the entry it is from. */
  distance: (SourceDistance & { entry: Neighbour }) | null;
  physicalKpc: number | null;
  /** What associations are ordered by, the smallest first. */
  score: number;
}

/**
 * The sources that an object may belong to by the rules, the best first.
 *
 * @param neighbours - Everything near it, from all catalogues and the alert itself.
 */
export function rankAssociations(neighbours: readonly Neighbour[]): Association[] {
  const near = neighbours.filter(
    ({ facts, separationArcsec }) => matchesAt(facts, separationArcsec).length > 0,
  );
  return mergeNeighbours(near)
    .map(([first, ...others]) => associate([first, ...others]))
    .sort(
      (a, b) =>
        a.score - b.score ||
        a.nearest.separationArcsec - b.nearest.separationArcsec ||
        (a.entries[0].source.id < b.entries[0].source.id ? -1 : 1),
    )
    .slice(0, MOST_ASSOCIATIONS);
}

function associate(entries: [Neighbour, ...Neighbour[]]): Association {
  const nearest = nearestOf(entries);
  const { type } = entries[0].facts;
  // Entries of another type say something else of the same source, and are not believed.
  const believed = entries.filter(({ facts }) => facts.type === type);
  const distance = bestDistance(believed);
  const physicalKpc = distance && distance.kpcPerArcsec * nearest.separationArcsec;
  const scored = believed.flatMap((entry) => {
    // An alert's distance may be smaller than the position that is believed.
    const apart = Math.min(entry.separationArcsec, nearest.separationArcsec);
    return matchesAt(entry.facts, apart).map((match) => ({
      match,
      score: scoreOf(match, entry, apart, physicalKpc),
    }));
  });
  const best = scored.reduce((a, b) => (b.score < a.score ? b : a));
  return { entries, nearest, distance, physicalKpc, ...best };
}

/** Positions of catalogues are better than distances that an alert names. */
function nearestOf(entries: readonly Neighbour[]): Neighbour {
  const listed = entries.filter(({ isFromPacket }) => !isFromPacket);
  const positions = listed.length > 0 ? listed : entries;
  return positions.reduce((a, b) => (b.separationArcsec < a.separationArcsec ? b : a));
}

function bestDistance(entries: readonly Neighbour[]): Association['distance'] {
  for (const kind of ['direct', 'spec', 'phot'] as const) {
    const entry = entries.find(({ facts }) => facts.distance?.kind === kind);
    if (entry?.facts.distance) return { ...entry.facts.distance, entry };
  }
  return null;
}

function scoreOf(
  { rule, radiusArcsec, reliability }: RuleMatch,
  { facts, isFromPacket }: Neighbour,
  separationArcsec: number,
  physicalKpc: number | null,
): number {
  const packet = isFromPacket ? PACKET_SCORE : 0;
  const synonym = reliability === 1 ? SYNONYM_SCORE * separationArcsec : 0;
  return 1_000 * reliability + rule.score.base + packet + synonym + growth();

  function growth(): number {
    switch (rule.score.grows) {
      case 'arcsec':
        return separationArcsec;
      case 'kpc':
        return SCORE_SPAN * Math.min(1, (physicalKpc ?? 0) / SCORE_SPAN_KPC);
      case 'fraction':
        return SCORE_SPAN * Math.min(1, separationArcsec / Math.max(radiusArcsec, 1e-6));
      case 'chance':
        return SCORE_SPAN * chanceOfGalaxy(facts.mag, separationArcsec);
    }
  }
}
