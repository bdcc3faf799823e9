import {
  cloneSection,
  openSection,
  packSections,
  sectionLayout,
  unpackSections,
} from './packed-section.ts';
import type { Section } from './packed-section.ts';

/** Key diaSourceId; times MJD TAI, fluxes nJy; NaN when the survey gave none. */
export const LSST_SOURCE = sectionLayout({
  midpointMjdTai: 'f64',
  ra: 'f64',
  decl: 'f64',
  psfFlux: 'f32',
  psfFluxErr: 'f32',
  reliability: 'f32',
  band: 'u8',
  flags: 'u8',
});
/** Key diaForcedSourceId. */
export const LSST_FORCED = sectionLayout({
  midpointMjdTai: 'f64',
  psfFlux: 'f32',
  psfFluxErr: 'f32',
  band: 'u8',
});

export const LSST_BANDS = ['u', 'g', 'r', 'i', 'z', 'y'] as const;
export type LsstBand = (typeof LSST_BANDS)[number];
/** Number of a band in the packed history; 255 for one we do not know. */
export const UNKNOWN_BAND = 255;

/** Bit of a source's `flags`: its own packet arrived. */
export const HAS_ALERT = 2;

export interface LsstHistory {
  sources: Section;
  forced: Section;
}

const STRIDES = [LSST_SOURCE.stride, LSST_FORCED.stride];

export function emptyLsstHistory(): LsstHistory {
  const [sources, forced] = STRIDES.map((stride) => openSection(stride));
  return { sources, forced };
}

export function cloneLsstHistory(history: LsstHistory): LsstHistory {
  return { sources: cloneSection(history.sources), forced: cloneSection(history.forced) };
}

export function packLsstHistory(history: LsstHistory): Buffer {
  return packSections([history.sources, history.forced]);
}

/** @throws if the bytes are not a packed Rubin history. */
export function unpackLsstHistory(packed: Buffer): LsstHistory {
  const [sources, forced] = unpackSections(packed, STRIDES);
  return { sources, forced };
}

/** Number of a band name: 0 for u ... 5 for y. */
export function bandNumber(band: unknown): number {
  const number = LSST_BANDS.indexOf(band as LsstBand);
  return number === -1 ? UNKNOWN_BAND : number;
}
