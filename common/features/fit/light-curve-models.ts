import { blackBody, blackBodySlope } from '../../astro/black-body.ts';
import type { LeastSquares } from './levenberg-marquardt.ts';

/** A light curve in several bands. */
export interface BandPoints {
  /** Days since the first detection. */
  time: Float64Array;
  flux: Float64Array;
  /** Which of the wavelengths each point was measured at. */
  band: Uint8Array;
  /** Micron. */
  wavelengths: readonly number[];
}

/** A black body whose brightness is an exponential of time. Parameters: A, T (kK), k (1/d). */
export function exponentialProblem(points: BandPoints): LeastSquares {
  const { time, flux, band, wavelengths } = points;
  const count = time.length;
  return {
    residualCount: count,
    residuals(parameters, out) {
      const spectrum = wavelengths.map((each) => parameters[0] * blackBody(each, parameters[1]));
      const rate = parameters[2];
      for (let i = 0; i < count; i++)
        out[i] = flux[i] - spectrum[band[i]] * Math.exp(rate * time[i]);
    },
    jacobian(parameters, out) {
      const [amplitude, temperature, rate] = [parameters[0], parameters[1], parameters[2]];
      const spectrum = wavelengths.map((each) => blackBody(each, temperature));
      const slopes = wavelengths.map((each) => blackBodySlope(each, temperature));
      for (let i = 0; i < count; i++) {
        const unit = spectrum[band[i]] * Math.exp(rate * time[i]);
        const model = amplitude * unit;
        out[i] = -unit;
        out[count + i] = -model * slopes[band[i]];
        out[2 * count + i] = -model * time[i];
      }
    },
  };
}

/**
 * A black body whose brightness follows the curve of Bazin et al. Parameters: A, T (kK), t0 (d),
 * rise rate and fall rate (1/d).
 *
 * @see Bazin et al. 2009, A&A 499, 653, eq. 1.
 */
export function bazinProblem(points: BandPoints): LeastSquares {
  const { time, flux, band, wavelengths } = points;
  const count = time.length;
  return {
    residualCount: count,
    residuals(parameters, out) {
      const spectrum = wavelengths.map((each) => parameters[0] * blackBody(each, parameters[1]));
      const [t0, rise, fall] = [parameters[2], parameters[3], parameters[4]];
      for (let i = 0; i < count; i++)
        out[i] = flux[i] - spectrum[band[i]] * bazin(time[i] - t0, rise, fall);
    },
    jacobian(parameters, out) {
      const [amplitude, temperature, t0] = [parameters[0], parameters[1], parameters[2]];
      const [rise, fall] = [parameters[3], parameters[4]];
      const spectrum = wavelengths.map((each) => blackBody(each, temperature));
      const slopes = wavelengths.map((each) => blackBodySlope(each, temperature));
      for (let i = 0; i < count; i++) {
        const tau = time[i] - t0;
        const unit = spectrum[band[i]] * bazin(tau, rise, fall);
        const model = amplitude * unit;
        const before = 1 / (1 + Math.exp(rise * tau));
        out[i] = -unit;
        out[count + i] = -model * slopes[band[i]];
        out[2 * count + i] = -model * (fall - rise * before);
        out[3 * count + i] = -model * tau * before;
        out[4 * count + i] = model * tau;
      }
    },
  };
}

/** Bazin's curve: exponential rise and fall about `tau` = 0, days. */
export function bazin(tau: number, rise: number, fall: number): number {
  return Math.exp(-fall * tau) / (1 + Math.exp(-rise * tau));
}
