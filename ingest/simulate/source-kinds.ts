import type { Survey } from '../../common/config.ts';
import {
  BANDS,
  R,
  SUPERNOVA_SHAPES,
  dampedRandomWalk,
  dwarfNovaMag,
  eclipseMag,
  fluxNJy,
  rrLyraeMag,
  supernovaFlux,
  tidalDisruptionFlux,
} from './light-curves.ts';
import { createNeighbour } from './neighbours.ts';
import type { Neighbour } from './neighbours.ts';
import { MJD_OF_NIGHT_ZERO } from './options.ts';
import type { NightOptions } from './options.ts';
import type { SourceKind } from './source-weights.ts';
import { createRandom, exponential, gaussian, gaussianAt, integer, uniform } from './random.ts';
import type { Random } from './random.ts';

/** What a kind of source adds to a position on the sky. */
export interface KindParts {
  /** Flux minus that of the reference image, nJy. */
  difference(band: number, mjd: number): number;
  /** The star itself, or the host galaxy. */
  counterpart?: Neighbour;
  isMoving: boolean;
  /** Seen in one exposure only. */
  isOnce: boolean;
  isReal: boolean;
  moving: Motion;
  /** Parameters for the record of truth. */
  truth: Record<string, number | string | boolean>;
}

export interface Motion {
  name: string;
  /** Absolute magnitude, for the orbit. */
  h: number;
  mag: number;
  eastArcsecPerDay: number;
  northArcsecPerDay: number;
  /** MJD at which it is at its source's position. */
  referenceMjd(night: number): number;
}

/** Magnitudes in r between which a survey works. */
const RANGE = {
  ztf: { bright: 13.5, faint: 20.6 },
  lsst: { bright: 16.5, faint: 23.8 },
} as const;
type Range = (typeof RANGE)[Survey];

const NOT_MOVING: Motion = {
  name: '',
  h: 0,
  mag: 0,
  eastArcsecPerDay: 0,
  northArcsecPerDay: 0,
  referenceMjd: () => 0,
};
const STILL = { isMoving: false, isOnce: false, isReal: true, moving: NOT_MOVING };

/** Draws the parameters of a source of this kind. */
export function buildKind(options: NightOptions, kind: SourceKind, index: number): KindParts {
  const random = createRandom(options.seed, options.startNight, index, 0x4b494e);
  const range = RANGE[options.survey];
  switch (kind) {
    case 'snIa':
    case 'snIbc':
    case 'snII':
      return supernova(options, random, range, kind);
    case 'tde':
      return tidalDisruption(options, random, range);
    case 'agn':
      return activeNucleus(options, random, range, index);
    case 'rrLyrae':
      return rrLyrae(random, range);
    case 'eclipsing':
      return eclipsingBinary(random, range);
    case 'dwarfNova':
      return dwarfNova(options, random, range, index);
    case 'asteroid':
      return asteroid(random, range);
    case 'bogus':
      return bogus(options, random, range, index);
  }
}

/** MJD of a moment around the nights, from `before` days before the first to their end. */
const momentIn = (options: NightOptions, random: Random, before: number) =>
  options.startNight + MJD_OF_NIGHT_ZERO + uniform(random, -before, options.nights + 1);

/** Peak magnitudes: numbers grow towards the faint end as they do for a volume. */
const volumeMag = (random: Random, range: Range) =>
  Math.max(range.bright + 1, range.faint - exponential(random, 0.75));

/** Redshift of a distance modulus, low-redshift approximation with H0 = 70 and q0 = -0.55. */
export function redshiftOf(distanceModulus: number): number {
  const hubble = (70 * 10 ** ((distanceModulus - 25) / 5)) / 299_792;
  return hubble / (1 + 0.775 * hubble * (1 - Math.min(0.5, hubble)));
}

function hostOf(random: Random, distanceModulus: number, range: Range, meanOffset: number) {
  const r = gaussian(random, -20.4, 1) + distanceModulus;
  const scale = range.bright > 15 ? 0.45 : 1;
  return createNeighbour(random, {
    r: Math.max(range.bright, r),
    isStar: false,
    offsetArcsec: Math.min(14, exponential(random, meanOffset)) * scale,
  });
}

const ABSOLUTE_MAG = { snIa: -19.25, snIbc: -17.6, snII: -17.0 } as const;
const ABSOLUTE_SCATTER = { snIa: 0.2, snIbc: 0.7, snII: 0.8 } as const;

