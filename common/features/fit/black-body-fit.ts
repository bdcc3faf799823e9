import { blackBody } from '../../astro/black-body.ts';
import { fitLeastSquares, parameterCovariance } from './levenberg-marquardt.ts';
import type { Fit, LeastSquares } from './levenberg-marquardt.ts';
import { bazin, bazinProblem, exponentialProblem } from './light-curve-models.ts';
import type { BandPoints } from './light-curve-models.ts';

/** What a black body with a light curve of this kind says of an object. */
export interface BlackBodyFit {
  /** Rates in 1/d; no fall rate and no peak for an exponential. */
  riseRate: number;
  fallRate: number | null;
  /** kK; null if all points are in one band, which says nothing of it. */
  temperature: number | null;
  peak: { time: number; flux: number } | null;
}

/** A, T (kK), t0 (d), rise and fall rate (1/d). */
type Start = readonly [number, number, number, number, number];
/** Temperature and rates to begin with where the light curve itself gives the rest. */
const TYPICAL = { temperature: 6, rise: 0.1, fall: 0.03 };
/** Where Lasair begins; the second is for what is past its peak. */
const LASAIR_STARTS: readonly Start[] = [
  [100, 4, 6, 0.1, 0.01],
  [1000, 4, -5, 0.01, 0.01],
];
const MAX_EVALUATIONS = 500;
/** Greatest part of the scatter that a fit may leave unexplained. */
const WORST_BAZIN = 0.25;
const WORST_EXPONENTIAL = 0.35;
const MAX_RISE_RATE = 15;
const MAX_FALL_RATE = 2;
const MAX_EXPONENTIAL_RATE = 2;
/** With this error of every flux, nJy, the rate of an exponential must differ from 0. */
const FLUX_ERROR_NJY = 10;
const MIN_POINTS = 5;

interface Candidate {
  /** Akaike's criterion but for what is the same for both models: the smaller, the better. */
  criterion: number;
  result: BlackBodyFit;
}

/**
 * Fits a black body of one temperature whose brightness follows Bazin's curve, or an exponential
 * where that says as much with fewer parameters. All points have equal weight.
 *
 * Models and limits are those of Lasair's `bazinExpBlackBody`, and so are the numbers where it finds
 * the minimum. It begins at two fixed places, from which it misses one Bazin curve in fifteen, and is
 * content with an exponential from the first although the second may find a Bazin curve that is far
 * better. Here the fit begins at the brightest point, which finds more in a fifth of the time, and
 * at Lasair's places only where that leads to nothing. A Bazin curve can be written with a negative
 * rise rate too, which Lasair refuses; here it is turned round. Amplitude and temperature must be
 * positive. Points of a single band say nothing of the temperature. A Bazin curve that only falls has
 * no peak.
 *
 * @returns null if neither describes the points, or there are fewer than five.
 * @see Williams, R. D., the `bazinBlackBody` package and "Bazin and Exponential Blackbody".
 */
export function fitBlackBody(points: BandPoints): BlackBodyFit | null {
  const count = points.time.length;
  if (count < MIN_POINTS) return null;
  const mean = points.flux.reduce((sum, flux) => sum + flux, 0) / count;
  const scatter = points.flux.reduce((sum, flux) => sum + (flux - mean) ** 2, 0);
  for (const start of [startAtPeak(points), ...LASAIR_STARTS]) {
    const exponential = fitExponential(points, start, scatter);
    const bazinLike = fitBazin(points, start, scatter);
    if (exponential !== null && bazinLike !== null)
      return exponential.criterion < bazinLike.criterion ? exponential.result : bazinLike.result;
    const found = exponential ?? bazinLike;
    if (found !== null) return found.result;
  }
  return null;
}

