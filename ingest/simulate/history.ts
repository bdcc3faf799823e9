import { createCadence } from './cadence.ts';
import type { Cadence } from './cadence.ts';
import { measure } from './measure.ts';
import type { Measurement } from './measure.ts';
import type { Neighbour } from './neighbours.ts';
import type { NightOptions } from './options.ts';
import { lookCode } from './plan.ts';
import { createSource, looksAt, neighboursOf } from './sky.ts';
import type { Look, Source } from './sky.ts';

/** A source with all that was measured of it since the histories begin. */
export interface SourceHistory {
  source: Source;
  looks: Look[];
  measurements: Measurement[];
  /** Detections up to and including each look. */
  detectionsUpTo: Int32Array;
  neighbours: Neighbour[];
  /** Place in `looks` by look code. */
  places: Map<number, number>;
  /** Records written once and repeated in every later packet, by place. */
  written: (Buffer | undefined)[];
  writtenForced: (Buffer | undefined)[];
}

/** One alert, written. */
export interface PacketParts {
  /** The survey's id of the alert. */
  id: bigint;
  objectId: string;
  /** Its bytes, in pieces of which many are shared between packets. */
  pieces: Buffer[];
}

/** What packets of one run of nights share: the options and who was exposed when. */
export interface World {
  options: NightOptions;
  cadence: Cadence;
  ordinals: Uint16Array;
  /** What the survey module worked out for an exposure of a detector, by its number. */
  exposures: Map<number, unknown>;
}

export const createWorld = (options: NightOptions, ordinals: Uint16Array): World => ({
  options,
  cadence: createCadence(options),
  ordinals,
  exposures: new Map(),
});

/** Builds the source with this number and measures it in every exposure. */
export function sourceHistory({ options, cadence }: World, index: number): SourceHistory {
  const source = createSource(options, cadence, index);
  const lastNight = options.startNight + options.nights - 1;
  const looks = looksAt(cadence, source, cadence.historyFrom, lastNight);
  const measurements = looks.map((look) => measure(options, source, look));
  const detectionsUpTo = new Int32Array(looks.length);
  let count = 0;
  measurements.forEach(({ isDetected }, n) => {
    if (isDetected) count++;
    detectionsUpTo[n] = count;
  });
  return {
    source,
    looks,
    measurements,
    detectionsUpTo,
    neighbours: neighboursOf(options, source),
    places: new Map(looks.map((look, n) => [lookCode(cadence, look), n])),
    written: [],
    writtenForced: [],
  };
}
