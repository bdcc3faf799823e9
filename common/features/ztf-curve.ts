import { fluxErrFromMag, fluxNJyFromMag } from '../astro/photometry.ts';
import { mjdFromJd } from '../astro/time.ts';
import { IS_POSITIVE, ZTF_DETECTION, ZTF_NON_DETECTION } from '../history/ztf-history.ts';
import type { Section } from '../history/packed-section.ts';
import type { ZtfHistory } from '../history/ztf-history.ts';
import { splitBands, timeOrder } from './object-curve.ts';
import type { Limits, ObjectCurve } from './object-curve.ts';

export const ZTF_BANDS = ['g', 'r', 'i'] as const;

/** ZTF's detections in order of time, with ZTF's own words beside the common ones. */
export interface ZtfCurve extends ObjectCurve {
  /** Julian Date, UTC, as ZTF gives it. */
  jd: number[];
  /** Places of the detections with a finite time and difference magnitude, band by band, in order. */
  byBand: number[][];
  magpsf: number[];
  sigmapsf: number[];
  /** True where the source is brighter than in the reference image. */
  isPositive: boolean[];
  /** Nearest source of the reference image: NaN without one. */
  magnr: number[];
  sigmagnr: number[];
  /** Zero point of the science image; NaN or 0 where ZTF gave none. */
  magzpsci: number[];
  rb: number[];
  drb: number[];
  /** Counts of what else is stored. */
  nonDetections: number;
  forced: number;
}

/** What is stored of a ZTF object, as its light curve. */
export function ztfCurve(history: ZtfHistory): ZtfCurve {
  const { detections, nonDetections, forced } = history;
  const { view, count, stride } = detections;
  const at = ZTF_DETECTION.offsets;
  const starts = startsInOrder(detections, at.jd);
  const curve: ZtfCurve = {
    bands: ZTF_BANDS,
    count,
    mjd: new Array<number>(count),
    ra: new Array<number>(count),
    decl: new Array<number>(count),
    flux: new Array<number>(count),
    fluxErr: new Array<number>(count),
    band: new Array<number>(count),
    perBand: [],
    limits: limitsOf(nonDetections),
    jd: new Array<number>(count),
    byBand: ZTF_BANDS.map(() => []),
    magpsf: new Array<number>(count),
    sigmapsf: new Array<number>(count),
    isPositive: new Array<boolean>(count),
    magnr: new Array<number>(count),
    sigmagnr: new Array<number>(count),
    magzpsci: new Array<number>(count),
    rb: new Array<number>(count),
    drb: new Array<number>(count),
    nonDetections: nonDetections.count,
    forced: forced.count,
  };
  // One pass with everything written out: it runs for every alert.
  for (let i = 0; i < count; i++) {
    const start = starts === undefined ? i * stride : starts[i];
    const jd = view.getFloat64(start + at.jd, true);
    const magpsf = view.getFloat32(start + at.magpsf, true);
    const sigmapsf = view.getFloat32(start + at.sigmapsf, true);
    const isPositive = (view.getUint8(start + at.flags) & IS_POSITIVE) !== 0;
    const size = fluxNJyFromMag(magpsf);
    // ZTF counts its filters from 1; 0 becomes a number that no band has.
    const band = (view.getUint8(start + at.fid) + 255) & 255;
    curve.jd[i] = jd;
    curve.mjd[i] = mjdFromJd(jd);
    curve.ra[i] = view.getFloat64(start + at.ra, true);
    curve.decl[i] = view.getFloat64(start + at.decl, true);
    curve.flux[i] = isPositive ? size : -size;
    curve.fluxErr[i] = fluxErrFromMag(size, sigmapsf);
    curve.band[i] = band;
    curve.magpsf[i] = magpsf;
    curve.sigmapsf[i] = sigmapsf;
    curve.isPositive[i] = isPositive;
    curve.magnr[i] = view.getFloat32(start + at.magnr, true);
    curve.sigmagnr[i] = view.getFloat32(start + at.sigmagnr, true);
    curve.magzpsci[i] = view.getFloat32(start + at.magzpsci, true);
    curve.rb[i] = view.getFloat32(start + at.rb, true);
    curve.drb[i] = view.getFloat32(start + at.drb, true);
    if (band < ZTF_BANDS.length && Number.isFinite(magpsf) && Number.isFinite(jd)) {
      curve.byBand[band].push(i);
    }
  }
  curve.perBand = splitBands(ZTF_BANDS.length, curve);
  return curve;
}

function limitsOf(section: Section): Limits {
  const { view, count, stride } = section;
  const at = ZTF_NON_DETECTION.offsets;
  const starts = startsInOrder(section, at.jd);
  const limits: Limits = { mjd: [], mag: [], band: [] };
  for (let i = 0; i < count; i++) {
    const start = starts === undefined ? i * stride : starts[i];
    limits.mjd.push(mjdFromJd(view.getFloat64(start + at.jd, true)));
    limits.mag.push(view.getFloat32(start + at.diffmaglim, true));
    limits.band.push((view.getUint8(start + at.fid) + 255) & 255);
  }
  return limits;
}

/** Where the records begin, in order of this time; undefined if they stand in order. */
function startsInOrder({ view, count, stride }: Section, timeOffset: number): number[] | undefined {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(view.getFloat64(i * stride + timeOffset, true));
  return timeOrder(times)?.map((i) => i * stride);
}
