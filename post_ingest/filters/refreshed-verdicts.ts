import { packVerdicts } from '../../common/filters/verdicts.ts';
import type { FilterVerdicts, Outcome } from '../../common/filters/verdicts.ts';
import { toldKey } from '../../common/store/matches.ts';
import type { ToldCauses } from '../../common/store/matches.ts';
import type { Cause, Round } from './round.ts';
import type { DecidedRound } from './round-verdicts.ts';
import { isAskedOfAlert } from './screen-round.ts';

/** Alerts of a round that are looked at again, each with its object. */
export function refreshedAlerts({ causes, objectIds }: Round) {
  return causes.flatMap((own, place) =>
    own
      .filter(({ isRefreshed }) => isRefreshed)
      .map(({ name, alertId }) => ({
        objectId: objectIds[place],
        alertId: alertId ?? '',
        cause: name,
      })),
  );
}

/**
 * Verdicts about alerts that were looked at again, packed, by the batches that they came in: there they
 * stand behind what was decided before. What was told stays as it was said.
 *
 * @param batchOf - By number of the alert.
 */
export function refreshedVerdicts(
  decided: DecidedRound,
  batchOf: ReadonlyMap<string, bigint>,
  told: ToldCauses,
): Map<bigint, Buffer> {
  const alerts = new Map<bigint, Map<number, Cause>>();
  for (const [place, causes] of decided.round.causes.entries()) {
    for (const cause of causes) {
      const batchId = cause.isRefreshed ? batchOf.get(cause.alertId ?? '') : undefined;
      if (batchId === undefined) continue;
      alerts.set(batchId, (alerts.get(batchId) ?? new Map<number, Cause>()).set(place, cause));
    }
  }
  return new Map([...alerts].map(([batchId, own]) => [batchId, pack(decided, own, told)]));
}

function pack(
  { round, values, live, done, at }: DecidedRound,
  alerts: ReadonlyMap<number, Cause>,
  told: ToldCauses,
): Buffer {
  const places = [...alerts.keys()];
  const filters: FilterVerdicts[] = [];
  for (const { task, decision } of done) {
    const { queryId, version } = task.task.live.filter;
    const outcomes = new Map<number, Outcome>();
    for (const [i, [place, cause]] of [...alerts].entries()) {
      const key = toldKey({ queryId, objectId: round.objectIds[place], cause: cause.name });
      if (told.has(key) || !isAskedOfAlert(task.task.live, cause)) continue;
      const wasRun = task.task.causes.has(place);
      const outcome = decision.outcomes.get(place) ?? (wasRun ? undefined : 'screened');
      if (outcome !== undefined) outcomes.set(i, outcome);
    }
    if (outcomes.size === 0) continue;
    const isQuiet =
      outcomes.size === places.length &&
      [...outcomes.values()].every((outcome) => outcome === 'screened');
    filters.push({
      queryId,
      version,
      reason: isQuiet ? '' : decision.reason,
      otherwise: isQuiet ? 'screened' : null,
      outcomes: isQuiet ? new Map() : outcomes,
    });
  }
  return packVerdicts({
    at,
    objectIds: places.map((place) => round.objectIds[place]),
    columns: live.columns,
    values: live.columns.map((_, i) => places.map((place) => values.rows[place]?.[i] ?? null)),
    filters,
  });
}
