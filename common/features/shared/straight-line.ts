/** Points of a line in the making: times from any origin, values and their standard errors. */
export interface LinePoints {
  time: number[];
  value: number[];
  err: number[];
}

/**
 * Slope of the straight line through these points by least squares, weighted with the inverse
 * squares of the errors, and its standard error, which comes from the errors alone, not from the
 * scatter about the line. NaN for fewer than two different times.
 *
 * @see Bevington & Robinson 2003, Data Reduction and Error Analysis, eq. 6.12 and 6.21.
 */
export function weightedSlope({ time, value, err }: LinePoints): { slope: number; err: number } {
  const count = time.length;
  let weights = 0;
  let timeSum = 0;
  let valueSum = 0;
  for (let i = 0; i < count; i++) {
    const weight = 1 / (err[i] * err[i]);
    weights += weight;
    // From the first time on, so that equal times differ by nothing at all.
    timeSum += weight * (time[i] - time[0]);
    valueSum += weight * value[i];
  }
  const meanTime = timeSum / weights;
  const meanValue = valueSum / weights;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < count; i++) {
    const weight = 1 / (err[i] * err[i]);
    const offset = time[i] - time[0] - meanTime;
    squares += weight * offset * offset;
    products += weight * offset * (value[i] - meanValue);
  }
  if (!(squares > 0)) return { slope: NaN, err: NaN };
  return { slope: products / squares, err: 1 / Math.sqrt(squares) };
}
