import { containerHeader, packetType, writeLong } from '../../../../ingest/simulate/avro-writer.ts';
import { ZTF_ALERT_SCHEMA } from '../../../../ingest/surveys/ztf/packet-schema.ts';
import { collectRecords } from '../survey-schemas.ts';

export const MARKER = Buffer.from('0123456789abcdef');
/** All of a container before its first block. */
export const ZTF_HEADER = containerHeader(JSON.stringify(ZTF_ALERT_SCHEMA), MARKER);

const records = collectRecords(ZTF_ALERT_SCHEMA);

/** What a test says of an alert; all else is zero, empty or null. */
export interface SmallAlert {
  objectId?: string;
  candid?: bigint;
  candidate?: object;
  /** One record per entry. */
  history?: object[];
  forced?: object[];
  cutouts?: [science: Buffer | null, template: Buffer | null, difference: Buffer | null];
}

/** The bare datum of a ZTF alert. */
export function smallZtfDatum(alert: SmallAlert = {}): Buffer {
  const { objectId = 'ZTF25abcdefg', candid = 77n } = alert;
  const place = { jd: 2_460_000.5, ra: 10, dec: -3, fid: 1, isdiffpos: 't' };
  const [science = null, template = null, difference = null] = alert.cutouts ?? [];
  return packetType(ZTF_ALERT_SCHEMA).toBuffer({
    schemavsn: '4.02',
    publisher: 'test',
    objectId,
    candid,
    candidate: filled('candidate', { ...place, candid, ...alert.candidate }),
    prv_candidates:
      alert.history?.map((record) => filled('prv_candidate', { ...place, ...record })) ?? null,
    fp_hists: alert.forced?.map((record) => filled('fp_hist', { ...place, ...record })) ?? null,
    cutoutScience: stamp(science),
    cutoutTemplate: stamp(template),
    cutoutDifference: stamp(difference),
  });
}

/** A ZTF packet of some kilobytes, nearly all of it schema. */
export function smallZtfPacket(alert: SmallAlert = {}): Buffer {
  const block = smallZtfDatum(alert);
  return Buffer.concat([ZTF_HEADER, writeLong(1), writeLong(block.length), block, MARKER]);
}

function filled(record: string, values: Record<string, unknown>): object {
  const fields = records.get(record) ?? [];
  return Object.fromEntries(
    fields.map(([name, type]) => [name, name in values ? values[name] : zeroOf(type)]),
  );
}

function zeroOf(type: unknown): unknown {
  if (Array.isArray(type)) return null;
  if (type === 'string') return '';
  return type === 'long' ? 0n : 0;
}

function stamp(stampData: Buffer | null): object | null {
  return stampData === null ? null : { fileName: 'stamp.fits.gz', stampData };
}
