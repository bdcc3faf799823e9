import { ZTF_ALERT_SCHEMA } from '../surveys/ztf/packet-schema.ts';
import {
  containerHeader,
  VALUE_BRANCH,
  writeBytes,
  writeItems,
  writeLong,
  writeString,
} from './avro-writer.ts';
import type { PacketParts, SourceHistory, World } from './history.ts';
import { hashOf, uniformAt } from './random.ts';
import { recordWriter } from './record-writer.ts';
import { addCatalogueMatches } from './ztf-catalogues.ts';
import { ztfObjectId } from './ztf-names.ts';
import {
  pixelOf,
  referenceIdOf,
  ztfDetection,
  ztfExposure,
  ztfForced,
  ztfNondetection,
} from './ztf-records.ts';
import type { ZtfRecord } from './ztf-records.ts';
import { ztfStamps } from './ztf-stamps.ts';
import type { ZtfStamps } from './ztf-stamps.ts';

const HISTORY_DAYS = 30;
const SCHEMA_VERSION = ZTF_ALERT_SCHEMA.version ?? '4.02';
const MARKER = Buffer.from('glint-simulation');
/** Bytes of the schema in a real packet's header; ours has less prose, and is padded to them. */
const REAL_SCHEMA_BYTES = 25_581;

const writeCandidate = recordWriter(ZTF_ALERT_SCHEMA, 'candidate');
const writePrevious = recordWriter(ZTF_ALERT_SCHEMA, 'prv_candidate');
const writeForced = recordWriter(ZTF_ALERT_SCHEMA, 'fp_hist');
const HEADER = containerHeader(schemaText(), MARKER);

function schemaText(): string {
  const bare = JSON.stringify({ doc: '', ...ZTF_ALERT_SCHEMA });
  const sentence = 'Simulated by Glint: a sky with known truth in the packets of the survey. ';
  const missing = Math.max(0, REAL_SCHEMA_BYTES - bare.length);
  const doc = sentence.repeat(Math.ceil(missing / sentence.length)).slice(0, missing);
  return JSON.stringify({ doc, ...ZTF_ALERT_SCHEMA });
}

/** Filled anew for every packet: objects of this many fields are slow to make. */
const CANDIDATE: ZtfRecord = {};

/** One alert as ZTF sends it: an Avro container with its schema. */
export function ztfPacket(world: World, history: SourceHistory, place: number): PacketParts {
  const { source, looks } = history;
  const jd = ztfExposure(world, history, place).jd;
  const detection = ztfDetection(world, history, place);
  const objectId = ztfObjectId(
    world.options,
    source.index,
    source.isMoving ? looks[place].visit.serial : 0,
  );
  const earlier = looks.findIndex(({ visit }) => visit.mjd > looks[place].visit.mjd - HISTORY_DAYS);
  const previous: Buffer[] = [];
  const forced: Buffer[] = [];
  for (let n = earlier; n < place; n++) previous.push(previousRecord(world, history, n));
  for (let n = place - 1; n >= earlier; n--) {
    if (hasForced(world, history, n)) forced.push(forcedRecord(world, history, n));
  }
  const candidate = Object.assign(CANDIDATE, detection, circumstances(world, history, place, jd));
  addCatalogueMatches(candidate, history.neighbours);
  const candid = detection.candid as bigint;
  const stamps = stampsOf(world, history, place);
  const pid = String(detection.pid);
  const body = [
    ...writeString(SCHEMA_VERSION),
    ...writeString('ZTF (simulated by Glint)'),
    ...writeString(objectId),
    writeLong(candid),
    writeCandidate(candidate),
    ...writeItems(previous.length, previous),
    ...writeItems(forced.length, forced),
    ...cutout(`candid${candid}_pid${pid}_targ_sci.fits.gz`, stamps.science),
    ...cutout(`candid${candid}_ref.fits.gz`, stamps.template),
    ...cutout(`candid${candid}_pid${pid}_targ_scimref.fits.gz`, stamps.difference),
  ];
  const size = body.reduce((sum, piece) => sum + piece.length, 0);
  const pieces = [HEADER, writeLong(1), writeLong(size), ...body, MARKER];
  return { id: candid, objectId, pieces };
}

const cutout = (name: string, stamp: Buffer) => [
  VALUE_BRANCH,
  ...writeString(name),
  ...writeBytes(stamp),
];

function isSeen(history: SourceHistory, place: number): boolean {
  // A moving source leaves its place: at this one there was nothing before.
  return !history.source.isMoving && history.measurements[place].isDetected;
}

