import { createRandom, gaussian } from './random.ts';

/** A light source on a stamp: position and width in pixels, total in the stamp's unit. */
export interface Blob {
  x: number;
  y: number;
  total: number;
  fwhm: number;
}

export interface Frame {
  width: number;
  height: number;
  pixels: Float32Array;
}

export const FWHM_PER_SIGMA = 2.354820045;
const TABLE_BITS = 16;
const NOISE = createNoise();

/** Standard normal numbers, drawn once: a stamp reads them from a place and with a step of its own. */
function createNoise(): Float32Array {
  const random = createRandom(0x6e6f6973);
  return Float32Array.from({ length: 1 << TABLE_BITS }, () => gaussian(random));
}

export function createFrame(width: number, height: number): Frame {
  return { width, height, pixels: new Float32Array(width * height) };
}

/** A dark frame in memory that is used again and again; it must be large enough. */
export function frameIn(memory: Float32Array, width: number, height: number): Frame {
  return { width, height, pixels: memory.subarray(0, width * height).fill(0) };
}

/** Adds noise of this standard deviation; equal keys give equal noise. */
export function addNoise({ pixels }: Frame, deviation: number, level: number, key: number): void {
  const mask = (1 << TABLE_BITS) - 1;
  // Odd steps visit the whole table.
  const step = 2 * ((key >>> TABLE_BITS) & 1023) + 1;
  let at = key & mask;
  for (let n = 0; n < pixels.length; n++) {
    pixels[n] += level + deviation * NOISE[at];
    at = (at + step) & mask;
  }
}

/** Adds a round Gaussian, out to where it is a hundred-thousandth of its peak. */
export function addBlob(frame: Frame, { x, y, total, fwhm }: Blob): void {
  const sigma = fwhm / FWHM_PER_SIGMA;
  const reach = Math.ceil(4.8 * sigma);
  const [x0, x1] = [
    Math.max(0, Math.round(x) - reach),
    Math.min(frame.width - 1, Math.round(x) + reach),
  ];
  const [y0, y1] = [
    Math.max(0, Math.round(y) - reach),
    Math.min(frame.height - 1, Math.round(y) + reach),
  ];
  if (x1 < x0 || y1 < y0) return;
  const peak = total / (2 * Math.PI * sigma * sigma);
  const inverse = 0.5 / (sigma * sigma);
  const columns = new Float64Array(x1 - x0 + 1);
  for (let column = x0; column <= x1; column++) {
    columns[column - x0] = Math.exp(-((column - x) ** 2) * inverse);
  }
  for (let row = y0; row <= y1; row++) {
    const weight = peak * Math.exp(-((row - y) ** 2) * inverse);
    const start = row * frame.width;
    for (let column = x0; column <= x1; column++) {
      frame.pixels[start + column] += weight * columns[column - x0];
    }
  }
}

/** Standard deviation per pixel that gives a point source this uncertainty of its total. */
export function pixelNoise(totalSigma: number, fwhm: number): number {
  const sigma = fwhm / FWHM_PER_SIGMA;
  return totalSigma / Math.sqrt(4 * Math.PI * sigma * sigma);
}
