import type { StandardField } from '../../common/catalogues/source.ts';

type Range = readonly [least: number, most: number];

/** Catalogues write 99, -999 or -9999 where they have no magnitude. */
const MAGNITUDE: Range = [-30, 50];
const MAGNITUDE_ERROR: Range = [0, 50];

const RANGES: Partial<Record<StandardField, Range>> = {
  starScore: [0, 1],
  mag: MAGNITUDE,
  magErr: MAGNITUDE_ERROR,
  z: [-0.1, 20],
  photoZ: [0, 20],
  photoZErr: [0, 20],
  distanceMpc: [1e-6, 1e5],
  majorAxisArcsec: [1e-3, 40_000],
  parallaxOverError: [-1e5, 1e6],
  properMotion: [0, 20_000],
};

/** What a field's number can be in nature: anything else stands for no value in some catalogue. */
export function rangeOf(field: StandardField): Range {
  const range = RANGES[field];
  if (range !== undefined) return range;
  return field.endsWith('Err') ? MAGNITUDE_ERROR : MAGNITUDE;
}
