const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Pauses of this many failures last three days: twelve that double, then one an hour. */
export const MAX_FAILURES = 84;

/** How long an output waits after so many failures in a row: 1 s, 2 s, 4 s ... an hour. */
export function pauseAfter(failures: number, longestMs: number = LONGEST_PAUSE_MS): number {
  return Math.min(longestMs, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 30));
}
