import { RADIANS } from './angles.ts';

/** One hemisphere of the sky in the polar projection of Lambert, which keeps areas. */
export interface LambertMap {
  /** 1 for the map around the north Galactic pole, -1 for the south. */
  pole: 1 | -1;
  /** Pixels from the pole to the equator. */
  scale: number;
  /** Pixel of the pole, counted from 0. */
  centreX: number;
  centreY: number;
  width: number;
  height: number;
}

/** A place between pixels, counted from 0 at the middle of the first. */
export interface PixelPosition {
  x: number;
  y: number;
}

/**
 * Where a Galactic position lies on a map.
 *
 * @param l - Degrees.
 * @param b - Degrees.
 * @see Schlegel, Finkbeiner & Davis 1998, ApJ 500, 525, appendix C.
 */
export function lambertPixel(map: LambertMap, l: number, b: number): PixelPosition {
  // sqrt(1 - pole sin b), without cancellation at the pole.
  const radius = Math.SQRT2 * Math.sin(((90 - map.pole * b) / 2) * RADIANS) * map.scale;
  return {
    x: map.centreX + radius * Math.cos(l * RADIANS),
    y: map.centreY - map.pole * radius * Math.sin(l * RADIANS),
  };
}

/**
 * Value of a map between four pixels, linear in both directions; a place off the map counts as one
 * on its edge.
 *
 * @param pixel - Value of the pixel in a column and row, counted from 0.
 */
export function interpolate(
  { width, height }: LambertMap,
  { x, y }: PixelPosition,
  pixel: (column: number, row: number) => number,
): number {
  const column = Math.min(Math.max(x, 0), width - 1);
  const row = Math.min(Math.max(y, 0), height - 1);
  const left = Math.min(Math.floor(column), width - 2);
  const low = Math.min(Math.floor(row), height - 2);
  const right = column - left;
  const up = row - low;
  return (
    (1 - up) * ((1 - right) * pixel(left, low) + right * pixel(left + 1, low)) +
    up * ((1 - right) * pixel(left, low + 1) + right * pixel(left + 1, low + 1))
  );
}
