import { createCadence } from '../cadence.ts';
import type { NightOptions } from '../options.ts';
import { MAX_COVERAGE, planNights } from '../plan.ts';
import { createRandom } from '../random.ts';
import { createSource, neighboursOf } from '../sky.ts';
import { offsetBy } from '../sky-geometry.ts';
import { describeThing } from './known-thing.ts';
import type { KnownThing, ThingPlace } from './known-thing.ts';

/** Neighbours of one source that can be told apart. */
const PER_SOURCE = 256;
const FIRST_SERIAL = { ztf: 1e15, lsst: 2e15 } as const;

/**
 * Everything that stands in the sky of simulated nights: the stars that vary in them, the nuclei and
 * hosts of what flares up, and the unrelated stars and galaxies around. In the order of the sources,
 * those that cause no alert in these nights among them.
 *
 * Things around an asteroid are where it is placed, not all along its way.
 */
export function* skyThings(options: NightOptions): Generator<KnownThing> {
  const cadence = createCadence(options);
  const sources = planNights(options).ordinals.length / MAX_COVERAGE;
  for (let index = 0; index < sources; index++) {
    const source = createSource(options, cadence, index);
    const { redshift } = source.truth;
    for (const [n, neighbour] of neighboursOf(options, source).entries()) {
      const serial = FIRST_SERIAL[options.survey] + index * PER_SOURCE + n;
      const { ra, dec } = offsetBy(source, neighbour.east, neighbour.north);
      const place: ThingPlace = { ra, dec, serial, objectId: neighbour.catalogueId };
      const random = createRandom(options.seed, options.startNight, index, 0x43415400 + n);
      const isOwn = neighbour === source.counterpart;
      yield describeThing(random, place, neighbour, {
        ...(isOwn && source.isReal && { kind: source.kind }),
        ...(isOwn && typeof redshift === 'number' && { redshift }),
      });
    }
  }
}
