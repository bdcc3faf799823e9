import avro from 'avsc';

import { isAvroContainer, readContainerHeader } from '../../../common/avro/container.ts';
import { rubinSchema } from '../../../ingest/surveys/lsst/packet-schemas.ts';

/** 64-bit integers as bigint. */
const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/** Another implementation of Avro, lenient about defaults: many surveys' headers break the rule. */
export function avscType(schema: unknown): avro.Type {
  return avro.Type.forSchema(withoutProse(schema) as avro.Schema, {
    registry: { long: LONG },
    wrapUnions: 'never',
  });
}

/** Every record of a packet, container or wire format, as the other implementation reads it. */
export async function decodeWithAvsc(packet: Buffer): Promise<Record<string, unknown>[]> {
  if (!isAvroContainer(packet)) {
    const id = packet.readUInt32BE(1);
    const type = avscType(rubinSchema(Math.floor(id / 100), id % 100));
    return [plain(type.fromBuffer(packet.subarray(5))) as Record<string, unknown>];
  }
  const { schema } = readContainerHeader(packet);
  const type = avscType(JSON.parse(schema.toString('utf8')));
  const { uncompress } = await import('snappy');
  const decoder = new avro.streams.BlockDecoder({
    // The header's own schema is what avsc would refuse: ours says the same without the defaults.
    parseHook: () => type,
    codecs: {
      null: (block: Buffer, done: (err: Error | null, bytes?: Buffer) => void) => done(null, block),
      deflate: avro.streams.BlockDecoder.defaultCodecs().deflate,
      snappy: (block: Buffer, done: (err: Error | null, bytes?: Buffer) => void) => {
        uncompress(block.subarray(0, -4), { asBuffer: true }).then(
          (bytes) => done(null, bytes as Buffer),
          (err: Error) => done(err),
        );
      },
    },
  });
  const values: Record<string, unknown>[] = [];
  decoder.end(packet);
  for await (const value of decoder) values.push(plain(value) as Record<string, unknown>);
  return values;
}

/** Objects without the classes that avsc makes of records, buffers as they are. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function withoutProse(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (schema === null || typeof schema !== 'object') return schema;
  // A primitive in an object would pass by the registry, and lose digits of longs.
  if ('logicalType' in schema && 'type' in schema) return withoutProse(schema.type);
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name]) => name !== 'default' && name !== 'doc')
      .map(([name, inner]) => [name, withoutProse(inner)]),
  );
}
