import { NO_TALLY, sumTallies } from '../../common/store/filter-nights.ts';
import type { FilterTally } from '../../common/store/filter-nights.ts';

/** What filters did and is not yet in the database. */
export interface Tallies {
  /**
   * Takes in what filters did in a round; says what is to be written with it: what some filter passed
   * or failed at, and all of it now and then. It stays here until `written` is called.
   */
  due(counts: readonly { queryId: number; tally: FilterTally }[]): {
    rows: ReadonlyMap<number, FilterTally>;
    written(): void;
  };
  /** What is still to be written when no round follows. */
  rest(): ReadonlyMap<number, FilterTally>;
}

/** That a filter was asked, and passed nothing, is written this often only: it is so nearly always. */
const WRITE_MS = 5_000;

export function createTallies(): Tallies {
  let pending = new Map<number, FilterTally>();
  let writtenAt = performance.now();
  return {
    rest: () => pending,
    due(counts) {
      const sums = new Map(pending);
      const rows = new Map<number, FilterTally>();
      const isTime = performance.now() - writtenAt > WRITE_MS;
      for (const { queryId, tally } of counts) {
        const sum = sumTallies(sums.get(queryId) ?? NO_TALLY, tally);
        sums.set(queryId, sum);
        if (sum.passed + sum.remembered + sum.failures > 0) rows.set(queryId, sum);
      }
      const due = isTime ? new Map(sums) : rows;
      return {
        rows: due,
        written() {
          pending = sums;
          for (const queryId of due.keys()) pending.delete(queryId);
          if (isTime) writtenAt = performance.now();
        },
      };
    },
  };
}
