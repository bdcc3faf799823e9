import { dereddeningFactor } from '../../astro/extinction.ts';
import { magFromFluxNJy } from '../../astro/photometry.ts';
import { describeColumns } from '../../schema/describe.ts';
import { isExtragalactic, modulusOf } from '../distance-modulus.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { ObjectCurve } from '../object-curve.ts';
import { fitBlackBody } from './black-body-fit.ts';
import type { BandPoints } from './light-curve-models.ts';

/** Detections below which nothing is fitted. */
const MIN_SOURCES = 5;
/** Forced photometry before the first detection that goes into the fit, points. */
const FORCED_POINTS = 4;

const COLUMNS = describeColumns(`
  BBBRiseRate float d**-1 arith.rate;phot.flux.density Rise rate of a black body that brightens as
    | exp(rate t), fitted to all detections and the last four forced points before the first:
    | exponential, or the curve of Bazin. For objects of class SN, NT and ORPHAN with five detections.
    || Lasair fits what the newest alert carries. Where its first start finds an exponential it does
    || not look for a Bazin curve that is better; Glint takes the better of both. Without a dust map
    || the fluxes are not corrected for extinction.
  BBBFallRate float d**-1 arith.rate;phot.flux.density Fall rate of Bazin's curve; NULL if an
    | exponential says as much.
  BBBTemp float kK phys.temperature Temperature of that black body.
    || NULL, not the start value, if all points are in one band; never negative.
  BBBPeakFlux float nJy phot.flux.density;stat.max Flux of Bazin's curve at its peak in the band in
    | which the black body is brightest, corrected for extinction.
    || NULL where the curve only falls.
  BBBPeakMJD double d time.epoch;stat.max When Bazin's curve is at its peak: MJD, on the scale of the
    | survey.
    || Lasair keeps it to single precision, some 5 minutes, and gives the first detection where the
    || curve only falls; Glint gives NULL.
  BBBPeakAbsMag float mag phys.magAbs;stat.max Absolute magnitude of BBBPeakFlux, at the distance that
    | absMag uses.
    || Lasair's has a natural logarithm in place of 2.5 log10(1 + z), uses redshifts only, and never
    || the photometric one.`);

/** The bands of a survey in the order in which its curves count them. */
export interface BandSystem {
  /** Effective wavelengths, micron. */
  wavelengths: readonly number[];
  /** Extinction A / E(B-V), mag. */
  extinction: readonly number[];
}

/** Photometry at the object's place where nothing was detected, in order of time. */
export interface ForcedPoints {
  mjd: ArrayLike<number>;
  flux: ArrayLike<number>;
  band: ArrayLike<number>;
}

/**
 * The group of columns of the black-body fit for the curves of a survey.
 *
 * @param forcedOf - Forced photometry of a curve; without it detections alone are fitted.
 */
export function blackBodyGroup<Curve extends ObjectCurve>(
  system: BandSystem,
  forcedOf?: (curve: Curve) => ForcedPoints,
): FeatureGroup<Curve> {
  return {
    name: 'black-body fit',
    columns: COLUMNS,
    source:
      'Lasair, bazinExpBlackBody; Bazin et al. 2009, A&A 499, 653; extinction of Schlafly & Finkbeiner 2011',
    kind: 'fit',
    isDue: ({ perBand }, context) =>
      isExtragalactic(context) &&
      perBand.reduce((sum, band) => sum + band.mjd.length, 0) >= MIN_SOURCES,
    compute(curve, context) {
      const first = firstDetection(curve);
      const points = pointsOf(curve, forcedOf?.(curve), first, system, context.ebv ?? 0);
      const fit = fitBlackBody(points);
      if (fit === null) return COLUMNS.map(() => null);
      const peakMag = fit.peak === null ? undefined : magFromFluxNJy(fit.peak.flux);
      const modulus = modulusOf(context);
      return [
        fit.riseRate,
        fit.fallRate,
        fit.temperature,
        fit.peak?.flux ?? null,
        fit.peak === null ? null : first + fit.peak.time,
        peakMag === undefined || modulus === null ? null : peakMag - modulus,
      ];
    },
  };
}

function firstDetection({ perBand }: ObjectCurve): number {
  return perBand.reduce((first, { mjd }) => Math.min(first, mjd[0] ?? Infinity), Infinity);
}

/** Detections with a flux, and the last forced points before them, free of extinction. */
function pointsOf(
  curve: ObjectCurve,
  forced: ForcedPoints | undefined,
  first: number,
  { wavelengths, extinction }: BandSystem,
  ebv: number,
): BandPoints {
  const factors = extinction.map((each) => dereddeningFactor(ebv, each));
  const time: number[] = [];
  const flux: number[] = [];
  const band: number[] = [];
  const add = (mjd: number, value: number, number: number): boolean => {
    const corrected = value * (factors[number] ?? NaN);
    if (!Number.isFinite(corrected) || !Number.isFinite(mjd)) return false;
    time.push(mjd - first);
    flux.push(corrected);
    band.push(number);
    return true;
  };
  let missing = FORCED_POINTS;
  for (let i = (forced?.mjd.length ?? 0) - 1; i >= 0 && forced && missing > 0; i--) {
    if (forced.mjd[i] < first && add(forced.mjd[i], forced.flux[i], forced.band[i])) missing--;
  }
  for (let i = 0; i < curve.count; i++) add(curve.mjd[i], curve.flux[i], curve.band[i]);
  return {
    time: Float64Array.from(time),
    flux: Float64Array.from(flux),
    band: Uint8Array.from(band),
    wavelengths,
  };
}
