import type { AvroField } from '../../../../common/avro/notation.ts';
import { avscType } from '../../../common/avro/avsc-oracle.ts';
import { rubinLayouts, rubinSchema } from '../../../../ingest/surveys/lsst/packet-schemas.ts';

type Values = Record<string, unknown>;

/** What a test says of the other records of an alert; null leaves them out. */
export interface SmallRubinAlert {
  diaObjectId?: bigint | null;
  /** Whole records, by the names of the packet's fields. */
  records?: Values;
}

const PLACE = { ra: 10, dec: -3, midpointMjdTai: 61_000, diaSourceId: 77n };

/** A bare datum of this version with a diaSource; all that is not said is zero, empty or null. */
export function rubinDatum(schemaId: number, source: Values, alert: SmallRubinAlert = {}): Buffer {
  const [major, minor] = [Math.floor(schemaId / 100), schemaId % 100];
  const schema = rubinSchema(major, minor);
  if (schema === undefined) throw new Error(`there is no version ${major}.${minor}`);
  const layouts = rubinLayouts(schemaId);
  const { diaObjectId = null, records = {} } = alert;
  const diaObject =
    diaObjectId === null ? null : filled(layouts.diaObject, { ...PLACE, diaObjectId });
  return avscType(schema).toBuffer(
    filled(layouts.alert, {
      diaSource: filled(layouts.diaSource, { ...PLACE, ...source }),
      diaObject,
      ...records,
    }),
  );
}

/** The same in wire format. */
export function rubinPacket(schemaId: number, source: Values, alert?: SmallRubinAlert): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(schemaId, 1);
  return Buffer.concat([head, rubinDatum(schemaId, source, alert)]);
}

/** A record with these values, and nothing in its other fields. */
export function filled(fields: AvroField[], values: Values): Values {
  return Object.fromEntries(
    fields.map(({ name, type }) => [name, name in values ? values[name] : zeroOf(type)]),
  );
}

function zeroOf(type: AvroField['type']): unknown {
  if (Array.isArray(type)) return null;
  if (typeof type === 'object') return type.type === 'long' ? 0n : [];
  if (type === 'string') return '';
  if (type === 'boolean') return false;
  return type === 'long' ? 0n : 0;
}
