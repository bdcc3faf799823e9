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
import { distanceOf } from './neighbours.ts';
import type { Neighbour } from './neighbours.ts';
import { hashOf, uniformAt } from './random.ts';
import { recordWriter } from './record-writer.ts';
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
  const candid = detection.candid as bigint;
  const stamps = stampsOf(world, history, place);
  const pid = String(detection.pid);
  const body = [
    ...writeString(SCHEMA_VERSION),
    ...writeString('ZTF (simulated by Glint)'),
    ...writeString(objectId),
    writeLong(candid),
    writeCandidate({ ...detection, ...circumstances(world, history, place, jd) }),
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
  return ztfStamps({
    ...pixelOf(world, history, look),
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

/** The fields that only an alert's own candidate has: history counts, catalogues, reference. */
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
    ...catalogueMatches(history.neighbours),
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
    ...gaiaMatches(history.neighbours),
    exptime: 30,
    drb: source.isReal ? 1 - 0.03 * of(12 + (place % 7)) ** 4 : 0.9 * of(20 + (place % 7)),
    drbversion: 'd6_m7',
  };
}

const jdAt = (mjd: number) => mjd + 2_400_000.5;
const jdOfPlace = (history: SourceHistory, place: number) =>
  Math.round(jdAt(history.looks[place].visit.mjd) * 1e7) / 1e7;

const NOT_THERE = -999;

/** The three nearest of the PS1 catalogue, as far as it goes. */
function catalogueMatches(neighbours: readonly Neighbour[]): ZtfRecord {
  const known = neighbours.filter((one) => one.mags[2] < 23);
  const record: ZtfRecord = { nmtchps: known.length };
  for (let n = 0; n < 3; n++) {
    const one = known[n];
    const spread = one === undefined ? 0 : Number(one.catalogueId % 997n) / 997;
    const mags = one?.mags.map((mag) => (mag < 22.8 ? Math.fround(mag) : NOT_THERE));
    Object.assign(record, {
      [`objectidps${n + 1}`]: one?.catalogueId ?? BigInt(NOT_THERE),
      [`sgmag${n + 1}`]: mags?.[1] ?? NOT_THERE,
      [`srmag${n + 1}`]: mags?.[2] ?? NOT_THERE,
      [`simag${n + 1}`]: mags?.[3] ?? NOT_THERE,
      [`szmag${n + 1}`]: mags?.[4] ?? NOT_THERE,
      [`sgscore${n + 1}`]:
        one === undefined ? NOT_THERE : one.isStar ? 1 - 0.25 * spread ** 3 : 0.4 * spread ** 2,
      [`distpsnr${n + 1}`]: one === undefined ? NOT_THERE : distanceOf(one),
    });
  }
  return record;
}

/** The nearest of Gaia's stars, and the nearest brighter than 14. */
function gaiaMatches(neighbours: readonly Neighbour[]): ZtfRecord {
  const near = neighbours.find((one) => one.isStar && one.mags[2] < 21);
  const bright = neighbours.find((one) => one.isStar && one.mags[2] < 14);
  return {
    neargaia: near === undefined ? NOT_THERE : distanceOf(near),
    maggaia: near === undefined ? NOT_THERE : near.mags[2],
    neargaiabright: bright === undefined ? NOT_THERE : distanceOf(bright),
    maggaiabright: bright === undefined ? NOT_THERE : bright.mags[2],
  };
}
