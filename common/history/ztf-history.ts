import {
  cloneSection,
  openSection,
  packSections,
  sectionLayout,
  unpackSections,
} from './packed-section.ts';
import type { Section } from './packed-section.ts';

/** Key candid; magnitudes and their kin NaN when the survey gave none. */
export const ZTF_DETECTION = sectionLayout({
  jd: 'f64',
  ra: 'f64',
  decl: 'f64',
  magpsf: 'f32',
  sigmapsf: 'f32',
  magnr: 'f32',
  sigmagnr: 'f32',
  magzpsci: 'f32',
  rb: 'f32',
  drb: 'f32',
  fid: 'u8',
  flags: 'u8',
});
/** Key pid. */
export const ZTF_NON_DETECTION = sectionLayout({ jd: 'f64', diffmaglim: 'f32', fid: 'u8' });
/** Key pid. */
export const ZTF_FORCED = sectionLayout({
  jd: 'f64',
  forcediffimflux: 'f32',
  forcediffimfluxunc: 'f32',
  magzpsci: 'f32',
  fid: 'u8',
});

/** Bits of a detection's `flags`. */
export const IS_POSITIVE = 1;
/** The detection's own packet arrived; without it the detection is known from another's history. */
export const HAS_ALERT = 2;

export interface ZtfHistory {
  detections: Section;
  nonDetections: Section;
  forced: Section;
}

const STRIDES = [ZTF_DETECTION.stride, ZTF_NON_DETECTION.stride, ZTF_FORCED.stride];

export function emptyZtfHistory(): ZtfHistory {
  const [detections, nonDetections, forced] = STRIDES.map((stride) => openSection(stride));
  return { detections, nonDetections, forced };
}

export function cloneZtfHistory(history: ZtfHistory): ZtfHistory {
  return {
    detections: cloneSection(history.detections),
    nonDetections: cloneSection(history.nonDetections),
    forced: cloneSection(history.forced),
  };
}

export function packZtfHistory(history: ZtfHistory): Buffer {
  return packSections([history.detections, history.nonDetections, history.forced]);
}

/** @throws if the bytes are not a packed ZTF history. */
export function unpackZtfHistory(packed: Buffer): ZtfHistory {
  const [detections, nonDetections, forced] = unpackSections(packed, STRIDES);
  return { detections, nonDetections, forced };
}
