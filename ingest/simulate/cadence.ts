import { MJD_OF_NIGHT_ZERO } from './options.ts';
import type { NightOptions } from './options.ts';
import { G, I, R, U, Y, Z } from './light-curves.ts';
import { createRandom, gaussianAt, integer, uniform, uniformAt } from './random.ts';
import { moonIllumination, sunRa } from './sky-geometry.ts';
import type { SkyPoint } from './sky-geometry.ts';
import { PRIMARY_FIELDS, SECONDARY_FIELDS } from './ztf-grid.ts';

/** A pointing that the survey comes back to. */
export interface Slot extends SkyPoint {
  index: number;
  /** ZTF's field number; Rubin's pointings are numbered from 1. */
  field: number;
  /** The slot is visited on nights with this remainder modulo the cadence. */
  phase: number;
  /** Fraction of the UTC day at which it is visited. */
  dayFraction: number;
}

/** One exposure. */
export interface Visit {
  slot: Slot;
  night: number;
  /** Number within the night and slot. */
  serial: number;
  /** Middle of the exposure, MJD (UTC). */
  mjd: number;
  /** Index into BANDS. */
  band: number;
  /** Magnitude of a point source at five sigma. */
  depth: number;
  /** Full width at half maximum of a point source, arcseconds. */
  seeing: number;
  /** A whole number of its own for every exposure. */
  key: number;
}

export interface Cadence {
  /** Pointings that objects are put into. */
  slots: Slot[];
  /** Pointings that overlap them (ZTF's shifted grid). */
  overlapping: Slot[];
  /** First night whose visits are known: where histories begin. */
  historyFrom: number;
  /** Exposures of a slot in a night, by time; empty on most nights. */
  visits(slot: Slot, night: number): Visit[];
}

const MAX_SLOTS = 240;
const MAX_OVERLAPPING = 250;
const MAX_VISITS = 64;

/** When each part of the sky is exposed, in which band and how deep: a function of the options. */
export function createCadence(options: NightOptions): Cadence {
  const known = new Map<number, Visit[]>();
  const plan = options.survey === 'ztf' ? ztfPlan(options) : rubinPlan(options);
  return {
    ...plan,
    visits(slot, night) {
      const key = night * 1024 + slot.index;
      let visits = known.get(key);
      if (visits === undefined) {
        visits = plan.expose(slot, night).sort((a, b) => a.mjd - b.mjd);
        known.set(key, visits);
      }
      return visits;
    },
  };
}

type Plan = Omit<Cadence, 'visits'> & { expose(slot: Slot, night: number): Visit[] };

const slotCount = (options: NightOptions, perSlot: number, fewest: number) =>
  Math.max(fewest, Math.min(MAX_SLOTS, Math.round(options.alerts / perSlot)));

/** Pick fields that are up at night, anywhere in that part of the sky. */
function visibleFields<T extends SkyPoint>(
  fields: readonly T[],
  options: NightOptions,
  count: number,
): T[] {
  const opposite = sunRa(options.startNight + MJD_OF_NIGHT_ZERO) + 180;
  const up = fields.filter(({ ra, dec }) => dec > 65 || Math.abs(hourOffset(ra, opposite)) < 70);
  const random = createRandom(options.seed, options.startNight, 0x464c44);
  for (let n = up.length - 1; n > 0; n--) {
    const other = integer(random, n + 1);
    [up[n], up[other]] = [up[other], up[n]];
  }
  return up.slice(0, count);
}

/** Degrees of right ascension to the east, -180 to 180. */
const hourOffset = (ra: number, from: number) => ((((ra - from) % 360) + 540) % 360) - 180;

/** ZTF's public survey: every field every second night, once in g and once in r. */
function ztfPlan(options: NightOptions): Plan {
  const { seed, startNight, nights } = options;
  const everyNights = 2;
  const slots = visibleFields(PRIMARY_FIELDS, options, slotCount(options, 400, 12)).map(
    (field, n) => ztfSlot(options, field, n, n % Math.min(everyNights, nights)),
  );
  const overlapping = SECONDARY_FIELDS.filter((field) => uniformAt(seed, field.field) < 0.55)
    .filter((field) => slots.some((slot) => isNear(slot, field)))
    .slice(0, MAX_OVERLAPPING)
    .map((field, n) => ztfSlot(options, field, MAX_SLOTS + 8 + n, n % everyNights));
  return {
    slots,
    overlapping,
    historyFrom: startNight - 31,
    expose(slot, night) {
      const isMeasured = night >= startNight && slot.index < MAX_SLOTS;
      if ((night - startNight - slot.phase) % everyNights !== 0) return [];
      const isCloudy = uniformAt(seed, night, 0x574541) < 0.17;
      const isLost = uniformAt(seed, night, slot.index, 0x4c4f53) < 0.1;
      if (!isMeasured && (isCloudy || isLost)) return [];
      const gFirst = uniformAt(seed, night, slot.index, 1) < 0.5;
      return [0, 1].map((serial) => {
        const later = serial * (0.03 + 0.04 * uniformAt(seed, night, slot.index, 2));
        // No two exposures share their hundred-thousandth of a day, which their ids are made from.
        const drift = integer(createRandom(seed, night, slot.index, 4), 7) - 3;
        const step = Math.round((slot.dayFraction + later) * 200) + drift;
        const isInfrared = serial === 1 && uniformAt(seed, night, slot.index, 3) < 0.05;
        const band = isInfrared ? I : (serial === 0) === gFirst ? G : R;
        return exposure(
          options,
          slot,
          night,
          serial,
          step / 200 + (slot.index + 0.8 * uniformAt(seed, night, slot.index, 5)) * 1e-5,
          band,
        );
      });
    },
  };
}

