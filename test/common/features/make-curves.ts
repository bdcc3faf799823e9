import { LSST_BANDS } from '../../../common/history/lsst-history.ts';
import type { FeatureGroup, FeatureValue } from '../../../common/features/feature-group.ts';
import { featureValues } from '../../../common/features/feature-values.ts';
import { NO_CONTEXT } from '../../../common/features/object-context.ts';
import type { ObjectContext } from '../../../common/features/object-context.ts';
import { splitBands } from '../../../common/features/object-curve.ts';
import type { ObjectCurve } from '../../../common/features/object-curve.ts';
import { ztfCurve } from '../../../common/features/ztf-curve.ts';
import { appendRecord } from '../../../common/history/packed-section.ts';
import {
  emptyZtfHistory,
  IS_POSITIVE,
  ZTF_DETECTION,
  ZTF_NON_DETECTION,
} from '../../../common/history/ztf-history.ts';
import type { ZtfHistory } from '../../../common/history/ztf-history.ts';

/** Time, band, flux and error (nJy) of a detection. */
export type Point = [mjd: number, band: string, flux: number, fluxErr?: number];
/** Time, band and depth of a non-detection. */
export type Limit = [mjd: number, band: string, mag: number];

/** A light curve of these points, which must be in order of time. */
export function makeCurve(points: Point[], limits: Limit[] = [], bands = 'gri'): ObjectCurve {
  const place = (band: string) => (bands.includes(band) ? bands.indexOf(band) : 255);
  const curve = {
    mjd: points.map(([mjd]) => mjd),
    flux: points.map(([, , flux]) => flux),
    fluxErr: points.map(([, , , err = 1]) => err),
    band: points.map(([, band]) => place(band)),
  };
  return {
    ...curve,
    bands: bands === 'ugrizy' ? LSST_BANDS : [...bands],
    count: points.length,
    ra: points.map(() => 10),
    decl: points.map(() => 20),
    perBand: splitBands(bands.length, curve),
    limits: {
      mjd: limits.map(([mjd]) => mjd),
      mag: limits.map(([, , mag]) => mag),
      band: limits.map(([, band]) => place(band)),
    },
  };
}

/** What the groups give, by name of the column. */
export function valuesOf<Curve>(
  groups: readonly FeatureGroup<Curve>[],
  curve: Curve,
  context: ObjectContext = NO_CONTEXT,
): Record<string, FeatureValue> {
  const values = featureValues(groups, curve, context);
  const names = groups.flatMap((group) => group.columns.map((column) => column.name));
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

export interface ZtfPoint {
  jd: number;
  fid: number;
  magpsf: number;
  sigmapsf?: number;
  isPositive?: boolean;
  ra?: number;
  decl?: number;
  magnr?: number;
  sigmagnr?: number;
  magzpsci?: number;
  rb?: number;
  drb?: number;
}

/** A ZTF history of these detections and non-detections, in any order. */
export function makeZtfHistory(
  points: ZtfPoint[],
  limits: { jd: number; fid: number; diffmaglim: number }[] = [],
): ZtfHistory {
  const history = emptyZtfHistory();
  for (const [i, point] of points.entries()) {
    const start = appendRecord(history.detections, i + 1, 0);
    const { view } = history.detections;
    const at = ZTF_DETECTION.offsets;
    const { jd, ra = 10, decl = 20, magpsf, sigmapsf = 0.1, fid, isPositive = true } = point;
    view.setFloat64(start + at.jd, jd, true);
    view.setFloat64(start + at.ra, ra, true);
    view.setFloat64(start + at.decl, decl, true);
    view.setFloat32(start + at.magpsf, magpsf, true);
    view.setFloat32(start + at.sigmapsf, sigmapsf, true);
    for (const name of ['magnr', 'sigmagnr', 'magzpsci', 'rb', 'drb'] as const) {
      view.setFloat32(start + at[name], point[name] ?? NaN, true);
    }
    view.setUint8(start + at.fid, fid);
    view.setUint8(start + at.flags, isPositive ? IS_POSITIVE : 0);
  }
  for (const [i, limit] of limits.entries()) {
    const start = appendRecord(history.nonDetections, i + 1, 0);
    const { view } = history.nonDetections;
    const at = ZTF_NON_DETECTION.offsets;
    view.setFloat64(start + at.jd, limit.jd, true);
    view.setFloat32(start + at.diffmaglim, limit.diffmaglim, true);
    view.setUint8(start + at.fid, limit.fid);
  }
  return history;
}

/** A ZTF light curve of these detections. */
export function makeZtfCurve(...args: Parameters<typeof makeZtfHistory>) {
  return ztfCurve(makeZtfHistory(...args));
}
