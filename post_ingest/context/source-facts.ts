import { CATALOGUE_BANDS } from '../../common/catalogues/source.ts';
import type {
  CatalogueBand,
  CatalogueKind,
  CatalogueSource,
} from '../../common/catalogues/source.ts';
import { distanceOf } from './distances.ts';
import type { SourceDistance } from './distances.ts';
import { CONFIRMED_STAR, GALAXY_SCORE_BELOW, SATURATED_MAG, STAR_SCORE_FROM } from './rules.ts';
import type { NeighbourType } from './rules.ts';

/** What the rules ask of a source, with everything that is no number taken out. */
export interface SourceFacts {
  /** `other` if it may be anything. */
  type: NeighbourType;
  /** Magnitude in the most usual optical band there is. */
  mag: number | null;
  /** Its band; null if the catalogue gives only a magnitude that stands for the source. */
  magBand: CatalogueBand | null;
  distance: SourceDistance | null;
  semiMajorArcsec: number | null;
  /** mas/yr */
  properMotion: number | null;
  /** Whether parallax or proper motion leave no doubt that it is a star. */
  isConfirmedStar: boolean;
}

/** Bands in which a magnitude says best how bright a source looks to a survey. */
const MAG_BANDS: readonly CatalogueBand[] = ['_r', 'G', 'R', 'V', '_g', '_i', 'B', 'I', '_z'];
const OTHER_BANDS = CATALOGUE_BANDS.filter((band) => !MAG_BANDS.includes(band));

/** What is known of a source, its catalogue's kind filled in where the source does not say its own. */
export function factsOf(kind: CatalogueKind, source: CatalogueSource): SourceFacts {
  const { mag, magBand } = magOf(source);
  const properMotion = positive(source.properMotion);
  const parallax = positive(source.parallaxOverError);
  const type = typeOf(kind, source, mag);
  return {
    type,
    mag,
    magBand,
    distance: distanceOf(source),
    semiMajorArcsec: positive(source.majorAxisArcsec),
    properMotion,
    isConfirmedStar:
      (type === 'star' || type === 'other') &&
      ((parallax !== null && parallax >= CONFIRMED_STAR.parallaxOverError) ||
        (properMotion !== null && properMotion >= CONFIRMED_STAR.properMotion)),
  };
}

function typeOf(kind: CatalogueKind, source: CatalogueSource, mag: number | null): NeighbourType {
  if (source.type !== 'other') return source.type;
  if (kind !== 'mixed') return kind;
  const { starScore } = source;
  if (starScore === null || !Number.isFinite(starScore)) return 'other';
  if (starScore >= STAR_SCORE_FROM) return 'star';
  // The images of saturated stars are broad.
  if (mag !== null && mag < SATURATED_MAG) return 'other';
  return starScore < GALAXY_SCORE_BELOW ? 'galaxy' : 'other';
}

function magOf(source: CatalogueSource): Pick<SourceFacts, 'mag' | 'magBand'> {
  for (const magBand of MAG_BANDS) {
    if (isMag(source[magBand])) return { mag: source[magBand], magBand };
  }
  if (isMag(source.mag)) return { mag: source.mag, magBand: null };
  for (const magBand of OTHER_BANDS) {
    if (isMag(source[magBand])) return { mag: source[magBand], magBand };
  }
  return { mag: null, magBand: null };
}

/** Catalogues write 99 or -999 where they have none. */
export function isMag(value: number | null): value is number {
  return value !== null && value > -5 && value < 40;
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 && value < Infinity ? value : null;
}
