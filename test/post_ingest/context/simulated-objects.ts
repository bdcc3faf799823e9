import avro from 'avsc';

import { readContainerHeader } from '../../../common/avro/container.ts';
import { createSource } from '../../../ingest/simulate/sky.ts';
import type { NightOptions } from '../../../ingest/simulate/options.ts';
import { rubinSchema } from '../../../ingest/surveys/lsst/packet-schemas.ts';
import type { PlacedObject } from '../../../post_ingest/steps/step.ts';
import { avscType } from '../../common/avro/avsc-oracle.ts';
import { makePackets } from '../../ingest/simulate/make-packets.ts';

/** An object of a simulated night as ingest would place it, and what it really is. */
export interface SimulatedObject {
  kind: string;
  isReal: boolean;
  object: PlacedObject;
}

type Fields = Record<string, unknown>;
interface Packet {
  candidate?: Fields;
  diaSource?: Fields;
}

/** The objects of simulated nights, each with its newest alert, at the place that alert measured. */
export async function simulatedObjects(options: NightOptions): Promise<SimulatedObject[]> {
  const { world, measured } = makePackets(options);
  const newest = [...new Map(measured.map((packet) => [packet.objectId, packet])).values()];
  // All packets of a night have one schema.
  const decode =
    options.survey === 'ztf' ? containerDecoder(newest[0].bytes) : rubinDecoder(newest[0].bytes);
  const objects: SimulatedObject[] = [];
  for (const { objectId, bytes, history } of newest) {
    const packet = await decode(bytes);
    const record = packet.candidate ?? packet.diaSource ?? {};
    const { kind, isReal } = createSource(options, world.cadence, history.source.index);
    const [ra, decl] = [Number(record.ra), Number(record.dec)];
    objects.push({ kind, isReal, object: { id: objectId, ra, decl, newestAlert: { ...record } } });
  }
  return objects;
}

function containerDecoder(sample: Buffer): (bytes: Buffer) => Promise<Packet> {
  const type = avscType(JSON.parse(readContainerHeader(sample).schema.toString('utf8')));
  return async (bytes) => {
    const decoder = new avro.streams.BlockDecoder({ parseHook: () => type });
    decoder.end(bytes);
    for await (const value of decoder) return value as Packet;
    throw new Error('a container without a packet');
  };
}

function rubinDecoder(sample: Buffer): (bytes: Buffer) => Promise<Packet> {
  const id = sample.readUInt32BE(1);
  const type = avscType(rubinSchema(Math.floor(id / 100), id % 100));
  return (bytes) => Promise.resolve(type.fromBuffer(bytes.subarray(5)) as Packet);
}