function supernova(
  options: NightOptions,
  random: Random,
  range: Range,
  kind: 'snIa' | 'snIbc' | 'snII',
): KindParts {
  const shape = SUPERNOVA_SHAPES[kind];
  const mag = volumeMag(random, range);
  const absolute = gaussian(random, ABSOLUTE_MAG[kind], ABSOLUTE_SCATTER[kind]);
  const distanceModulus = mag - absolute;
  const z = redshiftOf(distanceModulus);
  const stretch = Math.max(0.7, gaussian(random, 1, kind === 'snIa' ? 0.1 : 0.25));
  const risesMjd = momentIn(options, random, shape.plateau + 35);
  const peaks = BANDS.map((_, band) => fluxNJy(mag + shape.colours[band]));
  const counterpart = hostOf(random, distanceModulus, range, 3);
  return {
    ...STILL,
    counterpart,
    difference: (band, mjd) => peaks[band] * supernovaFlux(shape, stretch, z, band, mjd - risesMjd),
    truth: { peakMagR: mag, redshift: z, stretch, risesMjd, hostMagR: counterpart.mags[R] },
  };
}

function tidalDisruption(options: NightOptions, random: Random, range: Range): KindParts {
  const mag = volumeMag(random, range);
  const distanceModulus = mag - gaussian(random, -19.8, 0.7);
  const peakMjd = momentIn(options, random, 80);
  const [rise, fall] = [uniform(random, 8, 20), uniform(random, 25, 60)];
  const counterpart = hostOf(random, distanceModulus, range, 0.08);
  // Black body of some 20,000 K: blue, and stays so.
  const peaks = [-0.35, -0.2, 0, 0.2, 0.3, 0.4].map((colour) => fluxNJy(mag + colour));
  return {
    ...STILL,
    counterpart,
    difference: (band, mjd) => peaks[band] * tidalDisruptionFlux(rise, fall, mjd - peakMjd),
    truth: { peakMagR: mag, redshift: redshiftOf(distanceModulus), peakMjd, rise, fall },
  };
}

function activeNucleus(
  options: NightOptions,
  random: Random,
  range: Range,
  index: number,
): KindParts {
  const mean = range.faint + 0.8 - exponential(random, 0.8);
  const tau = 10 ** uniform(random, 1.5, 2.7);
  const sigma = 10 ** uniform(random, -1.1, -0.35);
  const from = options.startNight + MJD_OF_NIGHT_ZERO - 122;
  const days = 124 + options.nights;
  let walk: Float32Array | undefined;
  const counterpart = createNeighbour(random, {
    r: mean,
    isStar: uniform(random) < 0.4,
    gMinusR: uniform(random, 0.05, 0.45),
    offsetArcsec: exponential(random, 0.12),
  });
  const level = counterpart.mags.map(fluxNJy);
  return {
    ...STILL,
    counterpart,
    difference(band, mjd) {
      walk ??= dampedRandomWalk(options.seed, index, days, tau, sigma);
      const day = Math.max(0, Math.min(days - 2, mjd - from));
      const [n, part] = [Math.floor(day), day % 1];
      const mag = walk[n] * (1 - part) + walk[n + 1] * part;
      // Bluer bands vary more (MacLeod et al. 2010).
      return level[band] * (10 ** (-0.4 * mag * (1.15 - 0.09 * band)) - 1);
    },
    truth: { meanMagR: mean, tauDays: tau, sigmaMag: sigma },
  };
}

function starOf(random: Random, range: Range, fainter: number, gMinusR?: number) {
  const r = range.faint + fainter - exponential(random, 1.2);
  return createNeighbour(random, {
    r: Math.max(range.bright, r),
    isStar: true,
    offsetArcsec: exponential(random, 0.12),
    ...(gMinusR === undefined ? {} : { gMinusR }),
  });
}

/** Difference flux of a star whose magnitude departs from its mean by `change`. */
const departure = (level: number, change: number) => level * (10 ** (-0.4 * change) - 1);

function rrLyrae(random: Random, range: Range): KindParts {
  const counterpart = starOf(random, range, 0.9, uniform(random, 0.05, 0.35));
  const period = uniform(random, 0.45, 0.75);
  const amplitude = uniform(random, 0.4, 1.2);
  const epoch = uniform(random, 0, period);
  const level = counterpart.mags.map(fluxNJy);
  return {
    ...STILL,
    counterpart,
    difference: (band, mjd) =>
      departure(level[band], rrLyraeMag(amplitude, ((mjd - epoch) / period) % 1, band)),
    truth: { meanMagR: counterpart.mags[R], periodDays: period, amplitudeMag: amplitude, epoch },
  };
}

