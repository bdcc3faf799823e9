import { createRandom, gaussian, gaussianAt, uniformAt } from './random.ts';

/** Bands in the order of wavelength; a band is its index here. */
export const BANDS = ['u', 'g', 'r', 'i', 'z', 'y'] as const;
export const [U, G, R, I, Z, Y] = [0, 1, 2, 3, 4, 5] as const;

/** AB magnitude to nJy and back. */
export const fluxNJy = (mag: number) => 10 ** (-0.4 * (mag - 31.4));
export const magOfNJy = (flux: number) => 31.4 - 2.5 * Math.log10(flux);

export interface SupernovaShape {
  /** Days, at rest: of the rise, of the plateau and of the fall. */
  rise: number;
  plateau: number;
  fall: number;
  /** Part of the flux lost per day of plateau. */
  slope: number;
  /** Longer wavelengths fall more slowly: factor on plateau and fall per band step from r. */
  stretchPerBand: number;
  /** Magnitude at peak relative to r, for u g r i z y. */
  colours: readonly number[];
}

/**
 * Typical values per class for the analytic shape of Villar et al. 2019 (ApJ 884, 83), inside the
 * ranges its figure 2 and the fits of Villar et al. 2020 (ApJ 905, 94) span. Colours at peak follow
 * Nugent-type templates, rounded.
 */
export const SUPERNOVA_SHAPES = {
  snIa: {
    rise: 3.8,
    plateau: 14,
    fall: 22,
    slope: 0.018,
    stretchPerBand: 0.16,
    colours: [0.5, 0, 0, 0.35, 0.5, 0.6],
  },
  snIbc: {
    rise: 4.5,
    plateau: 10,
    fall: 18,
    slope: 0.02,
    stretchPerBand: 0.2,
    colours: [1.1, 0.35, 0, 0, 0.05, 0.1],
  },
  snII: {
    rise: 2.5,
    plateau: 85,
    fall: 14,
    slope: 0.004,
    stretchPerBand: 0.08,
    colours: [0.6, 0.1, 0, 0.05, 0.1, 0.15],
  },
} as const satisfies Record<string, SupernovaShape>;

/**
 * Flux of a supernova relative to its plateau level, `days` (observer's) after the middle of the
 * rise: a logistic rise onto a slowly falling line, then an exponential.
 * @see Villar et al. 2019, ApJ 884, 83, equation 1.
 */
export function supernovaFlux(
  shape: SupernovaShape,
  stretch: number,
  redshift: number,
  band: number,
  days: number,
): number {
  const t = days / ((1 + redshift) * stretch);
  if (t < -12 * shape.rise) return 0;
  const slower = 1 + shape.stretchPerBand * (band - R);
  const plateau = shape.plateau * Math.max(0.5, slower);
  const rising = 1 / (1 + Math.exp(-t / shape.rise));
  if (t < plateau) return rising * (1 - shape.slope * Math.max(t, 0));
  const level = 1 - shape.slope * plateau;
  return rising * level * Math.exp(-(t - plateau) / (shape.fall * Math.max(0.5, slower)));
}

/**
 * Tidal disruption: Gaussian rise, power-law fall, relative to the peak.
 * @see van Velzen et al. 2021, ApJ 908, 4.
 */
export function tidalDisruptionFlux(riseDays: number, fallDays: number, days: number): number {
  if (days < 0) return Math.exp((-days * days) / (2 * riseDays * riseDays));
  return ((days + fallDays) / fallDays) ** (-5 / 3);
}

/**
 * A damped random walk sampled every day, magnitudes about its mean.
 * @param tauDays - Time over which it forgets.
 * @param sigmaMag - Asymptotic standard deviation.
 * @see Kelly, Bechtold & Siemiginowska 2009, ApJ 698, 895; MacLeod et al. 2010, ApJ 721, 1014.
 */
export function dampedRandomWalk(
  seed: number,
  source: number,
  days: number,
  tauDays: number,
  sigmaMag: number,
): Float32Array {
  const random = createRandom(seed, source, 0x41474e);
  const walk = new Float32Array(days);
  const keep = Math.exp(-1 / tauDays);
  const kick = sigmaMag * Math.sqrt(1 - keep * keep);
  let value = gaussian(random, 0, sigmaMag);
  for (let day = 0; day < days; day++) {
    walk[day] = value;
    value = value * keep + gaussian(random, 0, kick);
  }
  return walk;
}

/** Fourier series of a type ab RR Lyrae in V: amplitude ratios and phases of the first orders. */
const RRAB = [
  [1, 0, 0],
  [2, 0.48, 2.4],
  [3, 0.33, 5.1],
  [4, 0.2, 1.6],
] as const;
const RRAB_RANGE = 2.05;

/**
 * Magnitude of an RR Lyrae star about its mean; the amplitude falls towards the red.
 * @see Simon & Lee 1981, ApJ 248, 291 (Fourier decomposition); Sesar et al. 2010, ApJ 708, 717.
 */
export function rrLyraeMag(amplitudeG: number, phase: number, band: number): number {
  let sum = 0;
  for (const [order, ratio, shift] of RRAB) {
    sum += ratio * Math.cos(2 * Math.PI * order * phase + shift);
  }
  return (amplitudeG * AMPLITUDE_RATIO[band] * sum) / RRAB_RANGE;
}
const AMPLITUDE_RATIO = [1.05, 1, 0.72, 0.57, 0.52, 0.5];

/**
 * Dimming of an eclipsing binary, magnitudes: two Gaussians in phase.
 * @see Mowlavi et al. 2017, A&A 606, A92.
 */
export function eclipseMag(primary: number, secondary: number, width: number, phase: number) {
  const first = Math.min(phase, 1 - phase) / width;
  const second = (phase - 0.5) / width;
  return primary * Math.exp(-0.5 * first * first) + secondary * Math.exp(-0.5 * second * second);
}

/**
 * Brightening of a dwarf nova, magnitudes above quiescence: outbursts that come at irregular
 * intervals, rise in a day, stay for some days and fall.
 * @see Warner 1995, Cataclysmic Variable Stars (Cambridge), chapter 3.
 */
export function dwarfNovaMag(
  seed: number,
  source: number,
  amplitude: number,
  recurrenceDays: number,
  plateauDays: number,
  day: number,
): number {
  const cycle = Math.floor(day / recurrenceDays);
  let brightest = 0;
  for (let n = cycle - 1; n <= cycle; n++) {
    const begins = (n + 0.5 * uniformAt(seed, source, n, 0x4356)) * recurrenceDays;
    const height = amplitude * (1 + 0.12 * gaussianAt(seed, source, n, 0x4357));
    const t = day - begins;
    if (t < 0) continue;
    const fall = Math.max(0, t - 1 - plateauDays) / 2.2;
    brightest = Math.max(brightest, height * Math.min(1, t) - fall);
  }
  return brightest;
}
