import { LSST_BANDS, LSST_FORCED, LSST_SOURCE } from '../history/lsst-history.ts';
import type { LsstHistory } from '../history/lsst-history.ts';
import { reorder, splitBands, timeOrder } from './object-curve.ts';
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
  const doubles = (offset: number) =>
    column(count, (i) => view.getFloat64(i * stride + offset, true));
  const floats = (offset: number) =>
    column(count, (i) => view.getFloat32(i * stride + offset, true));
  const unsorted = doubles(at.midpointMjdTai);
  const order = timeOrder(unsorted);
  const sorted = (values: number[]) => reorder(values, order);
  const curve = {
    mjd: sorted(unsorted),
    flux: sorted(floats(at.psfFlux)),
    fluxErr: sorted(floats(at.psfFluxErr)),
    band: sorted(column(count, (i) => view.getUint8(i * stride + at.band))),
  };
  return {
    ...curve,
    bands: LSST_BANDS,
    count,
    ra: sorted(doubles(at.ra)),
    decl: sorted(doubles(at.decl)),
    perBand: splitBands(LSST_BANDS.length, curve),
    limits: { mjd: [], mag: [], band: [] },
    reliability: sorted(floats(at.reliability)),
    forced: forcedOf(history),
  };
}

function forcedOf({ forced }: LsstHistory): LsstCurve['forced'] {
  const { view, count, stride } = forced;
  const at = LSST_FORCED.offsets;
  const mjd = column(count, (i) => view.getFloat64(i * stride + at.midpointMjdTai, true));
  const order = timeOrder(mjd);
  const floats = (offset: number) =>
    reorder(
      column(count, (i) => view.getFloat32(i * stride + offset, true)),
      order,
    );
  return {
    mjd: reorder(mjd, order),
    flux: floats(at.psfFlux),
    fluxErr: floats(at.psfFluxErr),
    band: reorder(
      column(count, (i) => view.getUint8(i * stride + at.band)),
      order,
    ),
  };
}

function column(count: number, read: (i: number) => number): number[] {
  const values = new Array<number>(count);
  for (let i = 0; i < count; i++) values[i] = read(i);
  return values;
}
