import { distanceOf } from './distances.ts';
import type { SourceDistance } from './distances.ts';
import type { Neighbour } from './neighbour.ts';
import type { Association } from './rank-associations.ts';

/** What is known of how far away the source of an association is: of each the most trusted. */
export interface AssociationDistances {
  z: number | null;
  photoZ: number | null;
  photoZErr: number | null;
  /** Distance as a catalogue gives it. */
  direct: SourceDistance | null;
  /** Distance by `z`, or by `photoZ` without it. */
  ofRedshift: SourceDistance | null;
}

/** Of entries that take it for what it is only: a star's parallax is no distance of a galaxy. */
export function associationDistances({ entries }: Association): AssociationDistances {
  const believed = entries.filter(({ facts }) => facts.type === entries[0].facts.type);
  const first = (value: (entry: Neighbour) => number | null): number | null => {
    for (const entry of believed) {
      const known = value(entry);
      if (known !== null && Number.isFinite(known)) return known;
    }
    return null;
  };
  const z = first(({ source }) => source.z);
  const photoZ = first(({ source }) => source.photoZ);
  const direct = believed.find(({ facts }) => facts.distance?.kind === 'direct');
  return {
    z,
    photoZ,
    photoZErr: first(({ source }) => source.photoZErr),
    direct: direct?.facts.distance ?? null,
    ofRedshift: distanceOf({ distanceMpc: null, z, photoZ }),
  };
}