/** A typical Bazin curve about the brightest point, scaled to the fluxes by least squares. */
function startAtPeak({ time, flux, band, wavelengths }: BandPoints): Start {
  const { temperature, rise, fall } = TYPICAL;
  let brightest = 0;
  for (let i = 0; i < flux.length; i++) if (flux[i] > flux[brightest]) brightest = i;
  const t0 = time[brightest];
  const spectrum = wavelengths.map((each) => blackBody(each, temperature));
  let product = 0;
  let square = 0;
  for (let i = 0; i < flux.length; i++) {
    const unit = spectrum[band[i]] * bazin(time[i] - t0, rise, fall);
    product += unit * flux[i];
    square += unit * unit;
  }
  return [product / square, temperature, t0, rise, fall];
}

function fitExponential(
  points: BandPoints,
  [amplitude, temperature, , rise, fall]: Start,
  scatter: number,
): Candidate | null {
  const problem = exponentialProblem(points);
  const fit = fitLeastSquares(problem, [amplitude, temperature, rise - fall], {
    maxEvaluations: MAX_EVALUATIONS,
  });
  if (!isGood(fit, scatter, WORST_EXPONENTIAL)) return null;
  const rate = fit.parameters[2];
  const covariance = rateCovariance(problem, fit, isOneBand(points));
  if (!(rate >= 0 && rate <= MAX_EXPONENTIAL_RATE && covariance !== null)) return null;
  if (!(FLUX_ERROR_NJY * Math.sqrt(covariance[8]) <= rate)) return null;
  return {
    criterion: criterionOf(fit, points),
    result: {
      riseRate: rate,
      fallRate: null,
      temperature: isOneBand(points) ? null : fit.parameters[1],
      peak: null,
    },
  };
}

function fitBazin(points: BandPoints, start: Start, scatter: number): Candidate | null {
  const fit = fitLeastSquares(bazinProblem(points), start, {
    maxEvaluations: MAX_EVALUATIONS,
  });
  if (!isGood(fit, scatter, WORST_BAZIN)) return null;
  const [amplitude, temperature, t0, signedRise, signedFall] = fit.parameters;
  const rise = Math.abs(signedRise);
  // The same curve has two forms: (rise, fall) and (-rise, fall - rise).
  const fall = signedRise < 0 ? signedFall - signedRise : signedFall;
  if (!(rise <= MAX_RISE_RATE && fall >= 0 && fall <= MAX_FALL_RATE)) return null;
  const peakTau = peakTauOf(rise, fall);
  return {
    criterion: criterionOf(fit, points),
    result: {
      riseRate: rise,
      fallRate: fall,
      temperature: isOneBand(points) ? null : temperature,
      peak:
        peakTau === null
          ? null
          : {
              time: t0 + peakTau,
              flux: amplitude * brightest(points, temperature) * bazin(peakTau, rise, fall),
            },
    },
  };
}

/** When Bazin's curve is highest; null if it only falls or rises for ever. */
function peakTauOf(rise: number, fall: number): number | null {
  return rise > fall && fall > 0 ? Math.log((rise - fall) / fall) / rise : null;
}

/** The black body in the band in which it is brightest: of a single band, in that. */
function brightest(points: BandPoints, temperature: number): number {
  const { wavelengths, band } = points;
  const seen = isOneBand(points) ? [wavelengths[band[0]]] : wavelengths;
  return Math.max(...seen.map((wavelength) => blackBody(wavelength, temperature)));
}

/** In a single band temperature and amplitude are one: the temperature is held. */
function rateCovariance(problem: LeastSquares, { parameters }: Fit, isHeld: boolean) {
  if (!isHeld) return parameterCovariance(problem, parameters);
  const held = (otherwise: number) => [otherwise, parameters[1], otherwise];
  return parameterCovariance(problem, parameters, {
    lowest: held(-Infinity),
    highest: held(Infinity),
  });
}

function isOneBand({ band }: BandPoints): boolean {
  return band.every((each) => each === band[0]);
}

function isGood({ outcome, parameters, sumOfSquares }: Fit, scatter: number, worst: number) {
  const isAccepted = outcome === 'converged' && sumOfSquares <= worst * scatter && scatter > 0;
  return isAccepted && parameters[0] > 0 && parameters[1] > 0;
}

function criterionOf({ sumOfSquares, parameters }: Fit, { time }: BandPoints): number {
  return time.length * Math.log(sumOfSquares / time.length) + 2 * parameters.length;
}
