import { isSpokenOf } from './apply-rules.ts';
import type { Neighbour } from './neighbour.ts';
import { ONE_SOURCE, TRUST } from './rules.ts';

/**
 * Entries of several catalogues that are one source on the sky, together.
 *
 * @returns Each source's entries, those first that say best what it is.
 */
export function mergeNeighbours(neighbours: readonly Neighbour[]): Neighbour[][] {
  const sources: Neighbour[][] = [];
  for (const neighbour of [...neighbours].sort(byTrust)) {
    // Where the alert gives no direction, its distance to any entry has to do.
    const same = sources.filter((entries) =>
      (neighbour.offset === null ? entries : entries.slice(0, 1)).some((entry) =>
        isOneSource(entry, neighbour),
      ),
    );
    same.sort((a, b) => apartFrom(a, neighbour) - apartFrom(b, neighbour));
    if (same.length > 0) same[0].push(neighbour);
    else sources.push([neighbour]);
  }
  return sources;
}

function byTrust(a: Neighbour, b: Neighbour): number {
  return (
    trustOf(a) - trustOf(b) ||
    Number(a.isFromPacket) - Number(b.isFromPacket) ||
    a.separationArcsec - b.separationArcsec ||
    (a.catalogue < b.catalogue ? -1 : a.catalogue > b.catalogue ? 1 : 0)
  );
}

function trustOf({ facts }: Neighbour): number {
  const place = TRUST.findIndex((condition) => isSpokenOf(condition, facts));
  return place < 0 ? TRUST.length : place;
}

function isOneSource(a: Neighbour, b: Neighbour): boolean {
  const [starlike, extended] = [isStar(a) || isStar(b), isGalaxy(a) || isGalaxy(b)];
  if (a.facts.type === 'solar-system' || b.facts.type === 'solar-system') return false;
  // Catalogues tell stars apart; galaxies they break up.
  if (a.catalogue === b.catalogue && (starlike || a.offset === null)) return false;
  if (extended && (a.facts.isConfirmedStar || b.facts.isConfirmedStar)) return false;
  if (a.offset === null || b.offset === null) {
    return apartArcsec(a, b) <= ONE_SOURCE.distancesArcsec;
  }
  if (starlike && extended) return apartArcsec(a, b) <= ONE_SOURCE.starAndGalaxyArcsec;
  if (!isGalaxy(a) || !isGalaxy(b)) return apartArcsec(a, b) <= ONE_SOURCE.arcsec;
  const size = Math.max(a.facts.semiMajorArcsec ?? 0, b.facts.semiMajorArcsec ?? 0);
  const across = Math.min(ONE_SOURCE.galaxiesArcsec, ONE_SOURCE.semiMajorAxes * size);
  return apartArcsec(a, b) <= Math.max(ONE_SOURCE.arcsec, across);
}

function isStar({ facts }: Neighbour): boolean {
  return facts.type === 'star' || facts.type === 'variable' || facts.type === 'cv';
}

function isGalaxy({ facts }: Neighbour): boolean {
  return facts.type === 'galaxy' || facts.type === 'agn';
}

function apartFrom(entries: readonly Neighbour[], neighbour: Neighbour): number {
  return Math.min(...entries.map((entry) => apartArcsec(entry, neighbour)));
}

/** How far apart two neighbours are; at least so far, where a direction is not known. */
function apartArcsec(a: Neighbour, b: Neighbour): number {
  if (a.offset === null || b.offset === null) {
    return Math.abs(a.separationArcsec - b.separationArcsec);
  }
  return Math.hypot(
    a.offset.northArcsec - b.offset.northArcsec,
    a.offset.eastArcsec - b.offset.eastArcsec,
  );
}
