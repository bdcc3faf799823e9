import { createCadence } from './cadence.ts';
import type { NightOptions } from './options.ts';
import type { SimulatedPacket } from './packets.ts';
import { createSource } from './sky.ts';

/** What an object really is: a line of `truth.jsonl`. */
export interface Truth {
  survey: NightOptions['survey'];
  /** Of ZTF, Rubin's `diaObjectId`, or the id of the alert where a moving source has no object. */
  objectId: string;
  kind: string;
  isReal: boolean;
  /** Degrees, ICRS: where it was put, without the noise of the measurements. */
  ra: number;
  dec: number;
  /** Name of a solar-system object. */
  name?: string;
  parameters: Record<string, number | string | boolean>;
}

/**
 * Tells the truth about the objects of packets, once for each object.
 * @returns A function that gives nothing for an object it has told of before.
 */
export function createTruth(options: NightOptions): (packet: SimulatedPacket) => Truth | undefined {
  const cadence = createCadence(options);
  const told = new Set<string>();
  return ({ objectId, source }) => {
    if (told.has(objectId)) return undefined;
    told.add(objectId);
    const { kind, isReal, ra, dec, moving, isMoving, truth } = createSource(
      options,
      cadence,
      source,
    );
    return {
      survey: options.survey,
      objectId,
      kind,
      isReal,
      ra,
      dec,
      ...(isMoving && { name: moving.name }),
      parameters: truth,
    };
  };
}
