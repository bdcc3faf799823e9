/** Filters that were too slow for the stream lately: they go beside it at once. */
export interface LateFilters {
  has(queryId: number): boolean;
  note(queryId: number, wasLate: boolean): void;
}

const FIRST_MS = 5_000;
const LONGEST_MS = 600_000;

/** Each time in a row that a filter is late, it is kept beside the stream twice as long. */
export function createLateFilters(): LateFilters {
  const late = new Map<number, { times: number; until: number }>();
  return {
    has: (queryId) => (late.get(queryId)?.until ?? 0) > performance.now(),
    note(queryId, wasLate) {
      if (!wasLate) {
        late.delete(queryId);
        return;
      }
      const times = (late.get(queryId)?.times ?? 0) + 1;
      const keptMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (times - 1));
      late.set(queryId, { times, until: performance.now() + keptMs });
    },
  };
}
