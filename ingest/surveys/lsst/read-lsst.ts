import { mjdUtcFromTai } from '../../../common/astro/time.ts';
import { compileDecoder } from '../../../common/avro/compile.ts';
import type { AvroRecordValue, Decoder, RecordIndex } from '../../../common/avro/compile.ts';
import { isAvroContainer } from '../../../common/avro/container.ts';
import { resolveSchema } from '../../../common/avro/schema.ts';
import type { RecordNode } from '../../../common/avro/schema.ts';
import { PacketError } from '../../../common/errors.ts';
import { LSST_MPC_ORBITS_FROM_MPCORB } from '../../../common/schema/lsst/mpc-orbits.ts';
import { tableOf } from '../../../common/schema/tables.ts';
import type { Table } from '../../../common/schema/types.ts';
import { createDecoderCache } from '../decoder-cache.ts';
import { isPosition } from '../position.ts';
import { checkColumnsFit, recordOf } from '../record-fields.ts';
import { parseHeaderSchema, readContainer } from '../read-container.ts';
import { createRowWriter } from '../row-writer.ts';
import type { RowWriter } from '../row-writer.ts';
import type { Alert, Reading } from '../survey.ts';

/** How packets of one version are decoded and which columns their records fill. */
export interface LsstLayout {
  decoder: Decoder;
  sourceRows: RowWriter;
  historyRows: RowWriter;
  forcedRows?: RowWriter;
  objectRows?: RowWriter;
  limitRows?: RowWriter;
  ssObjectRows?: RowWriter;
  ssSourceRows?: RowWriter;
  orbitRows?: RowWriter;
}

/** What a source belongs to: a diaObject, a solar-system object, or nothing. */
export type OwnerKind = 'object' | 'solar_system' | 'lone';

/** An alert of Rubin: the packet's own words, with the history not yet looked into. */
export interface LsstAlert extends Alert {
  ownerKind: OwnerKind;
  /** diaObjectId, ssObjectId, or for a lone source its own diaSourceId. */
  ownerId: bigint;
  packet: AvroRecordValue;
  diaSource: AvroRecordValue;
  midpointMjdTai: number;
  /** Key 0 diaSourceId. */
  history: RecordIndex | null;
  /** Key 0 diaForcedSourceId. */
  forced: RecordIndex | null;
  layout: LsstLayout;
}

/** Answers the writer's schema of a wire id (100 * major + minor). */
export interface SchemaSource {
  schemaFor(id: number): Promise<unknown>;
}

const UNIX_EPOCH_MJD = 40_587;
const DAY_MS = 86_400_000;
const WIRE_HEADER_BYTES = 5;
const SCHEMA_NAME = /^lsst\.v(\d+)_(\d+)\.alert$/;
const OLDEST_MAJOR = 7;

/** Columns of `diaSources` that come from the packet's head. */
export const SOURCE_EXTRAS = ['hasalert', 'alertId', 'observation_reason', 'target_name'];

/**
 * Reads Rubin packets: wire format (a zero byte, the schema's id, a bare datum) and Avro containers.
 * The answer is immediate once the packet's schema is known; otherwise it waits for `schemas`.
 */
export function createLsstReader(
  schemas: SchemaSource,
): (packet: Buffer) => Reading<LsstAlert> | Promise<Reading<LsstAlert>> {
  const byId = new Map<number, LsstLayout>();
  const pending = new Map<number, Promise<LsstLayout>>();
  const byHeader = createDecoderCache(layoutOfHeader);
  return (packet) => {
    if (isAvroContainer(packet))
      return readContainer(packet, (schema) => byHeader.get(schema), toAlert);
    if (packet.length < WIRE_HEADER_BYTES || packet[0] !== 0) {
      return {
        alerts: [],
        fault: new PacketError(
          'not_avro',
          "the packet is neither in Rubin's wire format nor an Avro container",
        ),
      };
    }
    const id = packet.readUInt32BE(1);
    const layout = byId.get(id);
    if (layout !== undefined) return readWire(packet, layout);
    let fetching = pending.get(id);
    if (fetching === undefined) {
      fetching = fetchLayout(id, schemas).finally(() => pending.delete(id));
      pending.set(id, fetching);
    }
    return fetching.then(
      (fetched) => {
        byId.set(id, fetched);
        return readWire(packet, fetched);
      },
      (err: unknown) => {
        if (err instanceof PacketError) return { alerts: [], fault: err };
        throw err;
      },
    );
  };
}

async function fetchLayout(id: number, schemas: SchemaSource): Promise<LsstLayout> {
  return buildLayout(resolveSchema(await schemas.schemaFor(id)));
}

function readWire(packet: Buffer, layout: LsstLayout): Reading<LsstAlert> {
  try {
    const { value, end } = layout.decoder.decode(packet, WIRE_HEADER_BYTES, packet.length);
    if (end !== packet.length)
      throw new PacketError('damaged', 'the packet is damaged: it is longer than its alert');
    return { alerts: [toAlert(value, layout)] };
  } catch (err) {
    if (err instanceof PacketError) return { alerts: [], fault: err };
    throw err;
  }
}

