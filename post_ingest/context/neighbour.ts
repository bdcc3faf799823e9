import { ARCSEC_PER_RADIAN, RADIANS } from '../../common/astro/angles.ts';
import type { CatalogueKind, CatalogueSource } from '../../common/catalogues/source.ts';
import type { NearbySource, SkyPosition } from '../../common/store/catalogue-lookup.ts';
import { factsOf } from './source-facts.ts';
import type { SourceFacts } from './source-facts.ts';

/** A source near an object, from a catalogue or from the alert itself. */
export interface Neighbour {
  /** Catalogue that lists it; for the alert's own: PS1, Gaia, reference, template, solar system. */
  catalogue: string;
  isFromPacket: boolean;
  source: CatalogueSource;
  facts: SourceFacts;
  separationArcsec: number;
  /** Where it lies from the object; null if only the distance is known. */
  offset: { northArcsec: number; eastArcsec: number } | null;
}

/** A catalogue's source as the neighbour of an object. */
export function catalogueNeighbour(
  object: SkyPosition,
  catalogue: { name: string; kind: CatalogueKind },
  { source, separationArcsec }: NearbySource,
): Neighbour {
  return {
    catalogue: catalogue.name,
    isFromPacket: false,
    source,
    facts: factsOf(catalogue.kind, source),
    separationArcsec,
    offset: offsetOf(object, source),
  };
}

/** How far north and east of the object another place lies, on the plane that touches the sky there. */
export function offsetOf(object: SkyPosition, place: SkyPosition): Neighbour['offset'] {
  const deltaRa = (place.ra - object.ra) * RADIANS;
  const [from, to] = [object.decl * RADIANS, place.decl * RADIANS];
  const east = Math.cos(to) * Math.sin(deltaRa);
  const north = Math.cos(from) * Math.sin(to) - Math.sin(from) * Math.cos(to) * Math.cos(deltaRa);
  return { northArcsec: north * ARCSEC_PER_RADIAN, eastArcsec: east * ARCSEC_PER_RADIAN };
}