function eclipsingBinary(random: Random, range: Range): KindParts {
  const counterpart = starOf(random, range, 0.2);
  const isContact = uniform(random) < 0.25;
  const period = isContact ? uniform(random, 0.23, 0.6) : 10 ** uniform(random, 0, 1);
  const primary = uniform(random, 0.15, 0.9);
  const secondary = primary * (isContact ? uniform(random, 0.7, 1) : uniform(random, 0.1, 0.8));
  const width = isContact ? 0.12 : uniform(random, 0.015, 0.06);
  const epoch = uniform(random, 0, period);
  const level = counterpart.mags.map(fluxNJy);
  return {
    ...STILL,
    counterpart,
    difference: (band, mjd) =>
      departure(level[band], eclipseMag(primary, secondary, width, ((mjd - epoch) / period) % 1)),
    truth: { meanMagR: counterpart.mags[R], periodDays: period, primary, secondary, isContact },
  };
}

function dwarfNova(options: NightOptions, random: Random, range: Range, index: number): KindParts {
  const counterpart = createNeighbour(random, {
    r: uniform(random, range.faint - 2.5, range.faint + 2),
    isStar: true,
    gMinusR: uniform(random, -0.1, 0.5),
    offsetArcsec: exponential(random, 0.15),
  });
  const amplitude = uniform(random, 2, 6);
  const recurrence = 10 ** uniform(random, 1.1, 2.2);
  const plateau = uniform(random, 2, 10);
  const level = counterpart.mags.map(fluxNJy);
  return {
    ...STILL,
    counterpart,
    difference: (band, mjd) =>
      departure(
        level[band],
        -dwarfNovaMag(options.seed, index, amplitude, recurrence, plateau, mjd - 50_000),
      ),
    truth: { quietMagR: counterpart.mags[R], amplitudeMag: amplitude, recurrenceDays: recurrence },
  };
}

function asteroid(random: Random, range: Range): KindParts {
  const mag = Math.max(range.bright, range.faint - exponential(random, 1.1));
  const [rate, angle] = [uniform(random, 250, 1100), uniform(random, -0.5, 0.5)];
  const spin = uniform(random, 0.1, 0.4);
  const swing = exponential(random, 0.12);
  const number = 1 + integer(random, 720_000);
  return {
    isMoving: true,
    isOnce: false,
    isReal: true,
    moving: {
      name: range.bright > 15 ? designation(random) : String(number),
      h: mag - 5 * Math.log10(2.4 * 1.5),
      mag,
      // Most go back to the west near opposition.
      eastArcsecPerDay: -rate * Math.cos(angle),
      northArcsecPerDay: rate * Math.sin(angle),
      referenceMjd: (night) => night + MJD_OF_NIGHT_ZERO + 0.3,
    },
    difference: (band, mjd) =>
      fluxNJy(mag + ASTEROID_COLOURS[band] + swing * Math.sin((4 * Math.PI * mjd) / spin)),
    truth: { magR: mag, rateArcsecPerDay: rate, rotationDays: spin, amplitudeMag: swing },
  };
}
/** The Sun's colours, reddened: Ivezic et al. 2001, AJ 122, 2749. */
const ASTEROID_COLOURS = [2.1, 0.55, 0, -0.15, -0.12, -0.1];

/** A provisional designation such as 2014 QX107. */
function designation(random: Random): string {
  const letters = 'ABCDEFGHJKLMNOPQRSTUVWXYZ';
  const half = letters[integer(random, 24)];
  const order = letters[integer(random, 25)];
  const cycle = integer(random, 300);
  return `${1995 + integer(random, 30)} ${half}${order}${cycle === 0 ? '' : cycle}`;
}

/** What subtraction leaves beside bright stars, and what cosmic rays and satellites leave. */
function bogus(options: NightOptions, random: Random, range: Range, index: number): KindParts {
  const mag = range.faint - exponential(random, 0.6);
  const sign = uniform(random) < 0.6 ? 1 : -1;
  const isOnce = uniform(random) < 0.8;
  const isNearStar = !isOnce || uniform(random) < 0.5;
  const level = fluxNJy(mag);
  return {
    ...STILL,
    isOnce,
    isReal: false,
    ...(isNearStar && {
      counterpart: createNeighbour(random, {
        r: uniform(random, range.bright - 1, range.bright + 2.5),
        isStar: true,
        offsetArcsec: uniform(random, 0.5, 3),
      }),
    }),
    difference: (_band, mjd) =>
      isOnce
        ? sign * level
        : level * gaussianAt(options.seed, index, Math.floor(mjd * 1e4), 0x424f),
    truth: { magR: mag, nearBrightStar: isNearStar },
  };
}
