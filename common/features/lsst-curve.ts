import { magFromFluxNJy } from '../astro/photometry.ts';
import { LSST_BANDS, LSST_FORCED, LSST_SOURCE } from '../history/lsst-history.ts';
import type { LsstHistory } from '../history/lsst-history.ts';
import type { Section } from '../history/packed-section.ts';
import { splitBands, timeOrder } from './object-curve.ts';
import type { Limits, ObjectCurve } from './object-curve.ts';

/** Forced photometry within so many sigma of nothing shows nothing; limits are of as many. */
const LIMIT_SIGMA = 5;

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
  const forced = forcedOf(history.forced);
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
    limits: limitsOf(forced, mjd),
    reliability,
    forced,
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

/**
 * Visits in which forced photometry shows nothing and nothing was detected: Rubin's alerts tell of
 * no other non-detections.
 *
 * @param detected - Times of the detections, in order; those of a visit are the same to the last bit.
 */
function limitsOf(forced: LsstCurve['forced'], detected: readonly number[]): Limits {
  const limits: Limits = { mjd: [], mag: [], band: [] };
  let next = 0;
  for (const [i, mjd] of forced.mjd.entries()) {
    while (detected[next] < mjd) next++;
    const depth = LIMIT_SIGMA * forced.fluxErr[i];
    if (detected[next] === mjd || !(Math.abs(forced.flux[i]) < depth)) continue;
    limits.mjd.push(mjd);
    limits.mag.push(magFromFluxNJy(depth) ?? NaN);
    limits.band.push(forced.band[i]);
  }
  return limits;
}

function timesOf({ view, count, stride }: Section, offset: number): number[] {
  const times = new Array<number>(count);
  for (let i = 0; i < count; i++) times[i] = view.getFloat64(i * stride + offset, true);
  return times;
}
