import {
  bandNumber,
  emptyLsstHistory,
  LSST_FORCED,
  LSST_SOURCE,
} from '../../../../common/history/lsst-history.ts';
import type { LsstHistory } from '../../../../common/history/lsst-history.ts';
import { appendRecord } from '../../../../common/history/packed-section.ts';

export interface LsstPoint {
  mjd: number;
  band: string;
  flux: number;
  fluxErr?: number;
  reliability?: number;
  ra?: number;
  decl?: number;
}

/** A Rubin history of these sources and forced points, in any order. */
export function makeLsstHistory(
  sources: readonly LsstPoint[],
  forced: readonly LsstPoint[] = [],
): LsstHistory {
  const history = emptyLsstHistory();
  for (const [i, point] of sources.entries()) {
    const start = appendRecord(history.sources, i + 1, 0);
    const { view } = history.sources;
    const at = LSST_SOURCE.offsets;
    view.setFloat64(start + at.midpointMjdTai, point.mjd, true);
    view.setFloat64(start + at.ra, point.ra ?? 10, true);
    view.setFloat64(start + at.decl, point.decl ?? -20, true);
    view.setFloat32(start + at.psfFlux, point.flux, true);
    view.setFloat32(start + at.psfFluxErr, point.fluxErr ?? 100, true);
    view.setFloat32(start + at.reliability, point.reliability ?? NaN, true);
    view.setUint8(start + at.band, bandNumber(point.band));
  }
  for (const [i, point] of forced.entries()) {
    const start = appendRecord(history.forced, i + 1, 0);
    const { view } = history.forced;
    const at = LSST_FORCED.offsets;
    view.setFloat64(start + at.midpointMjdTai, point.mjd, true);
    view.setFloat32(start + at.psfFlux, point.flux, true);
    view.setFloat32(start + at.psfFluxErr, point.fluxErr ?? 100, true);
    view.setUint8(start + at.band, bandNumber(point.band));
  }
  return history;
}
