import { blackBodyGroup } from '../fit/black-body-group.ts';
import type { LsstCurve } from '../lsst-curve.ts';
import { LSST_SYSTEM } from './bands.ts';

/** Black body with a Bazin or exponential light curve: detections and forced photometry of Rubin. */
export const BLACK_BODY = blackBodyGroup<LsstCurve>(LSST_SYSTEM, (curve) => curve.forced);
