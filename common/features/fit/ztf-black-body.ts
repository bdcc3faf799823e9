import { ZTF_EXTINCTION } from '../../astro/extinction.ts';
import type { ZtfCurve } from '../ztf-curve.ts';
import { ZTF_BANDS } from '../ztf-curve.ts';
import { blackBodyGroup } from './black-body-group.ts';

/**
 * Mean wavelengths of ZTF's filters, weighted by their transmission, micron.
 *
 * @see SVO Filter Profile Service, Palomar/ZTF.
 */
const WAVELENGTHS = { g: 0.4805, r: 0.6437, i: 0.7968 };

/** Black body with a Bazin or exponential light curve: detections of ZTF. */
export const ZTF_BLACK_BODY = blackBodyGroup<ZtfCurve>({
  wavelengths: ZTF_BANDS.map((band) => WAVELENGTHS[band]),
  extinction: ZTF_BANDS.map((band) => ZTF_EXTINCTION[band]),
});
