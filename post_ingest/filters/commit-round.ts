import { nightOfDate } from '../../common/astro/time.ts';
import type { Match } from '../../common/filters/filter.ts';
import { selectArrivals } from '../../common/store/arrivals.ts';
import { addVerdicts, endBatch, lockPendingBatches } from '../../common/store/batches.ts';
import type { Transaction } from '../../common/store/database.ts';
import { saveMemory, selectMemory } from '../../common/store/filter-memory.ts';
import { addToNights } from '../../common/store/filter-nights.ts';
import { addRetries, deleteRetries } from '../../common/store/filter-retries.ts';
import type { FilterRetry } from '../../common/store/filter-retries.ts';
import { deleteWaits, saveWaits } from '../../common/store/filter-waits.ts';
import { lockFilters, selectTold, writeMatches } from '../../common/store/matches.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import { decide, objectsToRemember, tallyOf } from './decide.ts';
import type { DoneTask } from './decide.ts';
import type { FilterTools } from './filter-tools.ts';
import { nameAlerts } from './name-alerts.ts';
import { refreshedAlerts, refreshedVerdicts } from './refreshed-verdicts.ts';
import { batchVerdicts, waitVerdicts } from './round-verdicts.ts';
import type { DecidedRound } from './round-verdicts.ts';
import type { Tallies } from './tallies.ts';

/** A round that was run and is to be noted: on the stream, or again for one filter. */
export interface RunRound extends Pick<DecidedRound, 'round' | 'values' | 'live'> {
  done: readonly DoneTask[];
  /** The filter that was run again on these batches; undefined on the stream. */
  again?: { queryId: number; batchIds: readonly bigint[] };
}

/**
 * Notes what came of a round in one transaction: matches, memory, what waits and what is to be run
 * again, verdicts, and that the batches are done. All or nothing; safe to repeat.
 *
 * @returns The matches that are new; undefined if somebody else has noted the same already.
 */
export async function commitRound(
  tools: FilterTools,
  run: RunRound,
  tallies: Tallies,
): Promise<Match[] | undefined> {
  const { db, survey } = tools;
  const { round, again } = run;
  const refreshed = refreshedAlerts(round);
  const alertIds = [
    ...round.waits.flatMap(({ alerts }) => alerts.map(({ alertId }) => alertId)),
    ...refreshed.map(({ alertId }) => alertId),
  ];
  const arrivals = await selectArrivals(db, survey, alertIds);
  const batchOf = new Map([...arrivals].map(([id, { batchId }]) => [id, batchId]));
  const outcome = await repeatTransaction(db, async (tx) => {
    const isOurs =
      again === undefined
        ? await lockPendingBatches(tx, batchIdsOf(run))
        : (await deleteRetries(tx, again.queryId, again.batchIds)) === again.batchIds.length;
    if (!isOurs) return undefined;
    const noted = await noteMatches(tools, tx, run, batchOf);
    tools.onStage?.('matches');
    const at = tools.now();
    const decided = { ...run, done: noted.done, at };
    for (const [batchId, verdicts] of waitVerdicts(decided, batchOf))
      await addVerdicts(tx, batchId, verdicts);
    for (const [batchId, verdicts] of refreshedVerdicts(decided, batchOf, noted.told))
      await addVerdicts(tx, batchId, verdicts);
    const verdicts = batchVerdicts(decided);
    for (const { batchId } of round.batches) {
      const packed = verdicts.get(batchId) ?? null;
      if (again === undefined) await endBatch(tx, batchId, packed, at);
      else if (packed !== null) await addVerdicts(tx, batchId, packed);
    }
    const counted = tallies.due(noted.done.map(tallyWithMatches(run, noted.written)));
    await addToNights(tx, nightOfDate(at), counted.rows);
    tools.onStage?.('verdicts');
    return { ...noted, counted };
  });
  if (outcome === undefined) return undefined;
  outcome.counted.written();
  tools.onStage?.(again === undefined ? 'committed' : 'retried');
  return outcome.written;
}

/** Matches, memory, waits and retries. */
async function noteMatches(
  { survey, now, limits, onStage }: FilterTools,
  tx: Transaction,
  { round, done }: RunRound,
  batchOf: ReadonlyMap<string, bigint>,
) {
  const busy = done.filter(({ task }) => task.causes.size + task.waiting.length > 0);
  const locked = await lockFilters(
    tx,
    busy.map(({ task }) => task.live.filter.queryId),
  );
  onStage?.('locked');
  const memory = await selectMemory(
    tx,
    busy.flatMap((one) => objectsToRemember(round, one)),
  );
  const told = await selectTold(tx, refreshedAlerts(round));
  const at = now();
  const decided = done.map((task) => {
    const filter = locked.get(task.task.live.filter.queryId);
    return { task, decision: decide(round, task, filter, memory, { survey, now: at, told }) };
  });
  const matches = decided.flatMap(({ decision }) => decision.matches);
  const written = await writeMatches(tx, await nameAlerts(tx, survey, matches));
  await saveMemory(
    tx,
    decided.flatMap(({ decision }) => decision.told),
  );
  const isOn = (queryId: number) => locked.get(queryId)?.isOn === true;
  await deleteWaits(tx, round.waits);
  await saveWaits(
    tx,
    survey,
    busy.flatMap(({ task }) => (isOn(task.live.filter.queryId) ? task.waiting : [])),
  );
  const retries = busy.flatMap((one) => retriesOf(one, batchOf, limits.retryPausesMs, at));
  await addRetries(
    tx,
    retries.filter(({ queryId }) => isOn(queryId)),
  );
  return { done: decided, written, told };
}

/** The batches on which a filter could not be run, each once. */
function retriesOf(
  { task, result }: DoneTask,
  batchOf: ReadonlyMap<string, bigint>,
  pausesMs: readonly number[],
  now: Date,
): FilterRetry[] {
  if (result?.ran === true) return [];
  const batchIds = new Set<bigint>();
  for (const { batchId, alertId } of [...task.causes.values()].flat()) {
    const id = batchId ?? batchOf.get(alertId ?? '');
    if (id !== undefined) batchIds.add(id);
  }
  const hasFailed = result?.kind === 'failed';
  return [...batchIds].map((batchId) => ({
    queryId: task.live.filter.queryId,
    batchId,
    tries: hasFailed ? 1 : 0,
    dueAt: new Date(now.getTime() + (hasFailed ? (pausesMs.at(0) ?? 0) : 0)),
    reason: result?.reason ?? '',
  }));
}

function tallyWithMatches({ round }: RunRound, written: readonly Match[]) {
  const passed = new Map<number, number>();
  for (const { queryId } of written) passed.set(queryId, (passed.get(queryId) ?? 0) + 1);
  return ({ task, decision }: DecidedRound['done'][number]) => {
    const { queryId } = task.task.live.filter;
    const tally = { ...tallyOf(round, task, decision), passed: passed.get(queryId) ?? 0 };
    return { queryId, tally };
  };
}

function batchIdsOf({ round }: RunRound): bigint[] {
  return round.batches.map(({ batchId }) => batchId);
}
