import { packVerdicts } from '../../common/filters/verdicts.ts';
import type { FilterVerdicts, Outcome } from '../../common/filters/verdicts.ts';
import type { Decision, DoneTask } from './decide.ts';
import type { LiveFilters } from './live-filters.ts';
import type { Round, RoundValues } from './round.ts';

/** Everything that was decided in a round. */
export interface DecidedRound {
  round: Round;
  values: RoundValues;
  live: LiveFilters;
  done: readonly { task: DoneTask; decision: Decision }[];
  at: Date;
}

/** Verdicts of the batches of a round, packed, by batch; of a batch without objects there are none. */
export function batchVerdicts(decided: DecidedRound): Map<bigint, Buffer> {
  const places = new Map<bigint, number[]>();
  for (const [place, causes] of decided.round.causes.entries())
    for (const batchId of new Set(causes.map((cause) => cause.batchId)))
      if (batchId !== null) places.set(batchId, [...(places.get(batchId) ?? []), place]);
  const packed = new Map<bigint, Buffer>();
  for (const { batchId, entries } of decided.round.batches) {
    const own = places.get(batchId);
    if (own === undefined || entries?.cause === 'refreshed') continue;
    const isOfAlerts = entries?.cause === 'alert';
    packed.set(batchId, pack(decided, own, isOfAlerts ? 'alert' : batchId));
  }
  return packed;
}

/**
 * Verdicts about alerts that waited, packed, by the batches that they came in.
 *
 * @param batchOf - By number of the alert.
 */
export function waitVerdicts(
  decided: DecidedRound,
  batchOf: ReadonlyMap<string, bigint>,
): Map<bigint, Buffer> {
  const places = new Map<bigint, Set<number>>();
  for (const { objectId, alerts } of decided.round.waits) {
    const place = decided.round.places.get(objectId);
    for (const { alertId } of alerts) {
      const batchId = batchOf.get(alertId);
      if (batchId === undefined || place === undefined) continue;
      places.set(batchId, (places.get(batchId) ?? new Set()).add(place));
    }
  }
  return new Map([...places].map(([batchId, own]) => [batchId, pack(decided, [...own], null)]));
}

/**
 * @param of - What screens ruled out and has no outcome: of alerts every object, of the annotations of a
 *   batch those on which a filter runs, of alerts that waited none.
 */
function pack(
  { round, values, live, done, at }: DecidedRound,
  places: readonly number[],
  of: 'alert' | bigint | null,
): Buffer {
  const newPlace = new Map(places.map((place, i) => [place, i]));
  const filters: FilterVerdicts[] = [];
  for (const { task, decision } of done) {
    const { queryId, version, triggers } = task.task.live.filter;
    const outcomes = new Map<number, Outcome>();
    for (const [place, outcome] of decision.outcomes) {
      const at = newPlace.get(place);
      if (at !== undefined) outcomes.set(at, outcome);
    }
    if (typeof of === 'bigint' && triggers.onAnnotations)
      for (const place of askedPlaces(round, places, of, task.task.live.query.topics)) {
        const at = newPlace.get(place);
        if (at !== undefined && !outcomes.has(at)) outcomes.set(at, 'screened');
      }
    const rest = of === 'alert' && triggers.onAlerts ? 'screened' : null;
    if (outcomes.size === 0 && rest === null) continue;
    const reason = outcomes.size > 0 ? decision.reason : '';
    filters.push({ queryId, version, reason, otherwise: rest, outcomes });
  }
  return packVerdicts({
    at,
    objectIds: places.map((place) => round.objectIds[place]),
    columns: live.columns,
    values: live.columns.map((_, i) => places.map((place) => values.rows[place]?.[i] ?? null)),
    filters,
  });
}

/** The objects of which one of these annotators wrote in a batch. */
function askedPlaces(
  { causes }: Round,
  places: readonly number[],
  batchId: bigint,
  topics: readonly string[],
): number[] {
  return places.filter((place) =>
    causes[place].some(
      (cause) => cause.batchId === batchId && cause.topic !== null && topics.includes(cause.topic),
    ),
  );
}
