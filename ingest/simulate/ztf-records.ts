import type { SourceHistory, World } from './history.ts';
import { magOfNJy } from './light-curves.ts';
import { distanceOf } from './neighbours.ts';
import { MAX_COVERAGE } from './plan.ts';
import {
  createRandom,
  exponential,
  gaussian,
  gaussianAt,
  integer,
  uniform,
  uniformAt,
} from './random.ts';
import { positionAt } from './sky.ts';
import type { Look } from './sky.ts';
import { offsetBy } from './sky-geometry.ts';
import { QUADRANT_HEIGHT, QUADRANT_WIDTH, ZTF_PIXEL_SCALE } from './ztf-grid.ts';
import type { Visit } from './cadence.ts';
import { nightName } from './options.ts';
import { candidOf, imageName, jdOf, pidOf } from './ztf-names.ts';

export type ZtfRecord = Record<string, number | string | bigint | null>;

export const RB_VERSION = 't17_f5_c3';
const MISSING_FORCED = -99_999;

/** What the pipeline says of one exposure and readout channel, whatever source it looks at. */
export interface ZtfExposure {
  jd: number;
  fid: number;
  pid: bigint;
  rcid: number;
  field: number;
  zeroPoint: number;
  /** DN per nJy. */
  dnPerNJy: number;
  sky: number;
  diffmaglim: number;
  seeingPixels: number;
  magzpsciunc: number;
  magzpscirms: number;
  clrcoeff: number;
  clrcounc: number;
  imageName: string;
  /** The record of an exposure that detected nothing, once some packet has needed it. */
  nondetection?: Buffer;
}

export function ztfExposure(world: World, history: SourceHistory, place: number): ZtfExposure {
  const { visit, coverage } = history.looks[place];
  const rcid = history.source.coverage[coverage].detector;
  const channel = visit.key * 64 + rcid;
  let exposure = world.exposures.get(channel) as ZtfExposure | undefined;
  if (exposure === undefined) {
    exposure = createExposure(world, visit, rcid, history.measurements[place].depth);
    world.exposures.set(channel, exposure);
  }
  return exposure;
}

function createExposure(world: World, visit: Visit, rcid: number, depth: number): ZtfExposure {
  const { seed } = world.options;
  const channel = visit.key * 64 + rcid;
  const fid = visit.band;
  const zeroPoint = 26.2 + 0.08 * gaussianAt(seed, rcid, fid) + 0.02 * gaussianAt(seed, visit.key);
  const magzpsciunc = 1e-5 * (1 + 6 * uniformAt(seed, channel, 1));
  return {
    jd: jdOf(visit),
    fid,
    pid: pidOf(visit, rcid),
    rcid,
    field: visit.slot.field,
    zeroPoint,
    dnPerNJy: 10 ** (-0.4 * (31.4 - zeroPoint)),
    sky: (fid === 2 ? 200 : 110) * 10 ** (0.32 * (20.5 - visit.depth)),
    diffmaglim: depth,
    seeingPixels: visit.seeing / ZTF_PIXEL_SCALE,
    magzpsciunc,
    magzpscirms: 0.022 + 0.025 * uniformAt(seed, channel, 2),
    clrcoeff: (fid === 2 ? 0.095 : -0.065) + 0.012 * gaussianAt(seed, channel, 3),
    clrcounc: magzpsciunc * 1.1,
    imageName: imageName(visit, rcid, fid),
  };
}

/** The star or galaxy of the reference image that is nearest, as far as that image goes. */
export function referenceMatch(history: SourceHistory, fid: number) {
  const { neighbours } = history;
  const match = neighbours.find((one) => one.mags[fid] < 23.2) ?? neighbours[0];
  if (match === undefined)
    return { distnr: 25, magnr: 23, sigmagnr: 0.25, ...offsetOf(history, 18, 17) };
  const magnr = Math.min(23.3, match.mags[fid]);
  return {
    distnr: distanceOf(match) / ZTF_PIXEL_SCALE,
    magnr,
    sigmagnr: 0.01 + 0.25 * 10 ** (0.35 * (magnr - 23)),
    ...offsetOf(history, match.east, match.north),
  };
}

