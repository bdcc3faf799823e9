import { LSST_BANDS, LSST_FORCED, LSST_SOURCE } from '../history/lsst-history.ts';
import type { LsstHistory } from '../history/lsst-history.ts';
import type { Section } from '../history/packed-section.ts';
import { splitBands, timeOrder } from './object-curve.ts';
import type { ObjectCurve } from './object-curve.ts';

/** Rubin's sources in order of time, with what Rubin gives besides. */
export interface LsstCurve extends ObjectCurve {
  reliability: number[];
  /** Forced photometry on the difference images, in order of time: nJy. */
  forced: { mjd: number[]; flux: number[]; fluxErr: number[]; band: number[] };
}

/** What is stored of a Rubin object, as its light curve. */
export function lsstCurve(history: LsstHistory): LsstCurve {
  const { view, count, stride } = history.sources;
  const at = LSST_SOURCE.offsets;
  const order = timeOrder(timesOf(history.sources, at.midpointMjdTai));
  const mjd = new Array<number>(count);
  const ra = new Array<number>(count);
  const decl = new Array<number>(count);
  const flux = new Array<number>(count);
  const fluxErr = new Array<number>(count);
  const reliability = new Array<number>(count);
  const band = new Array<number>(count);
  for (let i = 0; i < count; i++) {
    const start = (order === undefined ? i : order[i]) * stride;
    mjd[i] = view.getFloat64(start + at.midpointMjdTai, true);
    ra[i] = view.getFloat64(start + at.ra, true);
    decl[i] = view.getFloat64(start + at.decl, true);
    flux[i] = view.getFloat32(start + at.psfFlux, true);
    fluxErr[i] = view.getFloat32(start + at.psfFluxErr, true);
    reliability[i] = view.getFloat32(start + at.reliability, true);
    band[i] = view.getUint8(start + at.band);
  }
  return {
    bands: LSST_BANDS,
    count,
    mjd,
    ra,
    decl,
    flux,
    fluxErr,
    band,
    perBand: splitBands(LSST_BANDS.length, { mjd, flux, fluxErr, band }),
    limits: { mjd: [], mag: [], band: [] },
    reliability,
    forced: forcedOf(history.forced),
  };
}

function forcedOf(section: Section): LsstCurve['forced'] {
  const { view, count, stride } = section;
  const at = LSST_FORCED.offsets;
  const order = timeOrder(timesOf(section, at.midpointMjdTai));
  const mjd = new Array<number>(count);
  const flux = new Array<number>(count);
  const fluxErr = new Array<number>(count);
  const band = new Array<number>(count);
  for (let i = 0; i < count; i++) {
    const start = (order === undefined ? i : order[i]) * stride;
    mjd[i] = view.getFloat64(start + at.midpointMjdTai, true);
    flux[i] = view.getFloat32(start + at.psfFlux, true);
    fluxErr[i] = view.getFloat32(start + at.psfFluxErr, true);
    band[i] = view.getUint8(start + at.band);
  }
  return { mjd, flux, fluxErr, band };
}

function timesOf({ view, count, stride }: Section, offset: number): number[] {
  const times = new Array<number>(count);
  for (let i = 0; i < count; i++) times[i] = view.getFloat64(i * stride + offset, true);
  return times;
}
