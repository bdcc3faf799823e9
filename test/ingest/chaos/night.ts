import {
  containerHeader,
  packetType,
  writeBytes,
  writeLong,
} from '../../../ingest/simulate/avro-writer.ts';
import { ZTF_ALERT_SCHEMA } from '../../../ingest/surveys/ztf/packet-schema.ts';

/**
 * A made-up night of ZTF, small and awkward: objects come many times, each packet repeats part of
 * what earlier ones told, some detections and all limits are told by other packets only, and some
 * packets come twice. What must be in the tables afterwards is known without the pipeline.
 */
export interface NightPacket {
  objectId: string;
  candid: bigint;
  bytes: Buffer;
  /** Science, template, difference. */
  cutouts: (Buffer | null)[];
  /** What the packet tells beside its own detection. */
  tells: { detections: Epoch[]; limits: Epoch[]; forced: Epoch[] };
  own: Epoch;
  /** Where its object is, degrees. */
  place: { ra: number; decl: number };
}

interface Epoch {
  kind: 'alert' | 'untold' | 'limit';
  jd: number;
  fid: number;
  pid: bigint;
  candid: bigint;
  mag: number;
  isPositive: boolean;
}

export interface NightOptions {
  seed: number;
  objects: number;
  /** Exposures that saw each object: two in three of them send an alert. */
  epochs: number;
  /** Added to the numbers of the objects, so that two nights share none. */
  firstObject?: number;
  /** Which part of all packets comes twice. */
  repeated?: number;
}

const type = packetType(ZTF_ALERT_SCHEMA);
const MARKER = Buffer.from('glint-chaos-test');
const HEADER = containerHeader(JSON.stringify(ZTF_ALERT_SCHEMA), MARKER);
const WINDOW = 8;
const FORCED_WINDOW = 5;
const JD_OF_NIGHT = 2_461_110.5;

/** The packets in order of time. */
export function makeNight(options: NightOptions): NightPacket[] {
  const { seed, objects, epochs, firstObject = 0, repeated = 0.03 } = options;
  const random = random32(seed);
  const packets: NightPacket[] = [];
  const skies = Array.from({ length: objects }, (_, n) => {
    const number = firstObject + n;
    return { number, objectId: objectName(number), epochs: epochsOf(number, epochs, random) };
  });
  for (let at = 0; at < epochs; at++) {
    for (const sky of skies) {
      if (sky.epochs[at].kind !== 'alert') continue;
      const packet = packetOf(sky.number, sky.epochs, at, random);
      packets.push(packet);
      if (random() < repeated) packets.push(packet);
    }
  }
  return packets;
}

/** One packet as bytes, its record changed before it is written: for packets that are poison. */
export function encodePacket(record: object): Buffer {
  const body = type.toBuffer(record);
  return Buffer.concat([HEADER, writeLong(1), ...writeBytes(body), MARKER]);
}

/** The record of a packet of one new object without history. */
export function lonelyRecord(
  number: number,
): Record<string, unknown> & { candidate: Record<string, unknown> } {
  const random = random32(number);
  const [epoch] = epochsOf(number, 1, random);
  return recordOf(number, [epoch], 0, stampsOf(random));
}

function packetOf(number: number, epochs: Epoch[], at: number, random: () => number): NightPacket {
  const cutouts = stampsOf(random);
  const record = recordOf(number, epochs, at, cutouts);
  return {
    objectId: objectName(number),
    candid: epochs[at].candid,
    bytes: encodePacket(record),
    cutouts,
    own: epochs[at],
    tells: tellings(epochs, at),
    place: { ra: positionOf(number).ra, decl: positionOf(number).dec },
  };
}

function tellings(epochs: Epoch[], at: number): NightPacket['tells'] {
  const before = epochs.slice(Math.max(0, at - WINDOW), at);
  return {
    detections: before.filter((epoch) => epoch.kind !== 'limit'),
    limits: before.filter((epoch) => epoch.kind === 'limit'),
    forced: epochs.slice(Math.max(0, at - FORCED_WINDOW), at),
  };
}

