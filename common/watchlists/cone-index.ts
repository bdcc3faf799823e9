import { addConeCells, CELL_COUNT, CELL_LEVEL } from '../astro/cone-cells.ts';
import { separationArcsec } from '../astro/coordinates.ts';
import { hpx29Halves } from '../astro/healpix.ts';
import { ascendingOrder } from './sort-cells.ts';
import { MAX_HITS_OF_OBJECT, MAX_RADIUS_ARCSEC } from './watchlist.ts';

/** Largest radius of each class, arcsec: cones of a class are looked up by squares of one size. */
const CLASS_LIMITS = [2, 10, 60, 360, MAX_RADIUS_ARCSEC];
/** Sources that a square may hold on average: with wider squares a place lies in fewer of them. */
const SQUARE_SOURCES = 0.25;
/** Bits of an order-29 number below a cell, of those in its lower half. */
const LOW_SHIFT = 2 * CELL_LEVEL;
/** Degrees by which declinations of what is near may differ more than the radius, for rounding. */
const SLACK_DEG = 1e-9;

/** Cones in the order of the sky, 36 bytes each. Those of a class stand together. */
export interface ConeIndex {
  count: number;
  /** Where each class begins, and the last ends. */
  starts: readonly number[];
  /** HEALPix cell of the source, order 24. */
  cell: Float64Array;
  /** Degrees, ICRS. */
  ra: Float64Array;
  decl: Float64Array;
  radiusArcsec: Float32Array;
  coneId: Int32Array;
  watchlistId: Int32Array;
}

/** Cones as they come, in parallel arrays. */
export interface LooseCones {
  watchlistId: number[];
  coneId: number[];
  /** Degrees, ICRS. */
  ra: number[];
  decl: number[];
  /** That of the source or of its list. */
  radiusArcsec: number[];
}

/** An object and a source that it is near to. */
export interface ConeHit {
  /** Which of the places. */
  place: number;
  watchlistId: number;
  coneId: number;
  arcsec: number;
}

export const NO_CONES: ConeIndex = emptyIndex(0);

export function noLooseCones(): LooseCones {
  return { watchlistId: [], coneId: [], ra: [], decl: [], radiusArcsec: [] };
}

/** Puts cones into the order of the sky. */
export function indexCones(cones: LooseCones): ConeIndex {
  const count = cones.coneId.length;
  const cell = new Float64Array(count);
  for (let i = 0; i < count; i++) cell[i] = cellOf(cones.ra[i], cones.decl[i]);
  const order = ascendingOrder(cell);
  const radii = Float32Array.from(cones.radiusArcsec);
  const index = emptyIndex(count);
  const starts = [0];
  let at = 0;
  for (let size = 0; size < CLASS_LIMITS.length; size++) {
    for (let i = 0; i < count; i++) {
      const from = order[i];
      if (classOf(radii[from]) !== size) continue;
      index.cell[at] = cell[from];
      index.ra[at] = cones.ra[from];
      index.decl[at] = cones.decl[from];
      index.radiusArcsec[at] = radii[from];
      index.coneId[at] = cones.coneId[from];
      index.watchlistId[at] = cones.watchlistId[from];
      at++;
    }
    starts.push(at);
  }
  return { ...index, starts };
}

/**
 * Another index, without some lists and with others: one pass over both, whatever came before.
 *
 * @param without - Lists that are left out of `index`.
 */
export function mergeCones(
  index: ConeIndex,
  without: ReadonlySet<number>,
  added: ConeIndex,
): ConeIndex {
  let kept = index.count;
  if (without.size > 0) {
    kept = 0;
    for (let i = 0; i < index.count; i++) if (!without.has(index.watchlistId[i])) kept++;
  }
  const merged = emptyIndex(kept + added.count);
  const starts = [0];
  let to = 0;
  const take = (from: ConeIndex, at: number) => {
    merged.cell[to] = from.cell[at];
    merged.ra[to] = from.ra[at];
    merged.decl[to] = from.decl[at];
    merged.radiusArcsec[to] = from.radiusArcsec[at];
    merged.coneId[to] = from.coneId[at];
    merged.watchlistId[to++] = from.watchlistId[at];
  };
  for (let size = 0; size < CLASS_LIMITS.length; size++) {
    let next = added.starts[size];
    const end = added.starts[size + 1];
    for (let at = index.starts[size]; at < index.starts[size + 1]; at++) {
      if (without.has(index.watchlistId[at])) continue;
      while (next < end && added.cell[next] < index.cell[at]) take(added, next++);
      take(index, at);
    }
    while (next < end) take(added, next++);
    starts.push(to);
  }
  return { ...merged, starts };
}

