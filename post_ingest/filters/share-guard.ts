import type { DoneTask } from './decide.ts';
import type { LiveFilter } from './live-filters.ts';
import type { Round } from './round.ts';

/** Filters that pass too much of the stream. */
export interface ShareGuard {
  /** @returns Filters that pass more than they may, with the share that they passed. */
  count(round: Round, done: readonly DoneTask[]): { live: LiveFilter; share: number }[];
}

interface Seen {
  /** Since when it is on, and which version runs: another one begins anew. */
  key: string;
  alerts: number;
  passed: number;
}

/** @param alerts - How many alerts the share is taken of. */
export function createShareGuard(alerts: number, maxShare: number): ShareGuard {
  const seen = new Map<number, Seen>();
  return {
    count(round, done) {
      const inRound = round.causes.reduce((sum, causes) => sum + alertsOf(causes), 0);
      if (inRound === 0) return [];
      const tooMany: { live: LiveFilter; share: number }[] = [];
      for (const { task, result } of done) {
        const { filter } = task.live;
        if (!filter.triggers.onAlerts || result?.ran !== true) continue;
        const key = `${filter.stateSince.getTime()}/${filter.version}`;
        const before = seen.get(filter.queryId);
        const sum = before?.key === key ? before : { key, alerts: 0, passed: 0 };
        sum.alerts += inRound;
        for (const place of result.records.keys()) sum.passed += alertsOf(round.causes[place]);
        if (sum.alerts < alerts) {
          seen.set(filter.queryId, sum);
          continue;
        }
        seen.delete(filter.queryId);
        const share = sum.passed / sum.alerts;
        if (share > maxShare) tooMany.push({ live: task.live, share });
      }
      return tooMany;
    },
  };
}

function alertsOf(causes: Round['causes'][number]): number {
  return causes.reduce(
    (sum, { kind, isRefreshed }) => sum + (kind === 'alert' && !isRefreshed ? 1 : 0),
    0,
  );
}
