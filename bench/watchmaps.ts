import { hpx29 } from '../common/astro/healpix.ts';
import { fromIntervals } from '../common/moc/from-intervals.ts';
import { matchPositions, orderOnSky } from '../common/moc/match-positions.ts';
import { bigintOfKey, keyOfCell } from '../common/moc/cell-keys.ts';
import { rangeCount } from '../common/moc/moc.ts';
import type { Moc } from '../common/moc/moc.ts';
import { createRandom, uniform } from '../ingest/simulate/random.ts';

const OBJECTS = 1_000;
const BATCHES = 200;
const ORDER = 11;

const source = createRandom(1);
const random = () => uniform(source);
const batch = () =>
  Array.from({ length: OBJECTS }, () => ({
    ra: 360 * random(),
    decl: (Math.asin(2 * random() - 1) * 180) / Math.PI,
  }));

/** One cell of an order in each of so many equal stretches of the sky's order. */
function scattered(count: number): Moc {
  const cells = 12 * 4 ** ORDER;
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const cell = Math.floor((cells * (i + 0.4 * random())) / count);
    starts[i] = keyOfCell(ORDER, cell);
    ends[i] = keyOfCell(ORDER, cell + 1);
  }
  return fromIntervals(starts, ends, ORDER).moc;
}

/** A stretch of so many cells. */
function patch(): Moc {
  const first = Math.floor(12 * 4 ** ORDER * 0.99 * random());
  const starts = Float64Array.from({ length: 50 }, (_, i) => keyOfCell(ORDER, first + 3 * i));
  const ends = Float64Array.from({ length: 50 }, (_, i) => keyOfCell(ORDER, first + 3 * i + 2));
  return fromIntervals(starts, ends, ORDER).moc;
}

function countHits(positions: ReturnType<typeof batch>, mocs: readonly Moc[]): number {
  let hits = 0;
  const ordered = orderOnSky(positions);
  for (const moc of mocs) matchPositions(ordered, moc, () => hits++);
  return hits;
}

function bruteForce(positions: ReturnType<typeof batch>, { bounds }: Moc): number {
  const ranges = new BigUint64Array(bounds.length).map((_, i) => bigintOfKey(bounds[i]));
  return positions.filter(({ ra, decl }) => {
    const cell = hpx29(ra, decl);
    for (let i = 0; i < ranges.length; i += 2) {
      if (cell >= ranges[i] && cell < ranges[i + 1]) return true;
    }
    return false;
  }).length;
}

/** What some watchmaps cost. */
export interface WatchmapCost {
  watchmaps: number;
  /** Of each. */
  ranges: number;
  /** CPU of a batch of 1,000 objects. */
  msPerBatch: number;
  /** In all batches. */
  hits: number;
}

/**
 * What watchmaps cost a batch of 1,000 objects all over the sky: one of a million ranges, and a thousand
 * small ones.
 *
 * @throws {Error} if brute force finds other objects within the large one.
 */
export function benchWatchmaps(): WatchmapCost[] {
  const million = scattered(1_000_000);
  const sample = batch().slice(0, 100);
  const [found, expected] = [countHits(sample, [million]), bruteForce(sample, million)];
  if (found !== expected) throw new Error(`${found} hits, and brute force finds ${expected}`);
  return [[million], Array.from({ length: 1_000 }, patch)].map((mocs) => {
    const batches = Array.from({ length: BATCHES }, batch);
    countHits(batches[0], mocs);
    const before = process.cpuUsage();
    let hits = 0;
    for (const positions of batches) hits += countHits(positions, mocs);
    const { user, system } = process.cpuUsage(before);
    const msPerBatch = (user + system) / 1_000 / BATCHES;
    return { watchmaps: mocs.length, ranges: rangeCount(mocs[0]), msPerBatch, hits };
  });
}
