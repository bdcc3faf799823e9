import { RADIANS, wrapDegrees } from '../astro/angles.ts';

/** A direction as a unit vector. */
export type Vector = readonly [x: number, y: number, z: number];

export function vectorOf(ra: number, dec: number): Vector {
  const cosDec = Math.cos(dec * RADIANS);
  return [
    cosDec * Math.cos(ra * RADIANS),
    cosDec * Math.sin(ra * RADIANS),
    Math.sin(dec * RADIANS),
  ];
}

/** Degrees, ra in [0, 360). */
export function positionOf([x, y, z]: Vector): { ra: number; dec: number } {
  return {
    ra: wrapDegrees(Math.atan2(y, x) / RADIANS),
    dec: Math.atan2(z, Math.hypot(x, y)) / RADIANS,
  };
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function unit(a: Vector): Vector {
  const length = Math.hypot(a[0], a[1], a[2]);
  return [a[0] / length, a[1] / length, a[2] / length];
}

/** Angle between two directions, radians: exact for small and large ones. */
export function angleBetween(a: Vector, b: Vector): number {
  const difference = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  const sum = Math.hypot(a[0] + b[0], a[1] + b[1], a[2] + b[2]);
  return 2 * Math.atan2(difference, sum);
}