function offsetOf({ source }: SourceHistory, east: number, north: number) {
  const { ra, dec } = offsetBy(source, east, north);
  return { ranr: round(ra, 7), decnr: round(dec, 7) };
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;

/** A detection as both the alert of its night and the history in later packets give it. */
export function ztfDetection(world: World, history: SourceHistory, place: number): ZtfRecord {
  const { seed } = world.options;
  const { source, looks, measurements } = history;
  const look = looks[place];
  const { visit } = look;
  const exposure = ztfExposure(world, history, place);
  const { flux, sigma, depth } = measurements[place];
  const random = createRandom(seed, source.index, visit.key, 0x5a4454);
  const isPositive = flux > 0;
  const mag = magOfNJy(Math.abs(flux));
  const snr = Math.abs(flux) / sigma;
  const scatter = 0.05 + 1 / snr;
  const at = offsetBy(
    positionAt(source, visit.mjd),
    gaussian(random, 0, scatter),
    gaussian(random, 0, scatter),
  );
  const { x, y } = pixelOf(world, history, look);
  const magap = mag + gaussian(random, 0, 0.6 / snr);
  const ordinal = world.ordinals[source.index * MAX_COVERAGE + look.coverage];
  const fwhm = exposure.seeingPixels * uniform(random, 0.85, 1.5);
  const [a, b] = [uniform(random, 0.8, 1.5), uniform(random, 0.75, 1)];
  const reference = referenceMatch(history, exposure.fid);
  return {
    jd: exposure.jd,
    fid: exposure.fid,
    pid: exposure.pid,
    diffmaglim: depth,
    pdiffimfilename: exposure.imageName,
    programpi: 'Kulkarni',
    programid: 1,
    candid: candidOf(exposure.pid, isPositive, ordinal),
    isdiffpos: isPositive ? 't' : 'f',
    tblid: BigInt(ordinal),
    nid: visit.night,
    rcid: exposure.rcid,
    field: exposure.field,
    xpos: x,
    ypos: y,
    ra: round(at.ra, 7),
    dec: round(at.dec, 7),
    magpsf: mag,
    sigmapsf: 1.0857 / snr,
    chipsf: 0.3 + exponential(random, source.isReal ? 1 : 4),
    magap,
    sigmagap: (1.0857 / snr) * uniform(random, 0.7, 1.1),
    distnr: reference.distnr,
    magnr: reference.magnr,
    sigmagnr: reference.sigmagnr,
    chinr: 0.4 + 1.1 * uniformAt(seed, source.index, 4),
    sharpnr: 0.15 * gaussianAt(seed, source.index, 5),
    sky: gaussian(random, 0, 0.3),
    magdiff: magap - mag,
    fwhm,
    classtar: source.isReal ? uniform(random, 0.7, 1) : uniform(random, 0.05, 1),
    mindtoedge: Math.min(x, y, QUADRANT_WIDTH - x, QUADRANT_HEIGHT - y),
    magfromlim: depth - magap,
    seeratio: uniform(random, 0.6, 1.8),
    aimage: a,
    bimage: a * b,
    aimagerat: a / fwhm,
    bimagerat: (a * b) / fwhm,
    elong: 1 / b,
    nneg: source.isReal ? integer(random, 4) : integer(random, 15),
    nbad: uniform(random) < 0.05 ? 1 + integer(random, 4) : 0,
    rb: source.isReal ? 0.99 - exponential(random, 0.16) : uniform(random, 0.05, 0.6),
    ...solarSystemMatch(history, place),
    sumrat: source.isReal ? 1 - exponential(random, 0.05) : uniform(random, 0.2, 1),
    magapbig: magap + gaussian(random, -0.02, 0.9 / snr),
    sigmagapbig: 1.4 / snr,
    ranr: reference.ranr,
    decnr: reference.decnr,
    scorr: snr * 1.6,
    magzpsci: exposure.zeroPoint,
    magzpsciunc: exposure.magzpsciunc,
    magzpscirms: exposure.magzpscirms,
    clrcoeff: exposure.clrcoeff,
    clrcounc: exposure.clrcounc,
    rbversion: RB_VERSION,
  };
}

/** Nearest asteroid: itself, or none known. */
function solarSystemMatch({ source, looks }: SourceHistory, place: number): ZtfRecord {
  if (!source.isMoving) return { ssdistnr: -999, ssmagnr: -999, ssnamenr: 'null' };
  const offset = Math.abs(gaussianAt(source.index, looks[place].visit.key)) * 0.6;
  return {
    ssdistnr: Math.floor(offset),
    ssmagnr: round(source.moving.mag, 1),
    ssnamenr: source.moving.name,
  };
}

/** Pixel of a source: pointings are repeated to some arcseconds. */
export function pixelOf(world: World, { source }: SourceHistory, { visit, coverage }: Look) {
  const { seed } = world.options;
  const { x, y } = source.coverage[coverage];
  const inside = (value: number, size: number) => Math.max(10.5, Math.min(size - 10.5, value));
  return {
    x: inside(x + 8 * gaussianAt(seed, visit.key, 0x58), QUADRANT_WIDTH),
    y: inside(y + 8 * gaussianAt(seed, visit.key, 0x59), QUADRANT_HEIGHT),
  };
}

/** An exposure in which nothing was detected: its limit, and nulls for the rest. */
export function ztfNondetection(exposure: ZtfExposure, night: number): ZtfRecord {
  return Object.assign(NO_DETECTION, {
    jd: exposure.jd,
    fid: exposure.fid,
    pid: exposure.pid,
    diffmaglim: exposure.diffmaglim,
    pdiffimfilename: `/ztf/archive/sci/${nightName(night)}/${exposure.imageName}.fz`,
    programpi: 'Kulkarni',
    programid: 1,
    nid: night,
    rcid: exposure.rcid,
    field: exposure.field,
    magzpsci: exposure.zeroPoint,
    magzpsciunc: exposure.magzpsciunc,
    magzpscirms: exposure.magzpscirms,
    clrcoeff: exposure.clrcoeff,
    clrcounc: exposure.clrcounc,
    rbversion: RB_VERSION,
  });
}

/** Filled and written over and over: making one anew for each is what took the time. */
const NO_DETECTION: ZtfRecord = Object.fromEntries(
  `candid isdiffpos tblid xpos ypos ra dec magpsf sigmapsf chipsf magap sigmagap distnr magnr
  sigmagnr chinr sharpnr sky magdiff fwhm classtar mindtoedge magfromlim seeratio aimage bimage
  aimagerat bimagerat elong nneg nbad rb ssdistnr ssmagnr ssnamenr sumrat magapbig sigmagapbig ranr
  decnr scorr`
    .trim()
    .split(/\s+/)
    .map((name) => [name, null]),
);

export const referenceIdOf = (field: number, rcid: number, fid: number) =>
  BigInt(field) * 1_000_000n + 120_000n + BigInt(fid * 100 + rcid);

/** Forced photometry at the object's place in one exposure; some fail. */
export function ztfForced(world: World, history: SourceHistory, place: number): ZtfRecord {
  const { seed } = world.options;
  const exposure = ztfExposure(world, history, place);
  const { visit } = history.looks[place];
  const { flux, sigma } = history.measurements[place];
  const hasFailed = uniformAt(seed, history.source.index, visit.key, 0x4650) < 0.15;
  const reference = referenceMatch(history, exposure.fid);
  const isFound = !hasFailed && Math.abs(flux) > 5 * sigma;
  return {
    field: exposure.field,
    rcid: exposure.rcid,
    fid: exposure.fid,
    pid: exposure.pid,
    rfid: referenceIdOf(exposure.field, exposure.rcid, exposure.fid),
    sciinpseeing: exposure.seeingPixels,
    scibckgnd: exposure.sky,
    scisigpix: Math.sqrt(exposure.sky / 6.2),
    magzpsci: exposure.zeroPoint,
    magzpsciunc: exposure.magzpsciunc,
    magzpscirms: exposure.magzpscirms,
    clrcoeff: exposure.clrcoeff,
    clrcounc: exposure.clrcounc,
    exptime: 30,
    adpctdif1: 0.05 + 0.05 * uniformAt(seed, visit.key, 0x31),
    adpctdif2: 0.05 + 0.05 * uniformAt(seed, visit.key, 0x32),
    diffmaglim: exposure.diffmaglim,
    programid: 1,
    jd: exposure.jd,
    forcediffimflux: hasFailed ? MISSING_FORCED : flux * exposure.dnPerNJy,
    forcediffimfluxunc: hasFailed ? MISSING_FORCED : sigma * exposure.dnPerNJy,
    procstatus: hasFailed ? '61' : '0',
    distnr: isFound ? reference.distnr : MISSING_FORCED,
    ranr: isFound ? reference.ranr : MISSING_FORCED,
    decnr: isFound ? reference.decnr : MISSING_FORCED,
    magnr: isFound ? reference.magnr : MISSING_FORCED,
    sigmagnr: isFound ? reference.sigmagnr : MISSING_FORCED,
    chinr: isFound ? 0.8 : MISSING_FORCED,
    sharpnr: isFound ? 0.01 : MISSING_FORCED,
  };
}