function recordOf(number: number, epochs: Epoch[], at: number, cutouts: (Buffer | null)[]) {
  const own = epochs[at];
  const { detections, limits, forced } = tellings(epochs, at);
  const history = [...detections, ...limits].sort((a, b) => a.jd - b.jd);
  const { ra, dec } = positionOf(number);
  const cutout = (stampData: Buffer | null, kind: string) =>
    stampData && { fileName: `${own.candid}_${kind}.fits.gz`, stampData };
  return {
    schemavsn: '4.02',
    publisher: 'ZTF (test)',
    objectId: objectName(number),
    candid: own.candid,
    candidate: {
      ...exposureOf(own),
      ...detectionOf(own, ra, dec),
      ranr: ra,
      decnr: dec,
      ndethist: detections.length + 1,
      ncovhist: at + 1,
      nmtchps: 0,
      rfid: 1n,
      jdstartref: 2_458_000.5,
      jdendref: 2_458_100.5,
      nframesref: 15,
      rbversion: 't17_f5_c3',
      nmatches: 1,
      drb: 0.99,
      drbversion: 'd6_m7',
    },
    prv_candidates:
      history.length === 0
        ? null
        : history.map((epoch) => ({
            ...exposureOf(epoch),
            ...(epoch.kind === 'limit' ? { candid: null } : detectionOf(epoch, ra, dec)),
            rbversion: 't17_f5_c3',
          })),
    fp_hists: forced.map((epoch) => ({
      field: 500,
      rcid: 10,
      fid: epoch.fid,
      pid: epoch.pid,
      rfid: 1n,
      programid: 1,
      jd: epoch.jd,
      forcediffimflux: epoch.mag * 10,
      forcediffimfluxunc: 3.5,
      magzpsci: 26.25,
      procstatus: '0',
      ranr: ra,
      decnr: dec,
    })),
    cutoutScience: cutout(cutouts[0], 'science'),
    cutoutTemplate: cutout(cutouts[1], 'template'),
    cutoutDifference: cutout(cutouts[2], 'difference'),
  };
}

function exposureOf(epoch: Epoch) {
  return {
    jd: epoch.jd,
    fid: epoch.fid,
    pid: epoch.pid,
    diffmaglim: 20.5,
    programid: 1,
    nid: Math.floor(epoch.jd - 2_457_754.5),
    rcid: 10,
    field: 500,
    magzpsci: 26.25,
  };
}

function detectionOf(epoch: Epoch, ra: number, dec: number) {
  return {
    candid: epoch.candid,
    isdiffpos: epoch.isPositive ? 't' : 'f',
    ra,
    dec,
    magpsf: epoch.mag,
    sigmapsf: 0.125,
    rb: 0.9,
  };
}

function epochsOf(number: number, count: number, random: () => number): Epoch[] {
  return Array.from({ length: count }, (_, at) => {
    const dice = random();
    const pid = BigInt(3_000_000_000_000 + number * 1_000 + at);
    return {
      kind: at === count - 1 || dice < 0.65 ? 'alert' : dice < 0.75 ? 'untold' : 'limit',
      jd: JD_OF_NIGHT + at / 8 + number / 1e6,
      fid: 1 + Math.floor(3 * random()),
      pid,
      // Above 2^53: a number would lose digits.
      candid: pid * 1_000_000n + 15_001n,
      // Exact in a float of 32 bits.
      mag: 16 + Math.floor(random() * 1024) / 256,
      isPositive: random() < 0.8,
    } as const;
  });
}

/** Bytes that say which stamp they are; now and then there is none. */
function stampsOf(random: () => number): (Buffer | null)[] {
  return Array.from({ length: 3 }, () => {
    if (random() < 0.05) return null;
    const bytes = Buffer.alloc(40 + Math.floor(260 * random()));
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(256 * random());
    return bytes;
  });
}

function positionOf(number: number): { ra: number; dec: number } {
  return { ra: (number * 137.508) % 360, dec: ((number * 61.803) % 170) - 85 };
}

function objectName(number: number): string {
  let letters = '';
  for (let rest = number, i = 0; i < 7; i++, rest = Math.floor(rest / 26))
    letters = String.fromCharCode(97 + (rest % 26)) + letters;
  return `ZTF26${letters}`;
}

/** @see Tommy Ettinger's public-domain generator: 32 bits of state, equal seeds give equal nights. */
export function random32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
