import { exponential, gaussian, uniform } from '../random.ts';
import type { Random } from '../random.ts';
import { createNeighbour } from '../neighbours.ts';
import { R } from '../light-curves.ts';
import type { Neighbour } from '../neighbours.ts';
import { redshiftOf } from '../source-kinds.ts';
import type { SkyPoint } from '../sky-geometry.ts';
import type { SourceKind } from '../source-weights.ts';

/** Something in the simulated sky that catalogues may list: everything true of it. */
export interface KnownThing extends SkyPoint, Pick<Neighbour, 'isStar' | 'mags' | 'radius'> {
  /** Unique among all things of a simulation. */
  serial: number;
  /** Its number in the deep catalogue of objects, as ZTF's packets name it. */
  objectId: bigint;
  /** What it does, where that is known to be anything: variable, active, a host. */
  kind?: SourceKind;
  redshift?: number;
  /** Of a star: mas, and mas a year. */
  parallax: number;
  properMotion: number;
  /** A number from 0 to 1 that decides which incomplete catalogues have it. */
  luck: number;
}

/** Absolute magnitudes in r of stars, by what they do. */
const ABSOLUTE_MAG: Partial<Record<SourceKind, readonly [mean: number, scatter: number]>> = {
  rrLyrae: [0.6, 0.2],
  eclipsing: [4, 1.5],
  dwarfNova: [9, 1],
};
const FIELD_STAR = [5.5, 2] as const;
/** Of a galaxy, as those of hosts are drawn. */
const GALAXY = [-20.4, 1] as const;
const AU_PER_YEAR_KM_S = 4.74;

export interface ThingPlace extends SkyPoint {
  serial: number;
  objectId: bigint;
}

/** Adds what catalogues tell of a star or galaxy beyond its place, magnitudes and size. */
export function describeThing(
  random: Random,
  place: ThingPlace,
  shape: Pick<Neighbour, 'isStar' | 'mags' | 'radius'>,
  known: { kind?: SourceKind; redshift?: number } = {},
): KnownThing {
  const r = shape.mags[R];
  const luck = uniform(random);
  const isQuasar = known.kind === 'agn' && shape.isStar;
  const isTrueStar = shape.isStar && !isQuasar;
  const [mean, scatter] = ABSOLUTE_MAG[known.kind ?? 'bogus'] ?? FIELD_STAR;
  const kiloparsecs = 10 ** ((r - gaussian(random, mean, scatter) - 10) / 5);
  const speed = 60 * Math.hypot(gaussian(random), gaussian(random));
  const redshift = isTrueStar
    ? undefined
    : (known.redshift ??
      (isQuasar
        ? uniform(random, 0.15, 2.6)
        : Math.max(0.001, redshiftOf(r - gaussian(random, GALAXY[0], GALAXY[1])))));
  return {
    ra: place.ra,
    dec: place.dec,
    serial: place.serial,
    objectId: place.objectId,
    isStar: shape.isStar,
    mags: shape.mags,
    radius: shape.radius,
    ...(known.kind !== undefined && { kind: known.kind }),
    ...(redshift !== undefined && { redshift }),
    parallax: isTrueStar ? 1 / kiloparsecs : 0,
    properMotion: isTrueStar ? speed / (AU_PER_YEAR_KM_S * kiloparsecs) : 0,
    luck,
  };
}

/** A star or galaxy of no account, no fainter than a limit. */
export function fieldShape(random: Random, isStar: boolean, limit: number): Neighbour {
  const r = Math.max(9, limit - exponential(random, 1.6));
  return createNeighbour(random, { r, isStar, offsetArcsec: 0 });
}
