import { createSource } from '../../../ingest/simulate/sky.ts';
import type { NightOptions } from '../../../ingest/simulate/options.ts';
import type { PlacedObject } from '../../../post_ingest/steps/step.ts';
import { decodeWithAvsc } from '../../common/avro/avsc-oracle.ts';
import { makePackets } from '../../ingest/simulate/make-packets.ts';

/** An object of a simulated night as ingest would place it, and what it really is. */
export interface SimulatedObject {
  kind: string;
  isReal: boolean;
  object: PlacedObject;
}

type Fields = Record<string, unknown>;

/** The objects of simulated nights, each with its newest alert, at the place that alert measured. */
export async function simulatedObjects(options: NightOptions): Promise<SimulatedObject[]> {
  const { world, measured } = makePackets(options);
  const newest = new Map(measured.map((packet) => [packet.objectId, packet]));
  return Promise.all(
    [...newest.values()].map(async ({ objectId, bytes, history }) => {
      const [alert] = await decodeWithAvsc(bytes);
      const record = (options.survey === 'ztf' ? alert.candidate : alert.diaSource) as Fields;
      const { kind, isReal } = createSource(options, world.cadence, history.source.index);
      return {
        kind,
        isReal,
        object: {
          id: objectId,
          ra: Number(record.ra),
          decl: Number(record.dec),
          newestAlert: record,
        },
      };
    }),
  );
}
