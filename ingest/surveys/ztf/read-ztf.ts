import { compileDecoder } from '../../../common/avro/compile.ts';
import type { AvroRecordValue, Decoder, RecordIndex } from '../../../common/avro/compile.ts';
import { resolveSchema } from '../../../common/avro/schema.ts';
import { PacketError } from '../../../common/errors.ts';
import { tableOf } from '../../../common/schema/tables.ts';
import { createDecoderCache } from '../decoder-cache.ts';
import { isPosition } from '../position.ts';
import { recordOf } from '../record-fields.ts';
import { parseHeaderSchema, readContainer } from '../read-container.ts';
import { createRowWriter } from '../row-writer.ts';
import type { RowWriter } from '../row-writer.ts';
import type { Alert, Reading } from '../survey.ts';

/** How packets of one schema are decoded and which columns they fill. */
export interface ZtfLayout {
  decoder: Decoder;
  alertRows: RowWriter;
  historyRows: RowWriter;
  limitRows: RowWriter;
  forcedRows: RowWriter;
}

/** An alert of ZTF: the packet's own words, with the history not yet looked into. */
export interface ZtfAlert extends Alert {
  objectId: string;
  candidate: AvroRecordValue;
  jd: number;
  schemavsn: string | null;
  publisher: string | null;
  /** Keys 0 candid, 1 pid. */
  history: RecordIndex | null;
  /** Key 0 pid. */
  forced: RecordIndex | null;
  layout: ZtfLayout;
}

const OBJECT_ID = /^ZTF\d{2}[a-z]{7}$/;
const UNIX_EPOCH_JD = 2_440_587.5;
const DAY_MS = 86_400_000;
/** What the candidate record must have for a packet to be ZTF's. */
const NEEDED = ['jd', 'fid', 'pid', 'candid', 'isdiffpos', 'ra', 'dec', 'magpsf', 'sigmapsf'];
const EXTRA_CANDIDATE_COLUMNS = ['objectId', 'htmid16', 'hasalert', 'schemavsn', 'publisher'];

/** Reads ZTF packets of any version, also those that Spark wrote again; one reader per process. */
export function createZtfReader(): (packet: Buffer) => Reading<ZtfAlert> {
  const layouts = createDecoderCache(buildLayout);
  return (packet) => readContainer(packet, (schema) => layouts.get(schema), toAlert);
}

function buildLayout(schemaBytes: Buffer): ZtfLayout {
  const schema = resolveSchema(parseHeaderSchema(schemaBytes));
  if (schema.name !== 'ztf.alert' && schema.name !== 'topLevelRecord') {
    throw new PacketError(
      'other_survey',
      `the packet's schema is ${schema.name.slice(0, 80)}, not ztf.alert`,
    );
  }
  const candidate = recordOf(schema, 'candidate', 'single');
  const missing = NEEDED.filter(
    (name) => candidate?.fields.every((field) => field.name !== name) ?? true,
  );
  if (candidate === undefined || missing.length > 0) {
    throw new PacketError(
      'unknown_schema',
      `the packet's schema has no candidate.${missing[0] ?? '*'}`,
    );
  }
  const history = recordOf(schema, 'prv_candidates', 'list');
  const forced = recordOf(schema, 'fp_hists', 'list');
  const candidates = tableOf('ztf', 'candidates');
  const nonDetections = tableOf('ztf', 'noncandidates');
  return {
    decoder: compileDecoder(
      schema,
      { prv_candidates: ['candid', 'pid'], fp_hists: ['pid'] },
      { prv_candidates: new Set(nonDetections.columns.map(({ name }) => name)) },
    ),
    alertRows: createRowWriter(candidates, candidate, EXTRA_CANDIDATE_COLUMNS),
    historyRows: createRowWriter(candidates, history ?? candidate, EXTRA_CANDIDATE_COLUMNS),
    limitRows: createRowWriter(nonDetections, history ?? candidate, ['objectId']),
    forcedRows: createRowWriter(tableOf('ztf', 'forcedphot'), forced ?? candidate, ['objectId']),
  };
}

function toAlert(value: AvroRecordValue, layout: ZtfLayout): ZtfAlert {
  const candidate = value.candidate as AvroRecordValue | null;
  if (candidate === null) throw new PacketError('invalid_alert', 'the alert has no candidate');
  const { jd, ra, dec, candid } = candidate;
  const { objectId } = value;
  if (typeof objectId !== 'string' || !OBJECT_ID.test(objectId)) {
    throw new PacketError(
      'invalid_alert',
      `objectId is ${String(objectId).slice(0, 40)}, not like ZTF21abcdefg`,
    );
  }
  if (typeof candid !== 'bigint') throw new PacketError('invalid_alert', 'candid is missing');
  if (typeof jd !== 'number' || !(jd > 2_400_000 && jd < 2_600_000))
    throw new PacketError('invalid_alert', `jd is ${String(jd)}`);
  if (!isPosition(ra, dec))
    throw new PacketError('invalid_alert', `the position is (${String(ra)}, ${String(dec)})`);
  return {
    id: candid,
    objectId,
    candidate,
    jd,
    observedAtMs: (jd - UNIX_EPOCH_JD) * DAY_MS,
    schemavsn: textOrNull(value.schemavsn),
    publisher: textOrNull(value.publisher),
    history: (value.prv_candidates ?? null) as RecordIndex | null,
    forced: (value.fp_hists ?? null) as RecordIndex | null,
    cutouts: [
      stamp(value.cutoutScience),
      stamp(value.cutoutTemplate),
      stamp(value.cutoutDifference),
    ],
    layout,
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function stamp(cutout: unknown): Uint8Array | null {
  const bytes = (cutout as { stampData?: Uint8Array | null } | null | undefined)?.stampData;
  return bytes === undefined || bytes === null || bytes.length === 0 ? null : bytes;
}
