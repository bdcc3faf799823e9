/**
 * Counts of durations in logarithmic buckets 5% wide: small to keep, and any two can be added, so
 * quantiles over many batches and processes are right to 5%. Keys are bucket numbers.
 */
export type Histogram = Record<string, number>;

const LOG_WIDTH = Math.log(1.05);
const SMALLEST_MS = 0.1;

/** Adds a duration in milliseconds; below 0.1 ms (a clock that runs behind) counts as 0.1 ms. */
export function addDuration(histogram: Histogram, ms: number): void {
  const bucket = Math.round(Math.log(Math.max(ms, SMALLEST_MS)) / LOG_WIDTH);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

/** Adds the counts of `other` to `histogram`. */
export function addHistogram(histogram: Histogram, other: Histogram): void {
  for (const [bucket, count] of Object.entries(other))
    histogram[bucket] = (histogram[bucket] ?? 0) + count;
}

/**
 * @param fraction - 0.5 for the median.
 * @returns Milliseconds, or undefined for an empty histogram.
 */
export function quantileMs(histogram: Histogram, fraction: number): number | undefined {
  const buckets = Object.entries(histogram)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .sort((a, b) => a[0] - b[0]);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= fraction * total) return Math.exp(bucket * LOG_WIDTH);
  }
  return undefined;
}
