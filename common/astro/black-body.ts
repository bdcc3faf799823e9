/** h c / k in micron kK. */
const SECOND_RADIATION_CONSTANT = 14.387;
/** Newton's method on a curve that bends one way: four steps are typical. */
const MAX_STEPS = 60;
const CLOSE_ENOUGH = 1e-12;

/**
 * Shape of a black body's spectrum: flux density per frequency, up to a constant factor.
 *
 * @param wavelength - Micron.
 * @param temperature - kK.
 */
export function blackBody(wavelength: number, temperature: number): number {
  const exponential = Math.expm1(SECOND_RADIATION_CONSTANT / (wavelength * temperature));
  return 1 / (wavelength * wavelength * wavelength * exponential);
}

/** Derivative of `blackBody` by the temperature, over `blackBody` itself: 1/kK. */
export function blackBodySlope(wavelength: number, temperature: number): number {
  const x = SECOND_RADIATION_CONSTANT / (wavelength * temperature);
  return x / (temperature * -Math.expm1(-x));
}

/**
 * Temperature of the black body that has this ratio of flux densities at two wavelengths.
 *
 * @param ratio - Flux density at the shorter wavelength over that at the longer.
 * @param shorter - Micron.
 * @param longer - Micron.
 * @returns kK; undefined if no black body is that blue, or the ratio is not positive.
 */
export function colourTemperature(
  ratio: number,
  shorter: number,
  longer: number,
): number | undefined {
  // The Rayleigh-Jeans tail is the bluest a black body can be.
  const bluest = (longer / shorter) ** 2;
  if (!(ratio > 0 && ratio < bluest && shorter < longer)) return undefined;
  const a = SECOND_RADIATION_CONSTANT / shorter;
  const b = SECOND_RADIATION_CONSTANT / longer;
  const wanted = Math.log(ratio) - 3 * Math.log(longer / shorter);
  // In u = 1/T: ln(e^bu - 1) - ln(e^au - 1) = wanted, which falls and is nearly straight.
  let u = 1 / 12;
  for (let step = 0; step < MAX_STEPS; step++) {
    const value = logExpm1(b * u) - logExpm1(a * u) - wanted;
    const slope = b / -Math.expm1(-b * u) - a / -Math.expm1(-a * u);
    const next = u - value / slope;
    // A step to the other side of zero temperature: go half the way.
    const bounded = next > 0 ? next : u / 2;
    if (Math.abs(bounded - u) <= CLOSE_ENOUGH * u) return 1 / bounded;
    u = bounded;
  }
  return 1 / u;
}

/** ln(e^x - 1) for x > 0 without overflow. */
function logExpm1(x: number): number {
  return x > 30 ? x : Math.log(Math.expm1(x));
}