function previousRecord(world: World, history: SourceHistory, place: number): Buffer {
  if (isSeen(history, place)) {
    return (history.written[place] ??= writePrevious(ztfDetection(world, history, place)));
  }
  const exposure = ztfExposure(world, history, place);
  const { night } = history.looks[place].visit;
  return (exposure.nondetection ??= writePrevious(ztfNondetection(exposure, night)));
}

/** Forced photometry is made of most exposures of the object's own field, of fewer of the other. */
function hasForced(world: World, history: SourceHistory, place: number): boolean {
  const { visit } = history.looks[place];
  const chance = history.source.coverage.length > 1 ? 0.42 : 0.75;
  return uniformAt(world.options.seed, history.source.index, visit.key, 0x464f) < chance;
}

function forcedRecord(world: World, history: SourceHistory, place: number): Buffer {
  if (!history.source.isMoving) {
    return (history.writtenForced[place] ??= writeForced(ztfForced(world, history, place)));
  }
  const record = ztfForced(world, history, place);
  const noise = Number(record.forcediffimfluxunc);
  const shift = uniformAt(world.options.seed, history.source.index, place, 0x4d4f) - 0.5;
  const isDetected = history.measurements[place].isDetected;
  return writeForced(isDetected ? { ...record, forcediffimflux: noise * shift } : record);
}

function stampsOf(world: World, history: SourceHistory, place: number): ZtfStamps {
  const look = history.looks[place];
  const { flux, sigma } = history.measurements[place];
  const { seed } = world.options;
  const { dnPerNJy, sky, fid, rcid } = ztfExposure(world, history, place);
  const { x, y } = pixelOf(world, history, look);
  return ztfStamps({
    x,
    y,
    band: fid,
    seeingArcsec: look.visit.seeing,
    fluxDn: flux * dnPerNJy,
    sigmaDn: sigma * dnPerNJy,
    dnPerNJy,
    sky,
    neighbours: history.neighbours,
    noiseKey: hashOf(seed, history.source.index, look.visit.key, 0x4e4b),
    templateKey: hashOf(seed, history.source.index, fid * 64 + rcid, 0x544b),
    seed,
  });
}

/** What only an alert's own candidate has: its object's history and the reference image. */
function circumstances(world: World, history: SourceHistory, place: number, jd: number): ZtfRecord {
  const { source, looks, measurements } = history;
  const { seed } = world.options;
  const { field, rcid, fid } = ztfExposure(world, history, place);
  const of = (tag: number) => uniformAt(seed, source.index, tag, 0x4349);
  const firstPlace = source.isMoving ? place : measurements.findIndex((one) => one.isDetected);
  const isLongKnown = ['agn', 'rrLyrae', 'eclipsing'].includes(source.kind);
  const before = isLongKnown ? Math.floor(300 * of(1) ** 3) : 0;
  const now = source.isMoving ? 1 : history.detectionsUpTo[place];
  const snr = Math.abs(measurements[place].flux) / measurements[place].sigma;
  return {
    ndethist: before + now,
    ncovhist: before + place + 1 + Math.floor(1200 * of(2)),
    jdstarthist:
      before > 0 ? jdAt(looks[0].visit.mjd) - 2000 * of(3) : jdOfPlace(history, firstPlace),
    jdendhist: jd,
    tooflag: 0,
    rfid: referenceIdOf(field, rcid, fid),
    jdstartref: 2_458_150 + Math.floor(300 * of(4)) + 0.9663889,
    jdendref: 2_458_500 + Math.floor(200 * of(5)) + 0.90162,
    nframesref: 15 + Math.floor(20 * of(6)),
    dsnrms: snr * 0.42,
    ssnrms: snr * 0.9,
    dsdiff: snr * -0.48,
    nmatches: 150 + Math.floor(900 * of(7)),
    zpclrcov: -6e-5 * of(8),
    zpmed: 26.1 + 0.15 * of(9),
    clrmed: 0.6 + 0.3 * of(10),
    clrrms: 0.18 + 0.12 * of(11),
    exptime: 30,
    drb: source.isReal ? 1 - 0.03 * of(12 + (place % 7)) ** 4 : 0.9 * of(20 + (place % 7)),
    drbversion: 'd6_m7',
  };
}

const jdAt = (mjd: number) => mjd + 2_400_000.5;
const jdOfPlace = (history: SourceHistory, place: number) =>
  Math.round(jdAt(history.looks[place].visit.mjd) * 1e7) / 1e7;
