/** What a peak's chance of being noise depends on besides its height. */
export interface SearchSize {
  /** Measurements of all bands together. */
  points: number;
  /** Bands, each with its own mean and its own sinusoid. */
  bands: number;
  /** Mean over the bands of the weighted variance of the times, days squared. */
  timeVariance: number;
  /** Width of the searched range, cycles a day. */
  bandwidth: number;
}

/**
 * Probability that noise alone has a peak this high anywhere in the searched range: an upper limit,
 * close where it is small.
 *
 * For one band this is Baluev's limit for the standard normalisation. For several it is the same
 * theorem with d = 2 functions a band: the power is the part of a vector in N - bands dimensions,
 * of random direction, that lies in d of them, so its chance at one frequency is a beta
 * distribution, and Rice's formula gives the rate at which it crosses the level upwards,
 *
 *   W P^((d-1)/2) (1-P)^((n-1)/2) G((n+d)/2) / (G(d/2) G((n+1)/2)),
 *   n = N - 3 bands,  W = bandwidth sqrt(4 pi timeVariance),
 *
 * which is Baluev's equation 6 for d = 2. Bands of unlike length make the true rate smaller.
 *
 * @param power - 0 to 1.
 * @returns 1 where there are no more points than parameters.
 * @see Baluev 2008, MNRAS 385, 1279; VanderPlas 2018, ApJS 236, 16, section 7.4.
 */
export function falseAlarmProbability(power: number, size: SearchSize): number {
  const d = 2 * size.bands;
  const n = size.points - 3 * size.bands;
  if (!(n >= 1) || !(power > 0)) return 1;
  if (power >= 1) return 0;
  const logRest = Math.log1p(-power);
  const rate =
    size.bandwidth *
    Math.sqrt(4 * Math.PI * size.timeVariance) *
    Math.exp(
      ((d - 1) / 2) * Math.log(power) +
        ((n - 1) / 2) * logRest +
        logGamma((n + d) / 2) -
        logGamma(d / 2) -
        logGamma((n + 1) / 2),
    );
  const single = singleFrequency(power, logRest, n, size.bands);
  return single >= 1 ? 1 : Math.min(1, -Math.expm1(Math.log1p(-single) - rate));
}

/** Power that noise alone reaches with this probability: where the peaks begin to mean something. */
export function powerOfFalseAlarm(probability: number, size: SearchSize): number {
  let [low, high] = [0, 1];
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2;
    if (falseAlarmProbability(middle, size) > probability) low = middle;
    else high = middle;
  }
  return high;
}

/** Chance of the power at one frequency: P follows a beta distribution of `bands` and n/2. */
function singleFrequency(power: number, logRest: number, n: number, bands: number): number {
  let term = Math.exp((n / 2) * logRest);
  let chance = 0;
  for (let j = 0; j < bands; j++) {
    chance += term;
    term *= (power * (n / 2 + j)) / (j + 1);
  }
  return chance;
}

/**
 * Logarithm of the gamma function of a positive number, to 1e-14.
 * @see Stirling's series, Abramowitz & Stegun 6.1.41.
 */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
