import { LSST_EXTINCTION } from '../../astro/extinction.ts';
import { LSST_BANDS } from '../../history/lsst-history.ts';
import type { BandSystem } from '../fit/black-body-group.ts';

/** Wavelengths that Lasair takes for Rubin's bands, micron. */
const WAVELENGTHS = { u: 0.38, g: 0.5, r: 0.62, i: 0.74, z: 0.88, y: 1.0 };

/** Rubin's bands, u to y. */
export const LSST_SYSTEM: BandSystem = {
  wavelengths: LSST_BANDS.map((band) => WAVELENGTHS[band]),
  extinction: LSST_BANDS.map((band) => LSST_EXTINCTION[band]),
};
