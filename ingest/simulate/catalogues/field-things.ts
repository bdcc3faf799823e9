import { createNeighbour } from '../neighbours.ts';
import { choose, createRandom, exponential, uniform } from '../random.ts';
import type { SourceKind } from '../source-weights.ts';
import { describeThing, fieldShape } from './known-thing.ts';
import type { KnownThing } from './known-thing.ts';

export const POPULATIONS = ['star', 'galaxy', 'agn', 'variable', 'cv'] as const;
export type Population = (typeof POPULATIONS)[number];

const FIRST_SERIAL = 3e15;
const SERIALS = 1e14;
const FIRST_OBJECT_ID = 300_000_000_000_000_000n;
const VARIABLES: readonly (readonly [SourceKind, number])[] = [
  ['rrLyrae', 1],
  ['eclipsing', 3],
];

/**
 * A thing of the wide sky that has nothing to do with any night: spread evenly over the sphere, to
 * make catalogues as large as real ones.
 *
 * @param limit - Faintest magnitude in r.
 */
export function fieldThing(
  seed: number,
  population: Population,
  index: number,
  limit: number,
): KnownThing {
  const number = POPULATIONS.indexOf(population);
  const random = createRandom(seed, number, index, 0x46494c4c);
  const place = {
    ra: uniform(random, 0, 360),
    dec: (Math.asin(uniform(random, -1, 1)) * 180) / Math.PI,
    serial: FIRST_SERIAL + number * SERIALS + index,
    objectId: FIRST_OBJECT_ID + BigInt(number * SERIALS + index),
  };
  switch (population) {
    case 'star':
    case 'galaxy':
      return describeThing(random, place, fieldShape(random, population === 'star', limit));
    case 'agn': {
      const r = Math.max(13, limit - exponential(random, 0.8));
      const isStar = uniform(random) < 0.7;
      const shape = { r, isStar, gMinusR: uniform(random, 0.05, 0.45), offsetArcsec: 0 };
      return describeThing(random, place, createNeighbour(random, shape), { kind: 'agn' });
    }
    case 'variable': {
      const kind = choose(random, VARIABLES);
      return describeThing(random, place, fieldShape(random, true, limit), { kind });
    }
    case 'cv': {
      const shape = { r: uniform(random, 16, limit), isStar: true, offsetArcsec: 0 };
      return describeThing(random, place, createNeighbour(random, shape), { kind: 'dwarfNova' });
    }
  }
}
