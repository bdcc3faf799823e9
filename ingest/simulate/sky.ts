import type { Cadence, Slot, Visit } from './cadence.ts';
import { buildKind } from './source-kinds.ts';
import type { KindParts } from './source-kinds.ts';
import { SOURCE_KINDS } from './source-weights.ts';
import type { SourceKind } from './source-weights.ts';
import type { NightOptions } from './options.ts';
import { createNeighbour, distanceOf, fieldNeighbours } from './neighbours.ts';
import type { Neighbour } from './neighbours.ts';
import { choose, createRandom, integer, uniform, uniformAt } from './random.ts';
import type { Random } from './random.ts';
import { detectorAt } from './rubin-camera.ts';
import { fromTangentPlane } from './sky-geometry.ts';
import type { SkyPoint } from './sky-geometry.ts';
import { cameraPositionOf, focalPlaneOf, QUADRANT_HEIGHT, QUADRANT_WIDTH } from './ztf-grid.ts';

/** How a pointing sees a source: readout channel or detector, and pixels. */
export interface Coverage {
  slot: Slot;
  detector: number;
  x: number;
  y: number;
}

/** One thing in the sky that may cause alerts: everything about it is known. */
export interface Source extends SkyPoint, KindParts {
  index: number;
  kind: SourceKind;
  /** Its own pointing first, then one that overlaps. */
  coverage: Coverage[];
  /** Moving and spurious things are there in one night only. */
  onlyNight?: number;
  /** A spurious thing is there in one exposure only. */
  onlySerial?: number;
}

/** An exposure that saw a source, and which of its coverages that was. */
export interface Look {
  visit: Visit;
  coverage: number;
}

/** Arcseconds within which the catalogues are searched, and how crowded the sky is. */
const SURROUNDINGS = {
  ztf: { radius: 30, perSquareArcmin: 4.5, limit: 22 },
  lsst: { radius: 8, perSquareArcmin: 20, limit: 25 },
} as const;

/** The source with this number: the same whoever asks. */
export function createSource(options: NightOptions, cadence: Cadence, index: number): Source {
  const { seed, survey, startNight } = options;
  const random = createRandom(seed, startNight, index, 0x534f55);
  const kind = choose(random, SOURCE_KINDS[survey][options.workload]);
  const slot = cadence.slots[integer(random, cadence.slots.length)];
  const { point, coverage } = place(options, cadence, slot, index);
  const parts = buildKind(options, kind, index);
  const stay = parts.isMoving || parts.isOnce ? briefStay(options, cadence, slot, index) : {};
  return {
    ...point,
    ...parts,
    index,
    kind,
    coverage,
    ...(stay.night !== undefined && { onlyNight: stay.night }),
    ...(parts.isOnce && stay.serial !== undefined && { onlySerial: stay.serial }),
  };
}

/** The exposures of a range of nights (both included) that saw a source's position, by time. */
export function looksAt(cadence: Cadence, source: Source, from: number, to: number): Look[] {
  const looks: Look[] = [];
  for (let night = from; night <= to; night++) {
    source.coverage.forEach(({ slot }, coverage) => {
      for (const visit of cadence.visits(slot, night)) looks.push({ visit, coverage });
    });
  }
  return looks.sort((a, b) => a.visit.mjd - b.visit.mjd);
}

/** Stars and galaxies around a source, nearest first, its own star or host among them. */
export function neighboursOf(options: NightOptions, source: Source): Neighbour[] {
  const random = createRandom(options.seed, options.startNight, source.index, 0x4e4549);
  const { radius, perSquareArcmin, limit } = SURROUNDINGS[options.survey];
  const chance = fieldNeighbours(random, perSquareArcmin, radius, limit);
  const own = source.counterpart === undefined ? [] : [source.counterpart];
  // Some stars lie in front of a galaxy.
  const isProjected = source.counterpart?.isStar && uniform(random) < 0.08;
  const galaxy = isProjected ? [galaxyBehind(random)] : [];
  return [...own, ...galaxy, ...chance].sort((a, b) => distanceOf(a) - distanceOf(b));
}

const galaxyBehind = (random: Random) =>
  createNeighbour(random, {
    r: uniform(random, 15, 20),
    isStar: false,
    offsetArcsec: uniform(random, 0.5, 5),
  });

/** Position on a camera, kept off the edges where the pipelines detect nothing. */
function place(options: NightOptions, cadence: Cadence, slot: Slot, index: number) {
  const random = createRandom(options.seed, options.startNight, index, 0x504c41);
  if (options.survey === 'lsst') {
    // Round field of view, 1.75 degrees in radius, evenly filled.
    for (;;) {
      const [east, north] = [uniform(random, -1.75, 1.75), uniform(random, -1.75, 1.75)];
      const seen = detectorAt(east, north);
      if (seen === undefined) continue;
      return { point: fromTangentPlane(slot, east, north), coverage: [{ slot, ...seen }] };
    }
  }
  const x = uniform(random, 12, QUADRANT_WIDTH - 12);
  const y = uniform(random, 12, QUADRANT_HEIGHT - 12);
  const rcid = integer(random, 64);
  const { east, north } = focalPlaneOf({ rcid, x, y });
  const point = fromTangentPlane(slot, east, north);
  const coverage: Coverage[] = [{ slot, detector: rcid, x, y }];
  for (const other of cadence.overlapping) {
    if (Math.abs(other.dec - point.dec) > 4) continue;
    const seen = cameraPositionOf(other, point);
    const isInside =
      seen !== undefined &&
      Math.min(seen.x, seen.y, QUADRANT_WIDTH - seen.x, QUADRANT_HEIGHT - seen.y) > 12;
    if (!isInside) continue;
    coverage.push({ slot: other, detector: seen.rcid, x: seen.x, y: seen.y });
    break;
  }
  return { point, coverage };
}

/** One of the nights in which the slot is exposed, and one of its exposures. */
function briefStay(options: NightOptions, cadence: Cadence, slot: Slot, index: number) {
  const { seed, startNight, nights } = options;
  const possible = Array.from({ length: nights }, (_, n) => startNight + n).filter(
    (night) => cadence.visits(slot, night).length > 0,
  );
  if (possible.length === 0) return {};
  const night = possible[Math.floor(uniformAt(seed, index, 0x4e49) * possible.length)];
  const serials = cadence.visits(slot, night).length;
  return { night, serial: Math.floor(uniformAt(seed, index, 0x5345) * serials) };
}

/** Where the source is at a moment: where it always is, unless it moves. */
export function positionAt(source: Source, mjd: number): SkyPoint {
  if (!source.isMoving || source.onlyNight === undefined) return source;
  const days = mjd - source.moving.referenceMjd(source.onlyNight);
  return fromTangentPlane(
    source,
    (source.moving.eastArcsecPerDay * days) / 3600,
    (source.moving.northArcsecPerDay * days) / 3600,
  );
}
