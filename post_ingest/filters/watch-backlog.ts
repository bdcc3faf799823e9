import { setTimeout as sleep } from 'node:timers/promises';

import { selectBacklog } from '../../common/store/batches.ts';
import type { Backlog } from '../../common/store/batches.ts';
import type { FilterTools } from './filter-tools.ts';

/** How the filters of a survey do: for the heartbeat. */
export interface FilterState extends Omit<Backlog, 'oldest'> {
  /** How long the oldest batch has waited for filters, seconds. */
  lagSeconds: number;
}

const LOOK_MS = 5_000;
const BEHIND_SECONDS = 30;
const TELL_MS = 60_000;

/** Looks now and then how far the filters are behind what is stored, and says so when it is much. */
export async function watchBacklog(
  { db, survey, log, now }: FilterTools,
  stop: AbortSignal,
  onState: (state: FilterState) => void,
): Promise<void> {
  let toldAt = -Infinity;
  while (!stop.aborted) {
    const { oldest, ...backlog } = await selectBacklog(db, survey);
    const lagSeconds =
      oldest === null ? 0 : Math.max(0, (now().getTime() - oldest.getTime()) / 1_000);
    onState({ ...backlog, lagSeconds });
    if (lagSeconds > BEHIND_SECONDS && performance.now() - toldAt > TELL_MS) {
      toldAt = performance.now();
      log.warn(
        `filters are ${Math.round(lagSeconds)} s behind what is stored: ${backlog.batches} batches wait`,
      );
    }
    await sleep(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}
