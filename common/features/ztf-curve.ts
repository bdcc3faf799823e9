import { fluxErrFromMag, fluxNJyFromMag } from '../astro/photometry.ts';
import { mjdFromJd } from '../astro/time.ts';
import { IS_POSITIVE, ZTF_DETECTION, ZTF_NON_DETECTION } from '../history/ztf-history.ts';
import type { ZtfHistory } from '../history/ztf-history.ts';
import { reorder, splitBands, timeOrder } from './object-curve.ts';
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
  const { view, count, stride } = history.detections;
  const at = ZTF_DETECTION.offsets;
  const doubles = (offset: number) =>
    column(count, (i) => view.getFloat64(i * stride + offset, true));
  const floats = (offset: number) =>
    column(count, (i) => view.getFloat32(i * stride + offset, true));
  const unsortedJd = doubles(at.jd);
  const order = timeOrder(unsortedJd);
  const sorted = (values: number[]) => reorder(values, order);
  const magpsf = sorted(floats(at.magpsf));
  const sigmapsf = sorted(floats(at.sigmapsf));
  const flags = sorted(column(count, (i) => view.getUint8(i * stride + at.flags)));
  const isPositive = flags.map((bits) => (bits & IS_POSITIVE) !== 0);
  const jd = sorted(unsortedJd);
  const flux = magpsf.map((mag, i) => (isPositive[i] ? 1 : -1) * fluxNJyFromMag(mag));
  const curve = {
    mjd: jd.map(mjdFromJd),
    flux,
    fluxErr: sigmapsf.map((err, i) => fluxErrFromMag(Math.abs(flux[i]), err)),
    // ZTF counts its filters from 1; 0 becomes a number that no band has.
    band: sorted(column(count, (i) => (view.getUint8(i * stride + at.fid) + 255) & 255)),
  };
  return {
    ...curve,
    bands: ZTF_BANDS,
    count,
    jd,
    byBand: placesByBand(curve.band, jd, magpsf),
    ra: sorted(doubles(at.ra)),
    decl: sorted(doubles(at.decl)),
    perBand: splitBands(ZTF_BANDS.length, curve),
    limits: limitsOf(history),
    magpsf,
    sigmapsf,
    isPositive,
    magnr: sorted(floats(at.magnr)),
    sigmagnr: sorted(floats(at.sigmagnr)),
    magzpsci: sorted(floats(at.magzpsci)),
    rb: sorted(floats(at.rb)),
    drb: sorted(floats(at.drb)),
    nonDetections: history.nonDetections.count,
    forced: history.forced.count,
  };
}

function placesByBand(band: number[], jd: number[], magpsf: number[]): number[][] {
  const places = ZTF_BANDS.map((): number[] => []);
  for (let i = 0; i < band.length; i++) {
    if (Number.isFinite(magpsf[i]) && Number.isFinite(jd[i])) places.at(band[i])?.push(i);
  }
  return places;
}

function limitsOf({ nonDetections }: ZtfHistory): Limits {
  const { view, count, stride } = nonDetections;
  const at = ZTF_NON_DETECTION.offsets;
  const jd = column(count, (i) => view.getFloat64(i * stride + at.jd, true));
  const order = timeOrder(jd);
  return {
    mjd: reorder(jd, order).map(mjdFromJd),
    mag: reorder(
      column(count, (i) => view.getFloat32(i * stride + at.diffmaglim, true)),
      order,
    ),
    band: reorder(
      column(count, (i) => (view.getUint8(i * stride + at.fid) + 255) & 255),
      order,
    ),
  };
}

function column(count: number, read: (i: number) => number): number[] {
  const values = new Array<number>(count);
  for (let i = 0; i < count; i++) values[i] = read(i);
  return values;
}
