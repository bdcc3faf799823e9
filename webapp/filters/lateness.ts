/** How late what was sent came: seconds. */
export interface Lateness {
  count: number;
  median: number;
  /** So late or less are 95 in 100. */
  percentile95: number;
}

/** @param sorted - Seconds, the least first. @returns undefined of none. */
export function lateness(sorted: readonly number[]): Lateness | undefined {
  if (sorted.length === 0) return undefined;
  return {
    count: sorted.length,
    median: quantile(sorted, 0.5),
    percentile95: quantile(sorted, 0.95),
  };
}

/** Between two values, as much of each as the share says. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
