/** AB magnitude of 1 nJy: a flux of 3631 Jy is magnitude 0. */
const NJY_ZERO_POINT = 31.4;
/** d(mag) / d(ln flux). */
const MAG_PER_LN_FLUX = 2.5 / Math.LN10;

/** A magnitude (AB) and its standard error. */
export interface Magnitude {
  mag: number;
  err: number;
}

/**
 * AB magnitude of a flux in nJy; undefined for a flux that has none (zero, negative, NaN).
 *
 * @see Oke & Gunn 1983, ApJ 266, 713; Rubin takes the zero point as 31.4 exactly.
 */
export function magFromFluxNJy(fluxNJy: number): number | undefined {
  return fluxNJy > 0 ? NJY_ZERO_POINT - 2.5 * Math.log10(fluxNJy) : undefined;
}

/** Flux in nJy of an AB magnitude. */
export function fluxNJyFromMag(mag: number): number {
  return 10 ** (0.4 * (NJY_ZERO_POINT - mag));
}

/** Standard error of the magnitude of a flux, to first order; undefined where there is no magnitude. */
export function magErrFromFlux(flux: number, fluxErr: number): number | undefined {
  return flux > 0 ? (MAG_PER_LN_FLUX * fluxErr) / flux : undefined;
}

/** Standard error of the flux of a magnitude, to first order, in the unit of the flux. */
export function fluxErrFromMag(flux: number, magErr: number): number {
  return (flux * magErr) / MAG_PER_LN_FLUX;
}

/** Flux in nJy of detector counts on an image of the given AB zero point (ZTF's `magzpsci`). */
export function fluxNJyFromCounts(counts: number, zeroPoint: number): number {
  return counts * 10 ** (0.4 * (NJY_ZERO_POINT - zeroPoint));
}

/**
 * Apparent magnitude of a source whose flux changed against a reference image: the flux of the
 * reference plus or minus that of the difference.
 *
 * @param difference - Magnitude of the absolute difference flux.
 * @param reference - Magnitude of the source in the reference image.
 * @param sign - 1 if it is brighter than the reference, -1 if fainter.
 * @returns undefined if no flux is left.
 */
export function apparentMagnitude(
  difference: Magnitude,
  reference: Magnitude,
  sign: 1 | -1,
): Magnitude | undefined {
  const differenceFlux = fluxNJyFromMag(difference.mag);
  const referenceFlux = fluxNJyFromMag(reference.mag);
  const flux = referenceFlux + sign * differenceFlux;
  const mag = magFromFluxNJy(flux);
  const err = magErrFromFlux(
    flux,
    Math.hypot(
      fluxErrFromMag(differenceFlux, difference.err),
      fluxErrFromMag(referenceFlux, reference.err),
    ),
  );
  return mag === undefined || err === undefined ? undefined : { mag, err };
}
