/** Turns of the Earth in a day. */
const SIDEREAL_DAY = 1.0027379;
/** Frequencies, cycles a day, at which observations from the ground recur. */
const RHYTHMS = [
  { name: '1/day', frequency: 1 },
  { name: '2/day', frequency: 2 },
  { name: '3/day', frequency: 3 },
  { name: '1/sidereal day', frequency: SIDEREAL_DAY },
  { name: '1/lunar month', frequency: 1 / 29.530589 },
  { name: '1/year', frequency: 1 / 365.2422 },
] as const;
const HARMONICS = [
  { name: 'half its period', factor: 2 },
  { name: 'a third of its period', factor: 3 },
  { name: 'a quarter of its period', factor: 4 },
  { name: 'twice its period', factor: 1 / 2 },
  { name: 'three times its period', factor: 1 / 3 },
] as const;
/**
 * How a peak hangs together with the best one: a harmonic, or an alias that the rhythm of the
 * observations makes of it; null where it does not.
 *
 * @param resolution - Frequencies closer than this, cycles a day, are the same.
 * @param isWindow - Whether the times of observation recur at a frequency.
 */
export function relationTo(
  best: number,
  frequency: number,
  resolution: number,
  isWindow: (frequency: number) => boolean,
): string | null {
  const harmonic = HARMONICS.find(({ factor }) => isNear(frequency, factor * best, resolution));
  if (harmonic !== undefined) return `harmonic of the best: ${harmonic.name}`;
  for (const { name, frequency: rhythm } of RHYTHMS) {
    const isAlias =
      isNear(frequency, best + rhythm, resolution) ||
      isNear(frequency, Math.abs(best - rhythm), resolution);
    if (isAlias) return `alias of the best by ${name}`;
  }
  const isAlias = isWindow(Math.abs(frequency - best)) || isWindow(frequency + best);
  return isAlias ? 'alias of the best by the times of observation' : null;
}

/**
 * The rhythm of the observations that a frequency coincides with, at which a slow drift or a fault of
 * the calibration looks periodic; null where there is none. A rhythm of the day makes all its
 * multiples suspect, for the same drift has them as aliases.
 */
export function windowRhythm(
  frequency: number,
  resolution: number,
  isWindow: (frequency: number) => boolean,
): string | null {
  const times = Math.round(frequency);
  if (times >= 1 && isWindow(1)) {
    if (isNear(frequency, times, resolution)) return `${times}/day`;
    if (isNear(frequency, times * SIDEREAL_DAY, resolution)) return `${times}/sidereal day`;
  }
  if (!isWindow(frequency)) return null;
  const rhythm = RHYTHMS.find((each) => isNear(frequency, each.frequency, resolution));
  return rhythm?.name ?? 'the times of observation';
}

const isNear = (a: number, b: number, resolution: number) => Math.abs(a - b) <= resolution;
