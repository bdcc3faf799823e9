import { z } from 'zod';

import { readReference } from '../../astro/reference.ts';
import type { LsstPoint } from './make-history.ts';

/** Old files have the names of older packets. */
const Point = z
  .object({
    midpointMjdTai: z.number().optional(),
    midPointTai: z.number().optional(),
    band: z.string().optional(),
    filterName: z.string().optional(),
    psfFlux: z.number().optional(),
    psFlux: z.number().optional(),
    reliability: z.number().optional(),
    ra: z.number().optional(),
    decl: z.number().optional(),
  })
  .transform((point): LsstPoint => ({
    mjd: point.midpointMjdTai ?? point.midPointTai ?? NaN,
    band: point.band ?? point.filterName ?? '',
    flux: point.psfFlux ?? point.psFlux ?? NaN,
    reliability: point.reliability,
    ra: point.ra,
    decl: point.decl,
  }));
const Alert = z.object({
  diaObject: z.record(z.string(), z.unknown()),
  diaSourcesList: z.array(Point),
  diaForcedSourcesList: z.array(Point),
});

/** A reference alert of Lasair's; skips the test where it is absent. */
export function readLasairAlert(test: Mocha.Context, path: string) {
  return Alert.parse(readLasairJson(test, path));
}

/** Lasair's files hold NaN, which is not JSON. */
export function readLasairJson(test: Mocha.Context, path: string): unknown {
  return JSON.parse(readReference(test, path).replace(/\bNaN\b/g, 'null'));
}