function layoutOfHeader(schema: Buffer): LsstLayout {
  return buildLayout(resolveSchema(parseHeaderSchema(schema)));
}

function buildLayout(schema: RecordNode): LsstLayout {
  const version = SCHEMA_NAME.exec(schema.name);
  if (version === null) {
    throw new PacketError(
      'other_survey',
      `the packet's schema is ${schema.name.slice(0, 80)}, not lsst.v*.alert`,
    );
  }
  if (Number(version[1]) < OLDEST_MAJOR) {
    throw new PacketError(
      'unsupported_schema',
      `the packet is of schema ${version[1]}.${version[2]}; ${OLDEST_MAJOR}.0 and later are read`,
    );
  }
  const source = recordOf(schema, 'diaSource', 'single');
  if (source === undefined)
    throw new PacketError('unknown_schema', `the schema ${schema.name} has no diaSource`);
  const sources = tableOf('lsst', 'diaSources');
  checkColumnsFit(sources, schema, new Map(SOURCE_EXTRAS.map((name) => [name, name])));
  const rowsOf = (field: string, name: string | Table, extras: string[] = []) => {
    const record = recordOf(schema, field, field.startsWith('prv') ? 'list' : 'single');
    const table = typeof name === 'string' ? tableOf('lsst', name) : name;
    return record === undefined ? undefined : createRowWriter(table, record, extras);
  };
  return {
    decoder: compileDecoder(schema, {
      prvDiaSources: ['diaSourceId'],
      prvDiaForcedSources: ['diaForcedSourceId'],
    }),
    sourceRows: createRowWriter(sources, source, SOURCE_EXTRAS),
    historyRows: createRowWriter(sources, recordOf(schema, 'prvDiaSources', 'list') ?? source, [
      'hasalert',
    ]),
    forcedRows: rowsOf('prvDiaForcedSources', 'diaForcedSources'),
    objectRows: rowsOf('diaObject', 'diaObjects'),
    limitRows: rowsOf('prvDiaNondetectionLimits', 'diaNondetectionLimits', ['diaObjectId']),
    ssObjectRows: rowsOf('ssObject', 'ssObjects'),
    ssSourceRows: rowsOf('ssSource', 'ssSources', ['diaSourceId', 'ssObjectId']),
    orbitRows: rowsOf('mpc_orbits', 'mpc_orbits') ?? rowsOf('MPCORB', LSST_MPC_ORBITS_FROM_MPCORB),
  };
}

function toAlert(packet: AvroRecordValue, layout: LsstLayout): LsstAlert {
  const diaSource = packet.diaSource as AvroRecordValue | null;
  if (diaSource === null) throw new PacketError('invalid_alert', 'the alert has no diaSource');
  const { diaSourceId, midpointMjdTai, ra, dec } = diaSource;
  if (typeof diaSourceId !== 'bigint')
    throw new PacketError('invalid_alert', 'diaSourceId is missing');
  // Rubin's test streams carry times far from any night: they are taken as sent.
  if (typeof midpointMjdTai !== 'number' || !(midpointMjdTai > 0 && midpointMjdTai < Infinity)) {
    throw new PacketError('invalid_alert', `midpointMjdTai is ${String(midpointMjdTai)}`);
  }
  if (!isPosition(ra, dec))
    throw new PacketError('invalid_alert', `the position is (${String(ra)}, ${String(dec)})`);
  const owner = ownerOf(packet, diaSource, diaSourceId);
  return {
    id: diaSourceId,
    objectId: owner.ownerKind === 'object' ? owner.ownerId.toString() : null,
    ...owner,
    packet,
    diaSource,
    midpointMjdTai,
    observedAtMs: (mjdUtcFromTai(midpointMjdTai) - UNIX_EPOCH_MJD) * DAY_MS,
    history: (packet.prvDiaSources ?? null) as RecordIndex | null,
    forced: (packet.prvDiaForcedSources ?? null) as RecordIndex | null,
    cutouts: [
      cutout(packet.cutoutScience),
      cutout(packet.cutoutTemplate),
      cutout(packet.cutoutDifference),
    ],
    layout,
  };
}

function ownerOf(
  packet: AvroRecordValue,
  diaSource: AvroRecordValue,
  diaSourceId: bigint,
): Pick<LsstAlert, 'ownerKind' | 'ownerId'> {
  const objectId = presentId(diaSource.diaObjectId);
  if (objectId !== undefined) return { ownerKind: 'object', ownerId: objectId };
  const ssObjectId = presentId(diaSource.ssObjectId);
  if (ssObjectId !== undefined) return { ownerKind: 'solar_system', ownerId: ssObjectId };
  const diaObjectId = presentId((packet.diaObject as AvroRecordValue | null)?.diaObjectId);
  if (diaObjectId !== undefined) return { ownerKind: 'object', ownerId: diaObjectId };
  return { ownerKind: 'lone', ownerId: diaSourceId };
}

/** Rubin writes null or 0 for no association. */
function presentId(value: unknown): bigint | undefined {
  return typeof value === 'bigint' && value !== 0n ? value : undefined;
}

function cutout(value: unknown): Uint8Array | null {
  return value instanceof Uint8Array && value.length > 0 ? value : null;
}