/**
 * The sources whose cones hold each of these places, by the distance on the sphere.
 *
 * @param places - Degrees, ICRS; those that are no places on the sky find nothing.
 * @returns Of each place and list the `MAX_HITS_OF_OBJECT` nearest, by place; in no order otherwise.
 */
export function findHits(
  index: ConeIndex,
  places: readonly { ra: number; decl: number }[],
): ConeHit[] {
  const hits: ConeHit[] = [];
  const bounds: number[] = [];
  const classes = CLASS_LIMITS.flatMap((limit, size) => {
    const count = index.starts[size + 1] - index.starts[size];
    return count === 0 ? [] : [{ limit, size, level: levelOf(count) }];
  });
  for (const [place, { ra, decl }] of places.entries()) {
    if (!(Number.isFinite(ra) && decl >= -90 && decl <= 90)) continue;
    const before = hits.length;
    for (const { limit, size, level } of classes) {
      bounds.length = 0;
      addConeCells(ra, decl, limit, level, bounds);
      const end = index.starts[size + 1];
      for (let b = 0; b < bounds.length; b += 2) {
        const last = bounds[b + 1];
        let at = firstFrom(index.cell, index.starts[size], end, bounds[b]);
        for (; at < end && index.cell[at] <= last; at++) {
          const radius = index.radiusArcsec[at];
          if (Math.abs(index.decl[at] - decl) > radius / 3_600 + SLACK_DEG) continue;
          const arcsec = separationArcsec(index.ra[at], index.decl[at], ra, decl);
          if (arcsec > radius) continue;
          const { watchlistId, coneId } = index;
          hits.push({ place, watchlistId: watchlistId[at], coneId: coneId[at], arcsec });
        }
      }
    }
    if (hits.length - before > MAX_HITS_OF_OBJECT) keepNearest(hits, before);
  }
  return hits;
}

/**
 * Ranges of `hpx29` that hold all that is near to any of the cones, and more: ascending and apart.
 *
 * @returns First and last cells of order 24, by turns.
 */
export function coveredCells(index: ConeIndex): Float64Array {
  const bounds: number[] = [];
  for (let i = 0; i < index.count; i++) {
    addConeCells(index.ra[i], index.decl[i], index.radiusArcsec[i], 0, bounds);
  }
  const firsts = Float64Array.from({ length: bounds.length / 2 }, (_, i) => bounds[2 * i]);
  const joined = new Float64Array(bounds.length);
  let length = 0;
  for (const at of ascendingOrder(firsts)) {
    const [first, last] = [bounds[2 * at], bounds[2 * at + 1]];
    if (length > 0 && first <= joined[length - 1] + 1) {
      joined[length - 1] = Math.max(joined[length - 1], last);
    } else {
      joined[length++] = first;
      joined[length++] = last;
    }
  }
  return joined.slice(0, length);
}

function emptyIndex(count: number): ConeIndex {
  return {
    count,
    starts: CLASS_LIMITS.map(() => 0).concat(0),
    cell: new Float64Array(count),
    ra: new Float64Array(count),
    decl: new Float64Array(count),
    radiusArcsec: new Float32Array(count),
    coneId: new Int32Array(count),
    watchlistId: new Int32Array(count),
  };
}

function cellOf(ra: number, decl: number): number {
  const { high, low } = hpx29Halves(ra, decl);
  return high * 2 ** (32 - LOW_SHIFT) + (low >>> LOW_SHIFT);
}

function classOf(radiusArcsec: number): number {
  const size = CLASS_LIMITS.findIndex((limit) => radiusArcsec <= limit);
  if (size < 0) throw new RangeError(`no cone has a radius of ${radiusArcsec} arcsec`);
  return size;
}

/** Level of squares, for `addConeCells`, that hold as many of so many sources as they may. */
function levelOf(count: number): number {
  return CELL_LEVEL + Math.max(0, Math.floor(Math.log2((SQUARE_SOURCES * CELL_COUNT) / count) / 2));
}

function firstFrom(cells: Float64Array, from: number, to: number, cell: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cells[middle] < cell) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Leaves of the hits from `first` on, which are of one place, the nearest of each list. */
function keepNearest(hits: ConeHit[], first: number): void {
  const ofPlace = hits.splice(first);
  ofPlace.sort((a, b) => a.arcsec - b.arcsec || a.coneId - b.coneId);
  const kept = new Map<number, number>();
  for (const hit of ofPlace) {
    const count = kept.get(hit.watchlistId) ?? 0;
    if (count >= MAX_HITS_OF_OBJECT) continue;
    kept.set(hit.watchlistId, count + 1);
    hits.push(hit);
  }
}