const isNear = (a: SkyPoint, b: SkyPoint) =>
  Math.abs(a.dec - b.dec) < 7.5 &&
  Math.abs(hourOffset(a.ra, b.ra)) * Math.cos((a.dec * Math.PI) / 180) < 7.5;

function ztfSlot(
  options: NightOptions,
  field: SkyPoint & { field: number },
  index: number,
  phase: number,
): Slot {
  const opposite = sunRa(options.startNight + MJD_OF_NIGHT_ZERO) + 180;
  // Palomar's midnight is 07:48 UTC.
  const dayFraction = 0.325 + Math.max(-68, Math.min(68, hourOffset(field.ra, opposite))) / 360;
  return { ...field, index, phase, dayFraction };
}

/** Rubin: pairs of exposures every third night, or forty every night on a deep-drilling field. */
function rubinPlan(options: NightOptions): Plan {
  const { seed, startNight, nights, workload } = options;
  const isDeep = workload === 'deep';
  const everyNights = isDeep ? 1 : 3;
  const random = createRandom(seed, startNight, 0x525542);
  const opposite = sunRa(startNight + MJD_OF_NIGHT_ZERO) + 180;
  const count = isDeep ? 4 : slotCount(options, 350, 8);
  const slots = Array.from({ length: count }, (_, index): Slot => {
    const east = uniform(random, -65, 65);
    return {
      index,
      field: index + 1,
      ra: (opposite + east + 360) % 360,
      dec: -62 + (64 * (index + uniform(random))) / count,
      phase: index % Math.min(everyNights, nights),
      // Midnight on Cerro Pachon is 04:43 UTC.
      dayFraction: 0.197 + east / 480,
    };
  });
  return {
    slots,
    overlapping: [],
    historyFrom: startNight - (isDeep ? 28 : 80),
    expose(slot, night) {
      if ((night - startNight - slot.phase) % everyNights !== 0) return [];
      const isLost = uniformAt(seed, night, slot.index, 0x4c4f53) < 0.15;
      if (night < startNight && isLost) return [];
      const visits = isDeep ? 40 : 2;
      const first = integer(createRandom(seed, night, slot.index), PAIRS.length);
      return Array.from({ length: visits }, (_, serial) => {
        const band = isDeep ? [G, R, I, Z][Math.floor(serial / 10)] : PAIRS[first][serial];
        const later = serial * (isDeep ? 39 / 86_400 : 0.023);
        const begins = slot.dayFraction + 0.03 * (uniformAt(seed, night, slot.index, 4) - 0.5);
        return exposure(options, slot, night, serial, begins + later, band);
      });
    },
  };
}

/** Bands of the two exposures of a night, repeated as often as they are taken. */
const PAIRS = [
  [U, G],
  [G, R],
  [G, I],
  [R, I],
  [R, I],
  [R, Z],
  [I, Z],
  [I, Z],
  [Z, Y],
  [Z, Y],
] as const;

/** Dark-sky five-sigma limits of one exposure, u to y. */
const DEPTH = {
  // Bellm et al. 2019, PASP 131, 018002, a little fainter limits for the difference images.
  ztf: [20.5, 20.9, 20.7, 20.1, 19.5, 19],
  // Ivezic et al. 2019, ApJ 873, 111, table 2, less the noise of the template.
  lsst: [23.5, 24.5, 24.1, 23.5, 22.9, 21.9],
} as const;
/** Magnitudes lost at full moon, u to y. */
const MOON_LOSS = [1.6, 1.4, 0.9, 0.6, 0.3, 0.2];

function exposure(
  options: NightOptions,
  slot: Slot,
  night: number,
  serial: number,
  dayFraction: number,
  band: number,
): Visit {
  const { seed, survey } = options;
  const key = (night * 512 + slot.index) * MAX_VISITS + serial;
  const mjd = night + MJD_OF_NIGHT_ZERO + dayFraction;
  const scatter = gaussianAt(seed, key, 0x444550);
  const weather = Math.abs(gaussianAt(seed, night, 0x534b59)) * 0.2;
  const moon = MOON_LOSS[band] * moonIllumination(mjd) * uniformAt(seed, night, 0x4d4f4f);
  const seeing = survey === 'ztf' ? 2.1 : 0.9;
  return {
    slot,
    night,
    serial,
    mjd,
    band,
    depth: DEPTH[survey][band] - moon - weather + 0.12 * scatter,
    seeing: seeing * Math.exp(0.15 * gaussianAt(seed, key, 0x534545) + weather * 0.4),
    key,
  };
}
