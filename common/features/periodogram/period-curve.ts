import { fluxNJyFromMag } from '../../astro/photometry.ts';
import { heliocentricCorrectionDays } from '../../astro/heliocentric.ts';
import type { LsstCurve } from '../lsst-curve.ts';
import type { ObjectCurve } from '../object-curve.ts';
import type { ZtfCurve } from '../ztf-curve.ts';
import type { Measurements } from './weighted-series.ts';

/** A light curve as a period is looked for in it: fluxes in nJy against heliocentric days. */
export interface PeriodBand extends Measurements {
  band: string;
  /** Whether the flux of the reference image is in the values. */
  isApparent: boolean;
}

/**
 * Detections of a ZTF object by band. Where the reference image has a source beside every detection
 * of a band its flux is added, so that fields with unlike reference images agree: the mean of a
 * sinusoid floats, and only changes of the reference matter. Otherwise the band has difference
 * fluxes. The errors are those of the difference: the reference is common to all points.
 */
export function ztfPeriodBands(curve: ZtfCurve): PeriodBand[] {
  const reference = curve.magnr.map((mag) => (mag > -999 && mag < 99 ? fluxNJyFromMag(mag) : NaN));
  return bandsOf(curve, reference);
}

/** Sources of a Rubin object by band: difference fluxes, whose reference image is one for all. */
export function lsstPeriodBands(curve: LsstCurve): PeriodBand[] {
  return bandsOf(curve, []);
}

function bandsOf(curve: ObjectCurve, reference: readonly number[]): PeriodBand[] {
  const times = curve.mjd.map(
    (mjd, i) => mjd + heliocentricCorrectionDays(mjd, curve.ra[i], curve.decl[i]),
  );
  return curve.bands.map((band, number) => {
    const own = curve.mjd
      .map((_, i) => i)
      .filter(
        (i) =>
          curve.band[i] === number && Number.isFinite(curve.flux[i]) && Number.isFinite(times[i]),
      );
    const isApparent = own.length > 0 && own.every((i) => Number.isFinite(reference[i]));
    return {
      band,
      isApparent,
      time: own.map((i) => times[i]),
      value: own.map((i) => curve.flux[i] + (isApparent ? reference[i] : 0)),
      error: own.map((i) => Math.abs(curve.fluxErr[i])),
    };
  });
}
