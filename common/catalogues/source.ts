import type { ColumnType } from '../schema/types.ts';

/** What a catalogue as a whole is a list of; `mixed` where each source says it itself. */
export const CATALOGUE_KINDS = ['star', 'galaxy', 'agn', 'cv', 'variable', 'mixed'] as const;
export type CatalogueKind = (typeof CATALOGUE_KINDS)[number];

/** What one source is; `other` where the catalogue leaves it open. */
export const SOURCE_TYPES = ['star', 'galaxy', 'agn', 'cv', 'variable', 'other'] as const;
export type SourceType = (typeof SOURCE_TYPES)[number];

/** Bands of catalogue magnitudes, by Lasair's column names: `_r` is SDSS-like, `R` Johnson-like. */
export const CATALOGUE_BANDS = [
  'U',
  'B',
  'V',
  'G',
  'R',
  'I',
  'J',
  'H',
  'K',
  '_u',
  '_g',
  '_r',
  '_i',
  '_z',
  '_y',
] as const;
export type CatalogueBand = (typeof CATALOGUE_BANDS)[number];

/** Magnitudes in the catalogue's own system; NULL where it has none. */
type Magnitudes = Record<CatalogueBand | `${CatalogueBand}Err`, number | null>;

/** One source of a reference catalogue in the terms the association rules speak; NULL = not known. */
export interface CatalogueSource extends Magnitudes {
  /** As the catalogue names it; unique in it together with the position. */
  id: string;
  /** Degrees, ICRS, at the catalogue's own epoch. */
  ra: number;
  decl: number;
  type: SourceType;
  /** 0 = certainly extended, 1 = certainly a point. */
  starScore: number | null;
  /** The magnitude that stands for the source, its error, and the band it is in (`G`, `r`, `K`). */
  mag: number | null;
  magErr: number | null;
  magFilter: string | null;
  /** Spectroscopic redshift, or the best the catalogue has. */
  z: number | null;
  photoZ: number | null;
  photoZErr: number | null;
  /** Distance as the catalogue gives it, not worked out from `z` here. */
  distanceMpc: number | null;
  /** Semi-major axis of a galaxy's isophote. */
  majorAxisArcsec: number | null;
  /** Parallax in mas, over its error. */
  parallaxOverError: number | null;
  /** Total proper motion, mas/yr. */
  properMotion: number | null;
}

export type StandardField = keyof CatalogueSource;

/** Fields that every catalogue's table has as columns. */
export const KEY_FIELDS = ['id', 'ra', 'decl'] as const satisfies StandardField[];

/** Fields that a table has as columns where the catalogue has them, with the columns' types. */
export const OPTIONAL_FIELDS: Readonly<
  Record<Exclude<StandardField, (typeof KEY_FIELDS)[number]>, ColumnType>
> = {
  type: { name: 8 },
  starScore: 'float',
  ...magnitudeTypes(),
  mag: 'float',
  magErr: 'float',
  magFilter: { name: 8 },
  z: 'float',
  photoZ: 'float',
  photoZErr: 'float',
  distanceMpc: 'float',
  majorAxisArcsec: 'float',
  parallaxOverError: 'float',
  properMotion: 'float',
};
export type OptionalField = keyof typeof OPTIONAL_FIELDS;

/**
 * Classes of sources by how far from them an object may be and still belong to them: the largest
 * radius of each class, arcsec. Few sources reach far, so the many are searched with small cones.
 */
export const REACH_LIMITS_ARCSEC = [2, 10, 60, 600, 5400] as const;

/**
 * Class of a source whose largest match radius is `radiusArcsec`. What would reach farther than the
 * last class does reaches as far as that, so searches need not go beyond it.
 *
 * @throws if it is no radius: a mistake in the rules.
 */
export function reachClass(radiusArcsec: number): number {
  if (!(radiusArcsec >= 0))
    throw new Error(`a match radius of ${radiusArcsec} arcsec means nothing`);
  const found = REACH_LIMITS_ARCSEC.findIndex((limit) => radiusArcsec <= limit);
  return found < 0 ? REACH_LIMITS_ARCSEC.length - 1 : found;
}

function magnitudeTypes(): Record<keyof Magnitudes, ColumnType> {
  const entries = CATALOGUE_BANDS.flatMap((band) => [
    [band, 'float'],
    [`${band}Err`, 'float'],
  ]);
  return Object.fromEntries(entries) as Record<keyof Magnitudes, ColumnType>;
}

const EMPTY_SOURCE = {
  ...Object.fromEntries(Object.keys(OPTIONAL_FIELDS).map((field) => [field, null])),
  id: '',
  ra: 0,
  decl: 0,
  type: 'other',
} as CatalogueSource;

/** A source of which only the place is known; readers fill in the rest. */
export function emptySource(): CatalogueSource {
  // A copy costs a hundredth of making one anew, which counts for catalogues of 10^7 rows.
  return { ...EMPTY_SOURCE };
}
