import type { Measurements } from '../../../../common/features/periodogram/weighted-series.ts';
import { seededRandom } from '../../astro/reference.ts';

/** A light curve in closed form, the same as astropy was given for the expected numbers. */
export function lightCurve(points: number, offset: number): Measurements {
  const index = Array.from({ length: points }, (_, i) => i);
  const time = index.map((i) => (i * 0.6180339887498949 * 97.3 + offset * 3.7) % 97.3);
  const value = index.map(
    (i) =>
      5 + 1.3 * Math.sin((2 * Math.PI * time[i]) / 1.7 + 0.4) + 0.5 * Math.cos(7.1 * i) + offset,
  );
  return { time, value, error: index.map((i) => 0.3 + 0.1 * Math.sin(3.3 * i)) };
}

/** Normal numbers (Box-Muller) from a seed. */
export function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface SinusoidOptions {
  points: number;
  period: number;
  noise: number;
  seed: number;
  /** Days; 1,000 unless given. */
  baseline?: number;
  phase?: number;
  mean?: number;
}

/** A sinusoid of amplitude 1 seen at nights from one site, a few hours each, with normal noise. */
export function sinusoid(options: SinusoidOptions): Measurements {
  const { points, period, noise, seed, baseline = 1000, phase = 0, mean = 0 } = options;
  const random = seededRandom(seed);
  const normal = normals(seed + 1);
  const time = Array.from(
    { length: points },
    () => 58_000 + Math.floor(baseline * random()) + 0.2 + 0.3 * random(),
  ).sort((a, b) => a - b);
  return {
    time,
    value: time.map((t) => mean + Math.sin((2 * Math.PI * t) / period + phase) + noise * normal()),
    error: time.map(() => Math.max(noise, 0.01)),
  };
}
