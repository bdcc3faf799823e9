import type { Survey } from '../../common/config.ts';
import type { Outcome } from '../../common/filters/verdicts.ts';
import { memoryKey } from '../../common/store/filter-memory.ts';
import type { FilterObject, Told } from '../../common/store/filter-memory.ts';
import { NO_TALLY } from '../../common/store/filter-nights.ts';
import type { FilterTally } from '../../common/store/filter-nights.ts';
import { toldKey } from '../../common/store/matches.ts';
import type { LockedFilter, NewMatch, ToldCauses } from '../../common/store/matches.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import type { Cause, Round } from './round.ts';
import type { TaskResult } from './run-tasks.ts';
import type { Task } from './screen-round.ts';
import { isToldAgain, momentTold, watchedValue } from './told-again.ts';

/** A filter of a round, with what came of it. */
export interface DoneTask {
  task: Task;
  /** null for a filter that is not run on the stream now: it has batches to be run on again. */
  result: TaskResult | null;
}

/** What a filter told, and what it decided about each object. */
export interface Decision {
  matches: NewMatch[];
  told: (FilterObject & Told)[];
  outcomes: Map<number, Outcome>;
  reason: string;
  remembered: number;
}

const DEFERRED = 'it has alerts to be run on again, and this one comes behind them';
/** Years that DATETIME holds. */
const [EARLIEST_MS, LATEST_MS] = [Date.UTC(1000, 0), Date.UTC(9999, 0)];

/** Objects of which a filter has to know what it told. */
export function objectsToRemember(round: Round, { task, result }: DoneTask): FilterObject[] {
  const { queryId, memory } = task.live.filter;
  if (result?.ran !== true || memory.kind === 'every') return [];
  return [...result.records.keys()].map((place) => ({
    queryId,
    objectId: round.objectIds[place],
  }));
}

/**
 * What a filter tells of the objects that passed it. With the memory `every` there is a match for each
 * alert, of the same values; with any other the newest alert is what it is told for.
 *
 * @param locked - The filter as it is now: one that was switched off meanwhile tells nothing.
 * @param memory - What it told before, by `memoryKey`.
 * @param told - Alerts that are looked at again and that filters told of before: they are passed over,
 *   whatever their objects have become.
 */
export function decide(
  round: Round,
  { task, result }: DoneTask,
  locked: LockedFilter | undefined,
  memory: ReadonlyMap<string, Told>,
  { survey, now, told }: { survey: Survey; now: Date; told: ToldCauses },
): Decision {
  const { filter, watchedUnit } = task.live;
  const { queryId, version } = filter;
  const decision: Decision = {
    matches: [],
    told: [],
    outcomes: new Map(),
    reason: '',
    remembered: 0,
  };
  for (const { objectId } of task.waiting) note(decision, round.places.get(objectId), 'waiting');
  if (result?.ran !== true) {
    decision.reason = result?.reason ?? DEFERRED;
    for (const place of task.causes.keys()) note(decision, place, 'failed');
    return decision;
  }
  if (locked?.isOn === false) return decision;
  for (const [place, all] of task.causes) {
    const objectId = round.objectIds[place];
    const causes = all.filter(({ name }) => !told.has(toldKey({ queryId, objectId, cause: name })));
    if (causes.length === 0) continue;
    const records = result.records.get(place);
    if (records === undefined) {
      note(decision, place, 'refused');
      continue;
    }
    const watched = watchedValue(filter.memory, records[0]);
    const before = memory.get(memoryKey({ queryId, objectId }));
    const isKnown = before !== undefined && before.sentAt >= (locked?.memorySince ?? now);
    if (
      !isToldAgain(filter.memory, isKnown ? before : undefined, { at: now, watched }, watchedUnit)
    ) {
      decision.remembered++;
      note(decision, place, 'remembered');
      continue;
    }
    note(decision, place, 'passed');
    const sentAt = momentTold(now, locked?.memorySince);
    decision.told.push({ queryId, objectId, sentAt, ...watched });
    for (const cause of filter.memory.kind === 'every' ? causes : [newestOf(causes)])
      for (const [rowNumber, record] of records.entries())
        decision.matches.push(
          matchOf(cause, { queryId, version, survey, objectId, rowNumber, record, now }),
        );
  }
  return decision;
}

/** What a filter did in a round, but for the number of its matches. */
export function tallyOf(round: Round, { task, result }: DoneTask, decision: Decision): FilterTally {
  if (task.asked === 0 || result === null) return NO_TALLY;
  return {
    ...NO_TALLY,
    runs: round.batches.length,
    objects: task.asked,
    remembered: decision.remembered,
    failures: result.ran ? 0 : 1,
    runMs: result.ms,
  };
}

/** Of two outcomes for one object (some of its alerts wait, others do not) the last one stands. */
function note(decision: Decision, place: number | undefined, outcome: Outcome): void {
  if (place !== undefined) decision.outcomes.set(place, outcome);
}

/** The alert that was observed last; without one, the annotation that came last. */
function newestOf(causes: readonly Cause[]): Cause {
  return causes.reduce((newest, cause) => {
    const isLater = (cause.observedAtMs ?? -Infinity) >= (newest.observedAtMs ?? -Infinity);
    return isLater ? cause : newest;
  });
}

function matchOf(
  { name, kind, alertId, observedAtMs, arrivedAtMs }: Cause,
  of: Pick<NewMatch, 'queryId' | 'version' | 'survey' | 'objectId' | 'rowNumber'> & {
    record: Record<string, Scalar>;
    now: Date;
  },
): NewMatch {
  const { now, ...rest } = of;
  return {
    ...rest,
    cause: name,
    kind,
    alertId,
    observedAt: dateOrNull(observedAtMs),
    arrivedAt: dateOrNull(arrivedAtMs),
    matchedAt: now,
  };
}

/** Test streams carry times that no column holds. */
function dateOrNull(unixMs: number | null): Date | null {
  return unixMs !== null && unixMs > EARLIEST_MS && unixMs < LATEST_MS ? new Date(unixMs) : null;
}
